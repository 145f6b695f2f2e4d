"""Edits of one card, one after the other, so that a slow one never lands on top of a newer one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Queue:
    """The edits of one card: how many were ever asked for, and how many of them have not ended."""

    asked: int = 0
    open: int = 0
    free: asyncio.Lock = field(default_factory=asyncio.Lock)


class Edits:
    """The cards that are being edited now; nothing is kept of those that are not."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], _Queue] = {}

    @asynccontextmanager
    async def turn(self, conversation_id: str, activity_id: str) -> AsyncIterator[bool]:
        """Wait for the card's earlier edits to end; whether a newer one was asked for meanwhile."""
        card = (conversation_id, activity_id)
        queue = self._queues.setdefault(card, _Queue())
        queue.asked += 1
        queue.open += 1
        number = queue.asked
        try:
            async with queue.free:
                yield queue.asked > number
        finally:
            queue.open -= 1
            if not queue.open:
                del self._queues[card]

    def __len__(self) -> int:
        """How many cards are being edited."""
        return len(self._queues)
