"""What the outbox promises: everything owed is said, in order, once in all but the worst case, and never too fast."""

import asyncio
import math
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from sqlalchemy import Connection, Row, func, select
from structlog.testing import capture_logs

from bot.errors import Failure, SendError, StoreError
from bot.limits import Limiter, Window
from bot.outbox import LEASE, LONGEST_PAUSE, Outbox
from bot.ports import Conversation, Delivery, Member, Message, Posted, Store, Transaction
from bot.requests.change import CHANNEL
from bot.store.database import Database
from bot.store.schema import delivery
from bot.store.transaction import SqlTransaction
from tests.samples import NOW, a_delivery

T = TypeVar("T")
PROJECT = Path(__file__).parent.parent
UNLIMITED = Limiter((), ())


@dataclass
class FakeTeams:
    """Takes every call down as (what, where, text); `fault` may wait or raise before the call counts."""

    said: list[tuple[str, str, str]] = field(default_factory=list)
    fault: Callable[[str, str], Awaitable[None]] | None = None
    members: tuple[str, ...] = ()

    async def _take(self, what: str, where: str, text: str) -> Posted:
        if self.fault:
            await self.fault(what, where)
        self.said.append((what, where, text))
        return Posted(conversation_id=where, activity_id=f"id-{len(self.said)}", service_url="https://smba")

    async def send(self, conversation: Conversation, message: Message) -> Posted:
        return await self._take("send", conversation.object_id, message.text)

    async def post(self, message: Message) -> Posted:
        return await self._take("post", CHANNEL, message.text)

    async def update(self, posted: Posted, message: Message) -> None:
        await self._take("update", posted.activity_id, message.text)

    async def open(self, object_id: str) -> Conversation:
        if object_id not in self.members:
            raise SendError(Failure.NOT_INSTALLED, 403, "BotNotInConversationRoster")
        return a_chat(object_id)

    async def roster(self) -> tuple[Member, ...]:
        return ()


@dataclass
class World:
    """A store, a Teams, a clock and an outbox between them."""

    store: Database
    teams: FakeTeams = field(default_factory=FakeTeams)
    now: datetime = NOW
    limiter: Limiter = field(default_factory=lambda: UNLIMITED)
    word: Callable[[Transaction, Delivery], Message | None] = lambda tx, owed: Message(text=owed.key)

    def outbox(self, poll: float = 60, store: Store | None = None) -> Outbox:
        return Outbox(
            store or self.store,
            self.teams,
            lambda tx, owed: self.word(tx, owed),
            lambda: self.now,
            lambda: 1.0,
            limiter=self.limiter,
            poll=poll,
        )

    async def owe(self, *deliveries: Delivery) -> None:
        await self.store.run(lambda connection: SqlTransaction(connection).owe(deliveries))

    async def waiting(self) -> int:
        return (await self.store.transact(lambda tx: tx.waiting()))[0]

    async def drain(self) -> None:
        """Run an outbox until nothing is left that could be sent at this moment."""
        async with running(self.outbox()):
            while await self.store.run(self._ready):
                pass

    def _ready(self, connection: Connection) -> int:
        owed = select(delivery.c.lane, func.min(delivery.c.number).label("head")).where(delivery.c.status == "owed")
        heads = select(owed.group_by(delivery.c.lane).subquery().c.head)
        ready = select(delivery).where(delivery.c.number.in_(heads), delivery.c.due <= self.now)
        return len(connection.execute(ready).all())

    async def row(self, key: str) -> Row[Any]:
        """What the store holds about one delivery."""
        return await self.store.run(lambda c: c.execute(select(delivery).where(delivery.c.key == key)).one())

    async def later(self, seconds: float) -> None:
        """Move the clock and send what is due then."""
        self.now += timedelta(seconds=seconds)
        await self.drain()

    async def texts(self) -> list[str]:
        """What was said once everything that can be sent now has been."""
        await self.drain()
        return [text for _, _, text in self.teams.said]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Mary and Omar have written before; nobody else has."""
    with Database.open(f"sqlite:///{tmp_path}/bot.db") as store:
        await store.transact(lambda tx: tx.keep_conversation(a_chat("mary"), NOW))
        await store.transact(lambda tx: tx.keep_conversation(a_chat("omar"), NOW))
        yield World(store)


def a_chat(object_id: str) -> Conversation:
    return Conversation(id=f"a:{object_id}", scope="personal", service_url="https://smba", object_id=object_id)


def failing(*failures: SendError | Exception) -> Callable[[str, str], Awaitable[None]]:
    """A fault that raises these in turn, then nothing more."""
    left = list(failures)

    async def fault(what: str, where: str) -> None:
        if left:
            raise left.pop(0)

    return fault


@asynccontextmanager
async def running(outbox: Outbox) -> AsyncIterator[Outbox]:
    async with asyncio.TaskGroup() as group:
        group.create_task(outbox.run())
        yield outbox
        outbox.stop()


RETRY = SendError(Failure.RETRY, 503, "ServiceUnavailable")
GONE = SendError(Failure.GONE, 404, "ActivityNotFoundInConversation")


async def test_what_is_owed_is_said_to_whom_it_is_owed(world: World) -> None:
    """A notice goes to the person's chat, a card for the approvers to their channel."""
    await world.owe(a_delivery("m1"), a_delivery("c1", to=CHANNEL, kind="review.card"))
    await world.drain()
    assert sorted(world.teams.said) == [("post", "channel", "c1"), ("send", "mary", "m1")]
    assert await world.waiting() == 0


