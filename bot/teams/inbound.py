"""Who may speak to the bot: the checks an HTTP request passes before any handler runs.

The rules are those of the Bot Connector authentication specification, plus our own tenant: the token is checked
before the body is read, the body before anything acts on it. A refusal is a value, not an exception.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
import structlog

from bot.errors import AssistantError
from bot.teams.body import Refusal, parse
from bot.teams.hosts import AllowedHosts
from bot.teams.keys import Keys, SigningKey

ISSUER = "https://api.botframework.com"
LEEWAY = 300.0
"""Seconds by which clocks may differ."""
CHANNEL = "msteams"
_REQUIRED_CLAIMS = ["iss", "aud", "exp", "nbf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What a valid token vouches for."""

    service_url: str
    channels: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Somebody from another tenant whose activity was refused."""

    tenant_id: str
    object_id: str
    conversation_id: str
    activity_id: str


class Gate(Protocol):
    """Decides who gets in."""

    async def caller(self, authorization: Sequence[str]) -> Caller | Refusal:
        """Check the Authorization headers of a request."""

    async def activity(self, caller: Caller, body: bytes) -> Mapping[str, Any] | Refusal:
        """Parse a body and check it against what the token vouches for."""

    def bar(self) -> str:
        """Why nobody can be let in at present, or an empty string."""


class TokenGate:
    """Lets in activities that the Bot Framework signed for this bot, from Teams, from our tenant."""

    def __init__(
        self,
        *,
        app_id: str,
        tenant_id: str,
        keys: Keys,
        hosts: AllowedHosts,
        stranger: Callable[[Stranger], Awaitable[None]],
    ) -> None:
        self._app_id = app_id
        self._tenant_id = tenant_id
        self._keys = keys
        self._hosts = hosts
        self._stranger = stranger
        self._log = structlog.get_logger()

    async def caller(self, authorization: Sequence[str]) -> Caller | Refusal:
        """Check header, algorithm, key, signature, issuer, audience and times; every fault is a 401."""
        token = _token(authorization)
        kid = _kid(token)
        if not kid:
            return Refusal(status=401, reason="token.malformed" if token else "token.missing")
        found = await self._keys.find(kid)
        if found is None:
            return Refusal(status=401, reason="token.key")
        claims = self._claims(token, found)
        if isinstance(claims, Refusal):
            return claims
        service_url = claims.get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            return Refusal(status=401, reason="token.service_url")
        return Caller(service_url=service_url, channels=found.endorsements)

    async def activity(self, caller: Caller, body: bytes) -> Mapping[str, Any] | Refusal:
        """Check shape (400), then channel, service URL and tenant (403)."""
        activity = parse(body)
        if isinstance(activity, Refusal):
            return activity
        reason = self._bar(caller, activity)
        if reason:
            return Refusal(status=403, reason=reason)
        foreign = _foreign(activity, self._tenant_id)
        if foreign is not None:
            await self._report(foreign)
            return Refusal(status=403, reason="activity.tenant")
        return activity

    def bar(self) -> str:
        """Without keys no token can be checked."""
        return self._keys.bar()

    def _claims(self, token: str, signing: SigningKey) -> Mapping[str, Any] | Refusal:
        try:
            return jwt.decode(
                token,
                signing.key,
                algorithms=["RS256"],
                issuer=ISSUER,
                audience=self._app_id,
                leeway=LEEWAY,
                options={"require": _REQUIRED_CLAIMS, "strict_aud": True},
            )
        except jwt.PyJWTError as error:
            return Refusal(status=401, reason=f"token.{type(error).__name__.removesuffix('Error')}")

    def _bar(self, caller: Caller, activity: Mapping[str, Any]) -> str:
        if activity["channelId"] != CHANNEL:
            return "activity.channel"
        if CHANNEL not in caller.channels:
            return "token.endorsement"
        if activity["serviceUrl"] != caller.service_url:
            return "activity.service_url"
        return self._hosts.bar(caller.service_url)

    async def _report(self, stranger: Stranger) -> None:
        """Have the stranger audited; a failing audit does not let anybody in."""
        try:
            await self._stranger(stranger)
        except AssistantError:
            self._log.exception("stranger.not_recorded")


def _token(authorization: Sequence[str]) -> str:
    """The bearer token; empty where there is not exactly one."""
    if len(authorization) != 1:
        return ""
    scheme, _, token = authorization[0].partition(" ")
    return token if scheme.lower() == "bearer" and token.isascii() else ""


def _kid(token: str) -> str:
    """The key id of a token that claims to be RS256, else an empty string; PyJWT would decode all of it for this."""
    encoded = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, RecursionError):
        return ""
    if not isinstance(header, dict) or header.get("alg") != "RS256":
        return ""
    kid = header.get("kid")
    return kid if isinstance(kid, str) else ""


def _foreign(activity: Mapping[str, Any], tenant_id: str) -> Stranger | None:
    """The stranger behind an activity that is not wholly of our tenant, else None."""
    tenant = (activity.get("channelData") or {}).get("tenant")
    named = [activity["conversation"].get("tenantId"), tenant.get("id") if isinstance(tenant, dict) else None]
    if all(name == tenant_id for name in named):
        return None
    other = next((name for name in named if isinstance(name, str) and name != tenant_id), "")
    return Stranger(
        tenant_id=other,
        object_id=(activity.get("from") or {}).get("aadObjectId") or "",
        conversation_id=activity["conversation"]["id"],
        activity_id=activity.get("id") or "",
    )
