"""What is said about questions left with the policy owners fits its card and shows typed words as they were typed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ports import Delivery, Message
from bot.questions import life
from bot.questions.asked import LONGEST
from bot.questions.question import OwnerReply, Question, QuestionState
from bot.replies import question_cards
from bot.replies.answers import choices, not_needed, unanswered
from bot.replies.notices import worded
from bot.replies.results import response
from bot.requests.change import NoticeKind, Reason, Refusal
from bot.results import QuestionShown, QuestionView, Refused
from bot.store.database import Database
from cards.template import Cards
from knowledge.answers import Choice
from tests.examples import ANSWERS, HELEN, NO_ANSWER, NOW, PRIYA
from tests.test_questions import left, settled, waiting
from tests.test_replies import PAYLOAD, literal_places
from tests.test_schedule import CONTEXT

CARDS = Cards.load(Path(__file__).parents[1] / "cards")
CEILING = 28 * 1024


def closed(why: str = "Ask the service desk.") -> Question:
    """A question that Helen closed."""
    reply = OwnerReply(by=HELEN, at=NOW, text=why, reason="elsewhere")
    return replace(settled(), state=QuestionState.CLOSED, reply=reply)


def published() -> Question:
    """A question that an entry answers now."""
    return replace(waiting(), state=QuestionState.PUBLISHED, revision=2, published="essays")


STAGES = {"waiting": waiting(), "answered": settled(), "closed": closed(), "published": published()}


def views(question: Question) -> Iterator[Message]:
    """Everything that can be shown of a question."""
    yield question_cards.question_card(question, "A notice.")
    yield question_cards.asked_card(question)
    if question.reply:
        yield question_cards.reply(question)
    if question.published and (told := question_cards.published(question, CONTEXT)):
        yield told
    for reminder in (question_cards.reminder(question), question_cards.overdue(question)):
        if reminder:
            yield reminder


def drawn(message: Message) -> str:
    """The card as it goes on the wire."""
    return json.dumps(CARDS.render(message.card, message.data), ensure_ascii=False)


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_its_cards(stage: str) -> None:
    """Each names the question; nobody is reminded of what is settled; nobody sees who asked."""
    cards = [drawn(message) for message in views(STAGES[stage])]
    assert all(STAGES[stage].text in card or "nobody has answered" in card for card in cards)
    assert any("still waits" in card for card in cards) == (stage == "waiting")
    assert not any(PRIYA.object_id in card or PRIYA.name in card for card in cards)


def test_only_a_waiting_question_can_be_answered() -> None:
    """The inputs go once it is settled, and who settled it stands there."""
    assert "question.answer" in drawn(question_cards.question_card(waiting()))
    for question in (settled(), closed(), published()):
        assert "question.answer" not in drawn(question_cards.question_card(question))
    assert "Helen Marsh answered on 23 November 2026 at 10:14" in drawn(question_cards.question_card(settled()))
    assert "It is not about the AI policy. Ask the service desk." in drawn(question_cards.reply(closed()))


def test_what_people_typed_is_shown_as_typed() -> None:
    """Question and answer stand in text runs, where Teams renders no markup."""
    typed = replace(settled(), text=PAYLOAD, reply=OwnerReply(by=HELEN, at=NOW, text=PAYLOAD))
    for question in (typed, replace(typed, state=QuestionState.WAITING), replace(published(), text=PAYLOAD)):
        for message in views(question):
            assert set(literal_places(CARDS.render(message.card, message.data))) <= {"TextRun"}, message.card


def test_the_longest_question_stays_under_the_ceiling() -> None:
    """Question, shown answer, reply and typed values at their limits, in letters of three bytes."""
    reply = OwnerReply(by=HELEN, at=NOW, text="€" * life.LONGEST_ANSWER)
    full = replace(settled(), text="€" * LONGEST, said="€" * 3000, reply=reply)
    values = {"answer": "€" * life.LONGEST_ANSWER, "reason": "other", "why": "€" * life.LONGEST_WHY}
    waits = replace(full, state=QuestionState.WAITING)
    errors = dict.fromkeys(values, "This is wrong, and this is how it is mended.")
    messages = [*views(full), *views(waits), question_cards.question_card(waits, "x" * 200, errors, values)]
    assert max(len(drawn(message).encode()) for message in messages) < CEILING


def test_a_mistake_keeps_what_was_typed() -> None:
    """The note stands beside the field, the words stand in it."""
    refusal = Refusal(reason=Reason.INPUT, errors={"answer": "Longer, please."})
    message = response(Refused(refusal=refusal, question=waiting(), values={"answer": "No."}), CONTEXT)
    assert "Longer, please." in drawn(message)
    assert '"value": "No."' in drawn(message)


def test_who_may_not_answer_is_told_and_sees_no_card() -> None:
    """A sentence, without the question."""
    message = response(Refused(refusal=Refusal(reason=Reason.NOT_OWNER), question=waiting()), CONTEXT)
    assert (message.card, message.text) == ("", "Only the owners of the policy answer these questions.")


def test_each_view_has_its_reader() -> None:
    """The owner's card takes an answer, the asker's does not."""
    owner = response(QuestionShown(question=waiting(), view=QuestionView.OWNER), CONTEXT)
    asker = response(QuestionShown(question=waiting(), view=QuestionView.ASKED), CONTEXT)
    assert (owner.card, asker.card) == ("question", "notice")


def test_a_published_answer_is_told_with_its_question() -> None:
    """And not at all where its entry has gone again."""
    message = question_cards.published(published(), CONTEXT)
    assert message and "A person marks the essay (3.2)." in drawn(message)
    assert question_cards.published(replace(published(), published="gone"), CONTEXT) is None


@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if kind.is_about_question])
async def test_every_notice_is_worded_when_it_is_sent(kind: NoticeKind, tmp_path: Path) -> None:
    """From the question as it then stands; nothing is said about one that does not exist."""
    question = settled() if kind is NoticeKind.QUESTION_REPLY else waiting()
    question = published() if kind is NoticeKind.QUESTION_PUBLISHED else question
    change = replace(left(), question=replace(question, revision=1))

    def owed(reference: str) -> Delivery:
        return Delivery(key="k", lane="x", kind=kind, to="x", reference=reference, created=NOW, due=NOW)

    with Database.open(f"sqlite:///{tmp_path}/bot.db") as store:
        await store.transact(lambda tx: tx.save_question(change, NOW))
        message = await store.transact(lambda tx: worded(tx, owed("Q-0001"), CONTEXT))
        assert message and drawn(message)
        assert await store.transact(lambda tx: worded(tx, owed("Q-0002"), CONTEXT)) is None


def test_every_way_to_the_owners_names_the_question() -> None:
    """Under no answer, among choices and after a thumb down: one button, which carries what was asked."""
    near = (Choice(entry="essays", question="May Copilot mark an essay?"),)
    for message in (unanswered(NO_ANSWER, "id-1"), not_needed(ANSWERS["essays"], (), "id-1")):
        assert '"verb": "question.leave", "reference": "id-1"' in drawn(message)
    assert '"verb": "question.leave", "reference": "id-1"' in drawn(not_needed(NO_ANSWER, near, "id-1"))
    offered = drawn(choices(replace(NO_ANSWER, suggestions=near), "id-1"))
    assert '"verb": "answer.none", "reference": "id-1"' in offered
    assert '"verb": "answer.pick", "entry": "essays", "reference": "id-1"' in offered
