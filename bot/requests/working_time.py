"""Deadlines in working days of England: Monday to Friday without bank holidays, at UK local time."""

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

UK = ZoneInfo("Europe/London")
DECISION_DAYS = 5
"""Working days within which a decision is due (a proposal for the council)."""


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether offices in England are open."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def after_working_days(start: datetime, days: int) -> datetime:
    """The same UK clock time `days` working days after an instant; aware in, aware (UK) out."""
    local = start.astimezone(UK)
    day = local.date()
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return datetime.combine(day, local.time(), UK)


def end_of(day: date) -> datetime:
    """The midnight after a last day of use, UK time."""
    return datetime.combine(day + timedelta(days=1), time.min, UK)


def uk_date(at: datetime) -> date:
    """The calendar day in the United Kingdom at an instant."""
    return at.astimezone(UK).date()
