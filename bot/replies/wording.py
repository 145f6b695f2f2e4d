"""The words for dates, states and refusals: the one place where they are written down."""

from datetime import date, datetime

from bot.requests.change import Reason, Refusal
from bot.requests.request import ExceptionRequest, State, Verdict
from bot.requests.roster import Roster
from bot.requests.working_time import UK

STATUS: dict[State, str] = {
    State.PENDING: "Waiting for a decision",
    State.INFO_REQUESTED: "Waiting for information",
    State.APPROVED: "Approved: waiting for acceptance",
    State.ACTIVE: "Approved and in force",
    State.REJECTED: "Rejected",
    State.WITHDRAWN: "Withdrawn",
    State.LAPSED: "Lapsed",
    State.EXPIRED: "Expired",
    State.ENDED: "Ended",
    State.REVOKED: "Revoked",
    State.RENEWED: "Renewed",
}

_GOOD = frozenset({State.APPROVED, State.ACTIVE})

REFUSALS: dict[Reason, str] = {
    Reason.NO_OBJECT_ID: "I can't tell who you are: your Teams account has no Entra object id (a guest account, "
    "perhaps). A colleague with a council account can ask for you.",
    Reason.OTHER_TENANT: "This assistant serves the council's own Teams only.",
    Reason.UNKNOWN_VERB: "I don't know that button. The card may be an old one; say 'my requests' for a new one.",
    Reason.UNKNOWN_REQUEST: "I can't find that request. Say 'my requests' to see yours.",
    Reason.WRONG_PLACE: "That can't be done from this conversation. Decisions are made on the card in the approvers' "
    "channel, everything about your own requests in your chat with me.",
    Reason.MALFORMED: "I can't read what this card sent, so nothing was changed. Please open the card again.",
    Reason.NOT_REQUESTER: "That is somebody else's request; only the person who filed it can do this.",
    Reason.OWN_REQUEST: "This is your own request, so somebody else decides it: {deciders}.",
    Reason.NOT_APPROVER: "Only {deciders} may decide this request (5.2).",
    Reason.ALREADY_DECIDED: "Nothing was changed: {outcome}.",
    Reason.CLOSED: "Nothing was changed: the request is {state}.",
    Reason.TOO_LATE: "The approval has ended before it was accepted, so it can't come into force. Please start a new "
    "request.",
    Reason.STALE: "The request has changed since this card was drawn. Here it is as it stands now.",
    Reason.INPUT: "Nothing was changed yet: please look at the fields with a note.",
    Reason.TOO_MANY_OPEN: "You have three open requests, the most one person may have. Withdraw one, or wait for a "
    "decision, and then submit this form: it is kept.",
    Reason.UNKNOWN_QUESTION: "I no longer have that question. Please ask me again.",
    Reason.NOT_OWNER: "Only the owners of the policy answer these questions.",
    Reason.ALREADY_ANSWERED: "Nothing was changed: this question was settled before.",
    Reason.TOO_MANY_WAITING: "Five of your questions are waiting for the policy owners, the most one person may have. "
    "I tell you here as soon as one is answered.",
    Reason.OLD_FORM: "This form was sent or thrown away before. Say 'request an exception' to start a new one.",
}


def day(value: date) -> str:
    """A date as people write it: 31 May 2027."""
    return f"{value.day} {value:%B %Y}"


def moment(at: datetime) -> str:
    """An instant in UK time: 25 November 2026 at 09:30."""
    local = at.astimezone(UK)
    return f"{day(local.date())} at {local:%H:%M}"


def sentence(words: str) -> str:
    """Words with a capital first letter, the rest left alone."""
    return words[:1].upper() + words[1:]


def status(request: ExceptionRequest) -> str:
    """Where a request stands, in words."""
    if request.state is State.ACTIVE and request.decision and request.decision.until:
        return f"Approved until {day(request.decision.until)}"
    return STATUS[request.state]


def tone(request: ExceptionRequest) -> str:
    """The colour of the status line."""
    if request.state in _GOOD:
        return "good"
    return "accent" if request.state.is_undecided else "emphasis"


def deciders(request: ExceptionRequest, roster: Roster) -> str:
    """Who may decide a request, by post and name."""
    posts = [f"the {post.title} ({post.person.name})" for post in roster.eligible(request)]
    return " or ".join(posts) or "nobody on the list of approvers"


def outcome(request: ExceptionRequest) -> str:
    """Who decided what, and when: approved by Morgan Ellis on 25 November 2026 at 09:30."""
    if request.decision is None:
        return f"the request is {STATUS[request.state].lower()}"
    verb = "approved" if request.decision.verdict is Verdict.APPROVED else "rejected"
    said = f"{request.decision.decider.name} {verb} it on {moment(request.decision.at)}"
    return f"{said}, and it was withdrawn since" if request.state is State.WITHDRAWN else said


def refusal(refused: Refusal, request: ExceptionRequest | None, roster: Roster) -> str:
    """Why an action was refused, in one or two sentences."""
    sentence = REFUSALS[refused.reason]
    if request is None:
        return sentence
    return sentence.format(
        deciders=deciders(request, roster), outcome=outcome(request), state=STATUS[request.state].lower()
    )
