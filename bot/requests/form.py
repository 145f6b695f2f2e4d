"""The filled-in exception form, checked on the server however it was typed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from unicodedata import category
from urllib.parse import urlsplit

from bot.requests.fields import FIELD, FIELDS, Field, Kind, Step, fields_of

Values = Mapping[str, str]
Errors = dict[str, str]

SPONSORED = frozenset({"contractor", "consultant", "third_party"})
"""Who may be without an account of the council's and so needs a sponsor (1.3)."""

_CALLS_FOR_SAFEGUARDS: dict[str, frozenset[str]] = {
    "plan": frozenset({"free", "personal", "unsure"}),
    "information": frozenset({"confidential", "personal", "special", "vulnerable"}),
    "audience": frozenset({"partners", "public"}),
    "decisions": frozenset({"informs", "makes"}),
}

_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters by name that show nothing."""
_NOT_TEXT = frozenset({Kind.CHOICES, Kind.NUMBER, Kind.DATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form without errors; a field of a step that was not asked is empty."""

    applicant: str
    behalf: str
    sponsored_name: str = ""
    sponsored_organisation: str = ""
    tool: str
    supplier: str
    url: str
    plan: str
    purpose: str
    why: str
    why_other: str = ""
    information: tuple[str, ...]
    output: str
    audience: str
    decisions: str
    checker: str
    people: int
    team: str
    starts: date
    ends: date
    dpia: str = ""
    dpia_reference: str = ""
    training: str = ""
    training_evidence: str = ""
    retention: str = ""
    storage: str = ""
    sign_in: str = ""
    cost: str = ""
    equality: str = ""
    risk_owner: str = ""
    safeguards: str = ""


def typed(data: Mapping[str, object]) -> dict[str, str]:
    """What a card sent, cut down to the form's own fields as tidy text; anything else is left out."""
    return {key: _tidy(key, value) for key, value in data.items() if key in FIELD and isinstance(value, str)}


def _tidy(key: str, value: str) -> str:
    """One line without characters that cannot be seen, which could hide or turn what an approver reads."""
    line = " ".join("".join(c for c in value if c.isspace() or not _is_invisible(c)).split())
    if key == "url" and line and "://" not in line:
        return f"https://{line}"
    return line


def _is_invisible(character: str) -> bool:
    return category(character) in _INVISIBLE or character in _FILLERS


def needs_safeguards(values: Values) -> bool:
    """Whether plan, information, audience or decisions call for the second step."""
    return any(answers & set(values.get(key, "").split(",")) for key, answers in _CALLS_FOR_SAFEGUARDS.items())


def steps(values: Values) -> tuple[Step, ...]:
    """The steps this form asks for."""
    return tuple(Step) if needs_safeguards(values) else (Step.ABOUT, Step.CONFIRM)


def errors_in(step: Step, values: Values, today: date) -> Errors:
    """A sentence for each field of a step that cannot stand as typed; empty when all is well."""
    errors = {field.id: error for field in fields_of(step) if (error := _error(field, values.get(field.id, "")))}
    for field_id, error in _RULES[step](values, today).items():
        errors.setdefault(field_id, error)
    return errors


def filled(values: Values) -> Form:
    """The form of values that were found without errors; ValueError otherwise."""
    asked = set(steps(values)) - {Step.CONFIRM}
    texts = {f.id: values.get(f.id, "") for f in FIELDS if f.step in asked and f.kind not in _NOT_TEXT}
    return Form(
        information=tuple(values.get("information", "").split(",")),
        people=int(values.get("people", "")),
        starts=date.fromisoformat(values.get("starts", "")),
        ends=date.fromisoformat(values.get("ends", "")),
        **texts,
    )


def as_values(form: Form) -> dict[str, str]:
    """A form as typed values again, to start a new one from it."""
    return {field.id: _written(getattr(form, field.id)) for field in FIELDS if field.step is not Step.CONFIRM}


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _error(field: Field, value: str) -> str:
    if not value:
        return f"{field.label}: please fill this in." if field.required else ""
    return _CHECKS[field.kind](field, value)


