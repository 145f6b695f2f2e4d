"""Questions left with the policy owners, and what was asked on each day, as rows."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, Row, func, select, update

from bot.errors import ConflictError
from bot.questions.asked import Asked, Ending
from bot.questions.question import OwnerReply, Question, QuestionState
from bot.requests.request import Person
from bot.store.dialect import insert
from bot.store.schema import asked, question
from bot.store.unit import Unit

_PREFIX = "Q-"


class Questions(Unit):
    """The part of a transaction that reads and writes questions."""

    def question(self, reference: str) -> Question | None:
        """The question of that reference, locked against others until the transaction ends."""
        number = reference.removeprefix(_PREFIX)
        if not (reference.startswith(_PREFIX) and number.isascii() and number.isdigit() and len(number) < 10):
            return None
        found = select(question).where(question.c.number == int(number)).with_for_update()
        row = self.connection.execute(found).first()
        return _question(row) if row else None

    def questions(self, *states: QuestionState) -> tuple[Question, ...]:
        """Every question in one of these states, the oldest first."""
        found = select(question).where(question.c.state.in_([state.value for state in states]))
        return tuple(_question(row) for row in self.connection.execute(found.order_by(question.c.number)))

    def next_question(self) -> str:
        """A new reference such as Q-0042; of two that are taken at once the later is a conflict and tried again."""
        last = self.connection.scalar(select(func.max(question.c.number))) or 0
        return f"{_PREFIX}{last + 1:04d}"

    def write_question(self, new: Question) -> None:
        """Insert a first revision, or replace exactly the one before; ConflictError if another is stored."""
        row = _question_row(new)
        if new.revision == 1:
            self.connection.execute(question.insert().values(row))
            return
        before = (question.c.number == row["number"]) & (question.c.revision == new.revision - 1)
        if self.connection.execute(update(question).where(before).values(row)).rowcount != 1:
            raise ConflictError(f"{new.reference} is not at revision {new.revision - 1} any more: read it again")

    def count_asked(self, counts: Mapping[Asked, int]) -> None:
        """Add to what was asked, and how often."""
        if not counts:
            return
        new = insert(self.connection, asked)
        times = asked.c.times + new.excluded.times
        rows = [_asked_row(each, count) for each, count in counts.items()]
        self.connection.execute(new.on_conflict_do_update(index_elements=["id"], set_={"times": times}), rows)

    def asked(self, asked_id: str) -> Asked | None:
        """What was asked under that id."""
        return next(iter(self._asked(asked.c.id == asked_id)), None)

    def asked_since(self, day: date) -> Mapping[Asked, int]:
        """Everything asked from that day on, and how often."""
        return self._asked(asked.c.day >= day)

    def _asked(self, which: ColumnElement[bool]) -> Mapping[Asked, int]:
        rows = self.connection.execute(select(asked).where(which).order_by(asked.c.day, asked.c.id))
        return {
            Asked(day=row.day, ending=Ending(row.ending), knowledge=row.knowledge, entry=row.entry, text=row.text): int(
                row.times
            )
            for row in rows
        }


def _question_row(new: Question) -> dict[str, object]:
    reply = new.reply
    return {
        "number": int(new.reference.removeprefix(_PREFIX)),
        "revision": new.revision,
        "state": new.state.value,
        "asker_id": new.asker,
        "text": new.text,
        "asked": new.asked,
        "knowledge": new.knowledge,
        "entry": new.entry,
        "said": new.said,
        "replier_id": reply and reply.by.object_id,
        "replier_name": reply and reply.by.name,
        "replied": reply and reply.at,
        "reply": reply and reply.text,
        "reason": reply and reply.reason,
        "published": new.published,
    }


def _question(row: Row[tuple[object, ...]]) -> Question:
    by = Person(object_id=row.replier_id, name=row.replier_name) if row.replier_id else None
    return Question(
        reference=f"{_PREFIX}{row.number:04d}",
        revision=row.revision,
        state=QuestionState(row.state),
        asker=row.asker_id,
        text=row.text,
        asked=row.asked,
        knowledge=row.knowledge,
        entry=row.entry,
        said=row.said,
        reply=OwnerReply(by=by, at=row.replied, text=row.reply, reason=row.reason) if by else None,
        published=row.published,
    )


def _asked_row(each: Asked, count: int) -> dict[str, object]:
    return {
        "id": each.id,
        "day": each.day,
        "ending": each.ending.value,
        "knowledge": each.knowledge,
        "entry": each.entry,
        "text": each.text,
        "times": count,
    }
