"""Who is in a conversation, as the Connector lists them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.rehearsal.people import CHANNEL_ID, TEAM_ID, TENANT_ID, Person
from bot.rehearsal.reach import check_reach, owner_of
from bot.rehearsal.refusals import ConnectorError
from bot.rehearsal.world import World, split_id

Json = dict[str, Any]
Ask = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Roster:
    """Answers for whole rosters, pages of them (at most 500 members) and single members."""

    world: World

    def asks(self) -> list[tuple[str, Ask]]:
        """Each path below a conversation with what answers it."""
        return [("members", self._all), ("pagedmembers", self._page), ("members/{member}", self._one)]

    async def _all(self, request: web.Request) -> web.Response:
        return web.json_response([_member(person) for person in self._people(request)])

    async def _page(self, request: web.Request) -> web.Response:
        people = self._people(request)
        start = int(request.query.get("continuationToken") or 0)
        size = max(1, min(500, int(request.query.get("pageSize") or 200)))
        page: Json = {"members": [_member(person) for person in people[start : start + size]]}
        if start + size < len(people):
            page["continuationToken"] = str(start + size)
        return web.json_response(page)

    async def _one(self, request: web.Request) -> web.Response:
        wanted = request.match_info["member"]
        for person in self._people(request):
            if wanted in (person.teams_id, person.object_id):
                return web.json_response(_member(person))
        raise ConnectorError(404, "MemberNotFoundInConversation", "The user was not found in the conversation.")

    def _people(self, request: web.Request) -> list[Person]:
        conversation, _ = split_id(request.match_info["conversation"])
        if conversation in (CHANNEL_ID, TEAM_ID):
            check_reach(self.world, conversation)
            return [person for person in self.world.people.everybody if person.in_channel]
        owner = owner_of(self.world, conversation)
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
