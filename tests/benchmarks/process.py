"""A bot in a process of its own, so that its CPU time is nobody else's."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.place import Place

START = 60.0
"""Seconds a bot has to start, and"""
END = 10.0
"""to stop."""
BEAT = 0.01
"""Seconds between two looks at the event loop."""
READY, SAMPLE, STOP = "ready", "sample", "stop"


class BotError(Exception):
    """A bot that did not start, or stopped; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a process has used: CPU seconds since its start, the longest stall in seconds since the last sample."""

    cpu: float
    stall: float


class BotProcess:
    """Use as `async with BotProcess("assistant", place) as bot`; raises `BotError` when the bot does not start."""

    def __init__(self, module: str, place: Place) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, self._theirs = spawn.Pipe()
        self._process = spawn.Process(target=_main, args=(module, place, self._theirs), daemon=True)
        self._module = module

    async def __aenter__(self) -> Self:
        self._process.start()
        self._theirs.close()
        # On a thread, since the bot may need Teams, which lives in this process, before it is up.
        answer = await asyncio.to_thread(self._first_word)
        if answer != READY:
            await self._end()
            raise BotError(f"{self._module} did not start: {answer}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._pipe.send(STOP)
        await self._end()

    def _first_word(self) -> str:
        try:
            return str(self._pipe.recv()) if self._pipe.poll(START) else f"it took more than {START:.0f} seconds"
        except EOFError:
            return "its process ended"

    async def _end(self) -> None:
        await asyncio.to_thread(self._process.join, END)
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()

    def sample(self) -> Sample:
        """Ask the process what it has used."""
        self._pipe.send(SAMPLE)
        sample: Sample = self._pipe.recv()
        return sample


class Pulse:
    """Notes how late the event loop came back at worst, in seconds."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self) -> None:
        """Look at the loop until cancelled."""
        while True:
            due = time.monotonic() + BEAT
            await asyncio.sleep(BEAT)
            self.worst = max(self.worst, time.monotonic() - due)

    def taken(self) -> float:
        """The worst since this was last called."""
        worst, self.worst = self.worst, 0.0
        return worst


def _main(module: str, place: Place, pipe: Connection) -> None:
    os.environ["REQUESTS_CA_BUNDLE"] = place.ca_file
    with Path(place.log_file).open("w") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        asyncio.run(_live(module, place, pipe))
    except Exception:
        pipe.send(traceback.format_exc().strip().splitlines()[-1])


async def _live(module: str, place: Place, pipe: Connection) -> None:
    serve = importlib.import_module(f"tests.benchmarks.bots.{module}").serve
    stopped, pulse = asyncio.Event(), Pulse()

    def obey() -> None:
        if pipe.recv() == STOP:
            stopped.set()
        else:
            pipe.send(Sample(cpu=time.process_time(), stall=pulse.taken()))

    async with serve(place):
        watching = asyncio.create_task(pulse.watch())
        asyncio.get_running_loop().add_reader(pipe.fileno(), obey)
        pipe.send(READY)
        await stopped.wait()
        watching.cancel()
