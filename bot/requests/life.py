"""What may happen to a request: every action checks who, where it stands and what was typed, and says what follows.

Submit, approve, reject, withdraw, accept, end; closed states never reopen.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from bot.requests.change import CHANNEL, Change, Event, Notice, NoticeKind, Reason, Refusal
from bot.requests.form import Form
from bot.requests.request import Condition, Decision, ExceptionRequest, Person, State, Verdict
from bot.requests.roster import Post, Roster, bar
from bot.requests.working_time import DECISION_DAYS, after_working_days, uk_date

MOST_OPEN = 3
"""Open requests a person may have at once."""
MOST_CONDITIONS = 5
LONGEST_CONDITIONS = 600
"""Characters of all conditions together."""
LONGEST_COMMENT = 300
LEAST_WHY = 20
LONGEST_WHY = 400

REJECTIONS: dict[str, str] = {
    "copilot": "Microsoft Copilot can do this",
    "data": "The information is not suitable for the tool",
    "security": "Security or data protection is not assured",
    "evidence": "Too little evidence was given",
    "purpose": "The purpose does not fit the policy",
    "other": "Another reason",
}
"""Why a request can be rejected: code and words."""


def submit(
    form: Form, *, reference: str, requester: Person, tool_id: str, roster: Roster, policy_version: str, now: datetime
) -> Change:
    """File a request: it waits for a decision, the approvers see it, and if nobody may decide, that is said."""
    request = ExceptionRequest(
        reference=reference,
        revision=1,
        state=State.PENDING,
        requester=requester,
        form=form,
        tool_id=tool_id,
        submitted=now,
        due=after_working_days(now, DECISION_DAYS),
        policy_version=policy_version,
    )
    facts = {"state": request.state, "tool": tool_id, "policy": policy_version}
    notices = _cards(request) + [Notice(kind=NoticeKind.REQUEST_FILED, to=to) for to in roster.notified]
    if not roster.eligible(request):
        told = (requester.object_id, *roster.operators)
        notices += [Notice(kind=NoticeKind.NOBODY_ELIGIBLE, to=to) for to in told]
    return _change(request, "request.submitted", requester.object_id, now, facts, notices)


def last_day(request: ExceptionRequest, next_review: date, now: datetime) -> date:
    """The latest end an approval may have: as asked, within 12 months, before the policy's next review (5.1)."""
    today = uk_date(now)
    try:
        in_a_year = today.replace(year=today.year + 1)
    except ValueError:  # 29 February
        in_a_year = date(today.year + 1, 2, 28)
    review = next_review if next_review > today else in_a_year
    return min(request.form.ends, in_a_year, review)


def approve(
    request: ExceptionRequest,
    *,
    actor: Person,
    roster: Roster,
    revision: int,
    until: date | None,
    conditions: tuple[str, ...],
    comment: str,
    next_review: date,
    now: datetime,
) -> Change | Refusal:
    """Approve until a last day; the approval is active once the requester accepts it."""
    if refusal := _undecidable(request, actor, roster, revision):
        return refusal
    if errors := _approval_errors(until, conditions, comment, uk_date(now), last_day(request, next_review, now)):
        return Refusal(reason=Reason.INPUT, errors=errors)
    decision = Decision(
        verdict=Verdict.APPROVED,
        decider=actor,
        post=_title(roster, actor),
        at=now,
        comment=comment,
        until=until,
        conditions=tuple(Condition(text=text) for text in conditions),
    )
    facts = {"state": State.APPROVED.value, "until": str(until), "conditions": str(len(conditions))}
    text = "\n".join((comment, *conditions))
    return _decided(request, State.APPROVED, decision, roster, facts, text)


def reject(
    request: ExceptionRequest,
    *,
    actor: Person,
    roster: Roster,
    revision: int,
    reason: str,
    comment: str,
    now: datetime,
) -> Change | Refusal:
    """Reject with a reason that the requester will read."""
    if refusal := _undecidable(request, actor, roster, revision):
        return refusal
    if errors := _rejection_errors(reason, comment):
        return Refusal(reason=Reason.INPUT, errors=errors)
    post = _title(roster, actor)
    decision = Decision(verdict=Verdict.REJECTED, decider=actor, post=post, at=now, reason=reason, comment=comment)
    facts = {"state": State.REJECTED.value, "reason": reason}
    return _decided(request, State.REJECTED, decision, roster, facts, comment)


def withdraw(request: ExceptionRequest, *, actor: Person, now: datetime) -> Change | Refusal:
    """Take a request back before it is active; only its requester can."""
    if actor.object_id != request.requester.object_id:
        return Refusal(reason=Reason.NOT_REQUESTER)
    if not request.state.is_open:
        return Refusal(reason=Reason.CLOSED)
    new = replace(request, state=State.WITHDRAWN, revision=request.revision + 1, closed=now)
    notices = _cards(new)
    if request.decision:
        notices.append(Notice(kind=NoticeKind.REQUEST_WITHDRAWN, to=request.decision.decider.object_id))
    return _change(new, "request.withdrawn", actor.object_id, now, {"state": new.state, "was": request.state}, notices)


