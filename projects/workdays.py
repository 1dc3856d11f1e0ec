"""Working days: Monday to Friday without the holidays that are known.

Holidays are data. A year of which no national holiday is known has no list; whatever is counted through such
a year says so, for it may come out too early.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off: a national holiday, or a day of collective leave (cuti bersama)."""

    day: date
    is_collective_leave: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a limit; `unknown_years` are the years on the way there without a holiday list."""

    day: date
    unknown_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Working days after one day up to and with another, and the years between without a holiday list."""

    workdays: int
    unknown_years: tuple[int, ...] = ()


class WorkCalendar:
    """The working days that a list of holidays leaves.

    Args:
        holidays: in any order; a day may come twice.
        works_on_collective_leave: whether days of collective leave count as working days.
    """

    def __init__(self, holidays: Iterable[Holiday] = (), *, works_on_collective_leave: bool = False) -> None:
        known = set(holidays)
        self._off = frozenset(
            holiday.day
            for holiday in known
            if not (holiday.is_collective_leave and works_on_collective_leave)
        )
        self._weekdays_off = sorted(day for day in self._off if day.weekday() < SATURDAY)
        self.years = frozenset(holiday.day.year for holiday in known if not holiday.is_collective_leave)

    def is_workday(self, day: date) -> bool:
        return day.weekday() < SATURDAY and day not in self._off

    def after(self, day: date, workdays: int) -> Deadline:
        """The day by which `workdays` working days have passed; the first day counted is the next one."""
        if workdays < 1:
            raise ValueError("a limit has at least one working day")
        last = day
        while workdays:
            last += timedelta(days=1)
            workdays -= self.is_workday(last)
        return Deadline(last, self._unknown(day, last))

    def between(self, day: date, later: date) -> Span:
        """The working days after `day` up to and with `later`; none where `later` is not later."""
        if later <= day:
            return Span(0)
        off = bisect_right(self._weekdays_off, later) - bisect_right(self._weekdays_off, day)
        return Span(_weekdays_to(later) - _weekdays_to(day) - off, self._unknown(day, later))

    def _unknown(self, first: date, last: date) -> tuple[int, ...]:
        """The years of the days after `first` to `last` without a list."""
        start = first + timedelta(days=1)
        return tuple(year for year in range(start.year, last.year + 1) if year not in self.years)


def _weekdays_to(day: date) -> int:
    """The days from Monday to Friday up to and with a day, since the calendar began (on a Monday)."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
