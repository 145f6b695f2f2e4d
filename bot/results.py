"""What a use case leads to, before anybody has put it into words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.ports import Draft
from bot.questions.question import Question
from bot.requests.change import Refusal
from bot.requests.request import ExceptionRequest


class View(StrEnum):
    """Which card shows a request: the requester's, the one to accept, the channel's, or the approver's to decide on."""

    REQUEST = "request"
    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A request as it stands, in one view."""

    request: ExceptionRequest
    view: View


@dataclass(frozen=True, slots=True, kw_only=True)
class FormShown:
    """A step of the form, with the errors beside its fields and what was decided on this tool before."""

    draft: Draft
    errors: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[ExceptionRequest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A form was thrown away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Everything one person has filed."""

    requests: tuple[ExceptionRequest, ...]


class QuestionView(StrEnum):
    """Which card shows a question left with the policy owners: its asker's or an owner's."""

    ASKED = "asked"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    """A question left with the policy owners as it stands, in one view."""

    question: Question
    view: QuestionView


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An action that changed nothing, why, and the request with the view its card should go back to."""

    refusal: Refusal
    request: ExceptionRequest | None = None
    view: View | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What was typed, kept for the card that comes back."""
    draft: Draft | None = None
    """The form that is kept, where one could not be sent."""
    question: Question | None = None
    """The question left with the owners that the action was about."""


Result = Shown | FormShown | Discarded | Listed | QuestionShown | Refused
