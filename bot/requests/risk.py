"""What speaks for care with a request: rules, each with its reason and the paragraph it rests on; they never decide."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.requests.form import Form


class Level(IntEnum):
    """How much care is called for; the highest of a request's flags orders the queue."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


MONTHS: dict[Level, int] = {Level.LOW: 12, Level.MEDIUM: 6, Level.HIGH: 3}
"""The length of use proposed to the approver, who may choose another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing to look out for; `clause` is the paragraph of the report that makes it matter."""

    level: Level
    reason: str
    clause: str
    applies: Callable[[Form], bool]


_PERSONAL = frozenset({"personal", "special", "vulnerable"})
_UNASSESSED = frozenset({"", "not_started", "unknown"})

RULES: tuple[Rule, ...] = (
    Rule(
        level=Level.HIGH,
        reason="Special category or criminal data goes in",
        clause="4.1",
        applies=lambda form: "special" in form.information,
    ),
    Rule(
        level=Level.HIGH,
        reason="Data about children or vulnerable people goes in",
        clause="4.1",
        applies=lambda form: "vulnerable" in form.information,
    ),
    Rule(
        level=Level.HIGH,
        reason="It informs decisions about people",
        clause="3.2",
        applies=lambda form: form.decisions == "informs",
    ),
    Rule(
        level=Level.HIGH,
        reason="Personal data goes in and there is no DPIA yet",
        clause="5.2",
        applies=lambda form: bool(_PERSONAL & set(form.information)) and form.dpia in _UNASSESSED,
    ),
    Rule(
        level=Level.HIGH,
        reason="The supplier trains on what goes in",
        clause="4.3",
        applies=lambda form: form.training == "yes",
    ),
    Rule(
        level=Level.MEDIUM,
        reason="Personal data goes in",
        clause="4.1",
        applies=lambda form: "personal" in form.information,
    ),
    Rule(
        level=Level.MEDIUM,
        reason="Confidential information goes in",
        clause="4.1",
        applies=lambda form: "confidential" in form.information,
    ),
    Rule(
        level=Level.MEDIUM,
        reason="What comes out is seen by the public",
        clause="6.2",
        applies=lambda form: form.audience == "public",
    ),
    Rule(
        level=Level.MEDIUM,
        reason="It is a free plan or one paid personally",
        clause="4.3",
        applies=lambda form: form.plan in ("free", "personal"),
    ),
    Rule(
        level=Level.MEDIUM,
        reason="Sign-in is with a personal account",
        clause="4.3",
        applies=lambda form: form.sign_in == "personal",
    ),
    Rule(
        level=Level.MEDIUM,
        reason="It is stored outside the UK and the EEA",
        clause="4.3",
        applies=lambda form: form.storage == "elsewhere",
    ),
    Rule(
        level=Level.MEDIUM,
        reason="Whether the supplier trains on what goes in is not known",
        clause="4.3",
        applies=lambda form: form.training == "unknown",
    ),
    Rule(
        level=Level.MEDIUM,
        reason="Where it is stored is not known",
        clause="4.3",
        applies=lambda form: form.storage == "unknown",
    ),
    Rule(
        level=Level.LOW,
        reason="The plan is not known",
        clause="4.3",
        applies=lambda form: form.plan == "unsure",
    ),
)


def flags(form: Form) -> tuple[Rule, ...]:
    """The rules that apply to a form, the weightiest first."""
    return tuple(sorted((rule for rule in RULES if rule.applies(form)), key=lambda rule: -rule.level))


def proposed_end(form: Form, today: date, latest: date) -> date:
    """The last day proposed to the approver: as many months from now as the level allows, not after the latest."""
    months = today.month - 1 + MONTHS[level(form)]
    year, month = today.year + months // 12, months % 12 + 1
    return min(latest, date(year, month, min(today.day, monthrange(year, month)[1])))


def level(form: Form) -> Level:
    """The highest level of a form's flags; low where there are none."""
    return max((rule.level for rule in flags(form)), default=Level.LOW)
