"""What an action on a request leads to: a new value with its audit events and notices, or a refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.requests.request import ExceptionRequest

CHANNEL = "channel"
"""The recipient that stands for the approvers' channel; every other recipient is an Entra object id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the audit: `name` is `noun.past`, `facts` hold no personal text; what a person typed goes in `text`.

    The store keeps `actor` and `text` apart from the chain, which holds only their salted hashes.
    """

    name: str
    actor: str
    at: datetime
    reference: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


class NoticeKind(StrEnum):
    """What somebody is owed; the words are made when it is sent, from the request as it then stands."""

    REVIEW_CARD = "review.card"
    REQUEST_CARD = "request.card"
    ACCEPTANCE_CARD = "acceptance.card"
    REQUEST_FILED = "request.filed"
    REQUEST_REJECTED = "request.rejected"
    REQUEST_WITHDRAWN = "request.withdrawn"
    REQUEST_ACCEPTED = "request.accepted"
    USE_ENDED = "use.ended"
    DECISION_TOLD = "decision.told"
    NOBODY_ELIGIBLE = "nobody.eligible"
    QUESTION_CARD = "question.card"
    ASKED_CARD = "question.asked.card"
    QUESTION_REPLY = "question.reply"
    QUESTION_PUBLISHED = "question.published"
    QUESTION_REMINDER = "question.reminder"
    QUESTION_OVERDUE = "question.overdue"
    EDIT_REFUSED = "edit.refused"

    @property
    def is_card(self) -> bool:
        """Whether there is one card per request and recipient, made once and edited in place ever after."""
        return self.value.endswith(".card")

    @property
    def is_about_question(self) -> bool:
        """Whether its reference is a question's, not a request's."""
        return self.value.startswith("question.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something owed to a recipient: CHANNEL or an Entra object id."""

    kind: NoticeKind
    to: str
    occasion: str = ""
    """Tells apart notices of one kind about one revision, which are owed once each: the day of a reminder, say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new value of a request with everything that must be written beside it in the same transaction."""

    request: ExceptionRequest
    events: tuple[Event, ...]
    notices: tuple[Notice, ...]

    def under(self, knowledge: str) -> Self:
        """The same change, whose events name the knowledge version in force."""
        events = tuple(replace(event, facts={**event.facts, "knowledge": knowledge}) for event in self.events)
        return replace(self, events=events)


class Reason(StrEnum):
    """Why an action was refused."""

    NO_OBJECT_ID = "no_object_id"
    OTHER_TENANT = "other_tenant"
    UNKNOWN_VERB = "unknown_verb"
    UNKNOWN_REQUEST = "unknown_request"
    WRONG_PLACE = "wrong_place"
    MALFORMED = "malformed"
    NOT_APPROVER = "not_approver"
    OWN_REQUEST = "own_request"
    NOT_REQUESTER = "not_requester"
    ALREADY_DECIDED = "already_decided"
    CLOSED = "closed"
    TOO_LATE = "too_late"
    STALE = "stale"
    INPUT = "input"
    TOO_MANY_OPEN = "too_many_open"
    OLD_FORM = "old_form"
    UNKNOWN_QUESTION = "unknown_question"
    NOT_OWNER = "not_owner"
    ALREADY_ANSWERED = "already_answered"
    TOO_MANY_WAITING = "too_many_waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused action: its reason and, for wrong input, a sentence for each field by its id."""

    reason: Reason
    errors: Mapping[str, str] = field(default_factory=dict)
