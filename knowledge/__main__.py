"""The owners' command line: check the knowledge files, ask them a question, score a file of questions."""

import argparse
import json
import os
import sys
from pathlib import Path

from rich.console import Console

from knowledge.answers import Answer
from knowledge.assistant import Assistant
from knowledge.commands import HERE, add_check, add_diff, add_schema
from knowledge.display import show_answer, show_score
from knowledge.findings import KnowledgeError
from knowledge.golden import as_questions
from knowledge.loader import load
from knowledge.score import marks, mistyped, questions


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 good, 1 faults were found, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read has gone; at its end Python would try once more to write what is left, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_check(commands.add_parser("check", help="say what is wrong with the knowledge files and what could be better"))
    asking = commands.add_parser("ask", help="show what the assistant answers, and why")
    asking.add_argument("question", nargs="?", default="")
    asking.set_defaults(run=_ask)
    scoring = commands.add_parser("score", help="score a file of questions whose right answers are known")
    scoring.add_argument("file", type=Path, nargs="?", help="(the test questions of the entries)")
    scoring.set_defaults(run=_score)
    add_diff(commands.add_parser("diff", help="show which questions change their answer between two folders"))
    add_schema(commands.add_parser("schema", help="write the schemas that let an editor complete and underline"))
    for command in (asking, scoring):
        command.add_argument("--knowledge", type=Path, default=HERE, metavar="DIR")
    asking.add_argument("--json", action="store_true", help="one question a line in, one JSON object a line out")
    return parser


def _ask(options: argparse.Namespace) -> int:
    assistant = Assistant(load(options.knowledge))
    if options.json:
        for line in sys.stdin:
            question = line.rstrip("\r\n")
            print(json.dumps(as_json(question, assistant.answer(question)), ensure_ascii=False), flush=True)
        return 0
    if not options.question:
        print('Type the question in quotes: python -m knowledge ask "may I use ..."', file=sys.stderr)
        return 2
    show_answer(Console(), assistant.answer(options.question), assistant.reasons(options.question))
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
    knowledge, console = load(options.knowledge), Console()
    assistant, asked = Assistant(knowledge), questions(options.file) if options.file else as_questions(knowledge)
    show_score(console, "as typed", marks(asked, assistant.answer))
    show_score(console, "with typos added", marks(map(mistyped, asked), assistant.answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
