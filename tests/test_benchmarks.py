"""The benchmarks themselves: a few turns of our own bot keep them from rotting; no speed is asserted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from rich.console import Console

from bot.rehearsal import Rehearsal
from bot.rehearsal.people import crowd
from tests.benchmarks.__main__ import print_matching
from tests.benchmarks.crowd import Crowd, faq_questions
from tests.benchmarks.figures import Figures
from tests.benchmarks.place import Place, listen
from tests.benchmarks.process import BotError, BotProcess
from tests.benchmarks.race import KNOWLEDGE, Results, Runner, Scenario, race
from tests.benchmarks.tables import print_results


async def test_our_bot_runs_and_is_printed() -> None:
    """A bot in its own process answers everybody and gets a row; one that cannot start is named with the reason."""
    scenario = Scenario(at_once=2, login=0.001, connector=0.001)
    results = await race(("assistant", "nobody"), (scenario,), seconds=0.3, rounds=1, people=4)
    figures = results.figures[scenario]["assistant"]
    assert figures.latencies and not figures.failed and figures.cpu > 0 and figures.took > 0
    console = Console(width=132, record=True)
    print_results(console, results)
    printed = console.export_text()
    assert "2 at once, login 1 ms and Connector 1 ms late" in printed
    assert "this bot, FAQ answer" in printed
    assert "not measured: nobody did not start: ModuleNotFoundError" in printed


@asynccontextmanager
async def careless(teams: Rehearsal) -> AsyncIterator[Runner]:
    """A bot that says 200 to everything and replies to nothing."""

    async def nod(_request: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", nod)
    place, staff = Place.of(teams, "careless"), crowd(2)
    runner = web.AppRunner(app, access_log=None)
    await listen(runner, place)
    asking = Crowd(teams, staff, ["May I use Copilot?"])
    try:
        yield Runner(name="careless", place=place, process=BotProcess("careless", place), teams=teams, crowd=asking)
    finally:
        await runner.cleanup()


async def test_a_bot_that_checks_no_token_is_not_measured() -> None:
    """Whoever lets anybody in would win by cheating."""
    async with Rehearsal() as teams, careless(teams) as runner:
        with pytest.raises(BotError, match="careless let a forged token in"):
            await runner.warm_up()


async def test_a_turn_without_a_reply_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTP 200 alone is no answer to a person, and a bot that never answers is not measured at all."""
    monkeypatch.setattr("tests.benchmarks.crowd.PATIENCE", 0.01)
    async with Rehearsal() as teams, careless(teams) as runner:
        teams.bot_url = runner.place.url
        load = await runner.crowd.greet()
        assert (load.seconds, load.failed) == ([], 2)
        monkeypatch.setattr(Crowd, "is_refused_when_forged", AsyncMock(return_value=True))
        with pytest.raises(BotError, match="careless left every question without a reply"):
            await runner.warm_up()


def test_ratios_stand_below_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the turns for half the CPU reads like that."""
    monkeypatch.setattr("tests.benchmarks.tables.version", lambda _package: "4.17.1")
    results = Results()
    both = results.figures[Scenario(at_once=12)]
    both["assistant"] = Figures(latencies=(0.1,) * 40, took=2, cpu=0.1)
    both["cloud_adapter"] = Figures(latencies=(0.1,) * 20, took=2, cpu=0.1)
    console = Console(width=132, record=True)
    print_results(console, results)
    ratios = "this bot against CloudAdapter, echo (4.17.1): 2.0x the turns/s, 0.50x the CPU a turn"
    assert ratios in console.export_text()


def test_what_lies_outside_the_project_is_named_when_it_is_missing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is passed over in silence; what can be measured without it is."""
    asked: list[str] = []
    monkeypatch.setattr("tests.benchmarks.__main__._run", lambda _environ, *arguments: asked.append(arguments[1]))
    print_matching(Console(), {})
    assert "not measured: set QUESTIONS" in capfd.readouterr().out
    assert asked == ["knowledge.bench", "tests.hostile_knowledge"]
    print_matching(Console(), {"QUESTIONS": "questions.yaml"})
    assert asked[2:] == ["knowledge.bench", "tests.hostile_knowledge", "knowledge"]


def test_rounds_add_up() -> None:
    """Two rounds of a scenario count as one; the stall is the longer one."""
    first = Figures(latencies=(0.1, 0.2), took=1, cpu=0.3, stall=0.01, logins=1, teams_cpu=0.1)
    both = first + Figures(latencies=(0.3, 0.4), failed=1, took=1, cpu=0.1, stall=0.02)
    assert both.rate == 2
    assert both.cpu_per_turn == pytest.approx(0.1)
    assert (both.percentile(0.5), both.percentile(0.99)) == (0.3, 0.4)
    assert (both.failed, both.stall, both.logins) == (1, 0.02, 1)


def test_a_bot_without_a_single_turn_is_still_printed() -> None:
    """What never answered has no latency, rather than a perfect one."""
    silent = Figures(failed=3, took=1, cpu=1)
    assert silent.rate == 0
    assert silent.cpu_per_turn != silent.cpu_per_turn
    assert silent.percentile(0.99) != silent.percentile(0.99)


def test_questions_are_many_different_and_partly_misspelt() -> None:
    """A cache of a few answers would not help any bot."""
    questions = faq_questions(KNOWLEDGE)
    assert len(set(questions)) > 300
    assert questions == faq_questions(KNOWLEDGE)
    assert questions != faq_questions(KNOWLEDGE, seed=1)
