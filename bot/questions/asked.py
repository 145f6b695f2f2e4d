"""What was asked on a day and how it ended, counted without anybody's name."""

from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

LONGEST = 1000
"""Characters of a question that are kept."""


class Ending(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    OFFERED = "offered"
    """Choices were shown; what became of them is counted beside it."""
    PICKED = "picked"
    REFUSED = "refused"
    """None of the choices was right."""
    DISLIKED = "disliked"

    @property
    def is_bad(self) -> bool:
        """Whether somebody went without the answer they needed."""
        return self in (Ending.UNANSWERED, Ending.REFUSED, Ending.DISLIKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of one UK day; an answered one is counted by its entry alone, without its text."""

    day: date
    ending: Ending
    knowledge: str
    """The version of the knowledge files that met it."""
    entry: str = ""
    text: str = ""
    """What was asked, with personal data masked."""

    @property
    def id(self) -> str:
        """The same for the same content, so that a card can name it before it is stored."""
        return sha256("\n".join(map(str, astuple(self))).encode("utf-8", "replace")).hexdigest()[:32]
