"""The Connector of the rehearsal: where the bot sends, edits and asks who is there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.rehearsal.faults import Faults
from bot.rehearsal.login import Login
from bot.rehearsal.people import CHANNEL_ID, TENANT_ID
from bot.rehearsal.reach import check_reach, owner_of
from bot.rehearsal.refusals import ConnectorError, no_activity, no_conversation
from bot.rehearsal.roster import Roster
from bot.rehearsal.windows import Windows
from bot.rehearsal.world import CARD, Post, World, split_id

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.Response]]
MOST_BYTES = 100 * 1024
"""Published ceiling of one message, counted in UTF-16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Serves `/uk/v3/conversations...` to a bot that brings a token of the rehearsal's login."""

    world: World
    login: Login
    faults: Faults
    windows: Windows

    def routes(self) -> list[web.RouteDef]:
        """Every call a bot may make."""
        one = "/uk/v3/conversations/{conversation}"
        return [
            web.post("/uk/v3/conversations", self._guard("create", self._create)),
            web.post(f"{one}/activities", self._guard("send", self._send)),
            web.post(f"{one}/activities/{{activity}}", self._guard("reply", self._send)),
            web.put(f"{one}/activities/{{activity}}", self._guard("update", self._update)),
            web.delete(f"{one}/activities/{{activity}}", self._guard("delete", self._delete)),
            *(web.get(f"{one}/{path}", self._guard("roster", ask)) for path, ask in Roster(self.world).asks()),
        ]

    def _guard(self, operation: str, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            if not self.login.accepts(request.headers.get("Authorization", "").removeprefix("Bearer ")):
                return web.json_response({"message": "Authorization has been denied for this request."}, status=401)
            try:
                places = (operation, await _lane(request))
                return await self._suffer(request, places, handler)
            except ConnectorError as error:
                return error.response()

        return guarded

    async def _suffer(self, request: web.Request, places: tuple[str, str], handler: Handler) -> web.Response:
        """Answer, unless a published limit or a fault comes between."""
        if (wait := self.windows.take(None if places[0] == "roster" else places[1])) is not None:
            return ConnectorError(429, "Throttled", "Too many requests.").response(**{"Retry-After": str(wait)})
        if fault := self.faults.strike("status", *places):
            headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
            return ConnectorError(fault.status, "ServiceError", "A fault was asked for.").response(**headers)
        if fault := self.faults.strike("hang", *places):
            await asyncio.sleep(fault.seconds)
            raise ConnectorError(504, "ServiceError", "The service did not answer in time.")
        answer = await handler(request)
        if fault := self.faults.strike("delay", *places):
            await asyncio.sleep(fault.seconds)
        if self.faults.strike("lost", *places) and request.transport:
            request.transport.abort()
        return answer

    async def _create(self, request: web.Request) -> web.Response:
        body = await _body(request)
        tenant = body.get("tenantId") or body.get("channelData", {}).get("tenant", {}).get("id")
        if tenant != TENANT_ID:
            raise ConnectorError(400, "BadArgument", f"Unknown tenant {tenant!r}.")
        if body.get("isGroup"):
            return self._create_thread(body)
        members = body.get("members") or []
        if len(members) != 1:
            raise ConnectorError(400, "BadSyntax", "Bot can only create conversations with a single member.")
        chat = self._chat_with(str(members[0].get("id")))
        check_reach(self.world, chat)
        if isinstance(body.get("activity"), dict):
            self._say(chat, None, body["activity"])
        return web.json_response({"id": chat}, status=201)

    def _chat_with(self, teams_id: str) -> str:
        """The chat of a person named by their `29:` id; names and object ids are not taken."""
        try:
            person = self.world.people.find(teams_id)
        except LookupError:
            person = None
        if person is None or person.teams_id != teams_id:
            raise ConnectorError(400, "BadArgument", f"{teams_id!r} is not the id of a member.")
        return person.chat_id

    def _create_thread(self, body: Json) -> web.Response:
        channel = body.get("channelData", {}).get("channel", {}).get("id")
        if channel != CHANNEL_ID:
            raise no_conversation()
        if not isinstance(body.get("activity"), dict):
            raise ConnectorError(400, "BadSyntax", "Activity is required to start a thread.")
        post = self._say(CHANNEL_ID, None, body["activity"])[0]
        return web.json_response({"id": f"{CHANNEL_ID};messageid={post.id}", "activityId": post.id}, status=201)

    async def _send(self, request: web.Request) -> web.Response:
        conversation, thread = split_id(request.match_info["conversation"])
        activity = await _body(request)
        if activity.get("type") == "typing":
            check_reach(self.world, conversation)
            self.world.typing.add(conversation)
            self.world.touch()
            return web.json_response({}, status=202)
        posts = self._say(conversation, thread, activity)
        return web.json_response({"id": posts[0].id} if len(posts) == 1 else {}, status=201)

    def _say(self, conversation: str, thread: str | None, activity: Json) -> list[Post]:
        """Keep what the bot said; text and card together become two posts, as in Teams."""
        check_reach(self.world, conversation)
        if activity.get("type", "message") != "message":
            raise ConnectorError(400, "BadSyntax", f"Unknown activity type {activity.get('type')!r}.")
        if thread is not None:
            self._post(CHANNEL_ID, thread)
        parts = [activity]
        if activity.get("text") and activity.get("attachments"):
            parts = [
                {key: value for key, value in activity.items() if key != "attachments"},
                {key: value for key, value in activity.items() if key != "text"},
            ]
        elif not activity.get("text") and not activity.get("attachments"):
            raise ConnectorError(400, "BadSyntax", "Activity must have text or attachments.")
        for card in (a for a in activity.get("attachments") or [] if a.get("contentType") == CARD):
            if not isinstance(card.get("content"), dict):
                raise ConnectorError(400, "BadArgument", "The attachment's content is not an Adaptive Card.")
        return [self.world.add(conversation, None, part, thread) for part in parts]

    async def _update(self, request: web.Request) -> web.Response:
        post = self._own_post(request)
        check_reach(self.world, post.conversation)
        activity = await _body(request)
        self.world.update(post, activity)
        return web.json_response({"id": post.id})

    async def _delete(self, request: web.Request) -> web.Response:
        post = self._own_post(request)
        check_reach(self.world, post.conversation)
        self.world.delete(post)
        return web.json_response({"id": post.id})

    def _own_post(self, request: web.Request) -> Post:
        conversation, _ = split_id(request.match_info["conversation"])
        owner_of(self.world, conversation)
        post = self._post(conversation, request.match_info["activity"])
        if post.author is not None:
            raise ConnectorError(403, "BadArgument", "A bot can change its own activities only.")
        return post

    def _post(self, conversation: str, activity_id: str) -> Post:
        try:
            post = self.world.find(conversation, activity_id)
        except LookupError:
            raise no_activity() from None
        if post.deleted:
            raise no_activity()
        return post


async def _lane(request: web.Request) -> str:
    """The conversation a call counts for; a creation counts for the channel or chat it leads to."""
    if "conversation" in request.match_info:
        return split_id(request.match_info["conversation"])[0]
    body = await _body(request)
    if body.get("isGroup"):
        return str(body.get("channelData", {}).get("channel", {}).get("id"))
    return str((body.get("members") or [{}])[0].get("id"))


async def _body(request: web.Request) -> Json:
    text = await request.text()
    if len(text.encode("utf-16-le")) > MOST_BYTES:
        raise ConnectorError(413, "MessageSizeTooBig", "Message size too large.")
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ConnectorError(400, "BadSyntax", "The body is not a JSON object.")
    return body
