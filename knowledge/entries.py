"""What the policy owners wrote, as frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

_TOOL = frozenset({"tool"})
MESSAGES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "none": frozenset(),
        "suggestion": frozenset(),
        "suggestions": frozenset(),
        "privacy": frozenset(),
        "tool_exception": _TOOL,
        "tool_permitted": _TOOL,
        "tool_unclear": _TOOL,
        "tool_unknown": _TOOL,
        "tool_approval": _TOOL,
        "request": _TOOL,
    }
)
"""The sentences talk.yaml must hold, each with the placeholders it may use."""


class Outcome(StrEnum):
    """What kind of answer a question gets."""

    ANSWER = "answer"
    SUGGESTIONS = "suggestions"
    REGISTER = "register"
    REQUEST_FORM = "request_form"
    SMALLTALK = "smalltalk"
    HELP = "help"
    HUMAN = "human"
    STATUS = "status"
    NONE = "none"


class Permission(StrEnum):
    """Whether a named tool may be used: yes (4.2), only by exception (5.2), or the report leaves it unclear."""

    YES = "yes"
    EXCEPTION = "exception"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A numbered paragraph of the report in our own words; `text` has at most 160 characters (Teams' limit)."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A post people may turn to; name, phone and e-mail are empty where the report prints none."""

    role: str
    name: str = ""
    phone: str = ""
    email: str = ""
    matters: tuple[str, ...] = ()
    """What the post is asked about: policy, gaps, exceptions, incidents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer and the ways of asking for it."""

    id: str
    question: str
    answer: str
    outcome: Outcome = Outcome.ANSWER
    urgent: bool = False
    """Recognised before everything else: somebody tells us that something has gone wrong."""
    phrasings: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    """Ways of asking to which the answer is "Yes."."""
    no: tuple[str, ...] = ()
    """Ways of asking to which the answer is "No."."""
    asks: tuple[str, ...] = ()
    """Golden questions that must find this entry; not used for matching."""
    asks_yes: tuple[str, ...] = ()
    """Golden questions that this entry must answer with "Yes."."""
    asks_no: tuple[str, ...] = ()
    """Golden questions that this entry must answer with "No."."""
    never: tuple[str, ...] = ()
    """Questions that must not find this entry."""
    cites: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    owner: str = ""
    reviewed: date | None = None

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way of asking, the headline first."""
        return (self.question, *self.phrasings, *self.yes, *self.no)

    @property
    def is_gap(self) -> bool:
        """Whether the policy leaves open what is asked; talk that only turns a question away is no gap."""
        return self.outcome is Outcome.NONE and bool(self.owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A named AI tool that people ask about."""

    id: str
    name: str
    permitted: Permission
    supplier: str = ""
    aliases: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    """Those of its names that are also everyday words or people's names, so that they need a context."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The document itself: its standing, its paragraphs and the posts it names."""

    title: str
    status: str
    published: date
    next_review_due: date
    clauses: Mapping[str, Clause]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything the owners' files say; `version` is a hash of their content."""

    entries: Mapping[str, Entry]
    policy: Policy
    tools: Mapping[str, Tool] = field(default_factory=lambda: MappingProxyType({}))
    messages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    version: str
