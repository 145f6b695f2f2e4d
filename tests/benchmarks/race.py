"""Several bots before the same Teams and the same people, measured by turns: what disturbs one disturbs all."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import PEOPLE, crowd
from tests.benchmarks.crowd import Crowd, faq_questions
from tests.benchmarks.figures import Figures
from tests.benchmarks.place import Place
from tests.benchmarks.process import BotError, BotProcess

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How many people ask at once, and by how many seconds login and Connector answer late."""

    at_once: int
    login: float = 0.0
    connector: float = 0.0

    def __str__(self) -> str:
        late = f", login {self.login * 1000:.0f} ms and Connector {self.connector * 1000:.0f} ms late"
        return f"{self.at_once} at once{late if self.login or self.connector else ''}"


@dataclass(slots=True, kw_only=True)
class Results:
    """The figures by scenario and bot, and why bots are missing."""

    figures: defaultdict[Scenario, defaultdict[str, Figures]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Figures))
    )
    missing: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """One bot that is up; raises `BotError` where it does not do what it is measured for."""

    name: str
    place: Place
    process: BotProcess
    teams: Rehearsal
    crowd: Crowd

    async def warm_up(self) -> None:
        """Let everybody ask once, and see that it answers, but never to a forged token."""
        self.teams.bot_url = self.place.url
        if not await self.crowd.is_refused_when_forged():
            raise BotError(f"{self.name} let a forged token in")
        if not (await self.crowd.greet()).seconds:
            raise BotError(f"{self.name} left every question without a reply")

    async def measure(self, scenario: Scenario, seconds: float) -> Figures:
        """One round of a scenario."""
        self.teams.bot_url = self.place.url
        if scenario.login:
            self.teams.faults.add("login_slow", seconds=scenario.login)
        if scenario.connector:
            self.teams.faults.add("delay", seconds=scenario.connector)
        with _without_garbage_collection():
            before, teams_before, logins = self.process.sample(), time.process_time(), self.teams.login.requests
            load = await self.crowd.load(scenario.at_once, seconds)
            teams_cpu, after = time.process_time() - teams_before, self.process.sample()
        self.teams.faults.clear()
        return Figures(
            latencies=tuple(load.seconds),
            failed=load.failed,
            took=load.took,
            cpu=after.cpu - before.cpu,
            stall=after.stall,
            logins=self.teams.login.requests - logins,
            teams_cpu=teams_cpu,
        )


async def race(
    bots: Sequence[str], scenarios: Sequence[Scenario], *, seconds: float, rounds: int = 4, people: int = 120
) -> Results:
    """Measure each bot for so many seconds in each scenario; a bot that does not start is missing in the results."""
    staff, results = crowd(people), Results()
    async with Rehearsal(people=(*PEOPLE, *staff)) as teams, AsyncExitStack() as stack:
        asking = Crowd(teams, staff, faq_questions(KNOWLEDGE))
        runners = []
        for name in bots:
            place = Place.of(teams, name)
            try:
                process = await stack.enter_async_context(BotProcess(name, place))
            except BotError as error:
                results.missing[name] = str(error)
                continue
            runners.append(Runner(name=name, place=place, process=process, teams=teams, crowd=asking))
            await runners[-1].warm_up()
        for scenario in [*scenarios] * rounds:
            for runner in runners:
                results.figures[scenario][runner.name] += await runner.measure(scenario, seconds / rounds)
    return results


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Teams remembers everything that was said: to look through it all would take longer than many turns."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()
