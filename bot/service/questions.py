"""Questions that no answer fitted: left with the policy owners, answered, closed, settled, and reminded of."""

from collections.abc import Mapping
from datetime import time

from bot.context import Context
from bot.ports import Posted, Transaction, owed
from bot.questions import life
from bot.questions.life import QuestionChange
from bot.questions.question import Question, QuestionState
from bot.requests.change import NoticeKind, Reason, Refusal
from bot.requests.request import Person
from bot.requests.working_time import UK, is_working_day
from bot.results import QuestionShown, QuestionView, Refused, Result
from bot.service import sent
from knowledge.answers import Answer
from knowledge.entries import Outcome

CONFIDENT = 0.8
"""From this confidence on, a new edition is believed to answer a question that waited."""
OFFICE_HOURS = (time(8), time(18))
"""When reminders go out on working days, UK time."""


def leave(tx: Transaction, context: Context, actor: Person, asked_id: str, card: Posted | None) -> Result:
    """Leave what was asked with the policy owners, once while it waits; `card` becomes the receipt."""
    asked = tx.asked(asked_id)
    if asked is None or not asked.text:
        return Refused(refusal=Refusal(reason=Reason.UNKNOWN_QUESTION))
    mine = [question for question in tx.questions(QuestionState.WAITING) if question.asker == actor.object_id]
    if same := next((question for question in mine if question.text == asked.text), None):
        return QuestionShown(question=same, view=QuestionView.ASKED)
    if len(mine) >= life.MOST_WAITING:
        return Refused(refusal=Refusal(reason=Reason.TOO_MANY_WAITING))
    change = life.leave(
        asked,
        reference=tx.next_question(),
        asker=actor.object_id,
        said=_said(context, asked.entry),
        owners=context.owners,
        now=context.now,
    )
    tx.save_question(change, context.now)
    if card:
        tx.keep_card(change.question.reference, NoticeKind.ASKED_CARD, actor.object_id, card)
    return QuestionShown(question=change.question, view=QuestionView.ASKED)


def show(tx: Transaction, context: Context, actor: Person, reference: str) -> Result:
    """Show a question to one of the owners."""
    question = _for_owner(tx, context, actor, reference)
    return question if isinstance(question, Refused) else QuestionShown(question=question, view=QuestionView.OWNER)


def answer(tx: Transaction, context: Context, actor: Person, reference: str, data: Mapping[str, object]) -> Result:
    """Answer in an owner's own words."""
    question = _for_owner(tx, context, actor, reference)
    if isinstance(question, Refused):
        return question
    outcome = life.answer(
        question,
        actor=actor,
        owners=context.owners,
        revision=sent.revision(data),
        text=sent.text(data, "answer"),
        knowledge=context.policy_version,
        now=context.now,
    )
    return _settled(tx, context, question, outcome, data)


def close(tx: Transaction, context: Context, actor: Person, reference: str, data: Mapping[str, object]) -> Result:
    """Close without an answer, for a reason from the list."""
    question = _for_owner(tx, context, actor, reference)
    if isinstance(question, Refused):
        return question
    outcome = life.close(
        question,
        actor=actor,
        owners=context.owners,
        revision=sent.revision(data),
        reason=sent.text(data, "reason"),
        why=sent.text(data, "why"),
        knowledge=context.policy_version,
        now=context.now,
    )
    return _settled(tx, context, question, outcome, data)


def settle_published(tx: Transaction, context: Context) -> None:
    """Once an edition: find the questions that its entries answer now, and tell those who still wait."""
    seen = f"questions/{context.policy_version}"
    if tx.answered(seen) is not None:
        return
    tx.remember(seen, {}, context.now)
    for question in tx.questions(QuestionState.WAITING, QuestionState.ANSWERED):
        given = context.answer(question.text)
        if question.knowledge != context.policy_version and _is_new_answer(question, given):
            change = life.publish(
                question,
                entry=given.entry,
                owners=context.owners,
                knowledge=context.policy_version,
                now=context.now,
            )
            tx.save_question(change, context.now)


def remind(tx: Transaction, context: Context) -> None:
    """In office hours, owe the reminders that are due; each is owed once, however often this is asked."""
    local = context.now.astimezone(UK)
    if not (is_working_day(local.date()) and OFFICE_HOURS[0] <= local.time() < OFFICE_HOURS[1]):
        return
    for question in tx.questions(QuestionState.WAITING):
        notices = life.reminders(question, context.owners, context.roster.operators, context.now)
        tx.owe(owed(question, notices, context.now))


def _is_new_answer(question: Question, given: Answer) -> bool:
    """Whether it is a sure answer, and another than the one that did not fit."""
    is_sure = given.outcome is Outcome.ANSWER and given.confidence >= CONFIDENT
    return is_sure and bool(given.entry) and given.text != question.said


def _said(context: Context, entry: str) -> str:
    try:
        return context.entry(entry).text if entry else ""
    except KeyError:
        return ""


def _for_owner(tx: Transaction, context: Context, actor: Person, reference: str) -> Question | Refused:
    if actor.object_id not in context.owners:
        return Refused(refusal=Refusal(reason=Reason.NOT_OWNER))
    return tx.question(reference) or Refused(refusal=Refusal(reason=Reason.UNKNOWN_QUESTION))


def _settled(
    tx: Transaction,
    context: Context,
    question: Question,
    outcome: QuestionChange | Refusal,
    data: Mapping[str, object],
) -> Result:
    if isinstance(outcome, QuestionChange):
        tx.save_question(outcome, context.now)
        return QuestionShown(question=outcome.question, view=QuestionView.OWNER)
    values = {key: value for key, value in data.items() if isinstance(value, str)}
    return Refused(refusal=outcome, question=question, values=values)
