"""Deadlines fall on working days of England, at the same UK clock time."""

from datetime import UTC, date, datetime

import pytest

from bot.requests.working_time import after_working_days, end_of, is_working_day, uk_date


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23T10:14+00:00", 5, "2026-11-30T10:14+00:00"),
        ("2026-12-23T15:00+00:00", 3, "2026-12-30T15:00+00:00"),
        ("2027-03-25T09:00+00:00", 1, "2027-03-30T08:00+00:00"),
        ("2026-10-23T09:00+00:00", 1, "2026-10-26T10:00+00:00"),
        ("2026-11-21T12:00+00:00", 1, "2026-11-23T12:00+00:00"),
        ("2028-02-28T12:00+00:00", 1, "2028-02-29T12:00+00:00"),
        ("2026-11-23T10:14+00:00", 0, "2026-11-23T10:14+00:00"),
    ],
    ids=["a week", "Christmas", "Easter into summer time", "out of summer time", "a Saturday", "leap day", "now"],
)
def test_a_deadline_counts_working_days(start: str, days: int, due: str) -> None:
    """Weekends and bank holidays do not count; the clock on the wall shows the same time."""
    assert after_working_days(datetime.fromisoformat(start), days) == datetime.fromisoformat(due)


def test_bank_holidays_of_england_are_no_working_days() -> None:
    """Boxing Day in lieu counts, St Andrew's Day (Scotland) does not."""
    assert not is_working_day(date(2026, 12, 28))
    assert is_working_day(date(2026, 11, 30))


def test_a_use_ends_at_midnight_after_its_last_day() -> None:
    """In summer that is 23:00 UTC."""
    assert end_of(date(2027, 6, 30)) == datetime(2027, 6, 30, 23, tzinfo=UTC)
    assert uk_date(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)
