"""What approvers do on the card in their channel: look, approve, reject."""

from collections.abc import Mapping
from datetime import date

from bot.context import Context
from bot.ports import Transaction
from bot.requests import life
from bot.requests.change import Change, Reason, Refusal
from bot.requests.request import ExceptionRequest, Person, State
from bot.requests.roster import bar
from bot.results import Refused, Result, Shown, View
from bot.service import sent


def review(tx: Transaction, context: Context, actor: Person, reference: str, automatic: bool) -> Result:
    """Show the request to decide on; those who may not decide see the channel's card, and why if they pressed."""
    request = tx.request(reference)
    if request is None:
        return Refused(refusal=Refusal(reason=Reason.UNKNOWN_REQUEST))
    if request.state is not State.PENDING:
        return Shown(request=request, view=View.REVIEW)
    reason = bar(context.roster, request, actor.object_id)
    if reason is None:
        return Shown(request=request, view=View.DECISION)
    if automatic:
        return Shown(request=request, view=View.REVIEW)
    return Refused(refusal=Refusal(reason=reason), request=request, view=View.REVIEW)


def approve(tx: Transaction, context: Context, actor: Person, reference: str, data: Mapping[str, object]) -> Result:
    """Approve with a last day and, perhaps, conditions (one a line)."""
    request = tx.request(reference)
    if request is None:
        return Refused(refusal=Refusal(reason=Reason.UNKNOWN_REQUEST))
    outcome = life.approve(
        request,
        actor=actor,
        roster=context.roster,
        revision=sent.revision(data),
        until=_day(data.get("until")),
        conditions=_lines(data.get("conditions")),
        comment=_text(data.get("comment")),
        next_review=context.next_review,
        now=context.now,
    )
    return _settled(tx, context, request, outcome, data)


def reject(tx: Transaction, context: Context, actor: Person, reference: str, data: Mapping[str, object]) -> Result:
    """Reject with a reason from the list and words for the requester."""
    request = tx.request(reference)
    if request is None:
        return Refused(refusal=Refusal(reason=Reason.UNKNOWN_REQUEST))
    outcome = life.reject(
        request,
        actor=actor,
        roster=context.roster,
        revision=sent.revision(data),
        reason=_text(data.get("reason")),
        comment=_text(data.get("why")),
        now=context.now,
    )
    return _settled(tx, context, request, outcome, data)


def _settled(
    tx: Transaction,
    context: Context,
    request: ExceptionRequest,
    outcome: Change | Refusal,
    data: Mapping[str, object],
) -> Result:
    if isinstance(outcome, Change):
        tx.save(outcome.under(context.policy_version), context.now)
        return Shown(request=outcome.request, view=View.REVIEW)
    retry = outcome.reason in (Reason.INPUT, Reason.STALE)
    values = {key: value for key, value in data.items() if isinstance(value, str)}
    return Refused(
        refusal=outcome, request=request, view=View.DECISION if retry else View.REVIEW, values=values if retry else {}
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _lines(value: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in _text(value).splitlines() if line.strip())


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None
