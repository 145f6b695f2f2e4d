"""Sends what is owed: claims it, says it in Teams and writes down how that ended.

At least once, in order per lane, several lanes at a time, within the published limits. What may be tried again is tried
again until it succeeds; what may not is parked with an error in the log, and its lane goes on.

Two clocks: due times and leases follow the domain's clock, which the rehearsal moves forward; limits and pauses follow
the event loop's, because Teams counts real seconds.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog

from bot.errors import Failure, SendError, StoreError
from bot.limits import Limiter
from bot.ports import Conversation, Delivery, Message, Messenger, Posted, Store, Transaction
from bot.requests.change import CHANNEL, NoticeKind

T = TypeVar("T")
Settle = Callable[[Transaction], None]

LEASE = timedelta(minutes=1)
"""How long a delivery is one sender's; longer than a send with its time-outs takes."""
LONGEST_PAUSE = timedelta(minutes=1)
"""The most a failed delivery waits between attempts, unless Teams asks for more."""
LONGEST_ASKED = timedelta(hours=1)
"""The most Teams is believed when it says how long to wait."""
_HELD = 2.0
"""Seconds a lane may wait for the limits in its place; a longer wait gives the place to another lane."""
_READS = 5
"""How often a delivery is tried whose request cannot be read from the database."""

