"""The rehearsal's Entra: hands the bot its own tokens, over TLS, for its secret or a signed assertion."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from bot.rehearsal.faults import Faults

SCOPE = "https://api.botframework.com/.default"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class RefusedError(Exception):
    """Why no token is given, as Entra words it."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


@dataclass(slots=True, kw_only=True)
class Login:
    """Serves `POST /{tenant}/oauth2/v2.0/token`; `requests` counts the calls, `expires_in` is seconds."""

    app_id: str
    secret: str
    tenant_id: str
    public_key: RSAPublicKey
    """The key of the certificate registered for the app."""
    faults: Faults
    base_url: str = ""
    expires_in: int = 3600
    requests: int = 0
    _issued: dict[str, float] = field(default_factory=dict)

    def accepts(self, token: str) -> bool:
        """Whether this is a token given out here that has not expired."""
        return self._issued.get(token, 0) > time.time()

    def revoke(self) -> None:
        """Let every token given out so far count for nothing."""
        self._issued.clear()

    def routes(self) -> list[web.RouteDef]:
        """What MSAL asks for."""
        return [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._configuration),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    async def _configuration(self, request: web.Request) -> web.Response:
        authority = f"{self.base_url}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{authority}/v2.0",
                "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
                "token_endpoint": f"{authority}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        self.requests += 1
        if fault := self.faults.strike("login_slow"):
            await asyncio.sleep(fault.seconds)
        if self.faults.strike("login_down"):
            raise web.HTTPServiceUnavailable
        form = {name: str(value) for name, value in (await request.post()).items()}
        try:
            self._check(request.match_info["tenant"], form, str(request.url))
        except RefusedError as no:
            return web.json_response({"error": no.error, "error_description": no.description}, status=no.status)
        token = secrets.token_urlsafe(48)
        self._issued[token] = time.time() + self.expires_in
        return web.json_response({"token_type": "Bearer", "expires_in": self.expires_in, "access_token": token})

    def _check(self, tenant: str, form: Mapping[str, str], url: str) -> None:
        if tenant != self.tenant_id:
            raise RefusedError(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.")
        if form.get("grant_type") != "client_credentials":
            raise RefusedError(400, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.")
        if SCOPE not in form.get("scope", "").split():
            raise RefusedError(400, "invalid_scope", f"AADSTS70011: The scope {form.get('scope')!r} is not valid.")
        if form.get("client_id") != self.app_id:
            raise RefusedError(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.")
        if form.get("client_assertion_type") == ASSERTION_TYPE:
            self._check_assertion(form.get("client_assertion", ""), url)
        elif not secrets.compare_digest(form.get("client_secret", "").encode(), self.secret.encode()):
            raise RefusedError(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")

    def _check_assertion(self, assertion: str, url: str) -> None:
        try:
            jwt.decode(
                assertion,
                self.public_key,
                algorithms=["RS256", "PS256"],
                audience=url,
                issuer=self.app_id,
                options={"require": ["exp", "jti", "sub"]},
            )
        except jwt.InvalidTokenError as error:
            raise RefusedError(401, "invalid_client", f"AADSTS700027: The assertion is not valid: {error}.") from error
