"""One person's wish to use one AI tool for one purpose (policy paragraph 5.2)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.requests.form import Form


class State(StrEnum):
    """Where a request stands; the closed states never reopen."""

    PENDING = "pending"
    INFO_REQUESTED = "info_requested"
    APPROVED = "approved"
    ACTIVE = "active"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    ENDED = "ended"
    REVOKED = "revoked"
    RENEWED = "renewed"

    @property
    def is_undecided(self) -> bool:
        """Whether a decision is still owed."""
        return self in (State.PENDING, State.INFO_REQUESTED)

    @property
    def is_open(self) -> bool:
        """Whether the request counts towards the three a person may have open."""
        return self.is_undecided or self is State.APPROVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody known to Entra; `object_id` is the only thing rules look at, the name is for reading."""

    object_id: str
    name: str


class Verdict(StrEnum):
    """What an approver can say."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A checkable obligation attached to an approval."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, when (UTC), in which post and why; `until` is the last day of an approved use."""

    verdict: Verdict
    decider: Person
    post: str
    at: datetime
    reason: str = ""
    comment: str = ""
    until: date | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRequest:
    """A filed request; every change makes a new value with the next `revision` (the first is 1)."""

    reference: str
    revision: int
    state: State
    requester: Person
    form: Form
    tool_id: str
    """The tool's id in knowledge/tools.yaml, or empty for a tool that is not listed there."""
    submitted: datetime
    due: datetime
    """When the decision is due (UTC): five working days after submission."""
    policy_version: str
    """The knowledge version in force when it was filed."""
    decision: Decision | None = None
    accepted: datetime | None = None
    """When the requester accepted the monitoring and every condition (UTC)."""
    closed: datetime | None = None
    """When it reached a closed state (UTC)."""

    def is_in_force(self, today: date) -> bool:
        """Whether the tool may be used for it: accepted, and its last day has not passed."""
        until = self.decision.until if self.decision else None
        return self.state is State.ACTIVE and until is not None and today <= until
