"""The tables that `make bench` prints."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figures
from tests.benchmarks.race import Results

OURS = "assistant"
BOTS: Mapping[str, tuple[str, str]] = {
    OURS: ("this bot, FAQ answer", ""),
    "cloud_adapter": ("CloudAdapter, echo", "botbuilder-integration-aiohttp"),
    "agents_sdk": ("Agents SDK, echo", "microsoft-agents-hosting-aiohttp"),
    "teams_sdk": ("Teams SDK, echo", "microsoft-teams-apps"),
}
"""Each bot by its module: what it is called in the tables, and the package it stands for."""
HEADS = ("turns/s", "p50 ms", "p99 ms", "CPU ms/turn", "stall ms", "logins", "failed", "Teams busy %")


def print_machine(console: Console) -> None:
    """What it was measured on."""
    console.print(
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} before; {platform.platform()}; "
        f"Python {platform.python_version()}"
    )


def print_results(console: Console, results: Results) -> None:
    """A table for each scenario with the ratios below it, and the bots that are missing."""
    for scenario, figures in results.figures.items():
        console.print(_table(str(scenario), figures))
        if OURS in figures:
            console.print(_ratios(figures))
    for reason in results.missing.values():
        console.print(f"not measured: {reason}")


def _table(title: str, figures: Mapping[str, Figures]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("")
    for head in HEADS:
        table.add_column(head, justify="right")
    for bot, one in figures.items():
        table.add_row(_label(bot), *_cells(one))
    return table


def _label(bot: str) -> str:
    name, package = BOTS[bot]
    return f"{name} ({version(package)})" if package else name


def _cells(one: Figures) -> tuple[str, ...]:
    return (
        f"{one.rate:.0f}",
        f"{one.percentile(0.5) * 1000:.1f}",
        f"{one.percentile(0.99) * 1000:.1f}",
        f"{one.cpu_per_turn * 1000:.2f}",
        f"{one.stall * 1000:.0f}",
        str(one.logins),
        str(one.failed),
        f"{one.teams_cpu / one.took * 100:.0f}",
    )


def _ratios(figures: Mapping[str, Figures]) -> str:
    ours = figures[OURS]
    lines = [
        f"this bot against {_label(bot)}: {ours.rate / other.rate:.1f}x the turns/s, "
        f"{ours.cpu_per_turn / other.cpu_per_turn:.2f}x the CPU a turn"
        for bot, other in figures.items()
        if bot != OURS and other.latencies
    ]
    return "\n".join(lines)
