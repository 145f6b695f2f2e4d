"""A question left with the policy owners: who may settle it, what follows, and who is reminded when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.questions import life
from bot.questions.asked import Asked, Ending
from bot.questions.life import CLOSINGS, QuestionChange
from bot.questions.question import Question, QuestionState
from bot.requests.change import NoticeKind, Reason, Refusal
from tests.examples import HELEN, NOW, OLIVER, OPERATOR, PRIYA, TODAY, TOM

OWNERS = (HELEN.object_id, OLIVER.object_id)
ASKED = Asked(day=TODAY, ending=Ending.UNANSWERED, knowledge="v1", text="May Copilot mark an essay?")
WORDS = "A person marks the essay (3.2)."


def left() -> QuestionChange:
    """What leaving the example question leads to."""
    return life.leave(ASKED, reference="Q-0001", asker=PRIYA.object_id, said="", owners=OWNERS, now=NOW)


def waiting() -> Question:
    """A question that waits."""
    return left().question


def answered(question: Question | None = None, text: str = WORDS) -> QuestionChange | Refusal:
    """What Helen's answer leads to."""
    return life.answer(
        question or waiting(), actor=HELEN, owners=OWNERS, revision=1, text=text, knowledge="v2", now=NOW
    )


def settled() -> Question:
    """A question that Helen answered."""
    change = answered()
    assert isinstance(change, QuestionChange)
    return change.question


def told(change: QuestionChange) -> list[tuple[NoticeKind, str]]:
    """Who is told what."""
    return [(notice.kind, notice.to) for notice in change.notices]


CARDS = [
    (NoticeKind.QUESTION_CARD, HELEN.object_id),
    (NoticeKind.QUESTION_CARD, OLIVER.object_id),
    (NoticeKind.ASKED_CARD, PRIYA.object_id),
]


def test_a_question_that_is_left_reaches_every_owner() -> None:
    """Each owner gets a card, its asker a receipt, and the audit no word of what was asked."""
    change = left()
    assert (change.question.state, change.question.text) == (QuestionState.WAITING, ASKED.text)
    assert told(change) == CARDS
    event = change.events[0]
    assert (event.name, event.actor, event.facts["knowledge"]) == ("question.left", PRIYA.object_id, "v1")
    assert event.text == ""


def test_an_answer_is_told_to_whoever_asked() -> None:
    """The cards of both owners and of the asker change, and the asker gets a message."""
    change = answered()
    assert isinstance(change, QuestionChange)
    assert told(change) == [*CARDS, (NoticeKind.QUESTION_REPLY, PRIYA.object_id)]
    assert change.question.reply and change.question.reply.by == HELEN
    assert (change.question.revision, change.question.state) == (2, QuestionState.ANSWERED)
    assert (change.events[0].facts["knowledge"], change.events[0].text) == ("v2", WORDS)


@pytest.mark.parametrize("reason", CLOSINGS)
def test_a_question_is_closed_for_a_reason_from_the_list(reason: str) -> None:
    """Its asker is told, with or without further words."""
    change = life.close(
        waiting(), actor=OLIVER, owners=OWNERS, revision=1, reason=reason, why="", knowledge="v1", now=NOW
    )
    assert isinstance(change, QuestionChange)
    assert change.question.state is QuestionState.CLOSED
    assert told(change)[-1] == (NoticeKind.QUESTION_REPLY, PRIYA.object_id)


def test_only_owners_settle_a_question() -> None:
    """Neither its asker nor anybody else."""
    for person in (PRIYA, TOM):
        refusal = life.answer(waiting(), actor=person, owners=OWNERS, revision=1, text=WORDS, knowledge="v1", now=NOW)
        assert refusal == Refusal(reason=Reason.NOT_OWNER)


def test_the_first_answer_wins() -> None:
    """A settled question stays as it is, and another revision than the stored one settles nothing."""
    assert answered(settled()) == Refusal(reason=Reason.ALREADY_ANSWERED)
    assert answered(replace(waiting(), revision=3)) == Refusal(reason=Reason.STALE)


@pytest.mark.parametrize("text", ["", "No.", "x" * (life.LONGEST_ANSWER + 1)])
def test_an_answer_has_a_length(text: str) -> None:
    """Too short helps nobody, too long is not read."""
    refusal = answered(text=text)
    assert isinstance(refusal, Refusal)
    assert list(refusal.errors) == ["answer"]


def test_a_close_needs_a_reason_and_few_words() -> None:
    """Both mistakes are told at once."""
    refusal = life.close(
        waiting(), actor=HELEN, owners=OWNERS, revision=1, reason="no", why="x" * 401, knowledge="v1", now=NOW
    )
    assert isinstance(refusal, Refusal)
    assert list(refusal.errors) == ["reason", "why"]


def test_a_published_entry_tells_those_who_wait_and_nobody_twice() -> None:
    """Who was answered in chat is not told again; the draft is done with."""
    fresh = life.publish(waiting(), entry="essays", owners=OWNERS, knowledge="v2", now=NOW)
    assert told(fresh)[-1] == (NoticeKind.QUESTION_PUBLISHED, PRIYA.object_id)
    late = life.publish(settled(), entry="essays", owners=OWNERS, knowledge="v2", now=NOW)
    assert told(late) == CARDS
    assert late.question.state is QuestionState.PUBLISHED
    assert late.question.reply is not None


MONDAY = datetime(2026, 11, 23, 10, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, []),
        (2, []),
        (3, ["3", "3"]),
        (4, ["3", "3"]),
        (7, ["5", "5"]),
        (9, ["5", "5", ""]),
        (40, ["5", "5", ""]),
    ],
)
def test_reminders_count_working_days(days: int, expected: list[str]) -> None:
    """Owners after three and five working days, operators after seven; of two that are due only the later."""
    notices = life.reminders(waiting(), OWNERS, (OPERATOR,), MONDAY + timedelta(days=days))
    assert [notice.occasion for notice in notices] == expected
    assert [notice.to for notice in notices if notice.kind is NoticeKind.QUESTION_OVERDUE] == [OPERATOR] * (days >= 9)


def test_nobody_is_reminded_of_what_is_settled() -> None:
    """However late it is."""
    assert life.reminders(settled(), OWNERS, (OPERATOR,), MONDAY + timedelta(days=90)) == ()


def test_what_was_asked_has_the_same_id_for_the_same_content_only() -> None:
    """A card can name it before it is stored, and no two contents share a name."""
    others = [
        replace(ASKED, ending=Ending.REFUSED),
        replace(ASKED, text="May Copilot mark an essay"),
        replace(ASKED, knowledge="v2"),
        replace(ASKED, entry="x"),
        replace(ASKED, day=TODAY + timedelta(days=1)),
    ]
    assert ASKED.id == replace(ASKED).id
    assert len({each.id for each in (ASKED, *others)}) == 6
    assert replace(ASKED, text="half a pair \ud83d").id
