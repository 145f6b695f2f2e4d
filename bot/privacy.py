"""The privacy guard at the door: what people type is masked before anything reads it, and they are told kindly."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from bot.live_knowledge import Edition
from bot.ports import Message
from bot.requests.fields import FIELD
from bot.requests.life import MOST_CONDITIONS, condition_id
from bot.turns import Reply, Turn, TurnKind
from knowledge.parts import window

_LABELS = {"conditions": "Conditions", "comment": "Comment", "why": "Why", "answer": "Answer"}
"""What the inputs of other cards than the form are called."""
_IDS = ("reference", "form", "revision", "entry", "reason", "until", "reaction")
SENT = frozenset([*FIELD, *_LABELS, *_IDS, *(condition_id(position) for position in range(MOST_CONDITIONS))])
"""Everything that our cards send; whatever else a card holds is none of ours and is dropped."""
MOST = 20_000
"""Characters read of all values of a card together; looking for personal data takes its time. A form has room in it."""


class PrivacyGuard:
    """Lets turns through with personal data masked, so that nothing behind it can store, log or show any."""

    def __init__(self, *, handle: Callable[[Turn], Awaitable[Reply]], edition: Callable[[], Edition]) -> None:
        self._handle = handle
        self._edition = edition

    async def handle(self, turn: Turn) -> Reply:
        """Handle a turn without its personal data; the reply says so where there was some."""
        edition = self._edition()
        read = _read(turn)
        clean = _each_text(read, edition.guard.masked)
        reply = await self._handle(clean)
        if turn.kind is TurnKind.MESSAGE:
            return reply if clean.text == read.text else _reminded(reply, edition.knowledge.messages["privacy"])
        labels = [_label(turn, key) for key, value in read.data.items() if clean.data[key] != value]
        return _reminded(reply, _notice(labels)) if labels else reply


def _read(turn: Turn) -> Turn:
    """The turn with no more than is read of it: what our cards send, and so much of that."""
    data: dict[str, str | int] = {}
    room = MOST
    for key, value in turn.data.items():
        if key in SENT and isinstance(value, str):
            data[key] = cut = window(value)[:room]
            room -= len(cut)
        elif key in SENT and isinstance(value, int):
            data[key] = value
    return replace(turn, text=window(turn.text), data=data)


def _each_text(turn: Turn, change: Callable[[str], str]) -> Turn:
    """The turn with every text that was typed changed."""
    data = {key: change(value) if isinstance(value, str) else value for key, value in turn.data.items()}
    return replace(turn, text=change(turn.text), data=data)


def _label(turn: Turn, key: str) -> str:
    """What an input is called on the card that was pressed; only the form's cards name a form."""
    if "form" in turn.data and key in FIELD:
        return FIELD[key].label
    return _LABELS.get(key, "what you typed")


def _notice(labels: Iterable[str]) -> str:
    return (
        f"I have masked what looked like personal details in: {'; '.join(labels)}. Please leave out people's numbers "
        "and addresses; nobody needs them here."
    )


def _reminded(reply: Reply, reminder: str) -> Reply:
    """The reply with a reminder in its first message, below what that says or on its card."""
    if reply.response is not None:
        return replace(reply, response=_with(reply.response, reminder))
    return replace(reply, messages=tuple(_with(each, reminder) for each in reply.messages[:1]) + reply.messages[1:])


def _with(message: Message, reminder: str) -> Message:
    """The message with a reminder; citations are marked before it, since they are none of its."""
    if not message.card:
        marks = "".join(f" [{number}]" for number, _ in enumerate(message.citations, 1))
        return replace(message, text=f"{message.text}{marks}\n\n{reminder}".strip())
    notice = f"{message.data.get('notice', '')} {reminder}".strip()
    return replace(message, data={**message.data, "notice": notice})
