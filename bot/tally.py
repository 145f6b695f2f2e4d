"""Counts what is asked, in memory, and writes it down every few seconds: no answer waits for the database."""

import structlog

from bot.errors import StoreError
from bot.ports import Store
from bot.questions.asked import Asked

MOST = 10_000
"""Different questions that are held while the database is away; further ones are not counted."""


class Tally:
    """Counts questions by day, entry and how they ended, without anybody's name."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[Asked, int] = {}
        self._log = structlog.get_logger()

    def count(self, asked: Asked) -> None:
        """Count one question."""
        if asked in self._counts or len(self._counts) < MOST:
            self._counts[asked] = self._counts.get(asked, 0) + 1

    async def flush(self) -> None:
        """Write down what was counted; what cannot be written now is kept for the next time."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            await self._store.transact(lambda tx: tx.count_asked(counts))
        except StoreError as error:
            self._log.error("tally.unsaved", error=str(error))
            for asked, times in counts.items():
                self._counts[asked] = self._counts.get(asked, 0) + times

    async def find(self, asked_id: str) -> Asked | None:
        """What was asked under an id; None where it is unknown or the database is away."""
        await self.flush()
        try:
            return await self._store.transact(lambda tx: tx.asked(asked_id))
        except StoreError as error:
            self._log.error("tally.unread", error=str(error))
            return None
