"""The Agents Playground's way in: unsigned, from this machine, and only where no credentials exist."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.ports import Message
from bot.teams.edge import Place, open_playground
from bot.telemetry import Metrics
from bot.turns import Reply, Turn
from bot.web import application

Client = TestClient[web.Request, web.Application]


class Playground:
    """Microsoft's tool as seen from the bot: a Connector that takes anything, without a token."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, Any]] = []
        self.turns: list[Turn] = []

    async def take(self, request: web.Request) -> web.Response:
        self.said.append((request.raw_path, request.headers.get("Authorization", ""), await request.json()))
        return web.json_response({"id": "1"})

    async def handle(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        return Reply(messages=(Message(text="Hello."),))


@pytest.fixture
def playground() -> Playground:
    return Playground()


@pytest.fixture
async def connector(playground: Playground) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/_connector/{path:.*}", playground.take)
    async with TestServer(app) as server:
        yield str(server.make_url("/_connector"))


@pytest.fixture
async def client(playground: Playground, connector: str) -> AsyncIterator[Client]:
    metrics = Metrics()
    place = Place(
        openid_metadata_url="",
        service_url=connector,
        service_url_hosts=frozenset({"smba.trafficmanager.net"}),
        team_id="19:x",
        channel_id="19:x",
    )
    edge = open_playground(place=place, handler=playground.handle, render=lambda _, data: {**data}, metrics=metrics)
    app = application(edge=edge, checks={}, registry=metrics.registry)
    async with TestClient(TestServer(app)) as client:
        yield client


def activity(service_url: str, **changes: Any) -> dict[str, Any]:
    """A message as the Playground sends it: no conversation type in a personal chat, another tenant."""
    return {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "text": "hi",
        "from": {"id": "user-id-0", "name": "Alex Wilber", "aadObjectId": "0"},
        "recipient": {"id": "bot"},
        "conversation": {"id": "personal-chat-id", "tenantId": "0"},
    } | changes


@pytest.mark.parametrize("channel", ["msteams", "emulator"])
async def test_an_unsigned_message_is_answered(
    client: Client, playground: Playground, connector: str, channel: str
) -> None:
    """Without a token either way."""
    async with client.post("/api/messages", json=activity(connector, channelId=channel)) as response:
        assert response.status == 200
    assert playground.turns[0].conversation.scope == "personal"
    (said,) = playground.said
    assert said[:2] == ("/_connector/v3/conversations/personal-chat-id/activities/1", "")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"serviceUrl": "https://smba.trafficmanager.net/"}, 403),
        ({"serviceUrl": "https://evil.example/"}, 403),
        ({"channelId": "directline"}, 403),
        ({"conversation": None}, 400),
    ],
)
async def test_only_a_playground_on_this_machine_is_taken(
    client: Client, playground: Playground, connector: str, changes: dict[str, Any], status: int
) -> None:
    """Not even the real Teams gets in here, whatever the settings list."""
    async with client.post("/api/messages", json=activity(connector, **changes)) as response:
        assert response.status == status
    assert playground.turns == []


async def test_a_token_has_no_place_here(client: Client, playground: Playground, connector: str) -> None:
    """Whoever sends one meant a bot that checks it."""
    headers = {"Authorization": "Bearer x.y.z"}
    async with client.post("/api/messages", json=activity(connector), headers=headers) as response:
        assert response.status == 401
    assert playground.turns == []


async def test_the_playground_is_always_ready(client: Client) -> None:
    """There are no keys to wait for."""
    async with client.get("/readyz") as response:
        assert response.status == 200
