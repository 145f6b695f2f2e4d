"""A tiny bot for the tests of the rehearsal: checks each token with PyJWT and answers what the test tells it."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
from aiohttp import web

from bot.rehearsal import Rehearsal

Json = dict[str, Any]
Handler = Callable[[Json], Awaitable[object]]
EMPTY = object()
"""Answer with an empty body."""


@dataclass(slots=True, kw_only=True)
class StandIn:
    """`heard` keeps every activity; `answer` makes the body; `call` speaks to the Connector with a real token."""

    teams: Rehearsal
    session: aiohttp.ClientSession
    heard: list[Json] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: Handler | None = None
    token: str = ""

    async def messages(self, request: web.Request) -> web.Response:
        """The bot's endpoint."""
        try:
            claims = await self._verify(request.headers.get("Authorization", ""))
        except jwt.PyJWTError:
            return web.Response(status=401)
        activity = await request.json()
        if claims["serviceurl"] != activity["serviceUrl"]:
            return web.Response(status=403)
        self.heard.append(activity)
        body = await self.answer(activity) if self.answer else {}
        return web.Response(status=200) if body is EMPTY else web.json_response(body)

    async def _verify(self, header: str) -> Json:
        token = header.removeprefix("Bearer ")
        metadata = await self._get_json(self.teams.keys.metadata_url)
        published = {key["kid"]: key for key in (await self._get_json(metadata["jwks_uri"]))["keys"]}
        key = published.get(jwt.get_unverified_header(token).get("kid"))
        if key is None or "msteams" not in key["endorsements"]:
            raise jwt.InvalidKeyError
        claims: Json = jwt.decode(
            token,
            jwt.PyJWK(key).key,
            algorithms=["RS256"],
            issuer=metadata["issuer"],
            audience=self.teams.app_id,
            options={"require": ["exp", "nbf", "serviceurl"]},
        )
        return claims

    async def _get_json(self, url: str) -> Json:
        async with self.session.get(url) as response:
            answer: Json = await response.json()
            return answer

    async def log_in(self, **fields: str) -> tuple[int, Json]:
        """Ask the login endpoint for a token; `fields` replace what the form holds."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.teams.app_id,
            "client_secret": self.teams.secret,
            "scope": "https://api.botframework.com/.default",
        }
        tenant = fields.pop("tenant", self.teams.login.tenant_id)
        trusted = ssl.create_default_context(cafile=self.teams.ca_file)
        url = f"{self.teams.login.base_url}/{tenant}/oauth2/v2.0/token"
        async with self.session.post(url, data={**form, **fields}, ssl=trusted) as response:
            answer = await response.json() if response.content_type == "application/json" else {}
            self.token = answer.get("access_token", self.token)
            return response.status, answer

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """One call of the Connector; logs in first where that has not been done."""
        if not self.token:
            await self.log_in()
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.teams.wire.service_url}v3/conversations{path}"
        async with self.session.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def say(self, conversation: str, text: str, **more: object) -> str:
        """Send a text and return its activity id."""
        status, answer = await self.call(
            "POST", f"/{conversation}/activities", {"type": "message", "text": text, **more}
        )
        assert status == 201, answer
        return str(answer["id"])

    async def show(self, conversation: str, content: Json) -> str:
        """Send a card and return its activity id."""
        status, answer = await self.call("POST", f"/{conversation}/activities", carded(content))
        assert status == 201, answer
        return str(answer["id"])


def carded(content: Json, **more: object) -> Json:
    """A message that is nothing but a card."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment], **more}


def card(*body: Json, actions: list[Json] | None = None, **more: object) -> Json:
    """An Adaptive Card of those elements."""
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": actions or [], **more}


def text_block(text: str) -> Json:
    """A line on a card."""
    return {"type": "TextBlock", "text": text}


def replaced_by(content: Json) -> Json:
    """An invoke's answer that replaces the card."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": content}


def answering(body: object) -> Handler:
    """Answer every activity alike."""

    async def answer(_activity: Json) -> object:
        return body

    return answer


@asynccontextmanager
async def stand_in(teams: Rehearsal) -> AsyncIterator[StandIn]:
    """A bot that listens where the rehearsal sends."""
    async with aiohttp.ClientSession() as session:
        bot = StandIn(teams=teams, session=session)
        app = web.Application()
        app.add_routes([web.post("/api/messages", bot.messages)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        teams.bot_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield bot
        finally:
            await runner.cleanup()
