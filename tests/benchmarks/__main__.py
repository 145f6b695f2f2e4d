"""`python -m tests.benchmarks`: turns a second and CPU a turn in one run, then matching, bad files and privacy."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from tests.benchmarks.privacy import print_privacy
from tests.benchmarks.race import Scenario, race
from tests.benchmarks.tables import BOTS, print_machine, print_results

ROOT = Path(__file__).parents[2]
WIDTH = 132


def main() -> None:
    """Measure and print; nothing is asserted."""
    options = _parser().parse_args()
    console = Console(width=WIDTH, highlight=False)
    print_machine(console)
    late = Scenario(at_once=options.people, login=options.login_delay / 1000, connector=options.connector_delay / 1000)
    scenarios = (Scenario(at_once=1), Scenario(at_once=options.people), late)
    print_results(console, asyncio.run(race(options.bots, scenarios, seconds=options.seconds)))
    print_matching(console, os.environ)
    print_privacy(console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="for each bot and scenario (8)")
    parser.add_argument("--people", type=int, default=12, help="how many ask at once (12)")
    parser.add_argument("--login-delay", type=float, default=50, help="milliseconds in the last scenario (50)")
    parser.add_argument("--connector-delay", type=float, default=60, help="milliseconds in the last scenario (60)")
    parser.add_argument("--bots", nargs="+", choices=BOTS, default=list(BOTS))
    return parser


def print_matching(console: Console, environ: Mapping[str, str]) -> None:
    """How well and how fast questions find their answers, and how broken knowledge files end."""
    _run(environ, "-m", "knowledge.bench")
    _run(environ, "-m", "tests.hostile_knowledge")
    console.print("\nAnswers to a file of questions")
    if questions := environ.get("QUESTIONS"):
        _run(environ, "-m", "knowledge", "score", questions)
    else:
        console.print("not measured: set QUESTIONS")


def _run(environ: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=dict(environ), check=True)


if __name__ == "__main__":
    main()
