"""The owners' commands that judge the files themselves: check, diff and schema."""

import argparse
import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from knowledge import diff
from knowledge.assistant import Assistant
from knowledge.check import Report, check
from knowledge.findings import Severity, shortened
from knowledge.loader import load
from knowledge.schema import schemas, written

HERE = Path(__file__).parent
_STYLES = {Severity.FAULT: "red", Severity.ADVICE: "yellow"}
_LONGEST_TEXT = 700


def add_check(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `check`."""
    parser.add_argument("knowledge", nargs="?", type=Path, default=HERE, metavar="DIR")
    parser.add_argument("--advice", action="store_true", help="list the advice, too, not only the faults")
    parser.add_argument("--json", action="store_true", help="print everything for other programs")
    parser.set_defaults(run=run_check)


def add_diff(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `diff`."""
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=HERE)
    parser.add_argument("--questions", type=Path, metavar="FILE", help="ask these, too: one a line, or a YAML list")
    parser.set_defaults(run=run_diff)


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `schema`."""
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, metavar="DIR")
    parser.set_defaults(run=run_schema)


def run_check(options: argparse.Namespace) -> int:
    """Check a folder; the exit code is 1 where there are faults, and 0 where there is only advice."""
    with Console(stderr=True).status("Asking every golden question ..."):
        report = check(options.knowledge, date.today())
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
    else:
        _print_report(report, with_advice=options.advice)
    return 1 if report.faults else 0


def _print_report(report: Report, with_advice: bool) -> None:
    console = _console()
    for found in report.findings if with_advice else report.faults:
        console.print(str(found), style=_STYLES[found.severity])
    faults, advice = len(report.faults), len(report.advice)
    count = {0: "no faults", 1: "1 fault"}.get(faults, f"{faults} faults")
    listed = "" if with_advice or not advice else ", which --advice lists"
    read = report.knowledge
    about = f"{len(read.entries)} entries and {len(read.tools)} tools, version {read.version}: " if read else ""
    console.print(f"{about}{count}, advice: {advice}{listed}")


def run_diff(options: argparse.Namespace) -> int:
    """Show which questions change their answer from one folder to another; the exit code is 0 either way."""
    old, new = load(options.old), load(options.new)
    asked = diff.questions(old, new, diff.questions_in(options.questions) if options.questions else ())
    with Progress(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal) as bar:
        followed = bar.track(asked, description="Asking both editions")
        found = list(diff.changes(followed, Assistant(old).answer, Assistant(new).answer))
    console = _console()
    for name, ids in zip(("added", "removed", "reworded"), _ids(diff.entries(old, new)), strict=True):
        if ids:
            console.print(f"Entries {name}: {', '.join(ids)}")
    for group in diff.grouped(found):
        _print_changes(console, group)
    console.print(f"{len(found)} of {len(asked)} questions change their answer ({old.version} -> {new.version})")
    return 0


def _ids(entries: diff.Entries) -> Iterable[tuple[str, ...]]:
    return entries.added, entries.removed, entries.reworded


def _print_changes(console: Console, group: Sequence[diff.Change]) -> None:
    """Print one change, or several that consist in the new words of one answer."""
    first = group[0]
    more = f" (and {len(group) - 1} more that are answered with {first.new.entry})" if len(group) > 1 else ""
    console.print(f"\n{shortened(first.question, _LONGEST_TEXT)}{more}", style="bold")
    for aspect, (before, after) in first.aspects.items():
        console.print(f"  {aspect}: {before} -> {after}")
    if first.old.text != first.new.text:
        console.print(f"  - {shortened(first.old.text, _LONGEST_TEXT)}", style="red")
        console.print(f"  + {shortened(first.new.text, _LONGEST_TEXT)}", style="green")


def run_schema(options: argparse.Namespace) -> int:
    """Write each knowledge file's schema beside it."""
    for name, schema in schemas().items():
        (options.folder / name).write_text(written(schema), encoding="utf-8")
        print(options.folder / name)
    return 0


def _console() -> Console:
    """Return a console that takes owners' words as they are and breaks no line where it is piped."""
    return Console(markup=False, highlight=False, soft_wrap=True, emoji=False)
