"""The HTTP API of the rehearsal page, and the page's files.

Loopback and same-origin only: a request whose `Host` is not the page's own address, or whose `Origin` is another,
gets 403. There is no CORS. Bodies and answers are JSON in UTF-8. A mistake in a request is answered 400 or 404 with
`{"error": "one plain sentence"}`. OID is a person's Entra object id.

GET  /api/people -> {"bot": {"name"}, "team": {"id", "name"}, "channel": {"id", "name"}, "tenant_id",
        "people": [{"object_id", "teams_id", "name", "first", "job",
                    "part": "staff|approver|owner|operator|bystander|guest",
                    "installed": bool, "blocked": bool, "in_channel": bool}]}

GET  /api/view?person=OID -> what that person's Teams shows now:
        {"version": int, "now": "2026-11-23T09:00:00+00:00", "person": {as above},
         "conversations": [CONVERSATION]}           personal chat first, then the channel (if a member)
     CONVERSATION {"id", "kind": "personal|channel", "name", "installed": bool, "typing": bool,
                   "activities": [ACTIVITY]}        oldest first
     ACTIVITY {"id", "conversation",                give both ids back in press, refresh and thumb
               "thread": id of the channel post it answers, or null (a post of its own, or a personal chat),
               "from": {"kind": "bot|person", "name", "object_id" or null}, "mine": bool,
               "time": ISO 8601, "edited": bool, "deleted": bool (then text "" and no cards),
               "text", "text_format": "markdown|plain|xml", "summary" or null,
               "cards": [Adaptive Card JSON, this person's own view of it],
               "view": "base|own"                   own: the cards are this person's, got by refresh or by pressing
               "refresh_due": bool                  the card's refresh names this person: call /api/refresh once
               "refresh_action": the Action.Execute of the card's refresh, or null
               "attachments": [{"content_type", "name", "url"}]    anything that is not a card
               "citations": [{"position", "name", "abstract", "url" or null, "text" or null}],   [1] in the text
               "ai_label": bool,
               "suggested_actions": [{"type", "title", "value"}],  only on the newest activity of the conversation
               "feedback": null (no thumbs) or {"mine": null | "like" | "dislike", "text": ""},
               "reactions": [{"type", "by": [names]}]}

GET  /api/events -> text/event-stream; `data: {"version": int}` at once and whenever anything changed.

POST /api/say      {"person", "text", "where": "personal|channel", "thread": id or null, "mention": bool = true,
                    "value": object or null, "attachments": [] }       -> RESULT plus "activity": its id
POST /api/press    {"person", "conversation", "activity", "action": the pressed action's JSON (its data included),
                    "inputs": {id: text}}           -> RESULT
        Action.Execute is sent as an invoke; Action.Submit as a message with a value, or as its
        data.msteams type says (imBack, messageBack); Action.OpenUrl and the other client-side actions are not sent.
POST /api/refresh  {"person", "conversation", "activity"}              -> RESULT (an automatic refresh of the card)
POST /api/thumb    {"person", "conversation", "activity", "reaction": "like|dislike", "text": ""}  -> RESULT
POST /api/react    {"person", "conversation", "activity", "type": "like|heart|...", "on": bool}    -> RESULT
POST /api/edit     {"person", "conversation", "activity", "text"}      -> RESULT (one's own message)
POST /api/delete   {"person", "conversation", "activity"}              -> RESULT (one's own message)
POST /api/install  {"person"}   POST /api/uninstall {"person"}         -> RESULT
POST /api/block    {"person", "on": bool}                              -> RESULT
     RESULT {"ok": bool, "kind": "none|card|message|error|unreachable|held", "text": what Teams would show, or ""}
        none: nothing to show. card: the card was replaced; the text is the warning at its top, if there is one.
        message, error: the bot's words, to show under the card.
        unreachable: the bot's answer is missing, empty or malformed, and the text says that the app was not reached.
        held: a fault keeps the activity back.

GET  /api/gallery -> {"cards": [{"name": "request-form", "card": Adaptive Card JSON or null, "error": "" or why}]}

GET  /api/faults -> {"kinds": [{"kind", "name": a few words, "what": one sentence,
                                "takes": [names of the fields it reads]}],
                     "faults": [{"id", "kind", "times" or null, "chance", "status" or null, "retry_after" or null,
                                 "seconds", "on"}], "limits": bool, "struck": int}
POST /api/faults   {"add": {"kind", "times"?, "chance"?, "status"?, "retry_after"?, "seconds"?, "on"?}} or
                   {"remove": id} or {"clear": true} or {"limits": bool}          -> as GET
GET  /api/clock  -> {"now": ISO 8601, "offset_seconds": number}
POST /api/clock    {"advance_seconds": number} or {"reset": true}      -> as GET

GET  /                 page/index.html        GET /page/NAME      page/NAME
GET  /vendor/adaptivecards/...   /vendor/markdown-it/...          the npm packages' files, from node_modules
     (e.g. /vendor/adaptivecards/dist/adaptivecards.min.js, /vendor/markdown-it/dist/browser/markdown-it.umd.min.js)
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.rehearsal.acts import Acts, conversations_of
from bot.rehearsal.answers import Result
from bot.rehearsal.faults import Faults
from bot.rehearsal.gallery import gallery
from bot.rehearsal.people import (
    BOT_NAME,
    CHANNEL_ID,
    CHANNEL_NAME,
    TEAM_ID,
    TEAM_NAME,
    TENANT_ID,
    Person,
)
from bot.rehearsal.seen import view
from bot.rehearsal.windows import Windows
from bot.rehearsal.world import World

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
FILES = Path(__file__).with_name("page")
VENDORS = ("adaptivecards", "markdown-it")
NOT_INSTALLED = "The page's parts are not installed yet: run `make run`, which runs npm once."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Serves the page and its API for one rehearsal."""

    world: World
    acts: Acts
    faults: Faults
    windows: Windows

    def application(self) -> web.Application:
        """The aiohttp application; bind it to loopback."""
        app = web.Application(middlewares=[same_origin, plain_errors])
        app.add_routes([web.get("/", _index), web.static("/page", FILES), web.get("/vendor/{path:.+}", _vendor)])
        reads = {"people": self._people, "view": self._view, "events": self._events, "gallery": _gallery}
        reads |= {"faults": self._get_faults, "clock": self._get_clock}
        app.add_routes([web.get(f"/api/{name}", handler) for name, handler in reads.items()])
        app.add_routes([web.post(f"/api/{act.__name__}", _answering(act)) for act in self.acts.all()])
        app.add_routes([web.post("/api/faults", self._set_faults), web.post("/api/clock", self._set_clock)])
        return app

    async def _people(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "bot": {"name": BOT_NAME},
                "team": {"id": TEAM_ID, "name": TEAM_NAME},
                "channel": {"id": CHANNEL_ID, "name": CHANNEL_NAME},
                "tenant_id": TENANT_ID,
                "people": [self._person(person) for person in self.world.people.everybody],
            }
        )

    def _person(self, person: Person) -> Json:
        names = ("object_id", "teams_id", "name", "first", "job", "part", "in_channel")
        state = {
            "installed": person.object_id in self.world.installed,
            "blocked": person.object_id in self.world.blocked,
        }
        return {**{name: getattr(person, name) for name in names}, **state}

    async def _view(self, request: web.Request) -> web.Response:
        person = self.world.people.find(request.query.get("person", ""))
        return web.json_response(
            {
                "version": self.world.version,
                "now": self.world.clock.now().isoformat(),
                "person": self._person(person),
                "conversations": [self._conversation(person, each) for each in conversations_of(person)],
            }
        )

    def _conversation(self, person: Person, conversation: str) -> Json:
        personal = conversation == person.chat_id
        return {
            "id": conversation,
            "kind": "personal" if personal else "channel",
            "name": BOT_NAME if personal else CHANNEL_NAME,
            "installed": (person.object_id if personal else TEAM_ID) in self.world.installed,
            "typing": conversation in self.world.typing,
            "activities": [seen.as_json() for seen in view(self.world, person, conversation)],
        }

    async def _events(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        while True:
            version = self.world.version
            await stream.write(f"data: {json.dumps({'version': version})}\n\n".encode())
            await self.world.change(since=version)

    async def _get_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({**self.faults.as_json(), "limits": self.windows.on})

    async def _set_faults(self, request: web.Request) -> web.Response:
        asked = await _body(request)
        if "add" in asked:
            self.faults.add(**asked["add"])
        if "remove" in asked:
            self.faults.remove(int(asked["remove"]))
        if asked.get("clear"):
            self.faults.clear()
        if "limits" in asked:
            self.windows.on = bool(asked["limits"])
        self.world.touch()
        return await self._get_faults(request)

    async def _get_clock(self, _request: web.Request) -> web.Response:
        clock = self.world.clock
        return web.json_response({"now": clock.now().isoformat(), "offset_seconds": clock.offset.total_seconds()})

    async def _set_clock(self, request: web.Request) -> web.Response:
        asked = await _body(request)
        if asked.get("reset"):
            self.world.clock.reset()
        self.world.clock.advance(timedelta(seconds=float(asked.get("advance_seconds", 0))))
        return await self._get_clock(request)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse whatever another site's page, or another name for this machine, asks for."""
    own = {f"{name}:{request.url.port}" for name in ("127.0.0.1", "localhost")}
    origin = request.headers.get("Origin")
    if request.host not in own or (origin is not None and origin not in {f"http://{host}" for host in own}):
        return _error(403, "The rehearsal answers only its own page on this machine.")
    return await handler(request)


@web.middleware
async def plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a mistake in a request with one sentence."""
    try:
        return await handler(request)
    except KeyError as error:
        return _error(400, f"the field {error} is missing")
    except (ValueError, TypeError, AttributeError) as error:
        return _error(400, str(error))
    except PermissionError as error:
        return _error(403, str(error))
    except LookupError as error:
        return _error(404, str(error))


def _error(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _answering(act: Callable[[Json], Awaitable[Result]]) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        result = await act(await _body(request))
        told = {"ok": result.ok, "kind": result.shown, "text": result.text}
        return web.json_response({**told, "activity": result.activity} if result.activity else told)

    return answer


async def _body(request: web.Request) -> Json:
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(FILES / "index.html")


async def _gallery(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"cards": gallery()})


async def _vendor(request: web.Request) -> web.StreamResponse:
    path = request.match_info["path"]
    modules = FILES.with_name("node_modules").resolve()
    file = (modules / path).resolve()
    if not any(file.is_relative_to(modules / vendor) for vendor in VENDORS):
        return _error(404, f"the page has no part {path!r}")
    return web.FileResponse(file) if file.is_file() else _error(404, NOT_INSTALLED)
