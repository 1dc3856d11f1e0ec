"""Months and dates as cells hold them.

Reading is in Indonesian order (day, month, year) and never guesses: what has no single meaning raises
`BadValue`. A two-digit year 00 to 49 is 20xx and 50 to 99 is 19xx, as spreadsheets read it.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from coverage_portal.lib.values import BadValue, is_blank, refuse_formula_error, tidy

from .month import Month

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The years a cell may name; what lies outside is a typing error."""

_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL = (date(1930, 1, 1) - _SERIAL_ZERO).days
_LAST_SERIAL = (date(LAST_YEAR, 12, 31) - _SERIAL_ZERO).days
_CENTURY_PIVOT = 50

_SPELLINGS = (
    "januari january jan",
    "februari pebruari february feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agust agst agus agt ags agu aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
_NUMBER_OF_NAME = {
    name: number for number, spellings in enumerate(_SPELLINGS, start=1) for name in spellings.split()
}

# The pieces of a pattern that titles are searched with too.
NAME = "(?P<name>" + "|".join(_NUMBER_OF_NAME) + r")(?![a-z])\.?"
WEEKDAY = (
    r"(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday),? )?"
)
_TIME = r"(?:[ t]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
GAP = r"[ ./'-]*"
TAHUN = r",? (?:tahun|thn|th)\.? ?"
_DATE_FORMS = tuple(
    re.compile(WEEKDAY + form + _TIME, re.ASCII)
    for form in (
        r"(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{1,2}) ?(?P<gap>[-/.]) ?(?P<month>\d{1,2}) ?(?P=gap) ?" + _YEAR,
        rf"(?P<day>\d{{1,2}}){GAP}{NAME}{GAP}{_YEAR}",
        rf"{NAME} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
    )
)
_MONTH_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?P<year>\d{4}) ?[-/.] ?(?P<month>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})",
        r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4})",
        rf"{NAME}(?:{GAP}|{TAHUN}){_YEAR}",
        rf"(?:tahun |thn\.? )?(?P<year>\d{{4}}) ?[-/,]? ?(?:bulan )?{NAME}",
        NAME,
        r"(?P<month>\d{1,2})",
    )
)
_MONTH_PREFIX = re.compile(
    r"(?:(?:data|posisi|keadaan|kondisi|per|periode|bulan|bln|tanggal|tgl|sampai dengan|s\.? ?/? ?d\.?)"
    r"(?: *[:.] *| +))+"
)


def parse_date(cell: object, *, latest: date | None = None) -> date | None:
    """The date a cell holds; None when it is blank.

    A number cell is a spreadsheet serial (day zero 30 December 1899, years 1930 to 2100); digits in a text
    cell are not. `latest` sends a two-digit year that would lie after it one century back (dates of birth).
    Raises BadValue, with code `date_lifelong` for SEUMUR HIDUP, which some columns take as an answer.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, datetime):
        return _within_range(cell.date())
    if isinstance(cell, date):
        return _within_range(cell)
    if isinstance(cell, int | float | Decimal):
        return _from_serial(_as_float(cell))
    if not isinstance(cell, str):
        raise BadValue("date_unreadable" if isinstance(cell, time | timedelta) else "formula_error")
    text = tidy(cell).lower()
    refuse_formula_error(text)
    day = _date_of_text(text, latest)
    if day is not None:
        return day
    if text == "seumur hidup":
        raise BadValue("date_lifelong")
    raise BadValue("date_without_day" if _names_a_month(text) else "date_unreadable")


def parse_month(cell: object, *, year: int | None = None) -> Month | None:
    """The month a cell holds (`Juli 2025`, `07/2025`, `202507`, a date in it); None when it is blank.

    `year` is what a month written without one belongs to; without it such a cell raises BadValue with code
    `month_without_year`.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, date):
        return Month.of(_within_range(cell))
    if isinstance(cell, int | float | Decimal):
        return _month_of_number(_as_float(cell), year)
    if not isinstance(cell, str):
        raise BadValue("month_unreadable" if isinstance(cell, time | timedelta) else "formula_error")
    text = tidy(cell).lower()
    refuse_formula_error(text)
    if prefix := _MONTH_PREFIX.match(text):
        text = text[prefix.end() :]
    for form in _MONTH_FORMS:
        if match := form.fullmatch(text):
            return _month_of_match(match, year)
    day = _date_of_text(text, None)
    if day is None:
        raise BadValue("month_unreadable")
    return Month.of(day)


def _as_float(number: float | Decimal) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _from_serial(serial: float) -> date:
    if not _FIRST_SERIAL <= serial < _LAST_SERIAL + 1:
        raise BadValue("date_serial_range")
    return _SERIAL_ZERO + timedelta(days=int(serial))


def _within_range(day: date) -> date:
    _check_year(day.year)
    return date(day.year, day.month, day.day)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadValue("year_out_of_range", {"year": year, "first": FIRST_YEAR, "last": LAST_YEAR})


def full_year(digits: str) -> int:
    """The year that two or four digits name. Raises BadValue outside FIRST_YEAR to LAST_YEAR."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < _CENTURY_PIVOT else 1900)
    _check_year(year)
    return year


def month_number(match: re.Match[str]) -> int:
    """The month that a match of one of the patterns names, in words or as any number."""
    groups = match.groupdict()
    return _NUMBER_OF_NAME[groups["name"]] if groups.get("name") else int(groups["month"])


def _date_of_text(text: str, latest: date | None) -> date | None:
    match = next((found for form in _DATE_FORMS if (found := form.fullmatch(text))), None)
    if match is None:
        return None
    day, month = int(match["day"]), month_number(match)
    if month == day == 0:
        raise BadValue("date_impossible")
    if not 1 <= month <= 12:
        raise BadValue("date_month_first", {"month": month})
    year = full_year(match["year"])
    if latest is not None and len(match["year"]) == 2 and (year, month, day) > latest.timetuple()[:3]:
        year -= 100
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("date_impossible") from None


def _names_a_month(text: str) -> bool:
    return any(form.fullmatch(text) for form in _MONTH_FORMS[:-1])


def _month_of_match(match: re.Match[str], year: int | None) -> Month:
    month = month_number(match)
    if not 1 <= month <= 12:
        raise BadValue("month_unknown", {"month": month})
    if written := match.groupdict().get("year"):
        return Month(full_year(written), month)
    return _month_in(year, month)


def _month_in(year: int | None, month: int) -> Month:
    if year is None:
        raise BadValue("month_without_year")
    _check_year(year)
    return Month(year, month)


def _month_of_number(number: float, year: int | None) -> Month:
    if _FIRST_SERIAL <= number < _LAST_SERIAL + 1:
        return Month.of(_from_serial(number))
    if not number.is_integer():
        raise BadValue("month_unreadable")
    whole = int(number)
    if 1 <= whole <= 12:
        return _month_in(year, whole)
    if FIRST_YEAR <= whole // 100 <= LAST_YEAR and 1 <= whole % 100 <= 12:
        return Month(whole // 100, whole % 100)
    raise BadValue("month_unreadable")
