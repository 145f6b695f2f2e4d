"""The whole rehearsal: starts a Teams on loopback and lets people act in it."""

from __future__ import annotations

import socket
import ssl
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme
import yaml
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from bot.rehearsal.acts import Acts
from bot.rehearsal.certificate import self_signed
from bot.rehearsal.client import Client
from bot.rehearsal.clock import Clock
from bot.rehearsal.connector import Connector
from bot.rehearsal.courier import Courier
from bot.rehearsal.faults import Faults
from bot.rehearsal.keys import Keys
from bot.rehearsal.login import Login
from bot.rehearsal.page import Page
from bot.rehearsal.people import CHANNEL_ID, HELEN, MARTIN, NADIA, PEOPLE, RUTH, TEAM_ID, TENANT_ID, Directory, Person
from bot.rehearsal.seen import Seen, view
from bot.rehearsal.windows import Windows
from bot.rehearsal.wire import Wire
from bot.rehearsal.world import World

HOST = "127.0.0.1"


class Rehearsal(Client):
    """Use as `async with Rehearsal() as teams`; set `bot_url` to the bot's address once it listens.

    Port 0 takes a free one. `limits` enforces the published send limits; `seed` fixes which calls faults hit. `people`
    are those who play; a load test adds a `crowd`.
    """

    def __init__(
        self,
        *,
        page_port: int = 0,
        limits: bool = False,
        seed: int = 0,
        clock: Clock | None = None,
        people: Sequence[Person] = PEOPLE,
    ) -> None:
        self.clock = clock or Clock()
        self.app_id = str(uuid.uuid5(uuid.UUID(TENANT_ID), "bot"))
        self.secret = f"rehearsal-{uuid.uuid4()}"
        self.faults = Faults(seed)
        self.windows = Windows(on=limits)
        self.world = World(self.clock, Directory(people))
        self.keys = Keys(self.app_id, self.faults)
        self.courier = Courier(self.keys, self.faults, lambda: f"{self.bot_url}/api/messages")
        super().__init__(self.world, Wire(app_id=self.app_id), self.courier)
        self.bot_port = _free_port()
        self.bot_url = f"http://{HOST}:{self.bot_port}"
        self.page_url = ""
        self._page_port = page_port
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="rehearsal-")))
        self.ca_file = self.folder / "ca.pem"
        await self._start_login()
        await self._start_services()
        await self.courier.start()
        self._stack.push_async_callback(self.courier.stop)
        page = Page(
            world=self.world, acts=Acts(world=self.world, client=self), faults=self.faults, windows=self.windows
        )
        self.page_url = f"http://{HOST}:{await self._serve(page.application(), self._page_port)}"

    async def _start_login(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(self.ca_file))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST, "localhost").configure_cert(context)
        private = generate_private_key(65537, 2048)
        (self.folder / "app.pem").write_bytes(self_signed(private))
        self.login = Login(
            app_id=self.app_id,
            secret=self.secret,
            tenant_id=TENANT_ID,
            public_key=private.public_key(),
            faults=self.faults,
        )
        self.login.base_url = f"https://{HOST}:{await self._serve(_application(self.login.routes()), 0, context)}"

    async def _start_services(self) -> None:
        self.connector = Connector(world=self.world, login=self.login, faults=self.faults, windows=self.windows)
        port = await self._serve(_application([*self.keys.routes(), *self.connector.routes()]), 0)
        self.keys.base_url = f"http://{HOST}:{port}"
        self.wire.service_url = f"{self.keys.base_url}/uk/"

    async def _serve(self, app: web.Application, port: int, context: ssl.SSLContext | None = None) -> int:
        # Event streams and hanging faults never end by themselves, so closing does not wait for them.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, HOST, port, ssl_context=context).start()
        return int(runner.addresses[0][1])

    def environment(self, **overrides: str) -> dict[str, str]:
        """The settings of a bot that plays here; an override of "" leaves that setting out."""
        settings = {
            "MICROSOFT_APP_ID": self.app_id,
            "MICROSOFT_APP_TYPE": "SingleTenant",
            "MICROSOFT_APP_PASSWORD": self.secret,
            "MICROSOFT_APP_TENANT_ID": TENANT_ID,
            "OPENID_METADATA_URL": self.keys.metadata_url,
            "LOGIN_URL": self.login.base_url,
            "SERVICE_URL_HOSTS": HOST,
            "DATABASE_URL": f"sqlite:///{self.folder / 'bot.db'}",
            "HOST": HOST,
            "PORT": str(self.bot_port),
            "APPROVERS_FILE": str(self._approvers_file()),
            "APPROVER_TEAM_ID": TEAM_ID,
            "APPROVER_CHANNEL_ID": CHANNEL_ID,
            "POLICY_OWNERS": HELEN.object_id,
        }
        return {name: value for name, value in {**settings, **overrides}.items() if value}

    @property
    def certificate_file(self) -> Path:
        """PEM of the app's certificate and key, for a bot without a secret."""
        return self.folder / "app.pem"

    def _approvers_file(self) -> Path:
        posts = [{"title": p.job, "name": p.name, "object_id": p.object_id} for p in (MARTIN, RUTH)]
        file = self.folder / "approvers.yaml"
        notified = [MARTIN.object_id, RUTH.object_id]
        file.write_text(yaml.safe_dump({"posts": posts, "notified": notified, "operators": [NADIA.object_id]}))
        return file

    def chat(self, person: Person) -> list[Seen]:
        """The person's chat with the bot as they see it."""
        return view(self.world, person, person.chat_id)

    def channel(self, person: Person) -> list[Seen]:
        """The approvers' channel as that person sees it; nothing for those who are not in it."""
        return view(self.world, person, CHANNEL_ID) if person.in_channel else []

    def card(self, person: Person, text: str = "", where: str = "personal") -> Seen:
        """The newest card that shows the person that text; raises `LookupError` when there is none."""
        posts = self.chat(person) if where == "personal" else self.channel(person)
        for post in reversed(posts):
            if post.card and text in post.words:
                return post
        raise LookupError(f"{person.first} sees no card with {text!r} in {where}; there is {[p.words for p in posts]}")


def _application(routes: list[web.RouteDef]) -> web.Application:
    app = web.Application(client_max_size=1024 * 1024)
    app.add_routes(routes)
    return app


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