async def test_messages_to_one_person_keep_their_order(world: World) -> None:
    """Even when one fails: those behind it wait."""
    world.teams.fault = failing(RETRY)
    await world.owe(*(a_delivery(f"m{number}") for number in range(5)))
    await world.drain()
    assert world.teams.said == []
    await world.later(60)
    assert [text for _, _, text in world.teams.said] == ["m0", "m1", "m2", "m3", "m4"]


async def test_a_card_is_made_once_and_edited_ever_after(world: World) -> None:
    """There is one card per request and recipient, however often it changes."""
    for key in ("c1", "c2", "c3"):
        await world.owe(a_delivery(key, to=CHANNEL, kind="review.card"))
    await world.drain()
    assert world.teams.said == [("post", "channel", "c1"), ("update", "id-1", "c2"), ("update", "id-1", "c3")]


async def test_a_card_without_an_id_is_no_place_to_edit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Teams took the post but did not say where it is: the next change is posted anew."""
    nowhere = Posted(conversation_id="", activity_id="", service_url="https://smba")

    async def post(message: Message) -> Posted:
        world.teams.said.append(("post", CHANNEL, message.text))
        return nowhere

    monkeypatch.setattr(world.teams, "post", post)
    for key in ("c1", "c2"):
        await world.owe(a_delivery(key, to=CHANNEL, kind="review.card"))
    await world.drain()
    assert world.teams.said == [("post", CHANNEL, "c1"), ("post", CHANNEL, "c2")]


async def test_a_notice_is_never_an_edit(world: World) -> None:
    """Two notices of one kind are two messages."""
    await world.owe(a_delivery("m1"), a_delivery("m2"))
    await world.drain()
    assert [what for what, _, _ in world.teams.said] == ["send", "send"]


async def test_a_card_that_is_gone_is_made_anew(world: World) -> None:
    """Somebody deleted the card in the channel: the next change posts it again and edits that one."""
    await world.owe(a_delivery("c1", to=CHANNEL, kind="review.card"))
    await world.drain()
    world.teams.fault = failing(GONE)
    await world.owe(*(a_delivery(key, to=CHANNEL, kind="review.card") for key in ("c2", "c3")))
    await world.drain()
    assert world.teams.said[1:] == [("post", "channel", "c2"), ("update", "id-2", "c3")]


async def test_a_chat_that_is_gone_is_opened_again_where_that_is_possible(world: World) -> None:
    """An approver is in the channel and can be reached anew; somebody else has to come back first."""
    world.teams.members = ("omar",)
    world.teams.fault = failing(GONE, GONE)
    await world.owe(a_delivery("o1", to="omar"), a_delivery("m1"))
    await world.drain()
    assert world.teams.said == [("send", "omar", "o1")]
    assert (await world.row("m1")).error.startswith("not_installed")
    assert await world.store.transact(lambda tx: tx.conversation_with("mary")) is None


async def test_an_approver_who_never_wrote_is_still_told(world: World) -> None:
    """The bot opens the chat with a member of the channel."""
    world.teams.members = ("ruth",)
    await world.owe(a_delivery("r1", to="ruth"))
    await world.drain()
    assert world.teams.said == [("send", "ruth", "r1")]


async def test_somebody_without_the_app_is_told_once_it_is_installed(world: World) -> None:
    """Parked with an alert that names the person's id; delivered in order after the release."""
    await world.owe(a_delivery("n1", to="nobody"), a_delivery("n2", to="nobody"))
    with capture_logs() as logs:
        await world.drain()
    parked = [line for line in logs if line["event"] == "delivery.parked"]
    assert [(line["log_level"], line["to"], line["key"]) for line in parked] == [
        ("error", "nobody", "n1"),
        ("error", "nobody", "n2"),
    ]
    await world.store.transact(lambda tx: tx.keep_conversation(a_chat("nobody"), NOW))
    await world.store.transact(lambda tx: tx.release("nobody", NOW))
    await world.drain()
    assert world.teams.said == [("send", "nobody", "n1"), ("send", "nobody", "n2")]


