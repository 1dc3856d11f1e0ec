"""NIK, the number of a resident: 16 digits `PPKKCC DDMMYY SSSS` (PP 37/2007, Pasal 37).

PPKKCC is the Kemendagri code of the district of first registration, DDMMYY the date of birth with 40 added to
a woman's day, SSSS a serial from 0001. There is no check digit. It never changes, not even when a wrong date
of birth is corrected. So structure is a hard error; a district that is not in today's list, or a row that
says otherwise, is a warning.

Two digits of a year leave the century open: it is the latest one in which the date of birth is not after the
day on which the NIK is read.

Nothing here shows digits: district, date of birth and the last four together are the whole number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias, cast

from coverage_portal.lib.values import BadValue

from . import districts
from .figures import are_digits, figures_of
from .messages import BadIdentity
from .person import Sex

LENGTH = 16
_WOMAN = 40
_ONES = "1" * LENGTH
# District, birth and serial are written apart in many ways, but never in the middle of a pair of digits.
_SEPARATED = re.compile(r"[0-9]{2}(?:[.-]?[0-9]{2}){7}")

Warnings: TypeAlias = tuple[str, ...]
"""Codes of `TEMPLATES`."""

_NONE: Warnings = ()


class Birth(NamedTuple):
    """What a NIK says of its owner."""

    day: date
    sex: Sex


NikReading: TypeAlias = tuple[str, BadValue | None, Warnings]
"""The digits of a cell, or "" and why there are none."""


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """A NIK that is well formed. `str()` and `repr()` show its last four digits only."""

    digits: str
    birth_date: date
    sex: Sex
    warnings: Warnings = _NONE

    @property
    def district_code(self) -> str:
        """The district of first registration, `61.71.01`: not where the owner lives or works."""
        return f"{self.digits[:2]}.{self.digits[2:4]}.{self.digits[4:6]}"

    @property
    def regency_code(self) -> str:
        """The regency of first registration, `61.71`."""
        return self.district_code[:5]

    @property
    def last4(self) -> str:
        """The serial, which is what the portal shows of a NIK."""
        return self.digits[12:]

    def disagreements(self, *, birth_date: date | None = None, sex: Sex | None = None) -> Warnings:
        """The codes of what the row's own columns say otherwise; None is a column that says nothing."""
        return _disagreements(Birth(self.birth_date, self.sex), birth_date, sex)

    def __repr__(self) -> str:
        return "*" * 12 + self.last4


class NikReader:
    """Reads a column of NIKs on one day; the dates of birth it has seen it keeps (73,000 at most)."""

    def __init__(self, on: date) -> None:
        """`on`: the day of reading, normally today. No date of birth is later, which settles the century."""
        self._births = _Births(on)
        self._districts = districts.known()

    def read(self, cell: object) -> NikReading:
        """The digits of a cell or the problem with it, without raising: the quick way through a long column.

        Text may carry blanks, an apostrophe, and dots or hyphens between pairs of digits. A number cell
        passes, with a warning, only when it cannot have lost a digit; a spreadsheet keeps 15 of them.
        """
        if type(cell) is str and len(cell) == LENGTH and cell.isascii() and cell.isdigit():
            digits, warnings = cell, _NONE
        else:
            try:
                digits, warnings = _digits_of(cell)
            except BadValue as problem:
                # A traceback would keep the cell alive, and at hand for whoever logs it.
                return "", problem.with_traceback(None), _NONE
        if (
            digits[:6] in self._districts
            and self._births[digits[6:12]] is not None
            and digits[12:] != "0000"
            and digits != _ONES
        ):
            return digits, None, warnings
        if fault := self._fault(digits):
            return "", BadIdentity(fault), _NONE
        return digits, None, warnings + _unknown_area(digits)

    def faultless(self, cells: Sequence[object]) -> list[str | None]:
        """Each cell that `read` would pass as it stands and without a warning; None for the others."""
        known, births = self._districts, self._births
        texts = (
            cells if are_digits(cells, LENGTH) else [c if are_digits([c], LENGTH) else _ONES for c in cells]
        )
        return [
            digits
            if digits[:6] in known
            and births[digits[6:12]] is not None
            and digits[12:] != "0000"
            and digits != _ONES
            else None
            for digits in cast(Sequence[str], texts)
        ]

    def parse(self, cell: object) -> Nik:
        """The NIK of a cell. Raises BadIdentity, or BadValue for a failed formula, a date, TRUE or FALSE."""
        digits, problem, warnings = self.read(cell)
        if problem is not None:
            raise problem
        birth = self.birth(digits)
        return Nik(digits, birth.day, birth.sex, warnings)

    def birth(self, digits: str) -> Birth:
        """Date of birth and sex in digits that `read` has passed.

        Raises BadIdentity for digits that it would not pass, if their date is why.
        """
        birth = self._births[digits[6:12]]
        if birth is None:
            raise BadIdentity("nik_impossible_date")
        return birth

    def disagreements(
        self, digits: str, *, birth_date: date | None = None, sex: Sex | None = None
    ) -> Warnings:
        """As `Nik.disagreements`, for digits that `read` has passed."""
        return _disagreements(self.birth(digits), birth_date, sex)

    def _fault(self, digits: str) -> str | None:
        """The code of what is wrong with the structure of 16 digits."""
        if digits == digits[0] * LENGTH:
            return "nik_filler"
        # Provinces are numbered within groups of islands, both from 1; kabupaten 01 to 69, kota 71 to 99.
        if "0" in digits[:2] or digits[2:4] in ("00", "70"):
            return "nik_bad_area"
        if not 1 <= _day_of_month(digits[6:8]) <= 31:
            return "nik_bad_day"
        if self._births[digits[6:12]] is None:
            return "nik_impossible_date"
        return "nik_serial_zero" if digits[12:] == "0000" else None


