"""Keeps where people can be reached, and makes due what waited for them when they write or install the app.

The store alone knows who is reached where: it is asked about everybody who wrote, all together every second, so no
answer waits for the database and nothing is believed that the outbox has found out to be otherwise.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

import structlog

from bot.errors import StoreError
from bot.ports import Conversation, Store, Transaction
from bot.requests.change import CHANNEL

T = TypeVar("T")


class Meetings:
    """Remembers who was heard from until `flush` writes it down; `nudge` is called when something is due again."""

    def __init__(self, *, store: Store, clock: Callable[[], datetime], nudge: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._nudge = nudge
        self._heard: dict[str, Conversation] = {}
        self._log = structlog.get_logger()

    def heard(self, chat: Conversation) -> None:
        """Somebody wrote in this conversation; only personal chats are kept."""
        if chat.object_id:
            self._heard[chat.object_id] = chat

    async def installed(self, chat: Conversation) -> bool:
        """The app was added to this conversation; True the first time ever in somebody's personal chat."""
        if chat.scope == "channel":
            await self.reopen()
        if not chat.object_id:
            return False
        self.heard(chat)
        now = self._clock()
        return bool(await self._write(lambda tx: _meet(tx, (chat,), now)))

    async def removed(self, chat: Conversation) -> None:
        """The app was removed from this conversation."""
        if chat.object_id:
            self._heard.pop(chat.object_id, None)
            await self._write(lambda tx: tx.drop_conversation(chat.object_id))

    async def reopen(self) -> None:
        """Make due again what waits until the app is in the approvers' team."""
        now = self._clock()
        await self._write(lambda tx: tx.release(CHANNEL, now))

    async def flush(self) -> None:
        """Write down who was heard from; what cannot be written now is kept for the next time."""
        heard, now = dict(self._heard), self._clock()
        if not heard or await self._write(lambda tx: _meet(tx, heard.values(), now)) is None:
            return
        # Whoever wrote again meanwhile is still to be written down.
        self._heard = {person: chat for person, chat in self._heard.items() if heard.get(person) is not chat}

    async def _write(self, work: Callable[[Transaction], T]) -> T | None:
        try:
            written = await self._store.transact(work)
        except StoreError as error:
            self._log.error("meeting.unsaved", error=str(error))
            return None
        self._nudge()
        return written


def _meet(tx: Transaction, chats: Collection[Conversation], now: datetime) -> list[Conversation]:
    """Keep chats that are not kept as they are and release what is parked for them; those met for the first time."""
    kept = tx.conversations_with(chat.object_id for chat in chats)
    waiting = {parked.delivery.lane for parked in tx.parked()}
    for chat in chats:
        if chat.object_id in waiting:
            tx.release(chat.object_id, now)
    return [chat for chat in chats if kept.get(chat.object_id) != chat and tx.keep_conversation(chat, now)]
