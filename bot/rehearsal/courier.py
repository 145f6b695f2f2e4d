"""Carries activities to the bot as the channel does: signed, repeated when no answer comes, sometimes out of order."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp

from bot.rehearsal.faults import Faults
from bot.rehearsal.keys import Keys

Json = dict[str, Any]
Answer = tuple[int, str]
NONE: Answer = (0, "")


class Courier:
    """Posts to the bot; `patience` is seconds until an unanswered activity is sent again, `tries` how often in all."""

    def __init__(self, keys: Keys, faults: Faults, address: Callable[[], str]) -> None:
        self._keys = keys
        self._faults = faults
        self._address = address
        self._session: aiohttp.ClientSession | None = None
        self._held: list[Json] = []
        self.patience = 15.0
        self.tries = 2

    async def start(self) -> None:
        """Open the connections."""
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None))

    async def stop(self) -> None:
        """Close the connections; what is still held back is lost."""
        if self._session:
            await self._session.close()

    async def deliver(self, activity: Json) -> Answer | None:
        """The bot's status and body, (0, "") when it cannot be reached; None when a fault holds the activity back."""
        where = activity["conversation"]["id"].partition(";")[0]
        if activity["type"] == "message" and self._faults.strike("reorder", activity["type"], where):
            self._held.append(activity)
            return None
        copies = 2 if self._faults.strike("duplicate", activity["type"], where) else 1
        answers = await asyncio.gather(*(self._insist(activity) for _ in range(copies)))
        if self._faults.strike("repeat", activity["type"], where):
            await self._insist({**activity, "id": f"f:{uuid.uuid4()}"})
        await self.release()
        return answers[0]

    async def release(self) -> None:
        """Deliver now what was held back."""
        held, self._held = self._held, []
        for activity in held:
            await self._insist(activity)

    async def post(self, activity: Json | bytes, token: str | None, **headers: str) -> Answer:
        """One bare POST to the bot's messages endpoint, for any body and any token."""
        if self._session is None:
            raise RuntimeError("the courier has not been started")
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        sent = {"Content-Type": "application/json; charset=utf-8", **headers}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        async with self._session.post(self._address(), data=body, headers=sent) as response:
            return response.status, await response.text(errors="replace")

    async def _insist(self, activity: Json) -> Answer:
        for _ in range(self.tries):
            try:
                async with asyncio.timeout(self.patience):
                    return await self.post(activity, self._keys.current_token(str(activity["serviceUrl"])))
            except TimeoutError:
                continue
            except aiohttp.ClientError:
                break
        return NONE
