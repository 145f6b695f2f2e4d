"""People who ask, each the next question as soon as the last one has been answered."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from bot.rehearsal import Rehearsal
from bot.rehearsal.keys import new_key
from bot.rehearsal.people import Person
from bot.rehearsal.wire import Place
from knowledge.entries import Outcome
from knowledge.loader import load
from knowledge.typos import with_typos

PATIENCE = 5.0
"""Seconds a person waits for a reply."""


def faq_questions(folder: Path, seed: int = 0) -> list[str]:
    """Every way in which the owners expect their answers to be asked for, shuffled; one in three has typos."""
    entries = [entry for entry in load(folder).entries.values() if entry.outcome is Outcome.ANSWER]
    questions = [question for entry in entries for question in (*entry.ways, *entry.asks)]
    random.Random(seed).shuffle(questions)
    return [question if number % 3 else with_typos(question) for number, question in enumerate(questions)]


@dataclass(slots=True, kw_only=True)
class Load:
    """What became of the turns: seconds of each that counts, and how many do not count."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    took: float = 0.0
    """Seconds from the first question to the last answer."""


class Crowd:
    """Members of staff with their questions; everybody is idle between two loads."""

    def __init__(self, teams: Rehearsal, people: Sequence[Person], questions: Sequence[str]) -> None:
        self._teams = teams
        self._idle = deque(people)
        self._questions = cycle(questions)

    async def greet(self) -> Load:
        """Everybody asks once, a few at a time: connections, tokens and conversations then stand."""
        return await self._load(8, iter(range(len(self._idle))))

    async def load(self, at_once: int, seconds: float) -> Load:
        """So many people at once ask for so many seconds."""
        return await self._load(at_once, _until(time.perf_counter() + seconds))

    async def is_refused_when_forged(self) -> bool:
        """Whether the bot turns away an activity that somebody else signed under the name of the real key."""
        person, teams = self._idle[0], self._teams
        place = Place(conversation=person.chat_id)
        activity = teams.wire.message(person, place, teams.clock.now(), "Let me in", False)
        forged = teams.keys.token(teams.wire.service_url, key=new_key(teams.keys.published[0].kid))
        status, _ = await teams.courier.post(activity, forged)
        return status >= 400

    async def _load(self, at_once: int, more: Iterator[object]) -> Load:
        load, began = Load(), time.perf_counter()
        await asyncio.gather(*(self._ask_on(load, more) for _ in range(at_once)))
        load.took = time.perf_counter() - began
        return load

    async def _ask_on(self, load: Load, more: Iterator[object]) -> None:
        for _ in more:
            person = self._idle.popleft()
            began = time.perf_counter()
            if await self._ask(person, next(self._questions)):
                load.seconds.append(time.perf_counter() - began)
            else:
                load.failed += 1
            self._idle.append(person)

    async def _ask(self, person: Person, question: str) -> bool:
        """One turn; it counts when the bot took the question and its reply has arrived at the Connector."""
        world, chat = self._teams.world, person.chat_id
        before = len(world.said_in(chat))
        result = await self._teams.say(person, question)
        try:
            await world.until(lambda: len(world.said_in(chat)) >= before + 2, PATIENCE if result.ok else 0)
        except TimeoutError:
            return False
        return result.ok


def _until(end: float) -> Iterator[None]:
    while time.perf_counter() < end:
        yield
