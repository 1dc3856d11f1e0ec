"""The `Month` value: arithmetic by whole months, and how months and dates are shown."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import overload

_NAMES_ID = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_NAMES_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT_ID = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
)
_SHORT_EN = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month. Raises ValueError when the year is not 1..9999 or the month not 1..12."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """`2025-07`, the form of `str()`, of URLs and of exports; anything else raises ValueError."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
        if match is None:
            raise ValueError("a month is written YYYY-MM")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def __add__(self, count: int) -> Month:
        return _month_at(_ordinal(self) + count)

    @overload
    def __sub__(self, other: int) -> Month: ...
    @overload
    def __sub__(self, other: Month) -> int: ...
    def __sub__(self, other: int | Month) -> Month | int:
        if isinstance(other, Month):
            return _ordinal(self) - _ordinal(other)
        return _month_at(_ordinal(self) - other)


_IN_LABEL = re.compile(r"(?<![\w./-])(20[0-9]{2})-(0[1-9]|1[0-2])(?![\w/-])")


def _ordinal(month: Month) -> int:
    return month.year * 12 + month.month - 1


def _month_at(ordinal: int) -> Month:
    return Month(ordinal // 12, ordinal % 12 + 1)


def months(first: Month, last: Month) -> list[Month]:
    """Every month from `first` to `last`, both included; empty when `last` is earlier."""
    return [first + offset for offset in range(last - first + 1)]


@lru_cache(maxsize=4000)
def format_month(month: Month, language: str, *, short: bool = False) -> str:
    """`Juli 2025`, in English `July 2025`; `short` gives `Jul 2025`."""
    return f"{_names(language, short)[month.month - 1]} {month.year}"


def month_names(language: str) -> tuple[str, ...]:
    """The twelve months, short: `Jan`, `Feb`, and so on."""
    return _names(language, short=True)


def months_in_words(text: str, language: str) -> str:
    """A label with each `2025-07` in it as `Juli 2025`; what is part of a date or number stays."""
    return _IN_LABEL.sub(lambda found: format_month(Month(int(found[1]), int(found[2])), language), text)


def format_date(day: date, language: str, *, short: bool = False) -> str:
    """`31 Juli 2025`, in English `31 July 2025`; `short` gives `31 Jul 2025`."""
    return f"{day.day} {format_month(Month.of(day), language, short=short)}"


def _names(language: str, short: bool) -> tuple[str, ...]:
    if language.startswith("en"):
        return _SHORT_EN if short else _NAMES_EN
    return _SHORT_ID if short else _NAMES_ID
