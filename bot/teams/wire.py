"""How a Message looks on the wire: plain dictionaries, since the SDK's Entity would lose the citations."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.ports import Citation, Message, Scope
from bot.teams.members import Members

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
CITATIONS = 20
NAME = 80
ABSTRACT = 160
"""Teams' limits: citations a message, characters of a citation's name and of its abstract."""

Render = Callable[[str, Mapping[str, object]], dict[str, object]]


class Wire:
    """Turns messages into activities; cards are rendered here, with the Teams ids of those they refresh for."""

    def __init__(self, *, render: Render, members: Members) -> None:
        self._render = render
        self._members = members

    async def card(self, message: Message) -> dict[str, object]:
        """The Adaptive Card of a message."""
        data = message.data
        if message.refresh_for:
            data = {**data, "refresh": await self._members.teams_ids(message.refresh_for)}
        return self._render(message.card, data)

    async def activity(self, message: Message, scope: Scope) -> dict[str, Any]:
        """The activity to send; suggested actions only go where Teams shows them."""
        activity: dict[str, Any] = {"type": "message"}
        if message.card:
            activity["attachments"] = [{"contentType": CARD_TYPE, "content": await self.card(message)}]
        else:
            activity |= _text(message)
        if message.summary:
            activity["summary"] = message.summary
        if message.suggestions and scope == "personal":
            activity["suggestedActions"] = {"actions": [_suggestion(text) for text in message.suggestions]}
        if message.feedback:
            activity["channelData"] = {"feedbackLoop": {"type": "default"}}
        return activity


def _text(message: Message) -> dict[str, Any]:
    """Markdown with its citations; a citation the text does not mark itself is marked at the end."""
    citations = message.citations[:CITATIONS]
    missing = [f"[{n}]" for n in range(1, len(citations) + 1) if f"[{n}]" not in message.text]
    text = {"textFormat": "markdown", "text": " ".join([message.text, *missing])}
    return text | ({"entities": [_cited(citations)]} if citations else {})


def _cited(citations: tuple[Citation, ...]) -> dict[str, Any]:
    """The one message entity Teams allows; without `additionalType`, which would claim that an AI wrote the text."""
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "citation": [_claim(position, citation) for position, citation in enumerate(citations, start=1)],
    }


def _claim(position: int, citation: Citation) -> dict[str, Any]:
    appearance = {
        "@type": "DigitalDocument",
        "name": _shortened(citation.name, NAME),
        "abstract": _shortened(citation.abstract, ABSTRACT),
    }
    return {"@type": "Claim", "position": position, "appearance": appearance}


def _suggestion(text: str) -> dict[str, str]:
    return {"type": "imBack", "title": text, "value": text}


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
