"""A turn of the conversation: what came in, what goes back, and which use case stands between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.ports import Conversation, Message

OnSent = Callable[[str], None]


class TurnKind(StrEnum):
    """What happened; everything Teams may send that asks nothing of us is IGNORED and logged."""

    MESSAGE = "message"
    ACTION = "action"
    FEEDBACK = "feedback"
    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One authenticated activity; everything but `data` and `text` is vouched for by Teams."""

    kind: TurnKind
    activity_id: str
    conversation: Conversation
    object_id: str = ""
    """The Entra object id of the sender; empty for a guest without one."""
    teams_id: str = ""
    name: str = ""
    text: str = ""
    """What was typed, without the mention of the bot."""
    verb: str = ""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the card sent: fixed data and typed inputs in one mapping; believe nothing in it."""
    card_id: str = ""
    """The activity id of the card that was pressed, or of the message that was rated."""
    automatic: bool = False
    """Whether Teams refreshed the card by itself, without a press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back: new messages into the conversation, and the response to an action (a card or a text)."""

    messages: tuple[Message, ...] = ()
    response: Message | None = None
    lasting: bool = False
    """Whether the pressed card is edited as well: Teams forgets a response when the chat is opened again."""
    on_sent: OnSent | None = None
    """Is told the activity id of the last message once Teams has given it."""
