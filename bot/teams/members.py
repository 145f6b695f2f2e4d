"""Who is in the approvers' team, and so sees their channel: Teams lists members by team."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from bot.errors import SendError
from bot.ports import Member
from bot.teams.connector import Connector

AGE = 300.0
"""Seconds for which the list is believed."""
MOST = 60
"""The most people for whom Teams refreshes a card by itself."""


class Members:
    """The channel's members, kept for some minutes; the last list serves while Teams is ill."""

    def __init__(
        self,
        *,
        connector: Connector,
        service_url: str,
        team_id: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connector = connector
        self._service_url = service_url
        self._team_id = team_id
        self._clock = clock
        self._members: tuple[Member, ...] = ()
        self._fetched = float("-inf")
        self._one_at_a_time = asyncio.Lock()
        self._log = structlog.get_logger()

    async def all(self) -> tuple[Member, ...]:
        """Everybody in the channel; raises SendError only where nothing was ever fetched."""
        async with self._one_at_a_time:
            if self._clock() - self._fetched > AGE:
                await self._fetch()
        return self._members

    async def teams_ids(self, object_ids: Iterable[str]) -> list[str]:
        """The `29:` ids of these people, leaving out who is not in the channel; empty while Teams cannot say."""
        wanted = frozenset(object_ids)
        try:
            members = await self.all() if wanted else ()
        except SendError as error:
            self._log.warning("members.unavailable", failure=error.failure, status=error.status)
            return []
        return [member.teams_id for member in members if member.object_id in wanted][:MOST]

    async def _fetch(self) -> None:
        try:
            found = await self._connector.members(self._service_url, self._team_id)
        except SendError:
            if not self._members:
                raise
            self._log.warning("members.kept", count=len(self._members))
        else:
            self._members = tuple(_member(entry) for entry in found)
        self._fetched = self._clock()


def _member(entry: Mapping[str, Any]) -> Member:
    """One member; the interface says `objectId`, its documentation `aadObjectId`."""
    return Member(
        object_id=str(entry.get("aadObjectId") or entry.get("objectId") or ""),
        teams_id=str(entry.get("id") or ""),
        name=str(entry.get("name") or ""),
    )
