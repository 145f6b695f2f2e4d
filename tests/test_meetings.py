"""Who can be reached: what the store says is always what happened last, and what waited is due again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import Failure
from bot.meetings import Meetings
from bot.ports import Conversation
from bot.requests.change import CHANNEL
from bot.store.database import Database
from bot.store.transaction import SqlTransaction
from tests.samples import NOW, a_delivery, claimed
from tests.test_outbox import FlakyStore, a_chat

TEAM = Conversation(id="19:approvers@thread.tacv2", scope="channel", service_url="https://smba")


@dataclass
class World:
    """A store and the meetings under test; `nudges` counts how often the outbox was woken."""

    store: Database
    nudges: list[None] = field(default_factory=list)

    def meetings(self, *bad: int) -> Meetings:
        """Meetings on a store whose n-th units of work fail."""
        store = FlakyStore(self.store, set(bad))
        return Meetings(store=store, clock=lambda: NOW, nudge=lambda: self.nudges.append(None))

    async def park(self, key: str, to: str, error: str = Failure.BLOCKED) -> None:
        await self.store.run(lambda connection: SqlTransaction(connection).owe((a_delivery(key, to=to),)))
        await self.store.transact(lambda tx: tx.park(key, error))

    async def kept(self, person: str) -> Conversation | None:
        return await self.store.transact(lambda tx: tx.conversation_with(person))

    async def due(self) -> list[str]:
        return await self.store.transact(claimed)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as store:
        yield World(store)


async def test_whoever_wrote_is_kept_and_told_what_waited(world: World) -> None:
    """All who wrote since the last look, each with what was set aside for them; the outbox looks at once."""
    meetings = world.meetings()
    await world.park("m1", "mary")
    await world.park("n1", "nobody")
    for person in ("mary", "omar", "mary"):
        meetings.heard(a_chat(person))
    await meetings.flush()
    assert (await world.kept("mary"), await world.kept("omar")) == (a_chat("mary"), a_chat("omar"))
    assert await world.due() == ["m1"]
    assert len(world.nudges) == 1


async def test_somebody_who_was_forgotten_or_blocked_us_since_is_met_again(world: World) -> None:
    """The same chat, heard from a second time: what the outbox wrote in between counts."""
    meetings = world.meetings()
    meetings.heard(a_chat("mary"))
    await meetings.flush()
    await world.park("m1", "mary")
    await world.store.transact(lambda tx: tx.drop_conversation("mary"))
    meetings.heard(a_chat("mary"))
    await meetings.flush()
    assert await world.kept("mary") == a_chat("mary")
    assert await world.due() == ["m1"]


async def test_a_chat_that_moved_is_kept_where_it_is_now(world: World) -> None:
    """Teams changed its address."""
    meetings = world.meetings()
    moved = Conversation(id="a:mary", scope="personal", service_url="https://smba/uk", object_id="mary")
    for chat in (a_chat("mary"), moved):
        meetings.heard(chat)
        await meetings.flush()
    assert await world.kept("mary") == moved


async def test_the_welcome_is_said_once(world: World) -> None:
    """The first installation ever, not the second of the same moment nor one after a removal."""
    meetings, chat = world.meetings(), a_chat("mary")
    assert sorted(await asyncio.gather(meetings.installed(chat), meetings.installed(chat))) == [False, True]
    await meetings.removed(chat)
    assert not await meetings.installed(chat)
    assert await world.kept("mary") == chat


@pytest.mark.parametrize("last", ["installed", "removed"])
async def test_overlapping_installations_end_as_the_last_one_says(world: World, last: str) -> None:
    """They come in at once; what came last holds, also after the next look."""
    meetings, chat = world.meetings(), a_chat("mary")
    both = [meetings.removed(chat), meetings.installed(chat)]
    await asyncio.gather(*(both if last == "installed" else reversed(both)))
    await meetings.flush()
    assert await world.kept("mary") == (chat if last == "installed" else None)


async def test_somebody_who_left_at_once_is_not_written_to(world: World) -> None:
    """They wrote and removed the app within one look."""
    meetings = world.meetings()
    meetings.heard(a_chat("mary"))
    await meetings.removed(a_chat("mary"))
    await meetings.flush()
    assert await world.kept("mary") is None


async def test_a_database_that_is_away_loses_nobody(world: World) -> None:
    """Said in the log, and written down the next time."""
    meetings = world.meetings(1, 2)
    meetings.heard(a_chat("mary"))
    with capture_logs() as logs:
        await meetings.flush()
        assert not await meetings.installed(a_chat("omar"))
    assert [line["event"] for line in logs] == ["meeting.unsaved"] * 2
    await meetings.flush()
    assert (await world.kept("mary"), await world.kept("omar")) == (a_chat("mary"), a_chat("omar"))


async def test_what_waits_for_the_team_is_due_when_the_app_comes_to_a_channel(world: World) -> None:
    """A review card posted too early; a person's own messages still wait for that person."""
    await world.park("c1", CHANNEL, Failure.NOT_INSTALLED)
    await world.park("m1", "mary")
    meetings = world.meetings()
    assert not await meetings.installed(TEAM)
    await meetings.removed(TEAM)
    assert await world.due() == ["c1"]
