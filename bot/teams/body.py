"""The body of a request: JSON in, an activity in which everything the bot reads has the right type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DEEP = 60
"""Levels of nesting beyond which a body is refused; cards need about ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request was not let in: an HTTP status and a reason in the form `noun.fault`."""

    status: int
    reason: str


def parse(body: bytes) -> Mapping[str, Any] | Refusal:
    """The activity in a body, with everything the bot reads of the right type; 400 otherwise."""
    try:
        activity = _DECODER.decode(body.decode())
        if _suspicious(body):
            _inspect(activity, DEEP)
    except (ValueError, RecursionError):
        return Refusal(status=400, reason="body.malformed")
    fault = _misshapen(activity)
    return Refusal(status=400, reason=fault) if fault else activity


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _suspicious(body: bytes) -> bool:
    """Whether a body can hold what `_inspect` refuses; most hold nothing of the kind and skip the walk."""
    return b"\\u" in body or body.count(b"[") + body.count(b"{") > DEEP


def _inspect(value: object, depth: int) -> None:
    """Refuse what JSON allows and a database does not: lone surrogates, NUL, nesting without end."""
    if depth == 0:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("holds a NUL")
        value.encode()
    elif isinstance(value, dict):
        for key, item in value.items():
            _inspect(key, depth - 1)
            _inspect(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _inspect(item, depth - 1)


def _misshapen(activity: object) -> str:
    """Which part of an activity is missing or of the wrong type, or an empty string."""
    if not isinstance(activity, dict):
        return "activity.object"
    for name in ("type", "channelId", "serviceUrl"):
        if not isinstance(activity.get(name), str) or not activity[name]:
            return f"activity.{name}"
    for name, kind in _OPTIONAL.items():
        if not isinstance(activity.get(name), kind | None):
            return f"activity.{name}"
    if activity["type"] in ("message", "invoke") and not activity.get("id"):
        return "activity.id"
    return _misshapen_parties(activity)


_OPTIONAL: Mapping[str, type] = {
    "id": str,
    "replyToId": str,
    "text": str,
    "name": str,
    "action": str,
    "conversation": dict,
    "from": dict,
    "recipient": dict,
    "channelData": dict,
    "entities": list,
    "membersAdded": list,
    "membersRemoved": list,
}


def _misshapen_parties(activity: Mapping[str, Any]) -> str:
    conversation = activity.get("conversation") or {}
    if not isinstance(conversation.get("id"), str) or not conversation["id"]:
        return "activity.conversation.id"
    if not isinstance(conversation.get("conversationType"), str | None):
        return "activity.conversation.conversationType"
    for party in ("from", "recipient"):
        for name in ("id", "name", "aadObjectId"):
            if not isinstance((activity.get(party) or {}).get(name), str | None):
                return f"activity.{party}.{name}"
    return ""
