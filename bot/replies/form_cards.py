"""The three cards of the exception form, with what was typed and what is wrong with it beside each field."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.ports import Message
from bot.replies import wording
from bot.replies.request_cards import Data, form_sections
from bot.requests.fields import FIELD, Field, Kind, Step, fields_of
from bot.requests.form import filled, steps
from bot.requests.request import ExceptionRequest
from bot.requests.working_time import uk_date
from bot.results import FormShown

_BECAUSE: dict[tuple[str, str], str] = {
    ("plan", "free"): "It is a free plan",
    ("plan", "personal"): "Somebody pays for it personally",
    ("plan", "unsure"): "The plan is not known",
    ("information", "confidential"): "Confidential information goes in",
    ("information", "personal"): "Personal data goes in",
    ("information", "special"): "Special category or criminal data goes in",
    ("information", "vulnerable"): "Data about children or vulnerable people goes in",
    ("audience", "partners"): "Partners or suppliers see what comes out",
    ("audience", "public"): "The public sees what comes out",
    ("decisions", "informs"): "It informs decisions about people",
}
"""Why the second step is asked."""


def form_card(shown: FormShown, notice: str = "") -> Message:
    """The step at which a form stands."""
    step = Step(shown.draft.step)
    if shown.errors and not notice:
        notice = f"Nothing is lost. Please look at: {', '.join(FIELD[name].label for name in shown.errors)}."
    asked = steps(shown.draft.values) if step is not Step.ABOUT else tuple(Step)
    data: Data = {
        "form": shown.draft.form_id,
        "notice": notice,
        "progress": f"Step {asked.index(step) + 1} of {len(asked)}",
        "values": _values(step, shown.draft.values),
        "errors": {field.id: shown.errors.get(field.id, "") for field in fields_of(step)},
    }
    return Message(
        card=f"form-{step}", data=data | _MORE[step](shown), summary=f"Request an exception: {data['progress']}"
    )


def _values(step: Step, typed: Mapping[str, str]) -> dict[str, str]:
    return {field.id: typed.get(field.id, "false" if field.kind is Kind.TICK else "") for field in fields_of(step)}


def _about(shown: FormShown) -> Data:
    today = uk_date(shown.draft.changed)
    sponsoring = shown.draft.values.get("behalf") == "sponsor"
    return _choices(Step.ABOUT) | {
        "sponsor_open": sponsoring or bool({"sponsored_name", "sponsored_organisation"} & shown.errors.keys()),
        "earliest": today.isoformat(),
        "latest": (today + timedelta(days=3 * 365)).isoformat(),
    }


def _safeguards(shown: FormShown) -> Data:
    typed = shown.draft.values
    because = [why for (key, answer), why in _BECAUSE.items() if answer in typed.get(key, "").split(",")]
    return _choices(Step.SAFEGUARDS) | {"because": because}


def _confirm(shown: FormShown) -> Data:
    earlier = [_earlier(request) for request in shown.earlier[:5]]
    return {"sections": form_sections(filled(shown.draft.values)), "earlier": earlier}


def _earlier(request: ExceptionRequest) -> str:
    """An earlier decision on the same tool, without anybody's words or name."""
    decided: date = uk_date(request.decision.at if request.decision else request.submitted)
    return f"{request.reference}: {wording.STATUS[request.state].lower()}, decided on {wording.day(decided)}"


def _choices(step: Step) -> Data:
    fields = fields_of(step)
    return {
        "choices": {f.id: [{"value": v, "title": t} for v, t in f.choices] for f in fields if f.choices},
        "limits": {f.id: _limit(f) for f in fields if f.kind in (Kind.TEXT, Kind.URL, Kind.NUMBER)},
    }


def _limit(field: Field) -> int:
    """How many characters fit into a field."""
    return len(str(field.most)) if field.kind is Kind.NUMBER else field.most


_MORE: dict[Step, Callable[[FormShown], Data]] = {
    Step.ABOUT: _about,
    Step.SAFEGUARDS: _safeguards,
    Step.CONFIRM: _confirm,
}
