"""The way in for Microsoft's Agents Playground, which signs nothing and wants no token.

Only `bot.teams.edge.open_playground` builds these, and it takes no credentials: a bot that has some cannot be opened
this way. Activities are taken from loopback service URLs only.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.teams.body import Refusal, parse
from bot.teams.hosts import LOOPBACK, AllowedHosts
from bot.teams.inbound import CHANNEL, Caller

CHANNELS = frozenset({CHANNEL, "emulator"})


class PlaygroundGate:
    """Lets in unsigned activities of a Playground on this machine."""

    def __init__(self) -> None:
        self._hosts = AllowedHosts(names=LOOPBACK)

    async def caller(self, authorization: Sequence[str]) -> Caller | Refusal:
        """Nobody is vouched for; a request that brings a token meant another bot."""
        if authorization:
            return Refusal(status=401, reason="token.in_playground")
        return Caller(service_url="", channels=CHANNELS)

    async def activity(self, caller: Caller, body: bytes) -> Mapping[str, Any] | Refusal:
        """Check shape (400), then channel and service URL (403)."""
        activity = parse(body)
        if isinstance(activity, Refusal):
            return activity
        reason = "" if activity["channelId"] in caller.channels else "activity.channel"
        reason = reason or self._hosts.bar(activity["serviceUrl"])
        return Refusal(status=403, reason=reason) if reason else activity

    def bar(self) -> str:
        """There is nothing to wait for."""
        return ""


class NoToken:
    """The Playground's Connector takes calls without a token."""

    async def current(self) -> str:
        """No token."""
        return ""

    async def after(self, refused: str) -> str:
        """No other token either."""
        return ""
