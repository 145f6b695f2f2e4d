"""The cards that show a request: the requester's, the one to accept, the channel's, the approver's."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.ports import Message
from bot.replies import wording
from bot.requests import life, risk
from bot.requests.fields import FIELD
from bot.requests.form import Form
from bot.requests.request import Decision, ExceptionRequest, State, Verdict
from bot.requests.roster import Roster
from bot.requests.working_time import uk_date

Data = dict[str, object]

_USE = ("purpose", "why", "why_other", "information", "output", "audience", "decisions", "checker")
_SAFEGUARDS = (
    "dpia",
    "dpia_reference",
    "training",
    "training_evidence",
    "retention",
    "storage",
    "sign_in",
    "cost",
    "equality",
    "risk_owner",
    "safeguards",
)
_DATES = ("people", "team", "starts", "ends")


def request_card(request: ExceptionRequest, roster: Roster, notice: str = "") -> Message:
    """The requester's own view, in any state."""
    data = _head(request, notice) | {
        "detail": _requester_detail(request, roster),
        "sections": _decision_section(request) + form_sections(request.form),
        "conditions": _conditions(request),
        "history": _history(request),
        "closing": _closing_button(request),
        "may_copy": not request.state.is_open,
    }
    return Message(card="request", data=data, summary=_summary(request))


def _closing_button(request: ExceptionRequest) -> Data:
    """How the requester can close it: withdraw what is open, end what is in force; an empty title for neither."""
    if request.state.is_open:
        ask = "Withdraw this request? It cannot be reopened; you can start a new one at any time."
        return {"title": "Withdraw", "ask": ask, "yes": "Yes, withdraw it", "verb": "request.withdraw"}
    if request.state is State.ACTIVE:
        ask = "Is the tool no longer used for this? The approval ends now; you can start a new request at any time."
        return {"title": "No longer used", "ask": ask, "yes": "Yes, end it", "verb": "request.end"}
    return {"title": "", "ask": "", "yes": "", "verb": ""}


def acceptance_card(
    request: ExceptionRequest,
    roster: Roster,
    notice: str = "",
    values: Mapping[str, str] | None = None,
) -> Message:
    """What the requester is asked to accept before an approval is in force; afterwards, the request as it stands."""
    decision = request.decision
    if request.state is not State.APPROVED or decision is None or decision.until is None:
        return request_card(request, roster, notice)
    ticked = values or {}
    data = _head(request, notice) | {
        "detail": " ".join(_approval(decision, decision.until, request.form)),
        "monitoring": "I know that my use is monitored to ensure compliance with data protection and information "
        "security requirements (5.2)",
        "conditions": [
            {
                "id": (tick := life.condition_id(position)),
                "number": str(position + 1),
                "text": condition.text,
                "value": ticked.get(tick, "false"),
            }
            for position, condition in enumerate(decision.conditions)
        ],
        "values": {"monitored": ticked.get("monitored", "false")},
    }
    return Message(card="acceptance", data=data, summary=f"{request.reference}: approved. Please accept it.")


def _approval(decision: Decision, until: date, form: Form) -> Iterator[str]:
    yield f"Approved until {wording.day(until)} by {decision.decider.name}, {decision.post}."
    if until < form.ends:
        yield f"You had asked for {wording.day(form.ends)}."
    if decision.comment:
        yield f"{decision.decider.name} writes: {decision.comment}"
    yield "Please do not use the tool before you have accepted."


def review_card(request: ExceptionRequest, roster: Roster, notice: str = "") -> Message:
    """The channel's view, read-only, which refreshes itself for those who may decide."""
    pending = request.state is State.PENDING
    data = _approvers_view(request, roster, notice) | {"pending": pending, "refresh": []}
    eligible = tuple(post.person.object_id for post in roster.eligible(request))
    return Message(card="review", data=data, summary=_summary(request), refresh_for=eligible if pending else ())


