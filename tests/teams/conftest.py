"""A loopback Teams, and a bot whose handler a test decides."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams.connector import Connector, open_session
from bot.teams.edge import Edge, Place, open_edge
from bot.teams.hosts import AllowedHosts
from bot.teams.inbound import Stranger
from bot.teams.tokens import Credentials
from bot.telemetry import Metrics
from bot.turns import Reply, Turn
from bot.web import EDGE, application
from tests.teams.loopback import APP, CHANNEL_ID, TENANT, Loopback, ca_file, new_key, serving


class Bot:
    """The bot under test: what its handler got, what it shall reply, and a way to post to it."""

    def __init__(self, teams: Loopback, ca: str) -> None:
        self.teams = teams
        self.turns: list[Turn] = []
        self.reply = Reply()
        self.error: Exception | None = None
        self.strangers: list[Stranger] = []
        self.metrics = Metrics()
        self._ca = ca
        self._client: TestClient[Any, Any] | None = None

    @property
    def client(self) -> TestClient[Any, Any]:
        assert self._client is not None
        return self._client

    @property
    def edge(self) -> Edge:
        edge: Edge = self._app[EDGE]
        return edge

    def opened(self) -> AbstractAsyncContextManager[Edge]:
        credentials = Credentials(
            app_id=APP, tenant_id=TENANT, secret="s3cret", login_url=self.teams.url, login_ca=self._ca
        )
        place = Place(
            openid_metadata_url=f"{self.teams.url}/openid",
            service_url=self.teams.url,
            service_url_hosts=frozenset({"127.0.0.1"}),
            team_id=CHANNEL_ID,
            channel_id=CHANNEL_ID,
        )
        return open_edge(
            credentials=credentials,
            place=place,
            handler=self.handle,
            render=lambda name, data: {"type": "AdaptiveCard", "name": name, **data},
            stranger=self.meet,
            metrics=self.metrics,
        )

    async def start(self) -> None:
        self._app = application(edge=self.opened(), checks={}, registry=self.metrics.registry)
        self._client = TestClient(TestServer(self._app))
        await self._client.start_server()

    async def restart(self) -> None:
        await self.client.close()
        await self.start()

    async def handle(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        if self.error is not None:
            raise self.error
        return self.reply

    async def meet(self, stranger: Stranger) -> None:
        self.strangers.append(stranger)

    async def post(
        self, activity: Mapping[str, Any] | bytes, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Post an activity as Teams does (a good token unless `headers` says otherwise); status and body."""
        if headers is None:
            headers = {"Authorization": f"Bearer {self.teams.token()}"}
        body = {"data": activity} if isinstance(activity, bytes) else {"json": activity}
        headers = {"Content-Type": "application/json", **headers}
        async with self.client.post("/api/messages", headers=headers, **body) as response:
            text = await response.text()
            try:
                return response.status, await response.json(content_type=None) if text else None
            except ValueError:
                return response.status, text


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="session")
def other_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca(authority: trustme.CA, tmp_path: Path) -> str:
    return ca_file(authority, tmp_path)


@pytest.fixture
async def teams(signing_key: rsa.RSAPrivateKey, authority: trustme.CA) -> AsyncIterator[Loopback]:
    async with serving(Loopback(signing_key), authority) as loopback:
        yield loopback


@pytest.fixture
async def bot(teams: Loopback, ca: str) -> AsyncIterator[Bot]:
    bot = Bot(teams, ca)
    await bot.start()
    yield bot
    await bot.client.close()


@pytest.fixture
async def session(ca: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session(ca) as session:
        yield session


class Clock:
    """Time that passes when a test says so, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class FixedBearer:
    """Hands out tokens one after the other."""

    def __init__(self) -> None:
        self.number = 1

    async def current(self) -> str:
        return f"token-{self.number}"

    async def after(self, refused: str) -> str:
        self.number += 1
        return await self.current()


@pytest.fixture
def connector(session: aiohttp.ClientSession) -> Connector:
    hosts = AllowedHosts(names=frozenset({"127.0.0.1"}))
    return Connector(session=session, bearer=FixedBearer(), hosts=hosts, calls=Metrics().sends)
