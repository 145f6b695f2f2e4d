"""What the outbox's table promises: order in a lane, leases, and nothing owed twice or forgotten."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.errors import Failure
from bot.ports import Delivery
from bot.store.database import Database
from bot.store.transaction import SqlTransaction
from tests.samples import NOW, a_delivery, claimed

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as database:
        yield database


async def owe(store: Database, *deliveries: Delivery) -> None:
    await store.run(lambda connection: SqlTransaction(connection).owe(deliveries))


async def test_only_the_head_of_each_lane_can_be_claimed(store: Database) -> None:
    """Messages to one person keep their order; different people do not wait for each other."""
    await owe(store, a_delivery("m1"), a_delivery("m2"), a_delivery("o1", to="omar"))
    assert await store.transact(claimed) == ["m1", "o1"]
    await store.transact(lambda tx: tx.delivered("m1", NOW))
    assert await store.transact(claimed) == ["m2"]


async def test_a_claimed_delivery_comes_back_as_it_was_owed(store: Database) -> None:
    """The outbox sees every field of what was owed."""
    await owe(store, a_delivery("m1"))
    assert await store.transact(lambda tx: tx.claim(NOW, 8, NOW + MINUTE)) == (a_delivery("m1"),)


async def test_a_lease_is_one_senders_until_it_ends(store: Database) -> None:
    """While one sender has it nobody else gets it; if that sender dies, it comes back by itself."""
    await owe(store, a_delivery("m1"), a_delivery("m2"))
    assert await store.transact(claimed) == ["m1"]
    assert await store.transact(claimed) == []
    assert await store.transact(partial(claimed, now=NOW + MINUTE)) == ["m1"]


async def test_a_bot_that_starts_again_sends_at_once_what_it_was_sending(tmp_path: Path) -> None:
    """The only bot on a file need not wait for the lease of its own past life; an operator's command ends none."""
    address = f"sqlite:///{tmp_path}/bot.db"
    with Database.open(address) as store:
        await owe(store, a_delivery("m1"))
        assert await store.transact(claimed) == ["m1"]
        with Database.open(address, exclusive=False) as operators:
            assert await operators.transact(claimed) == []
    with Database.open(address) as store:
        assert await store.transact(claimed) == ["m1"]


async def test_no_more_is_claimed_than_asked_for_and_the_longest_due_first(store: Database) -> None:
    """With few senders free, what has waited longest goes first."""
    names = ("a", "b", "c")
    await owe(store, *(a_delivery(name, to=name, due=NOW - n * MINUTE) for n, name in enumerate(names)))
    assert await store.transact(partial(claimed, limit=2)) == ["c", "b"]


async def test_nothing_goes_before_its_time(store: Database) -> None:
    """A delivery due later waits, and its lane waits behind it."""
    await owe(store, a_delivery("m1", due=NOW + MINUTE), a_delivery("m2"))
    assert await store.transact(claimed) == []
    assert await store.transact(partial(claimed, now=NOW + MINUTE)) == ["m1"]


async def test_a_postponed_delivery_counts_its_attempts(store: Database) -> None:
    """A failed attempt is counted; one that never began is not."""
    await owe(store, a_delivery("m1"))
    await store.transact(claimed)
    await store.transact(lambda tx: tx.postpone("m1", NOW, "503"))
    await store.transact(lambda tx: tx.postpone("m1", NOW + MINUTE, ""))
    assert await store.transact(claimed) == []
    (again,) = await store.transact(lambda tx: tx.claim(NOW + MINUTE, 8, NOW + 2 * MINUTE))
    assert (again.attempts, again.due) == (1, NOW + MINUTE)


async def test_a_parked_delivery_lets_its_lane_go_on_until_it_is_released(store: Database) -> None:
    """Somebody without the app gets everything, in order, once it is installed."""
    await owe(store, a_delivery("m1"), a_delivery("m2"))
    await store.transact(lambda tx: tx.park("m1", f"{Failure.NOT_INSTALLED}: 403"))
    assert await store.transact(lambda tx: tx.waiting()) == (1, NOW)
    assert await store.transact(claimed) == ["m2"]
    await store.transact(lambda tx: tx.park("m2", f"{Failure.NOT_INSTALLED}: 403"))
    await store.transact(lambda tx: tx.release("omar", NOW))
    assert await store.transact(lambda tx: tx.waiting()) == (0, None)
    await store.transact(lambda tx: tx.release("mary", NOW + MINUTE))
    (first,) = await store.transact(lambda tx: tx.claim(NOW + MINUTE, 8, NOW + 2 * MINUTE))
    assert (first.key, first.attempts, first.due) == ("m1", 0, NOW + MINUTE)
    assert await store.transact(lambda tx: tx.waiting()) == (2, NOW)


async def test_what_teams_refused_is_not_released(store: Database) -> None:
    """A message that Teams will never take is not sent again because its reader writes something."""
    await owe(store, a_delivery("m1"))
    await store.transact(lambda tx: tx.park("m1", f"{Failure.REFUSED}: 413"))
    await store.transact(lambda tx: tx.release("mary", NOW))
    assert await store.transact(claimed) == []


async def test_a_key_is_owed_once_for_ever(store: Database) -> None:
    """Not even after it was sent is the same key owed again."""
    await owe(store, a_delivery("m1"))
    await store.transact(lambda tx: tx.delivered("m1", NOW))
    await owe(store, a_delivery("m1"), a_delivery("m2"))
    assert await store.transact(claimed) == ["m2"]
    await owe(store)


async def test_the_oldest_that_waits_is_known(store: Database) -> None:
    """Sent ones do not count; the age of the oldest shows whether the outbox keeps up."""
    await owe(store, a_delivery("m1"), a_delivery("m2"), a_delivery("o1", to="omar"))
    await store.transact(lambda tx: tx.delivered("m1", NOW))
    assert await store.transact(lambda tx: tx.waiting()) == (2, NOW)


async def test_what_was_sent_stays_sent(store: Database) -> None:
    """A slow second sender who fails cannot make it owed or parked again."""
    await owe(store, a_delivery("m1"))
    await store.transact(lambda tx: tx.delivered("m1", NOW))
    await store.transact(lambda tx: tx.postpone("m1", NOW, "503"))
    await store.transact(lambda tx: tx.park("m1", Failure.NOT_INSTALLED))
    await store.transact(lambda tx: tx.release("mary", NOW))
    assert await store.transact(claimed) == []
