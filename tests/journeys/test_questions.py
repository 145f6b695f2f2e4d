"""Questions that no answer fits: left with the policy owners, answered in chat, published, reminded of, never lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import ALEX, HELEN, MARTIN, NADIA, PRIYA, RUTH, SAM, TOM
from bot.rehearsal.seen import Seen
from tests.journeys.conftest import Council

ODD = "Who may blorf the vrimps?"
"""A question that no knowledge file will ever answer by itself."""
NEAR = "tell me about vrimps"
"""What comes close to both RIVALS."""
WORDS = "Anybody may blorf them, as long as a person checks the outcome (6.2)."
LEAVE = "question.leave"
ENTRY = """
  - id: {id}
    question: {question}
    answer: {answer}
    cites: ["{cites}"]
    phrasings: ["{phrasing}"]
    owner: Head of Policy, Performance & Transformation
    reviewed: "2026-03-24"
"""
PUBLISHED = ENTRY.format(
    id="vrimps",
    question=ODD,
    answer="Everybody may blorf the vrimps, once a person has checked (6.2).",
    cites="6.2",
    phrasing="is it allowed to blorf vrimps",
)
RIVALS = ENTRY.format(
    id="vrimps-keep",
    question="Where are the vrimps kept?",
    answer="In a box (4.2).",
    cites="4.2",
    phrasing="vrimps box",
) + ENTRY.format(
    id="vrimps-feed", question="What do the vrimps eat?", answer="Only hay (3.2).", cites="3.2", phrasing="vrimps food"
)


class TwoOwners(Council):
    """A council whose policy has two owners."""

    def environ(self) -> dict[str, str]:
        """The bot's settings."""
        return super().environ() | {"POLICY_OWNERS": f"{HELEN.object_id},{RUTH.object_id}"}


class NoOwners(Council):
    """A council that has named no owners."""

    def environ(self) -> dict[str, str]:
        """The bot's settings."""
        return {name: value for name, value in super().environ().items() if name != "POLICY_OWNERS"}


@pytest.fixture
async def owners(teams: Rehearsal, tmp_path: Path) -> AsyncIterator[Council]:
    """A council with two policy owners."""
    async with TwoOwners(teams, tmp_path) as council:
        for person in (PRIYA, TOM, HELEN, RUTH, NADIA):
            await teams.install(person)
        yield council


def edit(council: Council, more: str) -> None:
    """An owner adds entries to the FAQ."""
    faq = council.knowledge / "faq.yaml"
    faq.write_text(faq.read_text(encoding="utf-8") + more, encoding="utf-8")


async def leave(council: Council, text: str = ODD) -> Seen:
    """Priya asks, gets no answer, and leaves the question; the owner's card."""
    answer = await council.ask(PRIYA, text)
    assert "Ask the policy owners" in answer.buttons
    assert (await council.teams.press(PRIYA, answer, LEAVE)).shown == "card"
    return await council.card(HELEN, text)


def asked(council: Council) -> list[tuple[str, str, str, int]]:
    """What was counted: how it ended, entry, text, how often."""
    with sqlite3.connect(council.database_url.removeprefix("sqlite:///")) as reader:
        found = "select ending, entry, text, times from asked order by ending, entry, text"
        return [tuple(row) for row in reader.execute(found)]


async def test_an_unanswered_question_finds_its_answer(owners: Council) -> None:
    """Priya leaves it; both owners see it, without her name; Helen answers, across a restart; Priya is told."""
    card = await leave(owners)
    assert "Priya" not in card.words
    await owners.card(RUTH, ODD)
    receipt = await owners.card(PRIYA, "Your question is with the policy owners")
    assert "They see your question, not your name" in receipt.words

    await owners.stop()
    await owners.start()

    answered = await owners.teams.press(HELEN, card, "question.answer", answer=WORDS)
    assert "Helen Marsh answered" in str(answered.card)
    told = await owners.card(PRIYA, "The policy owners have answered")
    assert [word in told.words for word in (ODD, WORDS, "Helen Marsh answered")] == [True] * 3
    await owners.teams.world.until(lambda: "Helen Marsh answered" in owners.teams.card(RUTH, ODD).words)
    assert "question.answer" not in str(owners.teams.card(RUTH, ODD).card)
    await owners.teams.world.until(
        lambda: any("Your question was answered" in seen.words for seen in owners.teams.chat(PRIYA))
    )


async def test_every_step_is_in_the_audit_with_the_knowledge_version(owners: Council) -> None:
    """Left and answered, by whom, under which edition of the files."""
    card = await leave(owners)
    await owners.teams.press(HELEN, card, "question.answer", answer=WORDS)
    events = [(name, actor, facts["knowledge"]) for name, actor, facts in owners.audit()]
    assert [event[:2] for event in events] == [
        ("question.left", PRIYA.object_id),
        ("question.answered", HELEN.object_id),
    ]
    assert all(len(version) == 12 for _, _, version in events)


