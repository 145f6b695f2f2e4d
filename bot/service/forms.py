"""Filling in the exception form: begin, go on, go back, throw away, submit."""

from collections.abc import Mapping
from dataclasses import replace

from bot.context import Context
from bot.ports import Draft, Posted, Transaction
from bot.requests import life
from bot.requests.change import NoticeKind, Reason, Refusal
from bot.requests.fields import Step, fields_of
from bot.requests.form import Errors, as_values, errors_in, filled, steps, typed
from bot.requests.request import ExceptionRequest, Person
from bot.results import Discarded, FormShown, Refused, Result, Shown, View


def begin(tx: Transaction, context: Context, actor: Person, tool: str = "", purpose: str = "") -> FormShown:
    """Begin a form, filled in with what is known about the tool."""
    known = context.tool(tool)
    values = {"tool": known.name, "supplier": known.supplier, "purpose": purpose, "behalf": "self"}
    return _begun(tx, context, actor, values)


def begin_from(tx: Transaction, context: Context, actor: Person, reference: str) -> Result:
    """Begin a form filled in with the answers of one's own earlier request."""
    old = tx.request(reference)
    if old is None or old.requester.object_id != actor.object_id:
        return Refused(refusal=Refusal(reason=Reason.NOT_REQUESTER if old else Reason.UNKNOWN_REQUEST))
    return _begun(tx, context, actor, as_values(old.form))


def go_on(tx: Transaction, context: Context, actor: Person, form_id: str, data: Mapping[str, object]) -> Result:
    """Check the step that was filled in and show the next, or the same with its errors."""
    draft = _draft_of(tx, actor, form_id, data, context)
    if draft is None:
        return Refused(refusal=Refusal(reason=Reason.OLD_FORM))
    errors = _errors(Step(draft.step), draft, context)
    if errors:
        return _shown(tx, context, draft, errors)
    return _shown(tx, context, replace(draft, step=_neighbour(draft, 1)))


def go_back(tx: Transaction, context: Context, actor: Person, form_id: str, data: Mapping[str, object]) -> Result:
    """Show the step before, keeping what was typed."""
    draft = _draft_of(tx, actor, form_id, data, context)
    if draft is None:
        return Refused(refusal=Refusal(reason=Reason.OLD_FORM))
    return _shown(tx, context, replace(draft, step=_neighbour(draft, -1)))


def discard(tx: Transaction, actor: Person, form_id: str) -> Result:
    """Throw a form away."""
    draft = tx.draft(form_id)
    if draft is None or draft.object_id != actor.object_id:
        return Refused(refusal=Refusal(reason=Reason.OLD_FORM))
    tx.drop_draft(form_id)
    return Discarded()


def submit(
    tx: Transaction, context: Context, actor: Person, form_id: str, data: Mapping[str, object], card: Posted | None
) -> Result:
    """File the request if every step stands, else show the first step that does not; `card` becomes the receipt."""
    draft = _draft_of(tx, actor, form_id, data, context)
    if draft is None:
        return Refused(refusal=Refusal(reason=Reason.OLD_FORM))
    for step in steps(draft.values):
        if errors := _errors(step, draft, context):
            return _shown(tx, context, replace(draft, step=step), errors)
    if sum(r.state.is_open for r in tx.requests_of(actor.object_id)) >= life.MOST_OPEN:
        tx.keep_draft(draft)
        return Refused(refusal=Refusal(reason=Reason.TOO_MANY_OPEN), draft=draft)
    request = _file(tx, context, actor, draft)
    if card:
        tx.keep_card(request.reference, NoticeKind.REQUEST_CARD, actor.object_id, card)
    return Shown(request=request, view=View.REQUEST)


def _file(tx: Transaction, context: Context, actor: Person, draft: Draft) -> ExceptionRequest:
    form = filled(draft.values)
    change = life.submit(
        form,
        reference=tx.next_reference(context.today.year),
        requester=actor,
        tool_id=context.tool(form.tool).id,
        roster=context.roster,
        policy_version=context.policy_version,
        now=context.now,
    )
    tx.save(change.under(context.policy_version), context.now)
    tx.drop_draft(draft.form_id)
    return change.request


def _begun(tx: Transaction, context: Context, actor: Person, values: Mapping[str, str]) -> FormShown:
    draft = Draft(
        form_id=context.new_id(), object_id=actor.object_id, step=Step.ABOUT, values=values, changed=context.now
    )
    return _shown(tx, context, draft)


def _draft_of(
    tx: Transaction, actor: Person, form_id: str, data: Mapping[str, object], context: Context
) -> Draft | None:
    """The actor's own draft with what the card has just sent; None where there is none (any more)."""
    draft = tx.draft(form_id)
    if draft is None or draft.object_id != actor.object_id:
        return None
    pressed = next((step for step in Step if any(field.id in data for field in fields_of(step))), draft.step)
    return replace(draft, step=pressed, values={**draft.values, **typed(data)}, changed=context.now)


def _errors(step: Step, draft: Draft, context: Context) -> Errors:
    errors = errors_in(step, draft.values, context.today)
    if step is Step.ABOUT and context.tool(draft.values.get("tool", "")).is_permitted:
        errors["tool"] = "Microsoft Copilot is permitted (4.2), so it needs no request."
    return errors


def _neighbour(draft: Draft, way: int) -> Step:
    asked = steps(draft.values)
    at = asked.index(Step(draft.step)) if draft.step in asked else 0
    return asked[min(max(at + way, 0), len(asked) - 1)]


def _shown(tx: Transaction, context: Context, draft: Draft, errors: Errors | None = None) -> FormShown:
    """Keep the draft and show its step; before submitting, with earlier decisions on the same tool."""
    tx.keep_draft(draft)
    earlier: tuple[ExceptionRequest, ...] = ()
    if draft.step == Step.CONFIRM:
        earlier = tuple(r for r in tx.requests_for_tool(tool_key(context, draft.values["tool"])) if r.decision)
    return FormShown(draft=draft, errors=errors or {}, earlier=earlier)


def tool_key(context: Context, tool: str) -> str:
    """What requests for the same tool share: its id, or its folded name where it is not listed."""
    return context.tool(tool).id or tool.strip().casefold()
