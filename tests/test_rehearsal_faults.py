"""Faults hit what they are asked to hit, repeatably, and the channel repeats itself as Teams does."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.rehearsal import Rehearsal
from bot.rehearsal.faults import WHAT, Faults
from bot.rehearsal.people import PRIYA, TOM
from bot.rehearsal.windows import Windows
from tests.stand_in import Json, StandIn, stand_in


@pytest.fixture
async def bot(teams: Rehearsal) -> AsyncIterator[StandIn]:
    """A stand-in bot that the rehearsal talks to."""
    async with stand_in(teams) as standing:
        yield standing


def hits(seed: int, chance: float) -> list[bool]:
    """Which of a hundred calls a fault hits."""
    faults = Faults(seed)
    faults.add("status", chance=chance)
    return [faults.strike("status", "send") is not None for _ in range(100)]


def test_the_same_seed_hits_the_same_calls() -> None:
    """A failing run can be repeated; about three in ten are hit; another seed hits others."""
    assert hits(1, 0.3) == hits(1, 0.3) != hits(2, 0.3)
    assert 15 < sum(hits(1, 0.3)) < 45
    assert all(hits(1, 1.0)) and not any(hits(1, 0.0))


def test_a_fault_hits_as_often_and_where_it_was_asked_to() -> None:
    """Twice on sends, never on updates; then it is gone, and was counted."""
    faults = Faults()
    fault = faults.add("lost", times=2, on="send")
    assert faults.strike("lost", "update", PRIYA.chat_id) is None
    assert faults.strike("status", "send") is None
    assert [faults.strike("lost", "send", "a:1") for _ in range(3)] == [fault, fault, None]
    assert (faults.active, faults.struck) == ([], {"lost": 2})


@pytest.mark.parametrize(
    "settings", [{"kind": "flood"}, {"kind": "status", "status": 200}, {"kind": "lost", "chance": 2}]
)
def test_a_fault_that_makes_no_sense_is_refused(settings: dict[str, Any]) -> None:
    """The message names the value."""
    with pytest.raises(ValueError, match=r"flood|200|2"):
        Faults().add(**settings)


def test_every_kind_says_what_it_does() -> None:
    """The page has a sentence for each, and each can be switched on."""
    for kind, (name, what, _) in WHAT.items():
        assert name and what.endswith(".")
        assert Faults().add(kind).kind == kind


def test_the_windows_are_those_published() -> None:
    """7 in a second, 8 in two, 60 in thirty, 1800 in an hour a conversation; 50 a second in all."""
    now = 0.0
    windows = Windows(on=True, seconds=lambda: now)
    assert [windows.take("chat") for _ in range(8)] == [None] * 7 + [1]
    now = 1.1
    assert [windows.take("chat"), windows.take("chat")] == [None, 1]
    now = 4.0
    accepted = 0
    while now < 30:
        accepted += windows.take("chat") is None
        now += 0.25
    assert accepted == 60 - 8
    assert windows.take("other") is None


def test_an_app_has_a_window_of_its_own() -> None:
    """The fifty-first request in a second waits, whatever the conversation; a roster counts too."""
    windows = Windows(on=True, seconds=lambda: 0.0)
    taken = [windows.take(f"chat {n}") for n in range(49)]
    assert [*taken, windows.take(None), windows.take("one more")] == [None] * 50 + [1]


async def test_a_slow_bot_gets_the_activity_again_under_the_same_id(teams: Rehearsal, bot: StandIn) -> None:
    """Teams loses patience and repeats; the second answer counts."""
    teams.courier.patience = 0.3
    first = asyncio.Event()

    async def slow_once(_activity: Json) -> object:
        if not first.is_set():
            first.set()
            await asyncio.sleep(60)
        return {}

    bot.answer = slow_once
    result = await teams.say(PRIYA, "hello?")
    assert result.ok
    assert [heard["id"] for heard in bot.heard] == [result.activity] * 2


async def test_an_activity_can_come_twice_at_once(teams: Rehearsal, bot: StandIn) -> None:
    """The same id, two deliveries, one message in the chat."""
    teams.faults.add("duplicate", times=1)
    await teams.say(PRIYA, "hello")
    assert len({heard["id"] for heard in bot.heard}) == 1
    assert (len(bot.heard), len(teams.chat(PRIYA))) == (2, 1)


async def test_an_activity_can_come_again_under_a_new_id(teams: Rehearsal, bot: StandIn) -> None:
    """As invokes have been seen to."""
    teams.faults.add("repeat", times=1, on="message")
    await teams.say(PRIYA, "hello")
    assert (len({heard["id"] for heard in bot.heard}), len({heard["text"] for heard in bot.heard})) == (2, 1)


async def test_messages_can_arrive_out_of_order(teams: Rehearsal, bot: StandIn) -> None:
    """Priya's first message is held back until Tom's has gone through."""
    teams.faults.add("reorder", times=1, on=PRIYA.chat_id)
    held = await teams.say(PRIYA, "first")
    await teams.say(TOM, "second")
    assert held.shown == "held"
    assert [heard["text"] for heard in bot.heard] == ["second", "first"]
