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
from bot.rehearsal.people import CHANNEL_ID, TEAM_ID, TENANT_ID, Person
from bot.rehearsal.refusals import ConnectorError, blocked, no_activity, no_conversation, not_in_roster, not_installed
from bot.rehearsal.windows import Windows
from bot.rehearsal.world import CARD, Post, World, split_id

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.Response]]
MOST_BYTES = 100 * 1024
"""Published ceiling of one message, counted in UTF-16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Serves `/uk/v3/conversations...` to a bot that brings a token of the rehearsal's login."""

    app_id: str
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
            web.get(f"{one}/members", self._guard("roster", self._members)),
            web.get(f"{one}/pagedmembers", self._guard("roster", self._paged_members)),
            web.get(f"{one}/members/{{member}}", self._guard("roster", self._member)),
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
        try:
            person = self.world.people.find(str(members[0].get("id")))
        except LookupError:
            raise ConnectorError(400, "BadArgument", "Failed to decrypt the conversation id.") from None
        if person.object_id not in self.world.installed and not (person.in_channel and TEAM_ID in self.world.installed):
            raise not_installed()
        if isinstance(body.get("activity"), dict):
            self._say(person.chat_id, None, body["activity"])
        return web.json_response({"id": person.chat_id}, status=201)

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
            self._reachable(conversation)
            self.world.typing.add(conversation)
            self.world.touch()
            return web.json_response({}, status=202)
        posts = self._say(conversation, thread, activity)
        return web.json_response({"id": posts[0].id} if len(posts) == 1 else {}, status=201)

    def _say(self, conversation: str, thread: str | None, activity: Json) -> list[Post]:
        """Keep what the bot said; text and card together become two posts, as in Teams."""
        self._reachable(conversation)
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

    def _reachable(self, conversation: str) -> None:
        """Raise as the Connector does when the bot may not write there."""
        person = self._owner(conversation)
        if person is None:
            if TEAM_ID not in self.world.installed:
                raise ConnectorError(
                    403, "BotNotInConversationRoster", "The bot is not part of the conversation roster."
                )
        elif person.object_id in self.world.blocked:
            raise blocked()
        elif person.object_id not in self.world.installed and not self.world.said_in(conversation):
            raise not_installed()
        elif person.object_id not in self.world.installed:
            raise not_in_roster()

    def _owner(self, conversation: str) -> Person | None:
        try:
            return self.world.people.owner_of(conversation)
        except LookupError:
            raise no_conversation() from None

    async def _update(self, request: web.Request) -> web.Response:
        post = self._own_post(request)
        self._reachable(post.conversation)
        activity = await _body(request)
        self.world.update(post, activity)
        return web.json_response({"id": post.id})

    async def _delete(self, request: web.Request) -> web.Response:
        post = self._own_post(request)
        self._reachable(post.conversation)
        self.world.delete(post)
        return web.json_response({"id": post.id})

    def _own_post(self, request: web.Request) -> Post:
        conversation, _ = split_id(request.match_info["conversation"])
        self._owner(conversation)
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

    async def _members(self, request: web.Request) -> web.Response:
        return web.json_response([_member(person) for person in self._roster(request)])

    async def _paged_members(self, request: web.Request) -> web.Response:
        people = self._roster(request)
        start = int(request.query.get("continuationToken") or 0)
        size = max(1, min(500, int(request.query.get("pageSize") or 200)))
        page: Json = {"members": [_member(person) for person in people[start : start + size]]}
        if start + size < len(people):
            page["continuationToken"] = str(start + size)
        return web.json_response(page)

    async def _member(self, request: web.Request) -> web.Response:
        wanted = request.match_info["member"]
        for person in self._roster(request):
            if wanted in (person.teams_id, person.object_id):
                return web.json_response(_member(person))
        raise ConnectorError(404, "MemberNotFoundInConversation", "The user was not found in the conversation.")

    def _roster(self, request: web.Request) -> list[Person]:
        conversation, _ = split_id(request.match_info["conversation"])
        if conversation in (CHANNEL_ID, TEAM_ID):
            self._reachable(CHANNEL_ID)
            return [person for person in self.world.people.everybody if person.in_channel]
        owner = self._owner(conversation)
        return [owner] if owner else []


def _member(person: Person) -> Json:
    given, _, surname = person.name.removeprefix("Councillor ").partition(" ")
    return {
        "id": person.teams_id,
        "name": person.name,
        "objectId": person.object_id,
        "aadObjectId": person.object_id,
        "givenName": given,
        "surname": surname,
        "email": person.email,
        "userPrincipalName": person.email,
        "tenantId": TENANT_ID,
        "userRole": "guest" if person.part == "guest" else "user",
    }


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
