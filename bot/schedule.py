"""Timed work: every job looks at the clock and the store, and does what is due.

A job is safe to run at any time and any number of times: what it owes has a key that is owed once for ever
(`bot.ports.owed`), and what it does once is remembered in the store. So nothing is lost or doubled by a restart, by a
clock that jumps, or by a second bot.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

import structlog

from bot.context import Context
from bot.errors import StoreError
from bot.ports import Store, Transaction

Job = Callable[[Transaction, Context], None]

POLL = 1.0
"""Real seconds between two looks at the clock, which the rehearsal moves."""


class Schedule:
    """Runs jobs, each in a transaction of its own; `flush` is awaited each time before them and once at the end."""

    def __init__(
        self,
        *,
        store: Store,
        context: Callable[[], Context],
        jobs: Mapping[str, Job],
        flush: Callable[[], Awaitable[None]],
        poll: float = POLL,
    ) -> None:
        self._store = store
        self._context = context
        self._jobs = jobs
        self._flush = flush
        self._poll = poll
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger()

    def stop(self) -> None:
        """Begin nothing more; `run` ends when the work at hand is done."""
        self._stopping.set()

    async def run(self) -> None:
        """Do what is due until `stop` is called."""
        while not self._stopping.is_set():
            await self.tick()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._poll)
        await self._flush()

    async def tick(self) -> None:
        """Run every job once; one that fails is logged and holds up no other."""
        await self._flush()
        for name, job in self._jobs.items():
            try:
                await self._run(job)
            except StoreError as error:
                self._log.error("job.failed", job=name, error=str(error))
            except Exception:
                # A fault of ours in one job must not stop all the others.
                self._log.exception("job.failed", job=name)

    async def _run(self, job: Job) -> None:
        context = self._context()
        await self._store.transact(lambda tx: job(tx, context))
