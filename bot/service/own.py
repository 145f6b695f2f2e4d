"""What requesters do with their own requests: list, look, withdraw, accept."""

from collections.abc import Mapping

from bot.context import Context
from bot.ports import Transaction
from bot.requests import life
from bot.requests.change import Change, Reason, Refusal
from bot.requests.request import ExceptionRequest, Person
from bot.results import Listed, Refused, Result, Shown, View


def listed(tx: Transaction, actor: Person) -> Listed:
    """Everything the actor has filed, newest first."""
    return Listed(requests=tx.requests_of(actor.object_id))


def show(tx: Transaction, actor: Person, reference: str, view: View) -> Result:
    """One of the actor's own requests."""
    request = _own(tx, actor, reference)
    return request if isinstance(request, Refused) else Shown(request=request, view=view)


def withdraw(tx: Transaction, context: Context, actor: Person, reference: str) -> Result:
    """Take a request back."""
    request = _own(tx, actor, reference)
    if isinstance(request, Refused):
        return request
    return _settled(tx, context, request, life.withdraw(request, actor=actor, now=context.now), View.REQUEST, {})


def end(tx: Transaction, context: Context, actor: Person, reference: str) -> Result:
    """Say that an approved tool is no longer used."""
    request = _own(tx, actor, reference)
    if isinstance(request, Refused):
        return request
    return _settled(tx, context, request, life.end(request, actor=actor, now=context.now), View.REQUEST, {})


def accept(tx: Transaction, context: Context, actor: Person, reference: str, data: Mapping[str, object]) -> Result:
    """Accept an approval with every condition ticked."""
    request = _own(tx, actor, reference)
    if isinstance(request, Refused):
        return request
    ticked = frozenset(key for key, value in data.items() if value == "true")
    outcome = life.accept(request, actor=actor, ticked=ticked, now=context.now)
    return _settled(tx, context, request, outcome, View.ACCEPTANCE, dict.fromkeys(ticked, "true"))


def _own(tx: Transaction, actor: Person, reference: str) -> ExceptionRequest | Refused:
    """The request if it is the actor's; others learn no more than that it is not theirs."""
    request = tx.request(reference)
    if request is None:
        return Refused(refusal=Refusal(reason=Reason.UNKNOWN_REQUEST))
    if request.requester.object_id != actor.object_id:
        return Refused(refusal=Refusal(reason=Reason.NOT_REQUESTER))
    return request


def _settled(
    tx: Transaction,
    context: Context,
    request: ExceptionRequest,
    outcome: Change | Refusal,
    view: View,
    values: Mapping[str, str],
) -> Result:
    if isinstance(outcome, Change):
        tx.save(outcome.under(context.policy_version), context.now)
        return Shown(request=outcome.request, view=view)
    return Refused(refusal=outcome, request=request, view=view, values=values)