def decision_card(
    request: ExceptionRequest,
    roster: Roster,
    next_review: date,
    now: datetime,
    notice: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Message:
    """The view of somebody who may decide, with what they typed and what is wrong with it."""
    latest = life.last_day(request, next_review, now)
    proposed = risk.proposed_end(request.form, uk_date(now), latest)
    typed, wrong = values or {}, errors or {}
    names = ("until", "conditions", "comment", "reason", "why")
    data = _approvers_view(request, roster, notice) | {
        "earliest": uk_date(now).isoformat(),
        "latest": latest.isoformat(),
        "latest_reason": f"{wording.day(latest)} at the latest: not after the day asked for, twelve months from now "
        f"or the policy's yearly review (5.1), taken to be on {wording.day(next_review)}",
        "approve_open": bool({"until", "conditions", "comment"} & wrong.keys()),
        "reject_open": bool({"reason", "why"} & wrong.keys()),
        "values": {name: typed.get(name, "") for name in names} | {"until": typed.get("until") or proposed.isoformat()},
        "errors": {name: wrong.get(name, "") for name in names},
        "choices": {"reason": [{"value": code, "title": words} for code, words in life.REJECTIONS.items()]},
        "limits": {
            "conditions": life.LONGEST_CONDITIONS,
            "comment": life.LONGEST_COMMENT,
            "why": life.LONGEST_WHY,
        },
    }
    return Message(card="decision", data=data, summary=_summary(request))


def requests_card(requests: tuple[ExceptionRequest, ...], most: int = 10) -> Message:
    """A person's own requests, newest first."""
    rows = [
        {
            "reference": request.reference,
            "tool": request.form.tool,
            "status": wording.status(request),
            "date": wording.day(uk_date(request.submitted)),
        }
        for request in requests[:most]
    ]
    data: Data = {
        "notice": "",
        "heading": "Your requests",
        "empty": "" if rows else "You have not asked for an exception yet.",
        "requests": rows,
        "may_start": True,
    }
    return Message(card="requests", data=data, summary="Your requests")


def form_sections(form: Form) -> list[Data]:
    """What was asked for, in titled groups of label and value; fields that were not asked are left out."""
    tool = [
        _fact("Tool", form.tool),
        _fact("Supplier", f"{form.supplier}, {form.url}"),
        _fact("Plan", FIELD["plan"].label_of(form.plan)),
    ]
    sections = [("The tool", tool), ("The use", _facts(form, _USE)), ("People and dates", _facts(form, _DATES))]
    if safeguards := _facts(form, _SAFEGUARDS):
        sections.append(("Safeguards", safeguards))
    return [{"title": title, "facts": facts} for title, facts in sections]


def _head(request: ExceptionRequest, notice: str) -> Data:
    return {
        "notice": notice,
        "reference": request.reference,
        "revision": request.revision,
        "tool": request.form.tool,
        "status": wording.status(request),
        "tone": wording.tone(request),
    }


def _approvers_view(request: ExceptionRequest, roster: Roster, notice: str) -> Data:
    return _head(request, notice) | {
        "detail": _approvers_detail(request, roster),
        "sections": [
            *_decision_section(request),
            *_risk_section(request),
            _who_asks(request),
            *form_sections(request.form),
        ],
        "conditions": _conditions(request),
    }


def _who_asks(request: ExceptionRequest) -> Data:
    form = request.form
    facts = [_fact("Requester", f"{request.requester.name} ({FIELD['applicant'].label_of(form.applicant).lower()})")]
    if form.behalf == "sponsor":
        facts = [
            _fact("Sponsor", f"{request.requester.name}, who answers for the use"),
            _fact("For", f"{form.sponsored_name}, {form.sponsored_organisation}"),
            _fact("Who that is", FIELD["applicant"].label_of(form.applicant)),
        ]
    return {"title": "Who asks", "facts": [*facts, _fact("Asked on", wording.moment(request.submitted))]}


def _requester_detail(request: ExceptionRequest, roster: Roster) -> str:
    match request.state:
        case State.PENDING:
            deciders = wording.sentence(wording.deciders(request, roster))
            due = wording.moment(request.due)
            return f"{deciders} may decide (5.2); it is due by {due}. Do not use the tool before there is a decision."
        case State.APPROVED:
            return "Please accept it on the card I sent you; only then may you use the tool."
        case State.ACTIVE:
            return (
                f"You may use the tool from {wording.day(request.form.starts)}, for this purpose only and under its "
                "conditions. Use is monitored (5.2)."
            )
        case State.REJECTED:
            return "You may not use the tool for this. If something changes, start a new request from this one."
        case _:
            return "This request is closed."


def _approvers_detail(request: ExceptionRequest, roster: Roster) -> str:
    if not request.state.is_undecided:
        return f"{_closing(request)}."
    deciders = wording.sentence(wording.deciders(request, roster))
    return f"Please decide by {wording.moment(request.due)}. {deciders} may decide (5.2)."


def _closing(request: ExceptionRequest) -> str:
    if request.decision is None and request.closed:
        return f"{wording.status(request)} on {wording.moment(request.closed)}"
    return wording.sentence(wording.outcome(request))


def _decision_section(request: ExceptionRequest) -> list[Data]:
    decision = request.decision
    if decision is None:
        return []
    facts = [
        _fact("Decision", f"{decision.verdict.value.capitalize()} by {decision.decider.name}, {decision.post}"),
        _fact("When", wording.moment(decision.at)),
    ]
    if decision.reason:
        facts.append(_fact("Reason", life.REJECTIONS[decision.reason]))
    if decision.comment:
        facts.append(_fact("Why" if decision.verdict is Verdict.REJECTED else "Comment", decision.comment))
    if decision.until:
        facts.append(_fact("Last day of use", wording.day(decision.until)))
    return [{"title": "The decision", "facts": facts}]


def _risk_section(request: ExceptionRequest) -> list[Data]:
    """What speaks for care, by level, each reason with its paragraph; it never decides."""
    facts = []
    for level in sorted(risk.Level, reverse=True):
        reasons = [f"{rule.reason} ({rule.clause})" for rule in risk.flags(request.form) if rule.level is level]
        if reasons:
            facts.append(_fact(f"{level.name.capitalize()} risk", "; ".join(reasons)))
    return [{"title": "To weigh", "facts": facts}] if facts else []


def _conditions(request: ExceptionRequest) -> list[Data]:
    conditions = request.decision.conditions if request.decision else ()
    return [{"number": str(number), "text": condition.text} for number, condition in enumerate(conditions, 1)]


def _history(request: ExceptionRequest) -> list[Data]:
    lines = [(request.submitted, "Request filed")]
    if request.decision:
        lines.append((request.decision.at, f"{_verdict(request.decision)} by {request.decision.decider.name}"))
    if request.accepted:
        lines.append((request.accepted, "Accepted by you"))
    if request.closed and request.state is not State.REJECTED:
        lines.append((request.closed, wording.STATUS[request.state]))
    return [{"when": wording.moment(at), "what": what} for at, what in lines]


def _verdict(decision: Decision) -> str:
    if not decision.conditions:
        return decision.verdict.value.capitalize()
    count = len(decision.conditions)
    return f"Approved with {count} condition{'s' if count > 1 else ''}"


def _facts(form: Form, names: tuple[str, ...]) -> list[Data]:
    facts = [_fact(FIELD[name].label, _shown(name, getattr(form, name))) for name in names]
    return [fact for fact in facts if fact["value"]]


def _fact(label: str, value: str) -> Data:
    return {"label": label, "value": value}


def _shown(name: str, value: object) -> str:
    if isinstance(value, date):
        return wording.day(value)
    if isinstance(value, tuple):
        return ", ".join(FIELD[name].label_of(item) for item in value)
    return FIELD[name].label_of(str(value))


def _summary(request: ExceptionRequest) -> str:
    return f"{request.reference}: {request.form.tool}. {wording.status(request)}."
