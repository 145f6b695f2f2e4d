"""The composition root: settings -> knowledge -> store -> use cases -> Teams -> HTTP.

`python app.py` is the production start; `python -m bot rehearse` builds the same bot against a Teams on loopback.
"""

import gc
import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import structlog
from aiohttp import web

from bot import approvers
from bot.context import Context
from bot.dialogue import Dialogue
from bot.enquiries import Enquiries
from bot.errors import AssistantError, SettingError
from bot.limits import Limiter
from bot.live_knowledge import LiveKnowledge
from bot.meetings import Meetings
from bot.outbox import Outbox
from bot.ports import Delivery, Message, Transaction
from bot.privacy import PrivacyGuard
from bot.replies.notices import worded
from bot.requests.change import Reason
from bot.requests.roster import Roster
from bot.schedule import Job, Schedule
from bot.service import edits, questions
from bot.service.contacts import unreachable
from bot.settings import Settings, environment
from bot.store.database import Database
from bot.tally import Tally
from bot.teams.assistant import Handler
from bot.teams.edge import Edge, Place, open_edge, open_playground
from bot.teams.inbound import Stranger
from bot.teams.tokens import Credentials
from bot.telemetry import Metrics, configure_logging
from bot.tools import named_tool
from bot.web import application
from bot.work import Work
from cards.template import Cards
from knowledge.findings import KnowledgeError

ROOT = Path(__file__).parent
OLDEST = 300.0
"""Seconds a message may be owed before the bot says that it is not ready."""
PUBLIC_CLOUD = "https://smba.trafficmanager.net/teams/"
"""Where posts and new chats go that answer nothing: the Connector of the public cloud."""
PLAYGROUND_CONNECTOR = "http://localhost:56150/_connector"
PLAYGROUND: Mapping[str, str] = {
    "MICROSOFT_APP_ID": "00000000-0000-0000-0000-000000000000",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-0000-0000-000000000000",
    "MICROSOFT_APP_TYPE": "UserAssignedMSI",
    "APPROVERS_FILE": str(ROOT / "manifest" / "approvers.example.yaml"),
    "APPROVER_TEAM_ID": "19:playground@thread.tacv2",
    "APPROVER_CHANNEL_ID": "19:playground@thread.tacv2",
    "SERVICE_URL_HOSTS": "127.0.0.1,localhost",
    "HOST": "127.0.0.1",
}
"""What stands for the tenant that Microsoft's Agents Playground does not have."""

JOBS: Mapping[str, Job] = {
    "questions.published": questions.settle_published,
    "questions.reminded": questions.remind,
    "edits.refused": edits.tell_of_refusal,
}
"""What is done when its time has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What differs between the real Teams, the rehearsal's and the Playground."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    service_url: str = PUBLIC_CLOUD
    login_ca: str = ""
    playground: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that is read before anything runs."""

    settings: Settings
    around: Surroundings
    knowledge: LiveKnowledge
    roster: Roster
    cards: Cards
    database: Database
    metrics: Metrics
    work: Work = field(default_factory=Work)


def build(settings: Settings, surroundings: Surroundings | None = None) -> web.Application:
    """The whole bot as an application to serve; a fault in a file or the database is raised here."""
    parts = Parts(
        settings=settings,
        around=surroundings or Surroundings(),
        knowledge=LiveKnowledge(settings.knowledge_dir),
        roster=approvers.load(settings.approvers_file),
        cards=Cards.load(ROOT / "cards"),
        database=Database.open(settings.database_url),
        metrics=Metrics(),
    )
    checks = {
        "store": partial(_store_check, parts),
        "parked": partial(_parked_check, parts),
        "knowledge": partial(_knowledge_check, parts),
        "work": partial(_work_check, parts),
    }
    return application(edge=_running(parts), checks=checks, registry=parts.metrics.registry)