async def test_two_owners_answer_at_once(owners: Council) -> None:
    """The first answer wins; the other owner reads who answered; the asker is told once."""
    card = await leave(owners)
    other = await owners.card(RUTH, ODD)
    results = await asyncio.gather(
        owners.teams.press(HELEN, card, "question.answer", answer=WORDS),
        owners.teams.press(RUTH, other, "question.close", reason="elsewhere"),
    )
    losers = [result for result in results if "Nothing was changed" in str(result.card)]
    assert len(losers) == 1
    won = "Helen Marsh answered" if results.index(losers[0]) == 1 else "Ruth Lindqvist closed it"
    assert won in str(losers[0].card)
    await owners.teams.world.until(lambda: any("The policy owners" in s.words for s in owners.teams.chat(PRIYA)))
    settled = [name for name, _, _ in owners.audit() if name in ("question.answered", "question.closed")]
    assert len(settled) == 1
    assert owners.refusals(HELEN) + owners.refusals(RUTH) == ["already_answered"]


async def test_a_question_that_is_not_for_the_policy_is_closed_with_a_reason(owners: Council) -> None:
    """Its asker reads the reason and the owner's words."""
    card = await leave(owners)
    await owners.teams.press(HELEN, card, "question.close", reason="elsewhere", why="The service desk knows.")
    told = await owners.card(PRIYA, "The policy owners cannot answer your question")
    assert "It is not about the AI policy. The service desk knows." in told.words


async def test_an_answer_too_short_keeps_what_was_typed(owners: Council) -> None:
    """The card comes back with a note beside the field."""
    card = await leave(owners)
    result = await owners.teams.press(HELEN, card, "question.answer", answer="No.")
    assert "10 to 1,500 characters" in str(result.card)
    assert "'value': 'No.'" in str(result.card)


async def test_only_owners_answer(owners: Council) -> None:
    """Somebody else who forges the press is refused, told and audited."""
    await leave(owners)
    forged = {
        "type": "Action.Execute",
        "verb": "question.answer",
        "data": {"reference": "Q-0001", "revision": 1},
    }
    card = await owners.card(PRIYA, "Your question is with")
    result = await owners.teams.act(PRIYA, card, forged, {"answer": WORDS})
    assert "Only the owners of the policy" in result.text
    assert owners.refusals(PRIYA) == ["not_owner"]


async def test_leaving_twice_is_leaving_once(owners: Council) -> None:
    """The same question, asked and left again, is still one question."""
    await leave(owners)
    again = await owners.ask(PRIYA, ODD.lower().replace("who", "Who"))
    await owners.teams.press(PRIYA, again, LEAVE)
    assert [name for name, _, _ in owners.audit()] == ["question.left"]


async def test_without_owners_nothing_is_offered(teams: Rehearsal, tmp_path: Path) -> None:
    """The answer is plain text, and a thumb down is only kept."""
    async with NoOwners(teams, tmp_path) as council:
        await teams.install(PRIYA)
        answer = await council.ask(PRIYA, ODD)
        assert not answer.cards
        await teams.thumb(PRIYA, answer, "dislike")
        assert council.teams.chat(PRIYA)[-1].id == answer.id


async def test_a_channel_gets_no_button(owners: Council) -> None:
    """Questions are left in one's own chat."""
    await owners.teams.say(SAM, ODD, "channel")
    await owners.teams.world.until(lambda: any(seen.by_bot for seen in owners.teams.channel(SAM)))
    assert owners.teams.channel(SAM)[-1].buttons == []


async def test_a_guest_gets_no_button(owners: Council) -> None:
    """Nobody could bring the answer to somebody without an object id."""
    await owners.teams.install(ALEX)
    assert (await owners.ask(ALEX, ODD)).buttons == []


async def test_a_thumb_down_offers_the_next_best_and_the_owners(owners: Council) -> None:
    """Under a wrong answer: related answers to pick, and one press to ask the owners, who see what was said."""
    answer = await owners.ask(PRIYA, "Which AI tools may I use for work?")
    await owners.teams.thumb(PRIYA, answer, "dislike")
    offer = await owners.card(PRIYA, "Not what you needed?")
    assert offer.buttons[-1] == "Ask the policy owners"
    assert len(offer.buttons) > 1
    await owners.teams.press(PRIYA, offer, LEAVE)
    card = await owners.card(HELEN, "Which AI tools may I use for work?")
    assert "Microsoft Copilot" in card.words
    await owners.teams.thumb(PRIYA, answer, "dislike")
    assert [seen.words for seen in owners.teams.chat(PRIYA) if "Not what you needed?" in seen.words] == []