def _text_error(field: Field, value: str) -> str:
    if len(value) < field.least:
        return f"{field.label}: at least {field.least} characters, please; this has {len(value)}."
    if len(value) > field.most:
        return f"{field.label}: at most {field.most} characters, please; this has {len(value)}."
    return ""


def _url_error(field: Field, value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc
    except ValueError:
        good = False
    good = good and value.isascii() and " " not in value
    return _text_error(field, value) if good else f"{field.label}: a full address that begins with https://, please."


def _number_error(field: Field, value: str) -> str:
    good = value.isascii() and value.isdigit() and field.least <= int(value[:9]) <= field.most and len(value) < 9
    return "" if good else f"{field.label}: a whole number from {field.least} to {field.most}, please."


def _date_error(field: Field, value: str) -> str:
    return "" if _day(value) else f"{field.label}: a date, please, such as 2026-09-30."


def _day(value: str) -> date | None:
    """A day written as date pickers write it, and in no other way of ISO 8601."""
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
    except ValueError:
        return None


def _choice_error(field: Field, value: str) -> str:
    return "" if value in dict(field.choices) else f"{field.label}: please choose one of the list."


def _choices_error(field: Field, value: str) -> str:
    chosen = value.split(",")
    if not set(chosen) <= set(dict(field.choices)):
        return f"{field.label}: please choose from the list."
    if len(chosen) > len(set(chosen)) or ("none" in chosen and len(chosen) > 1):
        return f"{field.label}: choose either none or the kinds that apply, each once."
    return ""


def _tick_error(field: Field, value: str) -> str:
    return "" if value == "true" else f"Please confirm: {field.label}."


_CHECKS: dict[Kind, Callable[[Field, str], str]] = {
    Kind.TEXT: _text_error,
    Kind.URL: _url_error,
    Kind.NUMBER: _number_error,
    Kind.DATE: _date_error,
    Kind.CHOICE: _choice_error,
    Kind.CHOICES: _choices_error,
    Kind.TICK: _tick_error,
}


def _about_rules(values: Values, today: date) -> Errors:
    return _sponsor_rules(values) | _use_rules(values) | _date_rules(values, today)


def _sponsor_rules(values: Values) -> Errors:
    if values.get("behalf") != "sponsor":
        return {}
    errors = {
        key: f"{FIELD[key].label}: needed because you ask for somebody else."
        for key in ("sponsored_name", "sponsored_organisation")
        if not values.get(key)
    }
    if values.get("applicant") not in SPONSORED:
        errors["applicant"] = "You can sponsor a contractor, a consultant or another third party (1.3)."
    return errors


def _use_rules(values: Values) -> Errors:
    errors = {}
    if values.get("why") == "other" and not values.get("why_other"):
        errors["why_other"] = "Please say what the other reason is."
    if values.get("decisions") == "makes":
        errors["decisions"] = "GenAI will not be used to replace decision-making (3.2), so this cannot be requested."
    return errors


def _date_rules(values: Values, today: date) -> Errors:
    starts, ends = (_day(values.get(key, "")) for key in ("starts", "ends"))
    if starts is None or ends is None:
        return {}
    errors = {}
    if starts < today:
        errors["starts"] = "First day of use: today or later, please."
    if ends < starts:
        errors["ends"] = "Last day of use: not before the first day, please."
    return errors


def _safeguards_rules(values: Values, today: date) -> Errors:
    errors = {}
    if values.get("dpia") == "done" and not values.get("dpia_reference"):
        errors["dpia_reference"] = "Please give the reference of the DPIA."
    if values.get("training") == "no" and not values.get("training_evidence"):
        errors["training_evidence"] = "Please say where that can be seen (a link or a document)."
    return errors


def _no_rules(values: Values, today: date) -> Errors:
    return {}


_RULES: dict[Step, Callable[[Values, date], Errors]] = {
    Step.ABOUT: _about_rules,
    Step.SAFEGUARDS: _safeguards_rules,
    Step.CONFIRM: _no_rules,
}