def parse_nik(cell: object, *, on: date) -> Nik:
    """The NIK of a cell, read on the day `on`: see `NikReader`.

    Raises BadIdentity, or BadValue for a failed formula, a date, TRUE or FALSE.
    """
    return _reader(on).parse(cell)


@lru_cache(maxsize=2)
def _reader(on: date) -> NikReader:
    return NikReader(on)


class _Births(dict[str, Birth | None]):
    """Date of birth and sex by `DDMMYY`; None, which is not kept, where there is no such date."""

    def __init__(self, on: date) -> None:
        super().__init__()
        self._on = on

    def __missing__(self, part: str) -> Birth | None:
        day, month, last_two = _day_of_month(part[:2]), int(part[2:4]), int(part[4:])
        if not 1 <= month <= 12:
            return None
        year = self._on.year - (self._on.year - last_two) % 100
        if (year, month, day) > (self._on.year, self._on.month, self._on.day):
            year -= 100
        try:
            on = date(year, month, day)
        except ValueError:
            return None
        self[part] = birth = Birth(on, "P" if int(part[:2]) > _WOMAN else "L")
        return birth


def _day_of_month(digits: str) -> int:
    """The day without what is added for a woman; outside 1 to 31 where there is no such day."""
    day = int(digits)
    return day - _WOMAN if day > _WOMAN else day


def _digits_of(cell: object) -> tuple[str, Warnings]:
    figures = figures_of(cell, not_digits="nik_not_digits", digits_lost="nik_excel_rounded")
    if figures is None:
        raise BadIdentity("nik_blank")
    length = len(figures.digits)
    rounded = figures.from_number and figures.digits.endswith("0")
    if length == LENGTH - 1 or (length == LENGTH and rounded):
        raise BadIdentity("nik_excel_rounded")
    if length != LENGTH:
        raise BadIdentity("nik_wrong_length", {"length": length})
    if not _SEPARATED.fullmatch(figures.written):
        raise BadIdentity("nik_not_digits")
    return figures.digits, ("nik_from_number",) if figures.from_number else _NONE


def _unknown_area(digits: str) -> Warnings:
    """The warning for a district that is not known: which part of its code is not."""
    if digits[:2] not in districts.provinces():
        return ("nik_unknown_province",)
    return ("nik_unknown_district" if digits[:4] in districts.regencies() else "nik_unknown_regency",)


def _disagreements(birth: Birth, birth_date: date | None, sex: Sex | None) -> Warnings:
    found: Warnings = _NONE
    # A NIK has two digits of the year, so it cannot contradict the century of the row.
    if birth_date is not None and birth_date != birth.day and f"{birth_date:%d%m%y}" != f"{birth.day:%d%m%y}":
        found += ("nik_birth_date_differs",)
    if sex is not None and sex != birth.sex:
        found += ("nik_sex_differs",)
    return found