def end(request: ExceptionRequest, *, actor: Person, now: datetime) -> Change | Refusal:
    """End an approved use that is no longer needed, before its last day; only its requester can."""
    if actor.object_id != request.requester.object_id:
        return Refusal(reason=Reason.NOT_REQUESTER)
    if request.state is not State.ACTIVE or request.decision is None:
        return Refusal(reason=Reason.CLOSED)
    new = replace(request, state=State.ENDED, revision=request.revision + 1, closed=now)
    notices = [*_cards(new), Notice(kind=NoticeKind.USE_ENDED, to=request.decision.decider.object_id)]
    return _change(new, "use.ended", actor.object_id, now, {"state": new.state}, notices)


def accept(request: ExceptionRequest, *, actor: Person, ticked: frozenset[str], now: datetime) -> Change | Refusal:
    """Accept the monitoring (`monitored`, 5.2) and every condition (`condition_1`, ...): the approval is active."""
    if actor.object_id != request.requester.object_id:
        return Refusal(reason=Reason.NOT_REQUESTER)
    if request.state is not State.APPROVED or request.decision is None:
        return Refusal(reason=Reason.CLOSED)
    if request.decision.until and request.decision.until < uk_date(now):
        return Refusal(reason=Reason.TOO_LATE)
    owed = ("monitored", *(condition_id(n) for n in range(len(request.decision.conditions))))
    missing = {tick: "Please accept this, or withdraw the request." for tick in owed if tick not in ticked}
    if missing:
        return Refusal(reason=Reason.INPUT, errors=missing)
    new = replace(request, state=State.ACTIVE, revision=request.revision + 1, accepted=now)
    decider = request.decision.decider.object_id
    notices = [*_cards(new), Notice(kind=NoticeKind.REQUEST_ACCEPTED, to=decider)]
    return _change(new, "approval.accepted", actor.object_id, now, {"state": new.state}, notices)


def condition_id(position: int) -> str:
    """The name of a condition's tick box, by its position from 0."""
    return f"condition_{position + 1}"


def _undecidable(request: ExceptionRequest, actor: Person, roster: Roster, revision: int) -> Refusal | None:
    if reason := bar(roster, request, actor.object_id):
        return Refusal(reason=reason)
    if request.state is not State.PENDING:
        return Refusal(reason=Reason.ALREADY_DECIDED if request.decision else Reason.CLOSED)
    if revision != request.revision:
        return Refusal(reason=Reason.STALE)
    return None


def _approval_errors(
    until: date | None, conditions: tuple[str, ...], comment: str, today: date, last: date
) -> dict[str, str]:
    errors = {}
    if last < today:
        errors["until"] = "The last day asked for has passed: please reject it, so that it can be asked for anew."
    elif until is None or not today <= until <= last:
        errors["until"] = f"Last day: from {today:%d %B %Y} to {last:%d %B %Y}, please."
    if len(conditions) > MOST_CONDITIONS or sum(map(len, conditions)) > LONGEST_CONDITIONS:
        errors["conditions"] = f"At most {MOST_CONDITIONS} conditions and {LONGEST_CONDITIONS} characters, please."
    if len(comment) > LONGEST_COMMENT:
        errors["comment"] = f"At most {LONGEST_COMMENT} characters, please."
    return errors


def _rejection_errors(reason: str, comment: str) -> dict[str, str]:
    errors = {}
    if reason not in REJECTIONS:
        errors["reason"] = "Please choose a reason."
    if not LEAST_WHY <= len(comment) <= LONGEST_WHY:
        errors["why"] = f"Please explain in {LEAST_WHY} to {LONGEST_WHY} characters; the requester will read it."
    return errors


def _title(roster: Roster, actor: Person) -> str:
    post: Post | None = roster.post_of(actor.object_id)
    return post.title if post else ""


def _decided(
    request: ExceptionRequest,
    state: State,
    decision: Decision,
    roster: Roster,
    facts: Mapping[str, str],
    text: str,
) -> Change:
    closed = decision.at if state is State.REJECTED else None
    new = replace(request, state=state, revision=request.revision + 1, decision=decision, closed=closed)
    notices = _cards(new)
    if state is State.REJECTED:
        notices.append(Notice(kind=NoticeKind.REQUEST_REJECTED, to=request.requester.object_id))
    told = dict.fromkeys((decision.decider.object_id, *roster.notified))
    notices += [Notice(kind=NoticeKind.DECISION_TOLD, to=to) for to in told]
    return _change(new, "decision.recorded", decision.decider.object_id, decision.at, facts, notices, text)


def _cards(request: ExceptionRequest) -> list[Notice]:
    """The copies of the card that must show the state; an approval has one of its own to accept."""
    requester = request.requester.object_id
    notices = [Notice(kind=NoticeKind.REVIEW_CARD, to=CHANNEL), Notice(kind=NoticeKind.REQUEST_CARD, to=requester)]
    if request.decision and request.decision.verdict is Verdict.APPROVED:
        notices.append(Notice(kind=NoticeKind.ACCEPTANCE_CARD, to=requester))
    return notices


def _change(
    request: ExceptionRequest,
    event: str,
    actor: str,
    now: datetime,
    facts: Mapping[str, str],
    notices: list[Notice],
    text: str = "",
) -> Change:
    recorded = Event(
        name=event,
        actor=actor,
        at=now,
        reference=request.reference,
        facts={"revision": str(request.revision), **facts},
        text=text,
    )
    return Change(request=request, events=(recorded,), notices=tuple(notices))
