"""A very small Teams for the tests of this room: signing keys, login and Connector, over TLS on loopback."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import trustme
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
CHANNEL_ID = "19:approvers@thread.tacv2"
ISSUER = "https://api.botframework.com"
ANNA = "0a0a0a0a-0000-0000-0000-000000000001"
MARTIN = "0a0a0a0a-0000-0000-0000-000000000002"


def new_key() -> rsa.RSAPrivateKey:
    """A signing key; each takes a while, so tests share them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(key: rsa.RSAPrivateKey, kid: str, endorsements: tuple[str, ...] = ("msteams",)) -> dict[str, Any]:
    """The public half of a key as the issuer publishes it."""
    public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return public | {"kid": kid, "endorsements": list(endorsements)}


@dataclass
class Sent:
    """One call the Connector got."""

    method: str
    path: str
    body: Any
    token: str


@dataclass
class Fault:
    """What the Connector answers instead of taking the next call."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Gate:
    """Where one call waits: `reached` says that it is there, `open` lets it through."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()


class Loopback:
    """Everything the bot talks to; `calls` are in order, `faults` are used up one a call."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self.key = key
        self.keys = [jwk(key, "now")]
        self.url = ""
        self.calls: list[Sent] = []
        self.faults: list[Fault] = []
        self.members: list[dict[str, Any]] = []
        self.page = 500
        self.issuer_down = False
        self.issuer_free = asyncio.Event()
        self.issuer_free.set()
        self.issuer_asked = asyncio.Event()
        self.connector_free = asyncio.Event()
        self.connector_free.set()
        self._gates: list[Gate] = []
        self.key_fetches = 0
        self.jwks_url = ""
        self.logins: list[Mapping[str, Any]] = []
        self.login_error = ""
        self._changed = asyncio.Condition()

    def token(self, key: rsa.RSAPrivateKey | None = None, kid: str = "now", **claims: Any) -> str:
        """A token of the channel; a claim set to None is left out."""
        now = int(time.time())
        good = {"iss": ISSUER, "aud": APP, "serviceurl": self.url, "nbf": now - 10, "exp": now + 3600}
        wanted = {name: value for name, value in (good | claims).items() if value is not None}
        return jwt.encode(wanted, key or self.key, algorithm="RS256", headers={"kid": kid})

    def activity(self, **changes: Any) -> dict[str, Any]:
        """A message of Anna's in her chat with the bot, as Teams sends it."""
        return {
            "type": "message",
            "id": "1700000000001",
            "channelId": "msteams",
            "serviceUrl": self.url,
            "text": "what is the AI policy",
            "from": {"id": "29:anna", "name": "Anna", "aadObjectId": ANNA},
            "recipient": {"id": f"28:{APP}", "name": "AI Policy"},
            "conversation": {"id": "a:anna", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
        } | changes

    def hold_next(self) -> Gate:
        """Make the next call to the Connector wait, and no other."""
        self._gates.append(Gate())
        return self._gates[-1]

    async def sent(self, count: int = 1) -> list[Sent]:
        """The calls so far, as soon as there are `count`."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.calls) >= count), 5)
        return self.calls

    def application(self) -> web.Application:
        """The routes of all three services."""
        app = web.Application(client_max_size=1_000_000)
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._discovery)
        app.router.add_post("/{tenant}/token", self._login)
        app.router.add_get("/v3/conversations/{conversation}/pagedmembers", self._members)
        app.router.add_route("*", "/v3/{tail:.*}", self._connector)
        return app

    async def _openid(self, _request: web.Request) -> web.Response:
        self.key_fetches += 1
        self.issuer_asked.set()
        await self.issuer_free.wait()
        if self.issuer_down:
            return web.Response(status=503)
        return web.json_response({"issuer": ISSUER, "jwks_uri": self.jwks_url or f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})

    async def _discovery(self, request: web.Request) -> web.Response:
        base = f"{self.url}/{request.match_info['tenant']}"
        return web.json_response(
            {"issuer": base, "authorization_endpoint": f"{base}/authorize", "token_endpoint": f"{base}/token"}
        )

    async def _login(self, request: web.Request) -> web.Response:
        self.logins.append(dict(await request.post()))
        if self.login_error:
            return web.json_response({"error": self.login_error}, status=400)
        return web.json_response(
            {"access_token": f"bot-token-{len(self.logins)}", "expires_in": 3600, "token_type": "Bearer"}
        )

    async def _members(self, request: web.Request) -> web.Response:
        await self._note(request, None)
        start = int(request.query.get("continuationToken", 0))
        page: dict[str, Any] = {"members": self.members[start : start + self.page]}
        if start + self.page < len(self.members):
            page["continuationToken"] = str(start + self.page)
        return self._fault() or web.json_response(page)

    async def _connector(self, request: web.Request) -> web.Response:
        await self.connector_free.wait()
        if self._gates:
            gate = self._gates.pop(0)
            gate.reached.set()
            await gate.open.wait()
        await self._note(request, json.loads(await request.read() or b"null"))
        number = len(self.calls)
        return self._fault() or web.json_response({"id": f"sent-{number}", "activityId": f"first-{number}"}, status=201)

    async def _note(self, request: web.Request, body: Any) -> None:
        async with self._changed:
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            self.calls.append(Sent(request.method, request.raw_path, body, token))
            self._changed.notify_all()

    def _fault(self) -> web.Response | None:
        if not self.faults:
            return None
        fault = self.faults.pop(0)
        return web.json_response(fault.body, status=fault.status, headers=fault.headers)


@asynccontextmanager
async def serving(loopback: Loopback, ca: trustme.CA) -> AsyncIterator[Loopback]:
    """Serve it on a free port of 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    runner = web.AppRunner(loopback.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    loopback.url = f"https://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield loopback
    finally:
        await runner.cleanup()


def ca_file(ca: trustme.CA, folder: Path) -> str:
    """The authority's certificate as a file."""
    path = folder / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return str(path)
