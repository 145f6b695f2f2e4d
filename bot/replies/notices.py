"""What people are told about a request or a question, worded when it is sent, from how it then stands."""

from collections.abc import Callable

from bot.context import Context
from bot.ports import Delivery, Message, Transaction
from bot.questions.question import Question
from bot.replies import question_cards, wording
from bot.replies.request_cards import Data, acceptance_card, request_card, review_card
from bot.requests import life
from bot.requests.change import NoticeKind
from bot.requests.request import ExceptionRequest
from bot.requests.roster import Roster

Worded = Callable[[ExceptionRequest, Roster], Message]


def worded(tx: Transaction, delivery: Delivery, context: Context) -> Message | None:
    """What a delivery says now; nothing if what it is about is gone or asks for nothing any more."""
    kind = NoticeKind(delivery.kind)
    if kind is NoticeKind.EDIT_REFUSED:
        return _edit_refused(context.fault) if context.fault else None
    if kind.is_about_question:
        question = tx.question(delivery.reference)
        return _QUESTION_WORDS[kind](question, context) if question else None
    request = tx.request(delivery.reference)
    return notice(kind, request, context.roster) if request else None


def notice(kind: NoticeKind, request: ExceptionRequest, roster: Roster) -> Message:
    """The message somebody is owed."""
    return _WORDS[kind](request, roster)


def _edit_refused(fault: str, most: int = 5) -> Message:
    """The first findings, each with file, line and column, as a card: what stands in a file is no markup."""
    lines = fault.splitlines()
    more = [f"... and {len(lines) - most} more: python -m knowledge check lists them all."] if len(lines) > most else []
    data: Data = {
        "tone": "warning",
        "heading": "Your last edit is not in use",
        "reference": "",
        "paragraphs": [
            "A saved file cannot be used as it is, so I go on answering from the last good one.",
            *lines[:most],
            *more,
            "Mend it and save it again: I read it at once.",
        ],
        "quote": {"by": "", "text": ""},
        "buttons": [],
    }
    return Message(card="notice", data=data, summary="Your last edit is not in use")


def _filed(request: ExceptionRequest, roster: Roster) -> Message:
    return _plain(
        f"New request {request.reference}",
        request,
        [f"It waits in the approvers' channel; a decision is due by {wording.moment(request.due)}."],
    )


def _rejected(request: ExceptionRequest, roster: Roster) -> Message:
    reason = comment = by = ""
    if request.decision:
        reason, comment = life.REJECTIONS.get(request.decision.reason, ""), request.decision.comment
        by = f"{request.decision.decider.name} wrote"
    paragraphs = [
        f"{wording.sentence(wording.outcome(request))}. Reason: {reason}.",
        "You may not use the tool for this. If something changes, you can start a new request from this one.",
    ]
    buttons: list[Data] = [
        {"title": "Start a new one from this", "data": {"verb": "request.copy", "reference": request.reference}},
        {"title": "My requests", "data": {"verb": "request.list"}},
    ]
    return _plain("Your request was rejected", request, paragraphs, quote={"by": by, "text": comment}, buttons=buttons)


def _withdrawn(request: ExceptionRequest, roster: Roster) -> Message:
    return _plain("A request was withdrawn", request, ["Its requester withdrew it; the approval is not in force."])


def _accepted(request: ExceptionRequest, roster: Roster) -> Message:
    until = request.decision.until if request.decision else None
    last = f" until {wording.day(until)}" if until else ""
    return _plain("An approval was accepted", request, [f"The requester accepted it; it is in force{last}."])


def _ended(request: ExceptionRequest, roster: Roster) -> Message:
    return _plain("An approved use has ended", request, ["Its requester says that it is no longer used."])


def _told(request: ExceptionRequest, roster: Roster) -> Message:
    said = wording.sentence(wording.outcome(request))
    return _plain("A decision was recorded", request, [f"{said}. The requester is told."])


def _nobody(request: ExceptionRequest, roster: Roster) -> Message:
    return _plain(
        "Nobody can decide this request yet",
        request,
        [
            "The requester may not decide their own request, and no other approver is on the list (5.2).",
            "The request is kept. The operator of this assistant has to add an approver.",
        ],
    )


_WORDS: dict[NoticeKind, Worded] = {
    NoticeKind.REVIEW_CARD: review_card,
    NoticeKind.REQUEST_CARD: request_card,
    NoticeKind.ACCEPTANCE_CARD: acceptance_card,
    NoticeKind.REQUEST_FILED: _filed,
    NoticeKind.REQUEST_REJECTED: _rejected,
    NoticeKind.REQUEST_WITHDRAWN: _withdrawn,
    NoticeKind.REQUEST_ACCEPTED: _accepted,
    NoticeKind.USE_ENDED: _ended,
    NoticeKind.DECISION_TOLD: _told,
    NoticeKind.NOBODY_ELIGIBLE: _nobody,
}

_QUESTION_WORDS: dict[NoticeKind, Callable[[Question, Context], Message | None]] = {
    NoticeKind.QUESTION_CARD: lambda question, context: question_cards.question_card(question),
    NoticeKind.ASKED_CARD: lambda question, context: question_cards.asked_card(question),
    NoticeKind.QUESTION_REPLY: lambda question, context: question_cards.reply(question),
    NoticeKind.QUESTION_PUBLISHED: question_cards.published,
    NoticeKind.QUESTION_REMINDER: lambda question, context: question_cards.reminder(question),
    NoticeKind.QUESTION_OVERDUE: lambda question, context: question_cards.overdue(question),
}


def _plain(
    heading: str,
    request: ExceptionRequest,
    paragraphs: list[str],
    quote: Data | None = None,
    buttons: list[Data] | None = None,
) -> Message:
    data: Data = {
        "tone": "default",
        "heading": heading,
        "reference": request.reference,
        "paragraphs": [f"Tool: {request.form.tool}", *paragraphs],
        "quote": quote or {"by": "", "text": ""},
        "buttons": buttons or [],
    }
    return Message(card="notice", data=data, summary=f"{request.reference}: {heading}")
