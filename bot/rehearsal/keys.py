"""The signing keys of the rehearsal: OpenID metadata, key set, and the tokens Teams sends to a bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.rehearsal.faults import Faults

ISSUER = "https://api.botframework.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One RSA key and the name it is published under."""

    kid: str
    private: RSAPrivateKey
    endorsements: tuple[str, ...] = ("msteams",)

    def published(self) -> dict[str, Any]:
        """The key as it stands in the key set."""
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "use": "sig", "kid": self.kid, "x5t": self.kid, "endorsements": list(self.endorsements)}


def new_key(kid: str, endorsements: tuple[str, ...] = ("msteams",)) -> SigningKey:
    """A fresh key; it is published only once it stands in `Keys.published`."""
    return SigningKey(kid=kid, private=generate_private_key(65537, 2048), endorsements=endorsements)


class Keys:
    """Publishes keys under `/v1/.well-known/` and signs with the newest; `fetches` counts requests for the key set."""

    def __init__(self, app_id: str, faults: Faults) -> None:
        self.app_id = app_id
        self.faults = faults
        self.published = [new_key("rehearsal-1")]
        self.base_url = ""
        self.fetches = 0
        self._in_use: dict[tuple[str, str], tuple[float, str]] = {}

    @property
    def metadata_url(self) -> str:
        """Where the OpenID metadata stands."""
        return f"{self.base_url}/v1/.well-known/openidconfiguration"

    def rotate(self, keep: bool = False) -> SigningKey:
        """Sign with a new key from now on; the old ones are withdrawn unless kept."""
        fresh = new_key(f"rehearsal-{int(self.published[0].kid.rpartition('-')[2]) + 1}")
        self.published = [fresh, *(self.published if keep else [])]
        return fresh

    def current_token(self, service_url: str) -> str:
        """The genuine token the channel uses for half an hour before it signs another."""
        now, place = time.time(), (self.published[0].kid, service_url)
        made, token = self._in_use.get(place, (0.0, ""))
        if made < now - 1800:
            made, token = now, self.token(service_url)
            self._in_use[place] = made, token
        return token

    def token(
        self,
        service_url: str,
        *,
        key: SigningKey | None = None,
        secret: str | None = None,
        headers: Mapping[str, object] | None = None,
        algorithm: str = "RS256",
        **claims: object,
    ) -> str:
        """A token as Teams signs it, valid for an hour; `claims` replace its claims (None leaves one out).

        `secret` stands in for the private key with algorithms that are not RSA: "" with `none`, a text with `HS256`.
        """
        signing, now = key or self.published[0], int(time.time())
        genuine = {
            "serviceurl": service_url,
            "iss": ISSUER,
            "aud": self.app_id,
            "nbf": now - 60,
            "exp": now + 3600,
        }
        payload = {name: value for name, value in {**genuine, **claims}.items() if value is not None}
        return jwt.encode(
            payload,
            signing.private if secret is None else secret,
            algorithm=algorithm,
            headers={"kid": signing.kid, "x5t": signing.kid, **(headers or {})},
        )

    def routes(self) -> list[web.RouteDef]:
        """What the issuer serves."""
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._key_set),
        ]

    async def _metadata(self, _request: web.Request) -> web.Response:
        await self._fail()
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{self.base_url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def _key_set(self, _request: web.Request) -> web.Response:
        self.fetches += 1
        await self._fail()
        return web.json_response({"keys": [key.published() for key in self.published]})

    async def _fail(self) -> None:
        if fault := self.faults.strike("keys_slow"):
            await asyncio.sleep(fault.seconds)
        if self.faults.strike("keys_down"):
            raise web.HTTPServiceUnavailable
