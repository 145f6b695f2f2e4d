"""The bot's own token: one, early, off the event loop (trap 3)."""

import asyncio
import datetime
import threading
import time
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.errors import Failure, SendError
from bot.teams import tokens as module
from bot.teams.tokens import EARLY, PAUSE, STALE, Credentials, Grant, Tokens, entra
from bot.telemetry import Metrics
from tests.teams.conftest import Clock
from tests.teams.loopback import APP, TENANT, Loopback


class Login:
    """A login endpoint of which a test decides how it answers."""

    def __init__(self) -> None:
        self.count = 0
        self.error: Exception | None = None
        self.open = threading.Event()
        self.open.set()
        self.threads: set[int] = set()

    def __call__(self) -> Grant:
        self.threads.add(threading.get_ident())
        self.open.wait(5)
        self.count += 1
        if self.error is not None:
            raise self.error
        return Grant(token=f"t{self.count}", lifetime=3600)


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def tokens(login: Login, clock: Clock) -> Tokens:
    return Tokens(fetch=login, fetches=Metrics().tokens, clock=clock)


async def test_a_hundred_turns_share_one_login(tokens: Tokens, login: Login) -> None:
    """Single flight, and never on the event loop."""
    assert set(await asyncio.gather(*(tokens.current() for _ in range(100)))) == {"t1"}
    assert login.count == 1
    assert threading.get_ident() not in login.threads


async def test_a_token_is_replaced_before_it_ends(tokens: Tokens, login: Login, clock: Clock) -> None:
    """The turn that notices gets the old token and does not wait for the new one, however slow the login is."""
    await tokens.current()
    clock.now += 3600 - EARLY + 1
    login.open.clear()
    assert await tokens.current() == "t1"
    login.open.set()
    clock.now += EARLY
    assert await tokens.current() == "t2"
    assert login.count == 2


async def test_a_hanging_login_stops_nobody_who_has_a_token(tokens: Tokens, login: Login, clock: Clock) -> None:
    """Ten minutes of it pass unnoticed."""
    await tokens.current()
    login.open.clear()
    for _ in range(10):
        clock.now += 50
        assert await tokens.current() == "t1"
    login.open.set()


async def test_a_failed_login_is_not_repeated_at_once(tokens: Tokens, login: Login, clock: Clock) -> None:
    """Everybody gets the same error for some seconds, then it is tried again."""
    login.error = SendError(Failure.RETRY, 0, "login_down")
    for _ in range(5):
        with pytest.raises(SendError, match="login_down"):
            await tokens.current()
    assert login.count == 1
    login.error = None
    clock.now += PAUSE
    assert await tokens.current() == "t2"


async def test_a_bug_in_the_login_is_not_a_token(tokens: Tokens, login: Login) -> None:
    """No send ever goes out without a token because fetching it broke in a new way."""
    login.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await tokens.current()


async def test_a_refused_token_is_replaced(tokens: Tokens, login: Login, clock: Clock) -> None:
    """Once it is old enough that a new one could help."""
    first = await tokens.current()
    assert await tokens.after(first) == "t1", "it was fetched a moment ago"
    clock.now += STALE
    assert set(await asyncio.gather(*(tokens.after(first) for _ in range(20)))) == {"t2"}
    assert login.count == 2


async def test_a_secret_gets_a_token(teams: Loopback, ca: str) -> None:
    """The real MSAL against an endpoint over TLS."""
    grant = await asyncio.to_thread(
        entra(Credentials(app_id=APP, tenant_id=TENANT, secret="s3cret", login_url=f"{teams.url}/", login_ca=ca))
    )
    assert (grant.token, grant.lifetime) == ("bot-token-1", 3600)
    assert teams.logins[0]["client_secret"] == "s3cret"
    assert teams.logins[0]["scope"] == "https://api.botframework.com/.default"


