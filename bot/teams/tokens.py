"""The bot's own access token for the Connector."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msal
import requests
import structlog
from prometheus_client import Counter

from bot.errors import Failure, SendError

RESOURCE = "https://api.botframework.com"
TIMEOUT = 10.0
EARLY = 600.0
"""Seconds before its end at which a token is replaced."""
PAUSE = 10.0
"""Seconds until a failed fetch is tried again; meanwhile every caller gets the same error at once."""
STALE = 60.0
"""Seconds below which a refused token is not replaced: a fresh one would be refused as well."""
PERMANENT = frozenset({"invalid_client", "unauthorized_client", "invalid_request", "invalid_scope"})


class Bearer(Protocol):
    """Hands out the value of the Authorization header's token; raises SendError when there is none."""

    async def current(self) -> str:
        """A token that is valid now; an empty string where the Connector wants none."""

    async def after(self, refused: str) -> str:
        """A token other than the one that was just refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Who the bot is in Entra: by secret, by certificate (a PEM file's path), or by neither as a managed identity."""

    app_id: str
    tenant_id: str
    secret: str = field(default="", repr=False)
    certificate: str = ""
    login_url: str = "https://login.microsoftonline.com"
    login_ca: str = ""
    """A file of certificate authorities to trust for `login_url`; empty: the machine's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An access token and the seconds it lives."""

    token: str
    lifetime: float


class Tokens:
    """One cached token: replaced early, off the event loop, by one fetch at a time."""

    def __init__(
        self, *, fetch: Callable[[], Grant], fetches: Counter, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._grant = fetch
        self._fetches = fetches
        self._clock = clock
        self._token = ""
        self._ends = self._due = self._fetched = float("-inf")
        self._error: SendError | None = None
        self._fetch: asyncio.Task[None] | None = None
        self._log = structlog.get_logger()

    async def current(self) -> str:
        """The token; waits for one only where none is valid, and raises SendError if none can be had."""
        now = self._clock()
        if now >= self._due:
            self._start()
        if now >= self._ends:
            await self._wait()
        return self._token

    async def after(self, refused: str) -> str:
        """A token fetched since `refused` was handed out, unless that was a moment ago."""
        if self._token == refused and self._clock() - self._fetched >= STALE:
            self._ends = self._due = float("-inf")
        return await self.current()

    def _start(self) -> None:
        if self._fetch is None or self._fetch.done():
            self._fetch = asyncio.create_task(self._renew())

    async def _wait(self) -> None:
        if self._fetch is not None:
            await asyncio.wait({self._fetch})
            self._fetch.result()
        if self._error is not None:
            raise self._error

    async def _renew(self) -> None:
        try:
            grant = await asyncio.to_thread(self._grant)
        except SendError as error:
            self._error, self._due = error, self._clock() + PAUSE
            self._fetches.labels("failed").inc()
            self._log.warning("token.unavailable", code=error.code, failure=error.failure)
            return
        now = self._clock()
        self._token, self._error, self._fetched = grant.token, None, now
        self._ends = now + grant.lifetime
        self._due = now + max(grant.lifetime - EARLY, grant.lifetime / 2)
        self._fetches.labels("fetched").inc()
        self._log.info("token.fetched", seconds=grant.lifetime)


def entra(credentials: Credentials) -> Callable[[], Grant]:
    """How a token is fetched for these credentials; the result blocks, so it belongs on a thread.

    MSAL is used rather than azure-identity because it is Microsoft's own and one small package.
    Each call makes a new client: MSAL's cache would hand back the very token that is to be replaced.
    """
    acquire = _confidential if credentials.secret or credentials.certificate else _managed

    def fetch() -> Grant:
        try:
            return _read(acquire(credentials))
        except (OSError, ValueError, KeyError) as error:
            raise SendError(Failure.RETRY, 0, f"login_{type(error).__name__}") from error

    return fetch


def _read(result: Mapping[str, object]) -> Grant:
    if "access_token" in result:
        return Grant(token=str(result["access_token"]), lifetime=float(str(result["expires_in"])))
    code = str(result.get("error"))
    raise SendError(Failure.UNAUTHORISED if code in PERMANENT else Failure.RETRY, 0, f"login_{code}")


def _confidential(credentials: Credentials) -> Mapping[str, object]:
    with _Session(credentials.login_ca) as session:
        client = msal.ConfidentialClientApplication(
            credentials.app_id,
            client_credential=credentials.secret or _certificate(credentials.certificate),
            authority=f"{credentials.login_url.rstrip('/')}/{credentials.tenant_id}",
            http_client=session,
            validate_authority=False,
            instance_discovery=False,
        )
        result: Mapping[str, object] = client.acquire_token_for_client([f"{RESOURCE}/.default"])
    return result


def _managed(credentials: Credentials) -> Mapping[str, object]:
    with _Session("") as session:
        identity = msal.UserAssignedManagedIdentity(client_id=credentials.app_id)
        client = msal.ManagedIdentityClient(identity, http_client=session)
        result: Mapping[str, object] = client.acquire_token_for_client(resource=RESOURCE)
    return result


def _certificate(path: str) -> Mapping[str, str]:
    pem = Path(path).read_text(encoding="ascii")
    return {"private_key": pem, "public_certificate": pem[pem.index("-----BEGIN CERTIFICATE") :]}


class _Session(requests.Session):
    """MSAL's way out, with a time-out, which MSAL sets in one case only, and the authorities to trust."""

    def __init__(self, ca_file: str) -> None:
        super().__init__()
        self._ca_file = ca_file

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """A request; `verify` is set here since the environment's bundle would win over the session's."""
        return super().request(*args, **{"timeout": TIMEOUT, "verify": self._ca_file or True, **kwargs})
