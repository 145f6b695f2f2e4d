"""Counting costs no answer any time, and loses nothing while the database is away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import pytest

from bot.errors import StoreError
from bot.ports import Transaction
from bot.store.database import Database
from bot.tally import MOST, Tally
from tests.examples import TODAY
from tests.test_questions import ASKED

T = TypeVar("T")


@dataclass
class Moody:
    """A store that is away when told so."""

    store: Database
    away: bool = False
    calls: list[None] = field(default_factory=list)

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """As the database, or not at all."""
        self.calls.append(None)
        if self.away:
            raise StoreError("the database is away")
        return await self.store.transact(work)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Moody]:
    """A real database that can be away."""
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        yield Moody(database)


async def stored(store: Moody) -> int:
    """How often the example question was asked, as the database knows."""
    counts = await store.store.transact(lambda tx: tx.asked_since(TODAY))
    return counts.get(ASKED, 0)


async def test_counting_writes_nothing_until_it_is_flushed(store: Moody) -> None:
    """No answer waits for a disk."""
    tally = Tally(store)
    for _ in range(1000):
        tally.count(ASKED)
    assert store.calls == []
    await tally.flush()
    assert (len(store.calls), await stored(store)) == (1, 1000)
    await tally.flush()
    assert (len(store.calls), await stored(store)) == (1, 1000)


async def test_nothing_is_lost_while_the_database_is_away(store: Moody) -> None:
    """What could not be written is written later, once."""
    tally = Tally(store)
    tally.count(ASKED)
    store.away = True
    await tally.flush()
    tally.count(ASKED)
    assert await tally.find(ASKED.id) is None
    store.away = False
    await tally.flush()
    assert await stored(store) == 2


async def test_what_was_just_asked_is_found(store: Moody) -> None:
    """A button pressed at once finds its question."""
    tally = Tally(store)
    tally.count(ASKED)
    assert await tally.find(ASKED.id) == ASKED
    assert await tally.find("unknown") is None


async def test_memory_is_bounded(store: Moody) -> None:
    """A flood of different questions is counted up to a limit; what is held is still counted on."""
    tally = Tally(store)
    for number in range(MOST + 10):
        tally.count(replace(ASKED, text=f"{number}"))
    tally.count(replace(ASKED, text="0"))
    await tally.flush()
    counts = await store.store.transact(lambda tx: tx.asked_since(TODAY))
    assert len(counts) == MOST
    assert sum(counts.values()) == MOST + 1
