"""What an activity of Teams means to us: the JSON of the wire in, a Turn out."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.ports import Conversation, Scope
from bot.turns import Turn, TurnKind

_SCOPES: Mapping[str, Scope] = {"personal": "personal", "groupChat": "group", "channel": "channel"}


def read_turn(activity: Mapping[str, Any]) -> Turn:
    """The Turn in a checked activity; whatever asks nothing of us becomes IGNORED."""
    kind = _kind(activity)
    verb, data = _pressed(activity) if kind is TurnKind.ACTION else ("", {})
    if kind is TurnKind.FEEDBACK:
        data = _rating(activity)
    sender = activity.get("from") or {}
    return Turn(
        kind=kind,
        activity_id=activity.get("id") or "",
        conversation=_conversation(activity),
        object_id=sender.get("aadObjectId") or "",
        teams_id=sender.get("id") or "",
        name=sender.get("name") or "",
        text=_said(activity) if kind is TurnKind.MESSAGE else "",
        verb=verb,
        data=data,
        card_id=activity.get("replyToId") or "",
        automatic=_automatic(activity),
    )


def submitted(activity: Mapping[str, Any]) -> bool:
    """Whether a message is a pressed Action.Submit, the older shape of a card's answer."""
    return activity["type"] == "message" and isinstance(activity.get("value"), dict)


def _kind(activity: Mapping[str, Any]) -> TurnKind:
    match activity["type"], activity.get("name"), activity.get("action"):
        case "message", _, _ if submitted(activity):
            return TurnKind.ACTION
        case "message", _, _:
            return TurnKind.MESSAGE if _is_to_us(activity) else TurnKind.IGNORED
        case "invoke", "adaptiveCard/action", _:
            return TurnKind.ACTION
        case "invoke", "message/submitAction", _:
            return TurnKind.FEEDBACK
        case "installationUpdate", _, "add" | "add-upgrade":
            return TurnKind.INSTALLED
        case "installationUpdate", _, "remove" | "remove-upgrade":
            return TurnKind.UNINSTALLED
        case "conversationUpdate", _, _:
            return _membership(activity)
    return TurnKind.IGNORED


def _membership(activity: Mapping[str, Any]) -> TurnKind:
    """Whether the bot itself came or went; other members' coming is not looked at, and nobody is looked up."""
    bot = (activity.get("recipient") or {}).get("id")
    for field, kind in (("membersAdded", TurnKind.INSTALLED), ("membersRemoved", TurnKind.UNINSTALLED)):
        members = activity.get(field) or ()
        if bot and any(isinstance(member, dict) and member.get("id") == bot for member in members):
            return kind
    return TurnKind.IGNORED


def _pressed(activity: Mapping[str, Any]) -> tuple[str, Mapping[str, object]]:
    """Verb and data of a pressed card: Action.Execute names the verb itself, Action.Submit carries it in its data."""
    value = activity.get("value")
    if activity["type"] == "message":
        data = dict(_object(value))
        verb = data.pop("verb", "")
        data.pop("msteams", None)
    else:
        action = _object(_object(value).get("action"))
        data, verb = dict(_object(action.get("data"))), action.get("verb")
        data.pop("verb", None)
    return (verb if isinstance(verb, str) else ""), data


def _rating(activity: Mapping[str, Any]) -> Mapping[str, object]:
    """The thumb and the words with it: `reaction` is like or dislike."""
    rating = _object(_object(activity.get("value")).get("actionValue"))
    return {name: rating[name] for name in ("reaction", "feedback") if isinstance(rating.get(name), str)}


def _automatic(activity: Mapping[str, Any]) -> bool:
    return activity["type"] == "invoke" and _object(activity.get("value")).get("trigger") == "automatic"


def _conversation(activity: Mapping[str, Any]) -> Conversation:
    conversation = activity["conversation"]
    scope = _SCOPES.get(conversation.get("conversationType") or "")
    if scope is None:
        scope = "group" if conversation.get("isGroup") else "personal"
    sender = activity.get("from") or {}
    return Conversation(
        id=conversation["id"],
        scope=scope,
        service_url=activity["serviceUrl"],
        object_id=(sender.get("aadObjectId") or "") if scope == "personal" else "",
    )


def _is_to_us(activity: Mapping[str, Any]) -> bool:
    """Whether a message is meant for the bot: every one in a personal chat, elsewhere those that mention it."""
    return _conversation(activity).scope == "personal" or any(_mentions(activity))


def _said(activity: Mapping[str, Any]) -> str:
    """The text without the mention of the bot: the mention's own text, once, and nothing that merely reads like it."""
    text: str = activity.get("text") or ""
    for mention in _mentions(activity):
        text = text.replace(mention, "", 1)
    return text.replace("&nbsp;", " ").strip()


def _mentions(activity: Mapping[str, Any]) -> Iterator[str]:
    """How the bot is mentioned, as it stands in the text."""
    bot = (activity.get("recipient") or {}).get("id")
    for entity in map(_object, activity.get("entities") or ()):
        if entity.get("type") == "mention" and _object(entity.get("mentioned")).get("id") == bot and entity.get("text"):
            yield str(entity["text"])


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