async def test_not_what_i_asked_offers_the_next_best(owners: Council) -> None:
    """The entry that came second is one press away."""
    edit(owners, RIVALS)
    await owners.stop()
    await owners.start()
    answer = await owners.ask(PRIYA, "What do the vrimps eat?")
    assert "Only hay" in answer.text
    await owners.teams.thumb(PRIYA, answer, "dislike")
    offer = await owners.card(PRIYA, "Not what you needed?")
    assert "Where are the vrimps kept?" in offer.buttons
    assert "What do the vrimps eat?" not in offer.buttons


async def test_choices_are_picked_or_refused(owners: Council) -> None:
    """Two entries are close: picking one answers and is counted; none of these leads to the owners."""
    edit(owners, RIVALS)
    async with asyncio.timeout(20):
        while (choices := await owners.ask(PRIYA, NEAR)).buttons[-1:] != ["None of these"]:
            pass
    await owners.teams.press(PRIYA, choices, "answer.pick")
    await owners.teams.world.until(lambda: "(" in owners.teams.chat(PRIYA)[-1].text)
    refused = await owners.teams.press(PRIYA, choices, "answer.none")
    assert "Ask the policy owners" in str(refused.card)
    await owners.teams.press(PRIYA, choices, LEAVE)
    await owners.card(HELEN, NEAR)
    await owners.stop()
    endings = [ending for ending, _, text, _ in asked(owners) if text == NEAR]
    assert {"offered", "picked", "refused"} <= set(endings)


async def test_answers_are_counted_without_text_and_without_names(owners: Council) -> None:
    """Three people ask the same: one line, times three; nothing of what they typed."""
    for person in (PRIYA, TOM, RUTH):
        await owners.ask(person, "Which AI tools may I use for work?")
    await owners.stop()
    assert [row[::2] + row[3:] for row in asked(owners)] == [("answered", "", 3)]


async def test_a_published_entry_answers_the_question_that_waits(owners: Council) -> None:
    """Helen adds an entry instead of answering: Priya is told the answer, and the owners' cards are settled."""
    card = await leave(owners)
    edit(owners, PUBLISHED)
    told = await owners.card(PRIYA, "There is an answer to your question now")
    assert "Everybody may blorf the vrimps" in told.words
    assert ODD in told.words
    await owners.teams.world.until(lambda: "Answered by the knowledge files" in owners.teams.card(HELEN, ODD).words)
    late = await owners.teams.press(HELEN, card, "question.show") if "Show" in str(card.buttons) else None
    assert late is None
    assert [name for name, _, _ in owners.audit()] == ["question.left", "question.published"]


async def test_an_edit_that_does_not_answer_it_tells_nobody(owners: Council) -> None:
    """Other entries may change as they like; after a restart on a third edition the question still waits."""
    await leave(owners)
    edit(owners, RIVALS)
    await owners.stop()
    edit(owners, PUBLISHED.replace("vrimps", "quoffles").replace("Who may blorf", "How do I glim"))
    await owners.start()
    await owners.ask(PRIYA, "hello")
    assert [name for name, _, _ in owners.audit()] == ["question.left"]


async def test_nothing_waits_for_ever(owners: Council) -> None:
    """The owners are reminded after three and five working days, in office hours; then the operators are told."""
    monday = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    to = owners.teams.clock
    to.advance(monday - to.now())
    await leave(owners)

    to.advance(monday.replace(day=26, hour=20) - to.now())
    await owners.ask(TOM, "hello")
    assert reminders(owners) == 0

    to.advance(monday.replace(day=27, hour=8, minute=5) - to.now())
    await owners.card(HELEN, "A question still waits")
    await owners.card(RUTH, "A question still waits")

    to.advance(monday.replace(day=30, hour=10, minute=5) - to.now())
    await owners.teams.world.until(lambda: reminders(owners) == 2)
    to.advance(monday.replace(month=12, day=2, hour=10, minute=5) - to.now())
    await owners.card(NADIA, "A question to the policy owners waits too long")
    await owners.stop()
    await owners.start()
    shown = await owners.teams.press(HELEN, owners.teams.card(HELEN, "A question still waits"), "question.show")
    assert "Send this answer" in str(shown.card)
    to.advance(timedelta(days=7))
    await owners.ask(TOM, "hello")
    assert reminders(owners) == 1, "the other one became the question's card"


def reminders(council: Council) -> int:
    """How many reminders stand in Helen's chat."""
    return sum("A question still waits" in seen.words for seen in council.teams.chat(HELEN))


async def test_an_approver_who_owns_nothing_is_not_asked(owners: Council) -> None:
    """Only those named in POLICY_OWNERS get the card."""
    await owners.teams.install(MARTIN)
    await leave(owners)
    assert not any(ODD in seen.words for seen in owners.teams.chat(MARTIN))