@pytest.mark.parametrize("failure", [Failure.BLOCKED, Failure.NOT_INSTALLED])
async def test_a_person_who_blocked_the_bot_is_left_in_peace_until_they_write(world: World, failure: Failure) -> None:
    """Nothing is tried again before the release, and then it arrives."""
    world.teams.fault = failing(SendError(failure, 403, "ConversationBlockedByUser"))
    await world.owe(a_delivery("m1"))
    await world.later(24 * 3600)
    assert world.teams.said == [] and await world.waiting() == 0
    await world.store.transact(lambda tx: tx.release("mary", world.now))
    assert await world.texts() == ["m1"]


async def test_a_message_teams_will_never_take_is_parked_and_its_lane_goes_on(world: World) -> None:
    """A person has to look at it; the messages behind it are not held up."""
    world.teams.fault = failing(SendError(Failure.REFUSED, 413, "MessageSizeTooBig"))
    await world.owe(a_delivery("m1"), a_delivery("m2"))
    with capture_logs() as logs:
        assert await world.texts() == ["m2"]
    assert (await world.row("m1")).status == "parked"
    assert [line["error"] for line in logs if line["event"] == "delivery.parked"] == [
        "refused: the Connector answered 413 MessageSizeTooBig: refused"
    ]


async def test_a_wrong_credential_alerts_and_loses_nothing(world: World) -> None:
    """While the bot's secret is out of date everything stays owed; mended, it all arrives."""
    world.teams.fault = failing(SendError(Failure.UNAUTHORISED, 401, ""))
    await world.owe(a_delivery("m1"))
    with capture_logs() as logs:
        await world.drain()
    assert ("outbox.unauthorised", "error") in [(line["event"], line["log_level"]) for line in logs]
    await world.later(60)
    assert world.teams.said == [("send", "mary", "m1")]


async def test_pauses_grow_to_a_minute_and_no_attempt_is_the_last(world: World) -> None:
    """An hour's outage is survived: 1, 2, 4 ... seconds, a minute at most, until it works."""
    world.teams.fault = failing(*[RETRY] * 10)
    await world.owe(a_delivery("m1"))
    pauses = []
    while await world.waiting():
        await world.drain()
        pauses.append(((await world.row("m1")).due - world.now).total_seconds())
        world.now = max(world.now, (await world.row("m1")).due)
    assert pauses[:10] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60] and LONGEST_PAUSE.total_seconds() == 60
    assert world.teams.said == [("send", "mary", "m1")]


async def test_retry_after_is_honoured(world: World) -> None:
    """When Teams says how long to wait, that long it is."""
    world.teams.fault = failing(SendError(Failure.RETRY, 429, "", retry_after=300))
    await world.owe(a_delivery("m1"))
    await world.drain()
    assert (await world.row("m1")).due == NOW + timedelta(seconds=300)
    await world.later(299)
    assert world.teams.said == []
    await world.later(1)
    assert world.teams.said == [("send", "mary", "m1")]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(99_999_999_999_999.0, 3600), (3601.0, 3600), (math.inf, 1), (math.nan, 1), (-5.0, 1)],
)
async def test_an_odd_retry_after_holds_up_nobody(world: World, asked: float, seconds: float) -> None:
    """Teams asks for a thousand years, or for nonsense: an hour at most, and everybody else is told at once."""

    async def fault(what: str, where: str) -> None:
        if where == "mary":
            raise SendError(Failure.RETRY, 429, "", retry_after=asked)

    world.teams.fault = fault
    await world.owe(a_delivery("m1"), a_delivery("o1", to="omar"))
    assert await world.texts() == ["o1"]
    assert (await world.row("m1")).due == NOW + timedelta(seconds=seconds)


