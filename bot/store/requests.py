"""Exception requests with their decisions and conditions, as rows."""

from sqlalchemy import ColumnElement, RowMapping, UnaryExpression, select, update

from bot.errors import ConflictError
from bot.requests.request import Condition, Decision, ExceptionRequest, Person, State, Verdict
from bot.store import forms
from bot.store.dialect import insert
from bot.store.schema import condition, counter, decision, request
from bot.store.unit import Unit

_UNDECIDED = [state.value for state in State if state.is_undecided]
_DECIDED = [column.label(f"decision_{column.name}") for column in decision.c]


class Requests(Unit):
    """The part of a transaction that reads and writes requests."""

    def request(self, reference: str) -> ExceptionRequest | None:
        """The request of that reference, locked against others until the transaction ends."""
        lock = select(request.c.reference).where(request.c.reference == reference).with_for_update()
        if self.connection.execute(lock).first() is None:
            return None
        return self._read(request.c.reference == reference)[0]

    def requests_of(self, object_id: str) -> tuple[ExceptionRequest, ...]:
        """Everything one person has filed, newest first."""
        return self._read(request.c.requester_id == object_id)

    def requests_for_tool(self, tool: str) -> tuple[ExceptionRequest, ...]:
        """Everything filed for a tool (its id, or its name where it is not listed), newest first."""
        return self._read(request.c.tool_key == _folded(tool))

    def requests_undecided(self) -> tuple[ExceptionRequest, ...]:
        """Everything that waits for a decision, the earliest due first."""
        return self._read(request.c.state.in_(_UNDECIDED), request.c.due.asc())

    def requests_in(self, *states: State) -> tuple[ExceptionRequest, ...]:
        """Everything in one of these states, newest first."""
        return self._read(request.c.state.in_([state.value for state in states]))

    def next_reference(self, year: int) -> str:
        """A new reference such as AI-2026-0042; numbers start at 1 each year and are never used twice."""
        first = insert(self.connection, counter).values(year=year, last=1)
        raised = first.on_conflict_do_update(index_elements=["year"], set_={"last": counter.c.last + 1})
        return f"AI-{year}-{self.connection.scalar(raised.returning(counter.c.last)):04d}"

    def write_request(self, new: ExceptionRequest) -> None:
        """Insert a first revision, or replace exactly the one before; ConflictError if another is stored."""
        if new.revision == 1:
            self.connection.execute(request.insert().values(_request_row(new)))
        else:
            before = (request.c.reference == new.reference) & (request.c.revision == new.revision - 1)
            if self.connection.execute(update(request).where(before).values(_request_row(new))).rowcount != 1:
                raise ConflictError(f"{new.reference} is not at revision {new.revision - 1} any more: read it again")
        if new.decision is not None:
            self._write_decision(new.reference, new.decision)

    def _write_decision(self, reference: str, new: Decision) -> None:
        stored = self._read(request.c.reference == reference)[0].decision
        if stored == new:
            return
        if stored is not None:
            raise ConflictError(f"{reference} was decided before: {stored.verdict} by {stored.post} at {stored.at}")
        self.connection.execute(decision.insert().values(_decision_row(reference, new)))
        for number, each in enumerate(new.conditions, 1):
            self.connection.execute(condition.insert().values(reference=reference, number=number, text=each.text))

    def _read(self, which: ColumnElement[bool], *order: UnaryExpression[object]) -> tuple[ExceptionRequest, ...]:
        joined = request.outerjoin(decision, request.c.reference == decision.c.reference)
        order = order or (request.c.submitted.desc(),)
        statement = select(*request.c, *_DECIDED).select_from(joined).where(which)
        rows = self.connection.execute(statement.order_by(*order, request.c.reference)).mappings().all()
        conditions = self._conditions([row["reference"] for row in rows])
        return tuple(_request(row, conditions.get(row["reference"], ())) for row in rows)

    def _conditions(self, references: list[str]) -> dict[str, tuple[Condition, ...]]:
        which = condition.c.reference.in_(references)
        found: dict[str, tuple[Condition, ...]] = {}
        for row in self.connection.execute(select(condition).where(which).order_by(condition.c.number)):
            found[row.reference] = (*found.get(row.reference, ()), Condition(text=row.text))
        return found


def _folded(name: str) -> str:
    """A tool's id or name without case or stray spaces, so that one tool is found however it was typed."""
    return " ".join(name.casefold().split())


def _request_row(new: ExceptionRequest) -> dict[str, object]:
    return {
        "reference": new.reference,
        "revision": new.revision,
        "state": new.state.value,
        "requester_id": new.requester.object_id,
        "requester_name": new.requester.name,
        "tool_id": new.tool_id,
        "tool_key": _folded(new.tool_id or new.form.tool),
        "form": forms.to_json(new.form),
        "submitted": new.submitted,
        "due": new.due,
        "policy_version": new.policy_version,
        "accepted": new.accepted,
        "closed": new.closed,
    }


def _decision_row(reference: str, new: Decision) -> dict[str, object]:
    return {
        "reference": reference,
        "verdict": new.verdict.value,
        "decider_id": new.decider.object_id,
        "decider_name": new.decider.name,
        "post": new.post,
        "at": new.at,
        "reason": new.reason,
        "comment": new.comment,
        "until": new.until,
    }


def _request(row: RowMapping, conditions: tuple[Condition, ...]) -> ExceptionRequest:
    return ExceptionRequest(
        reference=row["reference"],
        revision=row["revision"],
        state=State(row["state"]),
        requester=Person(object_id=row["requester_id"], name=row["requester_name"]),
        form=forms.from_json(row["form"]),
        tool_id=row["tool_id"],
        submitted=row["submitted"],
        due=row["due"],
        policy_version=row["policy_version"],
        decision=_decision(row, conditions) if row["decision_reference"] else None,
        accepted=row["accepted"],
        closed=row["closed"],
    )


def _decision(row: RowMapping, conditions: tuple[Condition, ...]) -> Decision:
    return Decision(
        verdict=Verdict(row["decision_verdict"]),
        decider=Person(object_id=row["decision_decider_id"], name=row["decision_decider_name"]),
        post=row["decision_post"],
        at=row["decision_at"],
        reason=row["decision_reason"],
        comment=row["decision_comment"],
        until=row["decision_until"],
        conditions=conditions,
    )
