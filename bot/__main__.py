"""The operators' command line: `python -m bot rehearse`, `python -m bot manifest`, ..."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import app
from bot.commands.dead_letters import add_outbox
from bot.commands.lessons import add_drafts, add_gaps, add_questions
from bot.commands.manifest import package
from bot.commands.owners import add_policy_change, add_review
from bot.commands.stored import stored
from bot.errors import AssistantError, SettingError
from bot.settings import Settings, app_id, environment
from bot.telemetry import configure_logging
from knowledge.findings import KnowledgeError

ROOT = Path(__file__).parent.parent
VAR = Path("var")
"""Where a rehearsal keeps its database and its log."""
HEADER = ("reference", "state", "due", "tool", "requester")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 1 with a line for every fault on standard error."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (AssistantError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Commands for the operator of the assistant.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    rehearse = commands.add_parser("rehearse", help="play the whole story on a page, without a tenant")
    rehearse.add_argument("--port", type=int, default=8765, help="port of the page (8765)")
    rehearse.add_argument("--knowledge", type=Path, default=ROOT / "knowledge", help="folder of the knowledge files")
    rehearse.add_argument("--keep", action="store_true", help="go on with the last rehearsal's database")
    rehearse.set_defaults(run=lambda options: asyncio.run(_rehearse(options)))
    manifest = commands.add_parser("manifest", help="write the app package to upload to Teams")
    manifest.add_argument("target", nargs="?", type=Path, default=Path("ai-policy-assistant.zip"))
    manifest.set_defaults(run=_manifest)
    requests = commands.add_parser("requests", help="list the requests that wait for a decision")
    requests.set_defaults(run=_requests)
    add_outbox(commands.add_parser("outbox", help="list what could not be delivered; send it again or drop it"))
    add_policy_change(commands.add_parser("policy-change", help="show what a new version of the policy touches"))
    add_review(commands.add_parser("review", help="write the pack for the yearly review, with charts"))
    add_gaps(commands.add_parser("gaps", help="show what people ask in vain"))
    add_questions(commands.add_parser("questions", help="write recent questions as a file to score and compare by"))
    add_drafts(commands.add_parser("drafts", help="show what owners answered in chat as entries for faq.yaml"))
    return parser


async def _rehearse(options: argparse.Namespace) -> None:
    """Serve the bot, the Teams on loopback and its page until Ctrl+C."""
    if not 0 <= options.port <= 65535:
        raise SettingError(f"--port is {str(options.port)!r}, expected a number from 0 (any free port) to 65535")
    # These need the extra `rehearsal`, which a server does not install.
    from bot.rehearsal import Rehearsal
    from bot.rehearsal.people import PEOPLE

    async with Rehearsal(page_port=options.port, limits=True) as teams:
        database, log = _prepared(options.keep)  # once the port is ours, so that no other rehearsal runs on them
        environ = teams.environment(DATABASE_URL=f"sqlite:///{database}", KNOWLEDGE_DIR=str(options.knowledge))
        around = app.Surroundings(now=teams.clock.now, service_url=teams.wire.service_url, login_ca=str(teams.ca_file))
        async with app.serving(Settings.read(environ), around):
            for person in PEOPLE:
                if person.installed:
                    await teams.install(person)
            print(f"The rehearsal is at {teams.page_url} (Ctrl+C ends it; its log is {log})", flush=True)
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()


def _prepared(keep: bool) -> tuple[Path, Path]:
    """Where the rehearsal's database and its log lie; the log begins anew, the database too unless it is kept."""
    VAR.mkdir(exist_ok=True)
    database, log = VAR / "rehearsal.db", VAR / "rehearsal.log"
    if not keep:
        database.unlink(missing_ok=True)
    configure_logging("INFO", log.open("w", encoding="utf-8"))
    return database, log


def _manifest(options: argparse.Namespace) -> None:
    package(ROOT / "manifest", app_id(environment(Path(".env"), os.environ)), options.target)
    print(f"{options.target} is ready to upload in the Teams admin centre")


def _requests(options: argparse.Namespace) -> None:
    print("\t".join(HEADER))
    for request in stored(lambda tx: tx.requests_undecided()):
        due = request.due.date().isoformat()
        print("\t".join((request.reference, request.state, due, request.form.tool, request.requester.name)))


if __name__ == "__main__":
    sys.exit(main())
