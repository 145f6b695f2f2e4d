"""Who may decide, and what happens to everybody who may not."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.rehearsal.people import ALEX, MARTIN, PRIYA, RUTH, SAM, TOM, Person
from tests.journeys.conftest import Council


def decision(
    reference: str, verb: str = "decision.approve", forged: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """A decision as somebody might forge it."""
    return {"type": "Action.Execute", "verb": verb, "data": {"reference": reference, "revision": 1, **(forged or {})}}


REJECTED = {"reason": "copilot", "why": "Copilot in Word does exactly this."}
APPROVED = {"until": "2027-01-31", "conditions": "", "comment": ""}


async def test_two_approvers_press_different_buttons_at_once(council: Council) -> None:
    """One decision; the other is told who decided what and gets the current card; both are in the audit."""
    reference = await council.file(PRIYA)
    card = await council.card(SAM, reference, "channel")
    results = await asyncio.gather(
        council.teams.act(MARTIN, card, decision(reference), APPROVED),
        council.teams.act(RUTH, card, decision(reference, "decision.reject"), REJECTED),
    )
    told = [str(result.card) for result in results]
    losers = [words for words in told if "Nothing was changed" in words]
    assert len(losers) == 1
    won = "Martin Adeyemi approved it" if told.index(losers[0]) == 1 else "Ruth Lindqvist rejected it"
    assert won in losers[0]
    events = [name for name, _, _ in council.audit()]
    assert events.count("decision.recorded") == 1
    assert council.refusals(MARTIN) + council.refusals(RUTH) == ["already_decided"]


async def test_nobody_decides_their_own_request(council: Council) -> None:
    """Martin asks: his own press is refused, the card names Ruth only, and Ruth decides."""
    reference = await council.file(MARTIN)
    card = await council.card(MARTIN, reference, "channel")
    review = await council.teams.press(MARTIN, card, "request.review")
    assert (review.shown, "Ruth Lindqvist" in review.text) == ("message", True)
    forged = await council.teams.act(MARTIN, card, decision(reference), APPROVED)
    assert "your own request" in forged.text
    assert council.refusals(MARTIN) == ["own_request", "own_request"]
    assert "Approved by Ruth Lindqvist" in (await council.approve(reference, RUTH)).words


@pytest.mark.parametrize("person", [SAM, TOM, PRIYA])
async def test_a_bystander_is_told_who_may_decide(council: Council, person: Person) -> None:
    """Somebody else presses Review, or forges a decision: refused, told, audited, nothing changes."""
    reference = await council.file(TOM if person is PRIYA else PRIYA)
    card = await council.card(SAM, reference, "channel")
    for verb in ("request.review", "decision.approve", "decision.reject"):
        result = await council.teams.act(person, card, decision(reference, verb), APPROVED | REJECTED)
        said = result.text or str(result.card)
        assert "own request" in said or "Only the IT Operations & Security Manager" in said
    assert len(council.refusals(person)) == 3
    assert "Waiting for a decision" in council.teams.card(SAM, reference, "channel").words


async def test_a_guest_without_an_object_id_is_told(council: Council) -> None:
    """No id, no decision and no request, but an answer to a question."""
    reference = await council.file(PRIYA)
    card = await council.card(SAM, reference, "channel")
    result = await council.teams.act(ALEX, card, decision(reference), APPROVED)
    assert "Entra object id" in result.text


@pytest.mark.parametrize(
    "data",
    [
        {"revision": 99},
        {"revision": "two"},
        {"revision": None},
        {"reference": "AI-2026-9999"},
        {"reference": {"$ne": 1}},
        {"reference": "' or 1=1 --"},
        {"until": "2099-01-01"},
        {"until": ["2027-01-01"]},
        {"state": "active", "decider": RUTH.object_id, "revision": 0},
    ],
)
async def test_forged_card_data_decides_nothing(council: Council, data: dict[str, object]) -> None:
    """Whatever is written into a card's data, only what the store says counts."""
    reference = await council.file(PRIYA)
    card = await council.card(SAM, reference, "channel")
    result = await council.teams.act(MARTIN, card, decision(reference, forged=data), {})
    assert result.shown in ("card", "message")
    assert [name for name, _, _ in council.audit()].count("decision.recorded") == 0
    assert len(council.refusals(MARTIN)) == 1


async def test_an_action_that_arrives_twice_gets_the_same_answer(council: Council) -> None:
    """Teams repeats a slow invoke; the second delivery decides nothing and reads the same."""
    reference = await council.file(PRIYA)
    council.teams.faults.add("duplicate", times=1)
    card = await council.card(SAM, reference, "channel")
    result = await council.teams.act(MARTIN, card, decision(reference), APPROVED)
    assert "Approved by Martin Adeyemi" in str(result.card)
    assert [name for name, _, _ in council.audit()].count("decision.recorded") == 1
    assert council.refusals(MARTIN) == []
