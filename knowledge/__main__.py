"""The owners' command line: check the knowledge files, ask them a question, score a file of questions."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from knowledge.answers import Answer
from knowledge.assistant import Assistant
from knowledge.findings import KnowledgeError
from knowledge.loader import load
from knowledge.score import Mark, marks, mistyped, percent, questions

HERE = Path(__file__).parent
WORST = 40


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 good, 1 faults were found, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KnowledgeError as error:
        for finding in error.findings:
            print(finding)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True)
    check = commands.add_parser("check", help="read the knowledge files and say what is wrong with them")
    check.add_argument("knowledge", nargs="?", type=Path, default=HERE, metavar="DIR")
    check.set_defaults(run=_check)
    ask = commands.add_parser("ask", help="show what the assistant answers, and why")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--json", action="store_true", help="one question a line in, one JSON object a line out")
    ask.set_defaults(run=_ask)
    score = commands.add_parser("score", help="score a file of questions whose right answers are known")
    score.add_argument("file", type=Path)
    score.set_defaults(run=_score)
    for command in (ask, score):
        command.add_argument("--knowledge", type=Path, default=HERE, metavar="DIR")
    return parser


def _check(options: argparse.Namespace) -> int:
    knowledge = load(options.knowledge)
    print(f"{len(knowledge.entries)} entries and {len(knowledge.tools)} tools, version {knowledge.version}: no faults")
    return 0


def _ask(options: argparse.Namespace) -> int:
    assistant = Assistant(load(options.knowledge))
    if options.json:
        for line in sys.stdin:
            question = line.rstrip("\n")
            print(json.dumps(as_json(question, assistant.answer(question)), ensure_ascii=False), flush=True)
        return 0
    if not options.question:
        print("Type a question in quotes after `ask`, or use --json.", file=sys.stderr)
        return 2
    print(assistant.answer(options.question))
    return 0


def as_json(question: str, answer: Answer) -> dict[str, object]:
    """Return an answer in the published shape of `ask --json`."""
    return {
        "question": question,
        "outcome": answer.outcome.value,
        "entry": answer.entry,
        "clauses": list(answer.clauses),
        "text": answer.text,
        "confidence": round(answer.confidence, 4),
        "suggestions": [{"entry": each.entry, "confidence": round(each.confidence, 4)} for each in answer.suggestions],
        "tool": answer.tool,
    }


def _score(options: argparse.Namespace) -> int:
    assistant = Assistant(load(options.knowledge))
    asked = questions(options.file)
    console = Console()
    plain = marks(asked, assistant.answer)
    for title, results in (("as typed", plain), ("with typos added", marks(map(mistyped, asked), assistant.answer))):
        console.print(_table(title, results))
        _print_misses(console, results)
    return 0


def _table(title: str, results: list[Mark]) -> Table:
    table = Table("kind", "questions", "outcome %", "citation %", "facts %", "forbidden", title=title)
    for kind in [*dict.fromkeys(each.question.kind for each in results), "all"]:
        chosen = [each for each in results if kind in ("all", each.question.kind)]
        table.add_row(
            kind,
            str(len(chosen)),
            f"{percent(each.outcome for each in chosen):.1f}",
            f"{percent(each.citation for each in chosen):.1f}",
            f"{percent(each.facts for each in chosen):.1f}",
            str(sum(bool(each.forbidden) for each in chosen)),
        )
    return table


def _print_misses(console: Console, results: Iterable[Mark]) -> None:
    misses = sorted((each for each in results if not each.right), key=lambda each: -each.answer.confidence)
    for miss in misses[:WORST]:
        flaws = [
            "" if miss.outcome else f"outcome {miss.answer.outcome} for {'/'.join(sorted(miss.question.expect))}",
            "" if miss.citation else f"cites {', '.join(miss.answer.clauses) or 'nothing'}",
            "" if miss.facts else "facts missing",
            f"says {miss.forbidden}" if miss.forbidden else "",
        ]
        found = miss.answer.entry or ", ".join(each.entry for each in miss.answer.suggestions) or miss.answer.tool
        console.print(
            f"{miss.question.id}  {miss.question.text[:90]!r} -> {found} {miss.answer.confidence:.2f}: "
            + "; ".join(filter(None, flaws)),
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


if __name__ == "__main__":
    sys.exit(main())
