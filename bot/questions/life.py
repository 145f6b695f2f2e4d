"""What may happen to a question: left, answered or closed by an owner, answered by a published entry; and who is told.

Nothing waits for ever: the owners are reminded, then the operators are told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.questions.asked import Asked
from bot.questions.question import OwnerReply, Question, QuestionState
from bot.requests.change import Event, Notice, NoticeKind, Reason, Refusal
from bot.requests.request import Person
from bot.requests.working_time import after_working_days

MOST_WAITING = 5
"""Questions a person may have waiting at once."""
LEAST_ANSWER = 10
LONGEST_ANSWER = 1500
LONGEST_WHY = 400
REMINDERS = (3, 5)
"""Working days after which the owners are reminded (proposals for the council, like all of these times)."""
OVERDUE = 7
"""Working days after which the operators are told."""

CLOSINGS: dict[str, str] = {
    "elsewhere": "It is not about the AI policy",
    "covered": "The policy or another answer covers it",
    "case": "It is about one case, which is better talked about in person",
    "other": "Another reason",
}
"""Why a question can be closed without an answer: code and words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionChange:
    """A new value of a question with everything that must be written beside it in the same transaction."""

    question: Question
    events: tuple[Event, ...]
    notices: tuple[Notice, ...]


def leave(
    asked: Asked, *, reference: str, asker: str, said: str, owners: tuple[str, ...], now: datetime
) -> QuestionChange:
    """Leave a question with the owners; `said` is the answer that did not fit, empty where there was none."""
    question = Question(
        reference=reference,
        revision=1,
        state=QuestionState.WAITING,
        asker=asker,
        text=asked.text,
        asked=now,
        knowledge=asked.knowledge,
        entry=asked.entry,
        said=said,
    )
    facts = {"ending": asked.ending.value, "entry": asked.entry}
    return _change(question, "question.left", asker, owners, now, asked.knowledge, facts)


def answer(
    question: Question,
    *,
    actor: Person,
    owners: tuple[str, ...],
    revision: int,
    text: str,
    knowledge: str,
    now: datetime,
) -> QuestionChange | Refusal:
    """Answer in an owner's own words; the first answer wins."""
    if refusal := _unsettleable(question, actor, owners, revision):
        return refusal
    if not LEAST_ANSWER <= len(text) <= LONGEST_ANSWER:
        told = f"{LEAST_ANSWER} to {LONGEST_ANSWER:,} characters, please; whoever asked will read it."
        return Refusal(reason=Reason.INPUT, errors={"answer": told})
    reply = OwnerReply(by=actor, at=now, text=text)
    return _replied(question, QuestionState.ANSWERED, "question.answered", reply, owners, knowledge)


def close(
    question: Question,
    *,
    actor: Person,
    owners: tuple[str, ...],
    revision: int,
    reason: str,
    why: str,
    knowledge: str,
    now: datetime,
) -> QuestionChange | Refusal:
    """Close a question that the policy's owners cannot answer, with a reason that its asker will read."""
    if refusal := _unsettleable(question, actor, owners, revision):
        return refusal
    errors = {}
    if reason not in CLOSINGS:
        errors["reason"] = "Please choose a reason."
    if len(why) > LONGEST_WHY:
        errors["why"] = f"At most {LONGEST_WHY} characters, please."
    if errors:
        return Refusal(reason=Reason.INPUT, errors=errors)
    reply = OwnerReply(by=actor, at=now, text=why, reason=reason)
    return _replied(question, QuestionState.CLOSED, "question.closed", reply, owners, knowledge)


def publish(
    question: Question, *, entry: str, owners: tuple[str, ...], knowledge: str, now: datetime
) -> QuestionChange:
    """Note that a published entry answers it; whoever still waits is told the answer."""
    new = replace(question, state=QuestionState.PUBLISHED, revision=question.revision + 1, published=entry)
    told = (Notice(kind=NoticeKind.QUESTION_PUBLISHED, to=question.asker),)
    is_waiting = question.state is QuestionState.WAITING
    return _change(new, "question.published", "", owners, now, knowledge, {"entry": entry}, told if is_waiting else ())


def reminders(
    question: Question, owners: tuple[str, ...], operators: tuple[str, ...], now: datetime
) -> tuple[Notice, ...]:
    """Who must be reminded of a waiting question by now: the latest reminder that is due, and the operators."""
    if question.state is not QuestionState.WAITING:
        return ()
    due = [days for days in REMINDERS if _is_past(question, days, now)][-1:]
    notices = [Notice(kind=NoticeKind.QUESTION_REMINDER, to=to, occasion=str(days)) for days in due for to in owners]
    if _is_past(question, OVERDUE, now):
        notices += [Notice(kind=NoticeKind.QUESTION_OVERDUE, to=to) for to in operators]
    return tuple(notices)


def _is_past(question: Question, days: int, now: datetime) -> bool:
    return after_working_days(question.asked, days) <= now


def _unsettleable(question: Question, actor: Person, owners: Collection[str], revision: int) -> Refusal | None:
    if actor.object_id not in owners:
        return Refusal(reason=Reason.NOT_OWNER)
    if question.state is not QuestionState.WAITING:
        return Refusal(reason=Reason.ALREADY_ANSWERED)
    if revision != question.revision:
        return Refusal(reason=Reason.STALE)
    return None


def _replied(
    question: Question,
    state: QuestionState,
    event: str,
    reply: OwnerReply,
    owners: tuple[str, ...],
    knowledge: str,
) -> QuestionChange:
    new = replace(question, state=state, revision=question.revision + 1, reply=reply)
    told = (Notice(kind=NoticeKind.QUESTION_REPLY, to=question.asker),)
    facts = {"reason": reply.reason} if reply.reason else {}
    return _change(new, event, reply.by.object_id, owners, reply.at, knowledge, facts, told, reply.text)


def _change(
    question: Question,
    event: str,
    actor: str,
    owners: tuple[str, ...],
    now: datetime,
    knowledge: str,
    facts: Mapping[str, str],
    told: tuple[Notice, ...] = (),
    text: str = "",
) -> QuestionChange:
    """The new value, its audit event, and the cards that must show it: each owner's and the asker's."""
    common = {"revision": str(question.revision), "state": question.state.value, "knowledge": knowledge}
    recorded = Event(
        name=event, actor=actor, at=now, reference=question.reference, facts={**common, **facts}, text=text
    )
    cards = (
        *(Notice(kind=NoticeKind.QUESTION_CARD, to=to) for to in owners),
        Notice(kind=NoticeKind.ASKED_CARD, to=question.asker),
    )
    return QuestionChange(question=question, events=(recorded,), notices=(*cards, *told))
