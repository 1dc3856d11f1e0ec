"""Working days around weekends, holidays and collective leave, and years without a list. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import reference
from projects.workdays import Deadline, Holiday, Span, WorkCalendar

RECORDS = reference.holidays()
CALENDAR = WorkCalendar(record.holiday for record in RECORDS)
WORKING_LEAVE = WorkCalendar((record.holiday for record in RECORDS), works_on_collective_leave=True)
WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


@pytest.mark.parametrize(("year", "holidays", "leave"), [(2024, 19, 10), (2025, 17, 11), (2026, 17, 8)])
def test_reference_holds_as_many_days_as_the_ministers_announced(
    year: int, holidays: int, leave: int
) -> None:
    days = [record for record in RECORDS if record.day.year == year]

    assert sum(not record.is_collective_leave for record in days) == holidays
    assert sum(record.is_collective_leave for record in days) == leave
    assert len({record.day for record in days}) == len(days)
    assert all(record.source.title and record.name for record in days)


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        ("2025-01-27", "Senin"),
        ("2025-03-29", "Sabtu"),
        ("2025-05-12", "Senin"),
        ("2025-06-06", "Jumat"),
        ("2025-06-27", "Jumat"),
        ("2025-08-18", "Senin"),
        ("2025-09-05", "Jumat"),
        ("2026-01-16", "Jumat"),
        ("2026-02-17", "Selasa"),
        ("2026-03-19", "Kamis"),
        ("2026-03-21", "Sabtu"),
        ("2026-05-14", "Kamis"),
        ("2026-05-27", "Rabu"),
        ("2026-06-16", "Selasa"),
        ("2026-08-25", "Selasa"),
        ("2026-12-24", "Kamis"),
    ],
)
def test_days_fall_on_the_weekday_that_was_published(day: str, weekday: str) -> None:
    wanted = date.fromisoformat(day)

    assert wanted in {record.day for record in RECORDS}
    assert WEEKDAYS[wanted.weekday()] == weekday


def test_collective_leave_never_falls_on_a_weekend() -> None:
    assert [r.day for r in RECORDS if r.is_collective_leave and r.day.weekday() >= 5] == []


@pytest.mark.parametrize(
    ("spk", "calendar", "last"),
    [
        # Without anything between: 14 working days are 20 calendar days on from a Monday.
        (date(2026, 7, 6), CALENDAR, date(2026, 7, 24)),
        # A Friday, a Saturday and a Sunday end on the same day.
        (date(2026, 7, 3), CALENDAR, date(2026, 7, 23)),
        (date(2026, 7, 4), CALENDAR, date(2026, 7, 23)),
        (date(2026, 7, 5), CALENDAR, date(2026, 7, 23)),
        # Nyepi, leave around it and Idulfitri, Good Friday; where leave is worked, Nyepi alone.
        (date(2026, 3, 9), CALENDAR, date(2026, 4, 6)),
        (date(2026, 3, 9), WORKING_LEAVE, date(2026, 3, 30)),
    ],
)
def test_limit_ends_after_14_working_days(spk: date, calendar: WorkCalendar, last: date) -> None:
    assert calendar.after(spk, 14) == Deadline(last)


def test_first_day_counted_is_the_next_one() -> None:
    assert CALENDAR.after(date(2026, 7, 6), 1).day == date(2026, 7, 7)
    assert CALENDAR.between(date(2026, 7, 6), date(2026, 7, 7)) == Span(1)
    assert CALENDAR.between(date(2026, 7, 6), date(2026, 7, 6)) == Span(0)
    assert CALENDAR.between(date(2026, 7, 7), date(2026, 7, 6)) == Span(0)


def test_year_without_its_list_is_said() -> None:
    assert CALENDAR.after(date(2026, 12, 21), 14).unknown_years == (2027,)
    assert CALENDAR.between(date(2026, 12, 21), date(2028, 1, 3)).unknown_years == (2027, 2028)
    assert CALENDAR.after(date(2026, 12, 31), 1).unknown_years == (2027,)
    assert CALENDAR.after(date(2026, 7, 6), 14).unknown_years == ()


def test_collective_leave_alone_is_no_holiday_list() -> None:
    calendar = WorkCalendar([Holiday(date(2027, 3, 8), is_collective_leave=True)])

    assert calendar.after(date(2027, 3, 1), 1).unknown_years == (2027,)


def test_limit_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.after(date(2026, 7, 6), 0)


@given(st.dates(date(2023, 1, 1), date(2028, 1, 1)), st.integers(1, 200))
def test_counting_to_a_limit_gives_its_days_back(day: date, workdays: int) -> None:
    last = CALENDAR.after(day, workdays).day

    assert CALENDAR.between(day, last).workdays == workdays
    assert CALENDAR.is_workday(last)


@given(st.dates(date(2023, 1, 1), date(2028, 1, 1)), st.integers(0, 400))
def test_span_is_what_counting_day_by_day_gives(day: date, days: int) -> None:
    counted = sum(CALENDAR.is_workday(day + timedelta(days=n)) for n in range(1, days + 1))

    assert CALENDAR.between(day, day + timedelta(days=days)).workdays == counted
