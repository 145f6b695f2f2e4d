"""The owners' commands that read what the bot has stored: policy-change and review."""

import argparse
import os
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.commands import policy_change
from bot.commands.review import markdown, review
from bot.commands.stored import stored
from bot.requests.request import State
from bot.requests.working_time import UK
from bot.settings import environment, knowledge_dir
from knowledge.loader import load, load_policy

IN_FORCE = (State.APPROVED, State.ACTIVE)
YEAR = timedelta(days=365)


def add_policy_change(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `policy-change`."""
    parser.add_argument("old", type=Path, help="the policy.yaml in force, or its folder")
    parser.add_argument("new", type=Path, help="the new policy.yaml, or its folder")
    parser.add_argument("--knowledge", type=Path, help="folder of the answers (that of KNOWLEDGE_DIR)")
    parser.set_defaults(run=run_policy_change)


def add_review(parser: argparse.ArgumentParser) -> None:
    """Make a parser that of `review`."""
    parser.add_argument("target", nargs="?", type=Path, default=Path("review"), help="folder to write to (review)")
    parser.add_argument("--since", type=date.fromisoformat, help="first day, like 2026-03-24 (a year ago)")
    parser.add_argument("--until", type=date.fromisoformat, help="last day (today)")
    parser.add_argument("--knowledge", type=Path, help="folder of the answers (that of KNOWLEDGE_DIR)")
    parser.set_defaults(run=run_review)


def run_policy_change(options: argparse.Namespace) -> None:
    """Print what rests on the paragraphs that differ, and whom to tell."""
    old, new = load_policy(options.old), load_policy(options.new)
    entries = load(options.knowledge or knowledge_dir(environment(Path(".env"), os.environ))).entries.values()
    approvals = stored(lambda tx: tx.requests_in(*IN_FORCE))
    print("\n".join(policy_change.lines(policy_change.impact(old, new, entries, approvals))))


def run_review(options: argparse.Namespace) -> None:
    """Write the yearly pack and its charts into a folder."""
    from bot.commands.charts import charts  # the drawing library is slow to load, and no other command needs it

    knowledge = load(options.knowledge or knowledge_dir(environment(Path(".env"), os.environ)))
    until = options.until or datetime.now(UK).date()
    since = options.since or until - YEAR
    start = datetime.combine(since, time(), UK).astimezone(UTC)
    asked, thumbs, requests = stored(lambda tx: (tx.asked_since(since), tx.thumbs_since(start), tx.requests_in(*State)))
    found = review(knowledge, asked, thumbs, requests, since, until)
    options.target.mkdir(parents=True, exist_ok=True)
    drawn = charts(found)
    for name, chart in drawn.items():
        (options.target / name).write_bytes(chart)
    pack = options.target / "review.md"
    pack.write_text(markdown(found, knowledge.version), encoding="utf-8")
    print(f"{pack} is written, with {', '.join(drawn)} beside it")
