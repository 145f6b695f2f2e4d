"""The exception form says what is wrong, field by field, and loses nothing."""

from dataclasses import fields as dataclass_fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.requests.fields import FIELD, FIELDS, Kind, Step, fields_of
from bot.requests.form import Form, as_values, errors_in, filled, needs_safeguards, steps, typed
from tests.examples import ABOUT, DECLARED, SAFEGUARDS, TODAY


def about(**changed: str) -> dict[str, str]:
    """The errors of the first step with some answers changed."""
    return errors_in(Step.ABOUT, ABOUT | changed, TODAY)


def test_a_complete_form_has_no_errors() -> None:
    """What the example says stands as it is, in all three steps."""
    assert about() == {}
    assert errors_in(Step.SAFEGUARDS, SAFEGUARDS, TODAY) == {}
    assert errors_in(Step.CONFIRM, DECLARED, TODAY) == {}


def test_an_empty_form_names_every_required_field() -> None:
    """Whoever presses Next on an empty form sees a note beside each field that is needed."""
    expected = {field.id for field in fields_of(Step.ABOUT) if field.required}
    assert set(errors_in(Step.ABOUT, {}, TODAY)) == expected


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("purpose", "too short", "at least 30 characters"),
        ("purpose", "x" * 601, "at most 600 characters"),
        ("url", "http://chatgpt.com", "https://"),
        ("url", "https://localhost", "https://"),
        ("url", "https://chatgpt.com@evil.example/x", "https://"),
        ("url", "https://chatgpt.com/a b", "https://"),
        ("url", "https://ch\u0430tgpt.com", "https://"),
        ("url", "https://[broken", "https://"),
        ("people", "0", "from 1 to 10000"),
        ("people", "many", "from 1 to 10000"),
        ("people", "٣", "from 1 to 10000"),
        ("people", "9" * 5000, "from 1 to 10000"),
        ("plan", "pirated", "one of the list"),
        ("information", "public,gossip", "from the list"),
        ("information", "none,public", "either none or"),
        ("starts", "tomorrow", "such as 2026-09-30"),
        ("starts", "20261201", "such as 2026-09-30"),
        ("ends", "2027-W01-1", "such as 2026-09-30"),
        ("starts", "2026-11-22", "today or later"),
        ("ends", "2026-12-01", "not before the first day"),
        ("decisions", "makes", "3.2"),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field(field: str, value: str, said: str) -> None:
    """Each mistake has a sentence that says what would be right."""
    errors = about(**{field: value})
    assert list(errors) == [field]
    assert said in errors[field]


def test_another_reason_has_to_be_told() -> None:
    """'Another reason' without words is not a reason."""
    assert list(about(why="other")) == ["why_other"]
    assert about(why="other", why_other="Our partner's portal only reads its format.") == {}


def test_a_sponsor_names_whom_they_sponsor() -> None:
    """A sponsor asks for a named contractor, consultant or third party, never for an employee (1.3)."""
    assert set(about(behalf="sponsor")) == {"sponsored_name", "sponsored_organisation", "applicant"}
    named = {"sponsored_name": "Jo Field", "sponsored_organisation": "Field Surveys Ltd"}
    assert about(behalf="sponsor", applicant="contractor", **named) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [("plan", "free"), ("information", "public,personal"), ("audience", "public"), ("decisions", "informs")],
)
def test_risky_answers_call_for_the_second_step(field: str, value: str) -> None:
    """Plan, information, audience and decisions each bring the safeguards step."""
    assert steps(ABOUT) == (Step.ABOUT, Step.CONFIRM)
    assert needs_safeguards(ABOUT | {field: value})
    assert steps(ABOUT | {field: value}) == tuple(Step)


def test_a_finished_assessment_and_a_no_to_training_need_evidence() -> None:
    """'Done' wants a reference, 'no training' wants to be shown."""
    said = SAFEGUARDS | {"dpia_reference": "", "training": "no"}
    assert set(errors_in(Step.SAFEGUARDS, said, TODAY)) == {"dpia_reference", "training_evidence"}


def test_every_declaration_is_needed() -> None:
    """A toggle that was not touched arrives as false and is asked for again."""
    assert set(errors_in(Step.CONFIRM, DECLARED | {"wait": "false"}, TODAY)) == {"wait"}


def test_a_form_can_be_started_from_an_old_one() -> None:
    """Typed values make a form, and the form makes the same values again."""
    values = ABOUT | SAFEGUARDS | {"plan": "free"}
    again = as_values(filled(values))
    assert {key: again[key] for key in values} == values
    assert filled(again) == filled(values)


def test_safeguards_that_were_not_asked_are_not_kept() -> None:
    """Answers from a step that no longer applies do not slip into the request."""
    assert filled(ABOUT | SAFEGUARDS).dpia == ""


def test_only_the_forms_own_fields_are_read() -> None:
    """Extra keys and wrong types in a card's data are left out."""
    sent = {"tool": " ChatGPT ", "state": "approved", "people": 4, "purpose": ["x"], "requester": "somebody"}
    assert typed(sent) == {"tool": "ChatGPT"}


@pytest.mark.parametrize("nothing", ["\u200b" * 40, "\u3164", "\u202e\u2066\u2069", "\x00\x07", " \n\t "])
def test_what_cannot_be_seen_is_not_an_answer(nothing: str) -> None:
    """Zero-width, filler, turning and control characters alone are an empty field."""
    assert typed({"tool": nothing, "purpose": nothing}) == {"tool": "", "purpose": ""}


def test_a_field_is_one_line_as_it_is_read() -> None:
    """Lines, tabs and turned text do not change what an approver sees; a web address may come without its scheme."""
    sent = {"tool": "Chat\u202eGPT\n\tPlus", "url": " chatgpt.com "}
    assert typed(sent) == {"tool": "ChatGPT Plus", "url": "https://chatgpt.com"}


def test_every_field_has_a_place_in_the_form() -> None:
    """Fields and form cannot drift apart."""
    asked = {field.id for field in FIELDS if field.step is not Step.CONFIRM}
    assert asked == {field.name for field in dataclass_fields(Form)}


@given(st.dictionaries(st.sampled_from(sorted(FIELD)), st.text(max_size=700)))
def test_whatever_is_typed_is_judged_without_a_crash(values: dict[str, str]) -> None:
    """Any text in any field gives a list of errors, and what has none makes a form."""
    sent = ABOUT | values
    if not any(errors_in(step, sent | DECLARED, TODAY) for step in steps(sent)):
        assert filled(sent).starts >= TODAY


@given(st.integers(min_value=0, max_value=3000), st.integers(min_value=0, max_value=3000))
def test_dates_in_order_are_taken(start: int, length: int) -> None:
    """Any first day from today on with any last day not before it stands."""
    starts = TODAY + timedelta(days=start)
    ends = starts + timedelta(days=length)
    assert about(starts=starts.isoformat(), ends=ends.isoformat()) == {}


def test_choices_are_offered_where_a_choice_is_asked() -> None:
    """No list without items, no text with a list."""
    for field in FIELDS:
        assert bool(field.choices) == (field.kind in (Kind.CHOICE, Kind.CHOICES)), field.id