async def test_a_wrong_secret_is_permanent(teams: Loopback, ca: str) -> None:
    """The operator has to act: no retry will help."""
    teams.login_error = "invalid_client"
    fetch = entra(Credentials(app_id=APP, tenant_id=TENANT, secret="no", login_url=teams.url, login_ca=ca))
    with pytest.raises(SendError) as caught:
        await asyncio.to_thread(fetch)
    assert (caught.value.failure, caught.value.code) == (Failure.UNAUTHORISED, "login_invalid_client")


async def test_an_ill_login_endpoint_is_temporary(teams: Loopback, ca: str) -> None:
    """Trying again may help."""
    teams.login_error = "temporarily_unavailable"
    fetch = entra(Credentials(app_id=APP, tenant_id=TENANT, secret="s", login_url=teams.url, login_ca=ca))
    with pytest.raises(SendError) as caught:
        await asyncio.to_thread(fetch)
    assert caught.value.failure is Failure.RETRY


async def test_an_untrusted_login_endpoint_gets_no_secret(teams: Loopback) -> None:
    """Its certificate is checked."""
    fetch = entra(Credentials(app_id=APP, tenant_id=TENANT, secret="s3cret", login_url=teams.url))
    with pytest.raises(SendError) as caught:
        await asyncio.to_thread(fetch)
    assert caught.value.failure is Failure.RETRY
    assert teams.logins == []


@pytest.mark.parametrize("key_first", [True, False])
async def test_a_certificate_gets_a_token(
    teams: Loopback, ca: str, tmp_path: Path, other_key: rsa.RSAPrivateKey, key_first: bool
) -> None:
    """A PEM file with key and certificate, in either order, signs an assertion."""
    pem = certificate_file(tmp_path, other_key, key_first)
    fetch = entra(Credentials(app_id=APP, tenant_id=TENANT, certificate=pem, login_url=teams.url, login_ca=ca))
    assert (await asyncio.to_thread(fetch)).token == "bot-token-1"
    assertion = jwt.decode(
        teams.logins[0]["client_assertion"], options={"verify_signature": False, "verify_aud": False}
    )
    assert assertion["iss"] == APP


async def test_a_missing_certificate_file_is_an_error_of_sending(teams: Loopback) -> None:
    """It does not crash the turn."""
    fetch = entra(Credentials(app_id=APP, tenant_id=TENANT, certificate="nowhere.pem", login_url=teams.url))
    with pytest.raises(SendError, match="login_FileNotFoundError"):
        await asyncio.to_thread(fetch)


async def test_a_managed_identity_gets_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's identity endpoint is asked for this identity and for the Connector."""
    asked: list[dict[str, str]] = []

    async def identity(request: web.Request) -> web.Response:
        asked.append(dict(request.query))
        return web.json_response({"access_token": "managed", "expires_on": str(int(time.time()) + 86400)})

    app = web.Application()
    app.router.add_get("/identity", identity)
    async with TestServer(app) as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", str(server.make_url("/identity")))
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        grant = await asyncio.to_thread(entra(Credentials(app_id=APP, tenant_id=TENANT)))
    assert grant.token == "managed"
    assert (asked[0]["client_id"], asked[0]["resource"]) == (APP, "https://api.botframework.com")


async def test_a_login_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """MSAL sets no time-out for the machine's identity endpoint."""
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    enough = asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        await enough.wait()
        return web.Response()

    app = web.Application()
    app.router.add_get("/identity", hang)
    async with TestServer(app) as server:
        monkeypatch.setenv("IDENTITY_ENDPOINT", str(server.make_url("/identity")))
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        with pytest.raises(SendError, match="login_ReadTimeout"):
            await asyncio.to_thread(entra(Credentials(app_id=APP, tenant_id=TENANT)))
        enough.set()


def test_secrets_are_not_shown() -> None:
    """Credentials may end up in a log line."""
    assert "s3cret" not in repr(Credentials(app_id=APP, tenant_id=TENANT, secret="s3cret"))


def certificate_file(folder: Path, key: rsa.RSAPrivateKey, key_first: bool) -> str:
    """A self-signed certificate with its key, as one PEM file."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bot")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "bot.pem"
    path.write_bytes(private + certificate if key_first else certificate + private)
    return str(path)
