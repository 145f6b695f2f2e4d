"""What runs beside the turns for as long as the bot does: what ends unasked is begun again."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

PAUSE = 5.0
"""Seconds between the unexpected end of something and its next beginning."""


class Work:
    """Keeps pieces of work going, each in a task of its own, until `end`."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._tasks: list[asyncio.Task[None]] = []
        self._stops: list[Callable[[], object]] = []
        self._down: set[str] = set()
        self._ended = asyncio.Event()
        self._log = structlog.get_logger()

    def begin(self, name: str, run: Callable[[], Awaitable[None]], stop: Callable[[], None] | None = None) -> None:
        """Keep `run` going from now on; `stop` makes it end in good order, without one it is cancelled."""
        task = asyncio.create_task(self._keep(name, run))
        self._tasks.append(task)
        self._stops.append(stop or task.cancel)

    def down(self) -> tuple[str, ...]:
        """The names of what has ended unasked and not begun again yet."""
        return tuple(sorted(self._down))

    async def end(self) -> None:
        """Stop everything and wait for it."""
        self._ended.set()
        for stop in self._stops:
            stop()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        while not self._ended.is_set():
            self._down.discard(name)
            try:
                await run()
            except Exception:
                self._log.exception("work.failed", work=name)
            if not self._ended.is_set():
                self._log.error("work.ended", work=name, again_in=self._pause)
                self._down.add(name)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._ended.wait(), self._pause)