async def test_what_cannot_be_written_down_ends_only_its_own_lane(world: World) -> None:
    """A fault of ours after the send: the others are told, and the log names the delivery."""
    take = world.teams.send

    async def send(conversation: Conversation, message: Message) -> Posted:
        posted = await take(conversation, message)
        return cast(Posted, "nowhere") if message.text == "m1" else posted

    with pytest.MonkeyPatch.context() as patch, capture_logs() as logs:
        patch.setattr(world.teams, "send", send)
        await world.owe(a_delivery("m1", kind="request.card"), a_delivery("o1", to="omar"))
        async with running(world.outbox()):
            while (await world.row("o1")).status != "sent" or not any(line.get("key") == "m1" for line in logs):
                pass
    assert [line["key"] for line in logs if line["event"] == "delivery.unsettled"] == ["m1"]


async def test_words_are_made_when_they_are_said(world: World) -> None:
    """Where nothing is left to say, nothing is said and nothing stays owed."""
    world.word = lambda tx, owed: None if owed.key == "m1" else Message(text=f"{owed.key} as of now")
    await world.owe(a_delivery("m1"), a_delivery("m2"))
    assert await world.texts() == ["m2 as of now"]
    assert await world.waiting() == 0


async def test_a_fault_of_ours_in_one_message_does_not_stop_the_others(world: World) -> None:
    """A bug in the wording and an unknown kind are parked with a log line."""

    def word(tx: Transaction, owed: Delivery) -> Message:
        if owed.key == "m1":
            raise KeyError("no such name")
        return Message(text=owed.key)

    world.word = word
    await world.owe(a_delivery("m1"), a_delivery("m2", kind="no.kind"), a_delivery("m3"))
    with capture_logs() as logs:
        assert await world.texts() == ["m3"]
    assert [line["error"] for line in logs if line["event"] == "delivery.parked"] == [
        "refused: KeyError",
        "refused: ValueError",
    ]


async def test_a_request_that_cannot_be_read_does_not_block_its_lane_for_ever(world: World) -> None:
    """Bad data behind one message parks that message after a few tries; the channel goes on."""

    def word(tx: Transaction, owed: Delivery) -> Message:
        if owed.key == "c1":
            raise StoreError("a stored form cannot be read")
        return Message(text=owed.key)

    world.word = word
    await world.owe(*(a_delivery(key, to=CHANNEL, kind="review.card") for key in ("c1", "c2")))
    for _ in range(6):
        assert world.teams.said == []
        await world.later(60)
    assert (await world.row("c1")).error == "refused: a stored form cannot be read"
    assert world.teams.said == [("post", "channel", "c2")]


async def test_eight_lanes_at_a_time_and_one_that_hangs_stops_no_other(world: World) -> None:
    """A person whose chat does not answer delays nobody else; never more than eight sends are under way."""
    free, eight, under_way, most = asyncio.Event(), asyncio.Barrier(8), set[str](), 0

    async def fault(what: str, where: str) -> None:
        nonlocal most
        under_way.add(where)
        most = max(most, len(under_way))
        if len(world.teams.said) == 0:
            await asyncio.wait_for(eight.wait(), 20)
        if where == "person-0":
            await free.wait()
        under_way.remove(where)

    world.teams.fault, people = fault, [f"person-{number}" for number in range(30)]
    world.teams.members = tuple(people)
    await world.owe(*(a_delivery(f"{key}/{who}", to=who) for key in "ab" for who in people))
    async with running(world.outbox()):
        while await world.waiting() > 2:
            pass
        assert most == 8 and under_way == {"person-0"}
        free.set()
        while await world.waiting():
            pass
    assert len(world.teams.said) == 60


async def test_new_work_is_sent_at_once_when_nudged(world: World) -> None:
    """With a poll of a minute, only the nudge can be what woke it."""
    async with running(world.outbox(poll=60)) as outbox:
        for key in ("m1", "m2"):
            await world.owe(a_delivery(key))
            outbox.nudge()
            while await world.waiting():
                pass
    assert [text for _, _, text in world.teams.said] == ["m1", "m2"]


async def test_work_of_others_and_work_that_falls_due_is_found_unasked(world: World) -> None:
    """Another process's delivery, a postponed one or a moved clock needs no nudge."""
    async with running(world.outbox(poll=0.01)):
        await world.owe(a_delivery("m1", due=NOW + timedelta(hours=1)))
        world.now += timedelta(hours=1)
        while await world.waiting():
            pass
    assert [text for _, _, text in world.teams.said] == ["m1"]


async def test_stopping_lets_what_is_being_sent_end_and_begins_nothing(world: World) -> None:
    """A clean stop neither cuts a send short nor starts another."""
    begun, free = asyncio.Event(), asyncio.Event()

    async def fault(what: str, where: str) -> None:
        begun.set()
        await free.wait()

    world.teams.fault = fault
    await world.owe(a_delivery("m1"), a_delivery("m2"))
    outbox = world.outbox()
    task = asyncio.create_task(outbox.run())
    await begun.wait()
    outbox.stop()
    free.set()
    await task
    assert [text for _, _, text in world.teams.said] == ["m1"]
    assert await world.waiting() == 1


