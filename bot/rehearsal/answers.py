"""How the Teams client reads the answer to an invoke."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from bot.rehearsal.cardview import warning
from bot.rehearsal.world import CARD

Json = dict[str, Any]
Shown = Literal["none", "card", "message", "error", "unreachable", "invalid", "held"]
UNREACHABLE = "Unable to reach app. Please try again."
MESSAGE = "application/vnd.microsoft.activity.message"
ERRORS = (
    "application/vnd.microsoft.error",
    "application/vnd.microsoft.error.preconditionFailed",
    "application/vnd.microsoft.error.inchatError",
    "application/vnd.microsoft.activity.loginRequest",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of an act: the HTTP status (0: none came), what Teams shows, in which words, and the card."""

    status: int = 0
    shown: Shown = "none"
    text: str = ""
    card: Json | None = None
    body: str = ""
    """The bot's answer as it came."""
    activity: str = ""
    """The id under which a person's own message stands."""

    @property
    def ok(self) -> bool:
        """Whether the bot took it and the person sees no error."""
        return 200 <= self.status < 300 and self.shown in ("none", "card", "message")


def unreachable(status: int, body: str) -> Result:
    """What an empty, malformed or missing answer comes to."""
    return Result(status=status, shown="unreachable", text=UNREACHABLE, body=body)


def read_message(status: int, body: str) -> Result:
    """Everything but an invoke: the answer's body counts for nothing, and the person sees no error."""
    return Result(status=status, body=body)


def read_feedback(status: int, body: str) -> Result:
    """`message/submitAction` wants 200 and a JSON object."""
    if status != 200 or not isinstance(_parsed(body), dict):
        return unreachable(status, body)
    return Result(status=status, body=body)


def read_card_action(status: int, body: str) -> Result:
    """`adaptiveCard/action` wants 200 and `{"statusCode", "type", "value"}`: a card, a message or an error."""
    answer = _parsed(body)
    if status != 200 or not isinstance(answer, dict):
        return unreachable(status, body)
    code, kind, value = answer.get("statusCode"), answer.get("type"), answer.get("value")
    if code == 200 and kind == CARD and isinstance(value, dict) and value.get("type") == "AdaptiveCard":
        return Result(status=status, shown="card", text=warning(value), card=value, body=body)
    if code == 200 and kind == MESSAGE and isinstance(value, str):
        return Result(status=status, shown="message", text=value, body=body)
    if type(code) is int and code >= 400 and kind in ERRORS and isinstance(value, dict) and "message" in value:
        return Result(status=status, shown="error", text=str(value["message"]), body=body)
    return unreachable(status, body)


def _parsed(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
