"""What speaks for care is said with its reason and its paragraph, and proposes a length of use; it never decides."""

from dataclasses import replace
from datetime import date

import pytest

from bot.requests.form import Form, filled
from bot.requests.risk import RULES, Level, flags, level, proposed_end
from tests.examples import ABOUT, SAFEGUARDS

CALM = filled(ABOUT)
ASSESSED = filled(ABOUT | SAFEGUARDS | {"information": "personal"})
NEVER = date(2099, 1, 1)


def test_a_harmless_request_has_no_flags() -> None:
    """Public information on a business plan, drafted and checked: nothing to weigh."""
    assert flags(CALM) == ()
    assert level(CALM) is Level.LOW


@pytest.mark.parametrize(
    ("form", "found", "said"),
    [
        (replace(CALM, information=("special",)), Level.HIGH, "Special category"),
        (replace(CALM, information=("public", "vulnerable")), Level.HIGH, "children or vulnerable"),
        (replace(CALM, decisions="informs"), Level.HIGH, "decisions about people"),
        (replace(ASSESSED, dpia="not_started"), Level.HIGH, "no DPIA"),
        (replace(CALM, training="yes"), Level.HIGH, "trains on"),
        (ASSESSED, Level.MEDIUM, "Personal data goes in"),
        (replace(CALM, information=("confidential",)), Level.MEDIUM, "Confidential"),
        (replace(CALM, audience="public"), Level.MEDIUM, "seen by the public"),
        (replace(CALM, plan="free"), Level.MEDIUM, "free plan"),
        (replace(CALM, sign_in="personal"), Level.MEDIUM, "personal account"),
        (replace(CALM, storage="elsewhere"), Level.MEDIUM, "outside the UK"),
        (replace(CALM, training="unknown"), Level.MEDIUM, "is not known"),
        (replace(CALM, storage="unknown"), Level.MEDIUM, "Where it is stored"),
        (replace(CALM, plan="unsure"), Level.LOW, "plan is not known"),
    ],
)
def test_each_rule_finds_its_case(form: Form, found: Level, said: str) -> None:
    """One answer changed, one reason more."""
    assert level(form) is found
    assert any(said in rule.reason for rule in flags(form))


def test_the_weightiest_reason_comes_first() -> None:
    """An approver reads what matters most at the top."""
    form = replace(ASSESSED, plan="unsure", training="yes")
    assert [rule.level for rule in flags(form)] == [Level.HIGH, Level.MEDIUM, Level.LOW]


def test_every_rule_rests_on_a_paragraph() -> None:
    """No reason without the paragraph of the report that makes it matter."""
    assert {rule.clause for rule in RULES} <= {"3.2", "4.1", "4.3", "5.2", "6.2"}


@pytest.mark.parametrize(
    ("form", "today", "end"),
    [
        (CALM, date(2026, 11, 23), date(2027, 11, 23)),
        (ASSESSED, date(2026, 8, 31), date(2027, 2, 28)),
        (replace(CALM, decisions="informs"), date(2026, 11, 30), date(2027, 2, 28)),
        (CALM, date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_the_length_proposed_follows_the_level(form: Form, today: date, end: date) -> None:
    """Twelve months, six or three; the last day of a short month where the day does not exist."""
    assert proposed_end(form, today, NEVER) == end
    assert proposed_end(form, today, date(2026, 12, 1)) == min(end, date(2026, 12, 1))