async def test_a_clock_moved_past_the_lease_sends_nothing_twice(world: World) -> None:
    """The rehearsal moves a month on while a send is under way."""
    begun, free = asyncio.Event(), asyncio.Event()

    async def fault(what: str, where: str) -> None:
        begun.set()
        await free.wait()

    world.teams.fault = fault
    await world.owe(a_delivery("m1"), a_delivery("o1", to="omar", due=NOW + LEASE))
    async with running(world.outbox()) as outbox:
        await begun.wait()
        world.now += timedelta(days=30)
        free.clear()
        outbox.nudge()
        while (await world.row("o1")).leased is None:
            pass
        free.set()
        while await world.waiting():
            pass
    assert sorted(text for _, _, text in world.teams.said) == ["m1", "o1"]


async def test_a_long_wait_for_the_limits_is_given_back(world: World) -> None:
    """A channel that has had its share waits without holding a place and without counting as a failure."""
    world.limiter = Limiter((Window(most=2, seconds=3600),), ())
    await world.owe(*(a_delivery(key) for key in ("m1", "m2", "m3")), a_delivery("o1", to="omar"))
    assert sorted(await world.texts()) == ["m1", "m2", "o1"]
    row = await world.row("m3")
    assert (row.status, row.attempts) == ("owed", 0)
    assert timedelta(minutes=59) < row.due - world.now <= timedelta(hours=1)


async def test_a_short_wait_for_the_limits_is_waited_out(world: World) -> None:
    """Within its place, in order."""
    world.limiter = Limiter((Window(most=1, seconds=0.02),), ())
    await world.owe(*(a_delivery(f"m{number}") for number in range(4)))
    assert await world.texts() == ["m0", "m1", "m2", "m3"]
    assert (await world.row("m3")).attempts == 0


@dataclass
class FlakyStore:
    """A store whose n-th units of work fail, as a database does that is away for a moment."""

    store: Database
    bad: set[int]
    count: int = 0

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        self.count += 1
        if self.count in self.bad:
            raise StoreError("away for a moment")
        return await self.store.transact(work)


@pytest.mark.parametrize("bad", [*({number} for number in range(1, 11)), {1, 2, 3, 4, 6}])
async def test_a_database_that_is_away_for_a_moment_neither_stops_nor_doubles_anything(
    world: World, bad: set[int]
) -> None:
    """Whether claiming, wording or writing down fails: it goes on, and each message is said once."""
    await world.owe(a_delivery("m1"), a_delivery("m2"), a_delivery("c1", to=CHANNEL, kind="review.card"))
    async with running(world.outbox(poll=0.001, store=FlakyStore(world.store, bad))):
        while await world.waiting():
            world.now += timedelta(seconds=1)
    assert sorted(text for _, _, text in world.teams.said) == ["c1", "m1", "m2"]


COMMITTED = """
import asyncio, os, signal, sys
from bot.requests.change import CHANNEL, Notice, NoticeKind
from bot.store.database import Database
from tests.samples import a_request, saving

store = Database.open(sys.argv[1])
owed = Notice(kind=NoticeKind.REVIEW_CARD, to=CHANNEL), Notice(kind=NoticeKind.REQUEST_FILED, to="mary")
asyncio.run(store.transact(saving(a_request(), *owed)))
if sys.argv[2] == "before the send":
    os.kill(os.getpid(), signal.SIGKILL)
"""

SENDING = (
    COMMITTED
    + """
from tests.test_outbox import FakeTeams, World

async def die(what, where):
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(World(store, FakeTeams(fault=die)).outbox().run())
"""
)


@pytest.mark.parametrize("moment", ["before the send", "in the middle of it"])
async def test_a_bot_killed_after_the_commit_loses_no_card_and_no_notice(tmp_path: Path, moment: str) -> None:
    """The next bot sends what the dead one owed, once the dead one's lease has ended."""
    url = f"sqlite:///{tmp_path}/bot.db"
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", SENDING, url, moment, cwd=PROJECT)
    assert await bot.wait() == -signal.SIGKILL
    with Database.open(url) as store:
        await store.transact(lambda tx: tx.keep_conversation(a_chat("mary"), NOW))
        world = World(store, now=NOW + LEASE)
        await world.drain()
    assert sorted((what, where) for what, where, _ in world.teams.said) == [("post", "channel"), ("send", "mary")]