@asynccontextmanager
async def serving(settings: Settings, surroundings: Surroundings | None = None) -> AsyncIterator[None]:
    """The bot listening on its host and port, in this event loop."""
    runner = web.AppRunner(build(settings, surroundings), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _running(parts: Parts) -> AsyncIterator[Edge]:
    """The bot at work: the edge is open, the outbox sends, the knowledge files are watched."""
    # Edge, dialogue and outbox need one another; no turn comes in before all three stand.
    async with _edge(parts, lambda turn: guard.handle(turn), lambda stranger: _turned_away(dialogue, stranger)) as edge:
        outbox = Outbox(
            parts.database,
            edge.messenger,
            partial(_word, parts),
            parts.around.now,
            random.random,
            limiter=Limiter(),
        )
        context, tally = partial(_context, parts), Tally(parts.database)
        meetings = Meetings(store=parts.database, clock=parts.around.now, nudge=outbox.nudge)
        enquiries = Enquiries(edition=parts.knowledge.edition, context=context, tally=tally)
        dialogue = Dialogue(
            store=parts.database,
            edition=parts.knowledge.edition,
            context=context,
            enquiries=enquiries,
            meetings=meetings,
            nudge=outbox.nudge,
            chat_url=f"https://teams.microsoft.com/l/chat/0/0?users=28:{parts.settings.app_id}",
        )
        guard = PrivacyGuard(handle=dialogue.handle, edition=parts.knowledge.edition)
        await _name_the_unreachable(parts)
        await meetings.reopen()
        schedule = Schedule(store=parts.database, context=context, jobs=JOBS, flush=partial(_flush, tally, meetings))
        parts.work.begin("outbox", outbox.run, outbox.stop)
        parts.work.begin("schedule", schedule.run, schedule.stop)
        parts.work.begin("knowledge", parts.knowledge.watch)
        gc.collect()
        gc.freeze()  # what was read lives as long as the process; looking at it again would stall turns
        yield edge
        await parts.work.end()
    parts.database.close()


def _edge(
    parts: Parts, handler: Handler, stranger: Callable[[Stranger], Awaitable[None]]
) -> AbstractAsyncContextManager[Edge]:
    settings, around = parts.settings, parts.around
    place = Place(
        openid_metadata_url=settings.openid_metadata_url,
        service_url=around.service_url,
        service_url_hosts=frozenset(settings.service_url_hosts),
        team_id=settings.approver_team_id,
        channel_id=settings.approver_channel_id,
    )
    if around.playground:
        return open_playground(place=place, handler=handler, render=parts.cards.render, metrics=parts.metrics)
    return open_edge(
        credentials=_credentials(settings, around.login_ca),
        place=place,
        handler=handler,
        render=parts.cards.render,
        stranger=stranger,
        metrics=parts.metrics,
    )


def _credentials(settings: Settings, login_ca: str) -> Credentials:
    return Credentials(
        app_id=settings.app_id,
        tenant_id=settings.tenant_id,
        secret=settings.app_password.reveal() if settings.app_password else "",
        certificate=str(settings.app_certificate or ""),
        login_url=settings.login_url,
        login_ca=login_ca,
    )


def _context(parts: Parts) -> Context:
    edition = parts.knowledge.edition()
    return Context(
        now=parts.around.now(),
        roster=parts.roster,
        policy_version=edition.knowledge.version,
        next_review=edition.knowledge.policy.next_review_due,
        tool=partial(named_tool, edition),
        new_id=lambda: uuid4().hex,
        approver_channel=parts.settings.approver_channel_id,
        owners=parts.settings.policy_owners,
        answer=edition.assistant.answer,
        entry=edition.assistant.entry,
        fault=parts.knowledge.fault,
    )


def _word(parts: Parts, tx: Transaction, delivery: Delivery) -> Message | None:
    return worded(tx, delivery, _context(parts))


async def _turned_away(dialogue: Dialogue, stranger: Stranger) -> None:
    await dialogue.stranger(stranger.object_id, Reason.OTHER_TENANT)


async def _name_the_unreachable(parts: Parts) -> None:
    """Name to the operator the approvers and owners who have not installed the app."""
    people = [*(post.person.object_id for post in parts.roster.posts), *parts.settings.policy_owners]
    for object_id in await parts.database.transact(partial(unreachable, object_ids=people)):
        structlog.get_logger().warning("person.unreachable", object_id=object_id, mend="ask them to install the app")


async def _flush(tally: Tally, meetings: Meetings) -> None:
    await tally.flush()
    await meetings.flush()


async def _store_check(parts: Parts) -> str:
    waiting, oldest = await parts.database.transact(lambda tx: tx.waiting())
    parts.metrics.outbox_depth.set(waiting)
    age = (parts.around.now() - oldest).total_seconds() if oldest else 0.0
    parts.metrics.outbox_age.set(age)
    return f"the oldest of {waiting} messages has waited {age:.0f} seconds" if age > OLDEST else ""


async def _parked_check(parts: Parts) -> str:
    """What nobody's writing to the bot will ever release has to be looked at."""
    parked = await parts.database.transact(lambda tx: tx.parked())
    parts.metrics.outbox_parked.set(len(parked))
    stuck = [each.delivery.key for each in parked if each.is_stuck]
    return f"python -m bot outbox tells why these were not delivered: {', '.join(stuck)}" if stuck else ""


async def _knowledge_check(parts: Parts) -> str:
    return parts.knowledge.fault


async def _work_check(parts: Parts) -> str:
    return ", ".join(f"{name} has stopped and is begun again" for name in parts.work.down())


def main(arguments: list[str]) -> None:
    """Serve until stopped; a wrong setting, file or argument ends the start with one line for each."""
    playground = arguments == ["--playground"]
    if arguments and not playground:
        sys.exit(f"app.py does not know {' '.join(arguments)!r}; it takes nothing, or --playground alone")
    try:
        environ = environment(Path(".env"), os.environ)
        settings = Settings.read(_for_playground(environ) if playground else environ)
        configure_logging(settings.log_level)
        around = Surroundings(playground=True, service_url=PLAYGROUND_CONNECTOR) if playground else Surroundings()
        app = build(settings, around)
        web.run_app(app, host=settings.host, port=settings.port, access_log=None, print=None)
    except (AssistantError, KnowledgeError, OSError) as error:
        sys.exit(str(error))


def _for_playground(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The settings of a bot that lets unsigned activities in: loopback only, and never beside credentials."""
    for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_CERTIFICATE"):
        if environ.get(name):
            raise SettingError(f"{name} is set, expected nothing with --playground, which checks no tokens")
    return {**environ, **PLAYGROUND}


if __name__ == "__main__":
    main(sys.argv[1:])