_log = structlog.stdlib.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the store says about a delivery at the moment of sending."""

    message: Message | None
    posted: Posted | None
    conversation: Conversation | None


class _LimitError(Exception):
    """The published limits leave no room for `seconds` seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Outbox:
    """Sends the deliveries of one store through one messenger, `width` lanes at a time.

    `word` makes the words of a delivery from the request as it then stands; None means nothing is left to say.
    `chance` gives a number from 0 to 1 for the jitter; `poll` is how many seconds may pass before work is looked for
    unasked: other processes' work, what was postponed, and what a moved clock made due.
    """

    def __init__(
        self,
        store: Store,
        messenger: Messenger,
        word: Callable[[Transaction, Delivery], Message | None],
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        *,
        limiter: Limiter,
        width: int = 8,
        poll: float = 1.0,
    ) -> None:
        self._store = store
        self._messenger = messenger
        self._word = word
        self._clock = clock
        self._chance = chance
        self._limiter = limiter
        self._width = width
        self._poll = poll
        self._sending: set[str] = set()
        self._woken = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        """Look for work now: something was saved, somebody released, or the clock moved."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; `run` ends when what is being sent has been sent."""
        self._stopping = True
        self.nudge()

    async def run(self) -> None:
        """Send what is owed until `stop` is called."""
        async with asyncio.TaskGroup() as lanes:
            while not self._stopping:
                self._woken.clear()
                for delivery in await self._claim():
                    self._sending.add(delivery.key)
                    lanes.create_task(self._deliver(delivery))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._poll)

    async def _claim(self) -> list[Delivery]:
        now, free = self._clock(), self._width - len(self._sending)
        try:
            claimed = await self._store.transact(lambda tx: tx.claim(now, free, now + LEASE)) if free else ()
        except StoreError as error:
            _log.error("outbox.stalled", error=str(error))
            return []
        # The clock may have been moved past the lease of what this very process is still sending.
        return [delivery for delivery in claimed if delivery.key not in self._sending]

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await self._settle(await self._attempt(delivery))
        except Exception:
            # Nothing in one lane may end the others; once the lease has ended this is tried again.
            _log.exception("delivery.unsettled", key=delivery.key)
        finally:
            self._sending.discard(delivery.key)
            self.nudge()

    async def _settle(self, settle: Settle) -> None:
        """Write down how an attempt ended, however often the database fails: forgetting it would send it twice."""
        while True:
            try:
                return await self._store.transact(settle)
            except StoreError as error:
                _log.error("outbox.stalled", error=str(error))
            if self._stopping:
                return
            await asyncio.sleep(self._poll)

    async def _attempt(self, delivery: Delivery) -> Settle:
        """Send one delivery; what is to be written about it."""
        try:
            return await self._ending(delivery)
        except Exception as error:
            # A fault of ours in one message must not stop all the others.
            _log.exception("delivery.failed", key=delivery.key)
            return self._parked(delivery, f"{Failure.REFUSED}: {type(error).__name__}")

    async def _ending(self, delivery: Delivery) -> Settle:
        try:
            return self._sent(delivery, await self._say(delivery))
        except _LimitError as error:
            return self._postponed(delivery, error.seconds, "")
        except StoreError as error:
            return self._unread(delivery, error)
        except SendError as error:
            return self._failed(delivery, error)

    async def _say(self, delivery: Delivery) -> Posted | None:
        """Say it; where it lives then, or None if there was nothing to say. What Teams no longer has is made anew."""
        while True:
            known = await self._store.transact(partial(self._look_up, delivery))
            if known.message is None:
                return None
            try:
                return await self._send(delivery, known.message, known)
            except SendError as error:
                if error.failure is not Failure.GONE or not (known.posted or known.conversation):
                    raise
            await self._store.transact(partial(_forget, delivery, known))

    def _look_up(self, delivery: Delivery, tx: Transaction) -> _Known:
        is_card = NoticeKind(delivery.kind).is_card
        return _Known(
            message=self._word(tx, delivery),
            posted=tx.card(delivery.reference, delivery.kind, delivery.to) if is_card else None,
            conversation=None if delivery.to == CHANNEL else tx.conversation_with(delivery.to),
        )

    async def _send(self, delivery: Delivery, message: Message, known: _Known) -> Posted:
        """Edit the card that is there, or say something new to the channel or the person."""
        if known.posted:
            await self._call(delivery.lane, partial(self._messenger.update, known.posted, message))
            return known.posted
        if delivery.to == CHANNEL:
            return await self._call(delivery.lane, partial(self._messenger.post, message))
        conversation = known.conversation
        if conversation is None:
            conversation = await self._call(delivery.lane, partial(self._messenger.open, delivery.to))
        return await self._call(delivery.lane, partial(self._messenger.send, conversation, message))

    async def _call(self, lane: str, call: Callable[[], Awaitable[T]]) -> T:
        """The one way to the Connector: waits a moment for room within the limits; _LimitError if it takes longer."""
        while wait := self._limiter.take(lane, asyncio.get_running_loop().time()):
            if wait > _HELD:
                raise _LimitError(wait)
            await asyncio.sleep(wait)
        return await call()

    def _failed(self, delivery: Delivery, error: SendError) -> Settle:
        """What a refusal of Teams leads to."""
        if error.failure is Failure.UNAUTHORISED:
            # Our credential is wrong, not this message: it stays owed until somebody mends that.
            _log.error("outbox.unauthorised", error=str(error))
        elif error.failure is not Failure.RETRY:
            return self._parked(delivery, f"{error.failure}: {error}")
        return self._postponed(delivery, max(self._pause(delivery), _asked(error)), str(error))

    def _unread(self, delivery: Delivery, error: StoreError) -> Settle:
        """A database that is away lets no attempt be counted either; so what stays unreadable has bad data."""
        if delivery.attempts < _READS:
            return self._postponed(delivery, self._pause(delivery), str(error))
        return self._parked(delivery, f"{Failure.REFUSED}: {error}")

    def _sent(self, delivery: Delivery, posted: Posted | None) -> Settle:
        now = self._clock()
        _log.info("delivery.sent", key=delivery.key, attempts=delivery.attempts + 1, said=posted is not None)

        def settle(tx: Transaction) -> None:
            tx.delivered(delivery.key, now)
            if posted and posted.activity_id and NoticeKind(delivery.kind).is_card:
                tx.keep_card(delivery.reference, delivery.kind, delivery.to, posted)

        return settle

    def _postponed(self, delivery: Delivery, seconds: float, error: str) -> Settle:
        due = self._clock() + timedelta(seconds=seconds)
        _log.warning("delivery.postponed", key=delivery.key, seconds=round(seconds, 3), error=error)
        return lambda tx: tx.postpone(delivery.key, due, error)

    def _parked(self, delivery: Delivery, error: str) -> Settle:
        _log.error("delivery.parked", key=delivery.key, to=delivery.to, error=error)
        return lambda tx: tx.park(delivery.key, error)

    def _pause(self, delivery: Delivery) -> float:
        """Exponential back-off with full jitter, in seconds."""
        return self._chance() * min(2.0 ** min(delivery.attempts, 16), LONGEST_PAUSE.total_seconds())


def _asked(error: SendError) -> float:
    """The seconds Teams asks to wait; 0 where it asks for nothing that makes sense."""
    asked = error.retry_after or 0.0
    return min(asked, LONGEST_ASKED.total_seconds()) if math.isfinite(asked) else 0.0


def _forget(delivery: Delivery, known: _Known, tx: Transaction) -> None:
    if known.posted:
        tx.drop_card(delivery.reference, delivery.kind, delivery.to)
    else:
        tx.drop_conversation(delivery.to)
