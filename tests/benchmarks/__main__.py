"""`python -m tests.benchmarks`: turns a second and CPU a turn in one run, then the matcher's tables."""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

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
    _matching(console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="for each bot and scenario (8)")
    parser.add_argument("--people", type=int, default=12, help="how many ask at once (12)")
    parser.add_argument("--login-delay", type=float, default=50, help="milliseconds in the last scenario (50)")
    parser.add_argument("--connector-delay", type=float, default=60, help="milliseconds in the last scenario (60)")
    parser.add_argument("--bots", nargs="+", choices=BOTS, default=list(BOTS))
    return parser


def _matching(console: Console) -> None:
    """How well questions find their answers, on files that do not belong to the project."""
    folder, questions = os.environ.get("RETRIEVAL_DIR"), os.environ.get("QUESTIONS")
    bench = [f"{folder}/bench.py", "--matcher", "knowledge.bench:Adapter"]
    for title, name, command in (
        ("Matching on public questions", "RETRIEVAL_DIR", bench),
        ("Answers to a file of questions", "QUESTIONS", ["-m", "knowledge", "score", f"{questions}"]),
    ):
        console.print(f"\n[bold]{title}[/]")
        if os.environ.get(name):
            environ = {**os.environ, "PYTHONPATH": str(ROOT)}
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environ, check=True)
        else:
            console.print(f"not measured: set {name}")


if __name__ == "__main__":
    main()
