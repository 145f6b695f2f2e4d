"""A question that somebody left with the policy owners, because no answer fitted it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.requests.request import Person


class QuestionState(StrEnum):
    """Where a question stands; only a waiting one asks anything of the owners."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    PUBLISHED = "published"
    """An entry of the knowledge files answers it now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerReply:
    """What an owner said, and when (UTC); `reason` is why a question was closed, empty for an answer."""

    by: Person
    at: datetime
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question left with the owners; every change makes a new value with the next `revision` (the first is 1)."""

    reference: str
    revision: int
    state: QuestionState
    asker: str
    """The Entra object id of whoever is told the answer; owners see the question, not the name."""
    text: str
    """What was asked, with personal data masked."""
    asked: datetime
    knowledge: str
    """The knowledge version that had no better answer."""
    entry: str = ""
    """The entry that was shown; empty where there was none."""
    said: str = ""
    """The answer that was shown, as its owners had written it."""
    reply: OwnerReply | None = None
    published: str = ""
    """The entry that answers it now."""
