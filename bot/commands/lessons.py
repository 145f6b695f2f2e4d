"""The owners' commands that learn from what was asked: gaps, questions and drafts."""

import argparse
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.commands.stored import stored
from bot.questions.drafts import drafts
from bot.questions.gaps import gaps, lines
from bot.questions.question import QuestionState
from bot.questions.recent import recent
from bot.requests.working_time import UK

DAYS = 90
"""How far back the commands look, unless told otherwise."""


def add_gaps(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `gaps`."""
    _add_days(parser)
    parser.set_defaults(run=run_gaps)


def add_questions(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `questions`."""
    parser.add_argument("target", nargs="?", type=Path, default=Path("var/questions.yaml"), help="file to write")
    _add_days(parser)
    parser.set_defaults(run=run_questions)


def add_drafts(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `drafts`."""
    parser.set_defaults(run=run_drafts)


def run_gaps(options: argparse.Namespace) -> None:
    """Print what people ask in vain, most often first."""
    asked = stored(lambda tx: tx.asked_since(_first_day(options)))
    print("\n".join(lines(gaps(asked))))


def run_questions(options: argparse.Namespace) -> None:
    """Write what was asked as a file that `python -m knowledge score` and `diff` read."""
    asked = stored(lambda tx: tx.asked_since(_first_day(options)))
    written = list(recent(asked))
    options.target.parent.mkdir(parents=True, exist_ok=True)
    options.target.write_text("\n".join(written) + "\n", encoding="utf-8")
    count = len(written) - 1
    print(f"{options.target} holds {count} question{'' if count == 1 else 's'}")


def run_drafts(options: argparse.Namespace) -> None:
    """Print what owners answered in chat as entries for faq.yaml; those that were published since are left out."""
    print("\n".join(drafts(stored(lambda tx: tx.questions(QuestionState.ANSWERED)))))


def _add_days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", type=int, default=DAYS, help=f"how many days to look back ({DAYS})")


def _first_day(options: argparse.Namespace) -> date:
    return datetime.now(UK).date() - timedelta(days=options.days)
