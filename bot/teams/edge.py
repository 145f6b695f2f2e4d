"""The edge towards Teams, put together: HTTP bodies in, answers out, and a messenger for everything unasked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from bot.teams.adapter import TeamsAdapter
from bot.teams.assistant import Assistant, Handler
from bot.teams.body import Refusal
from bot.teams.connector import Connector, open_session
from bot.teams.hosts import LOOPBACK, AllowedHosts
from bot.teams.inbound import Gate, Stranger, TokenGate
from bot.teams.keys import Keys
from bot.teams.members import Members
from bot.teams.messenger import TeamsMessenger
from bot.teams.playground import NoToken, PlaygroundGate
from bot.teams.tokens import Credentials, Tokens, entra
from bot.teams.wire import Render, Wire
from bot.telemetry import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the bot works: the Teams it trusts and the approvers' channel."""

    openid_metadata_url: str
    service_url: str
    """Where channel posts and new chats go, e.g. https://smba.trafficmanager.net/teams/."""
    service_url_hosts: frozenset[str]
    team_id: str
    channel_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over HTTP: a status, and a JSON body where the activity was an invoke."""

    status: int
    body: Mapping[str, Any] | None = None


class Edge:
    """One Teams: receives activities, and says things through `messenger`."""

    def __init__(
        self, *, gate: Gate, adapter: TeamsAdapter, assistant: Assistant, messenger: TeamsMessenger, metrics: Metrics
    ) -> None:
        self.messenger = messenger
        self._gate = gate
        self._adapter = adapter
        self._assistant = assistant
        self._metrics = metrics
        self._log = structlog.get_logger()

    async def receive(self, authorization: Sequence[str], body: Callable[[], Awaitable[bytes]]) -> Answer:
        """Take one activity: token first, then body, then turn; the status is 200, 400, 401 or 403."""
        caller = await self._gate.caller(authorization)
        if isinstance(caller, Refusal):
            return self._refuse(caller)
        activity = await self._gate.activity(caller, await body())
        if isinstance(activity, Refusal):
            return self._refuse(activity)
        with structlog.contextvars.bound_contextvars(activity_id=activity.get("id")), self._metrics.turn_seconds.time():
            answer = await self._adapter.process(activity, self._assistant)
        return Answer(status=200, body=answer.body if answer else None)

    def bar(self) -> str:
        """Why no activity can be let in at present, or an empty string."""
        return self._gate.bar()

    def _refuse(self, refusal: Refusal) -> Answer:
        self._metrics.refused.labels(str(refusal.status), refusal.reason).inc()
        self._log.warning("activity.refused", status=refusal.status, reason=refusal.reason)
        return Answer(status=refusal.status)


@asynccontextmanager
async def open_edge(
    *,
    credentials: Credentials,
    place: Place,
    handler: Handler,
    render: Render,
    stranger: Callable[[Stranger], Awaitable[None]],
    metrics: Metrics,
) -> AsyncIterator[Edge]:
    """The edge of a bot with credentials: only signed activities get in; keys are fetched before it opens."""
    async with open_session(credentials.login_ca) as session:
        hosts = AllowedHosts(names=place.service_url_hosts)
        keys = Keys(session=session, metadata_url=place.openid_metadata_url, fetches=metrics.keys)
        await keys.refresh()
        gate = TokenGate(
            app_id=credentials.app_id, tenant_id=credentials.tenant_id, keys=keys, hosts=hosts, stranger=stranger
        )
        bearer = Tokens(fetch=entra(credentials), fetches=metrics.tokens)
        connector = Connector(session=session, bearer=bearer, hosts=hosts, calls=metrics.sends)
        async with _assembled(gate, connector, credentials, place, handler, render, metrics) as edge:
            yield edge


@asynccontextmanager
async def open_playground(*, place: Place, handler: Handler, render: Render, metrics: Metrics) -> AsyncIterator[Edge]:
    """The edge towards Microsoft's Agents Playground on this machine: no credentials, no tokens, loopback only."""
    nobody = Credentials(app_id="playground", tenant_id="playground")
    async with open_session("") as session:
        connector = Connector(
            session=session, bearer=NoToken(), hosts=AllowedHosts(names=LOOPBACK), calls=metrics.sends
        )
        async with _assembled(PlaygroundGate(), connector, nobody, place, handler, render, metrics) as edge:
            yield edge


@asynccontextmanager
async def _assembled(
    gate: Gate,
    connector: Connector,
    credentials: Credentials,
    place: Place,
    handler: Handler,
    render: Render,
    metrics: Metrics,
) -> AsyncIterator[Edge]:
    members = Members(connector=connector, service_url=place.service_url, team_id=place.team_id)
    wire = Wire(render=render, members=members)
    assistant = Assistant(handler=handler, wire=wire, turns=metrics.turns)
    messenger = TeamsMessenger(
        connector=connector,
        wire=wire,
        members=members,
        service_url=place.service_url,
        app_id=credentials.app_id,
        tenant_id=credentials.tenant_id,
        channel_id=place.channel_id,
    )
    adapter = TeamsAdapter(connector, assistant.failed)
    yield Edge(gate=gate, adapter=adapter, assistant=assistant, messenger=messenger, metrics=metrics)
    await assistant.close()
