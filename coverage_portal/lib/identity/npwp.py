"""NPWP, the taxpayer's number.

It had 15 digits, `99.999.999.9-999.999`, the ninth a check digit (Luhn) over the first eight. Now it has 16
(PMK 112/PMK.03/2022): for a body a zero and the old number, for a resident the NIK. Bodies registered since
2025 are given numbers that begin with 10, for which no check is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage_portal.lib.values import is_blank

from .figures import Figures, figures_of
from .messages import BadIdentity
from .nik import parse_nik

_OLD, _NEW = 15, 16
_CHECKED = 9
_SINCE_2025 = "10"


@dataclass(frozen=True, slots=True, repr=False)
class Npwp:
    """A taxpayer's number in its 16 digits, so that both ways of writing it compare equal.

    It may be a NIK: `str()` and `repr()` show the last four digits only.
    """

    digits: str
    is_nik: bool = False
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "*" * 12 + self.digits[12:]


def parse_npwp(cell: object, *, on: date) -> Npwp | None:
    """The NPWP of a cell; None when it is blank or all zeros, which is how forms say "none".

    Of 14 digits, the zero in front that a number cell loses is put back, with a warning, when the check digit
    then holds. `on` is for a number that is a NIK: see `parse_nik`, whose errors and warnings it then gives.
    Raises BadIdentity, or BadValue for a failed formula, a date, TRUE or FALSE.
    """
    try:
        figures = figures_of(cell, not_digits="npwp_not_digits", digits_lost="npwp_digits_lost")
    except BadIdentity:
        if is_blank(cell):
            return None
        raise
    if figures is None or not figures.digits.strip("0"):
        return None
    if len(figures.digits) == _NEW and figures.digits.startswith(_SINCE_2025):
        return Npwp(figures.digits, warnings=("npwp_unchecked",))
    if len(figures.digits) == _NEW and not figures.digits.startswith("0"):
        nik = parse_nik(cell, on=on)
        return Npwp(nik.digits, is_nik=True, warnings=nik.warnings)
    return _of_a_body(figures)


def _of_a_body(figures: Figures) -> Npwp:
    length = len(figures.digits)
    if length not in (_OLD - 1, _OLD, _NEW):
        raise BadIdentity("npwp_wrong_length", {"length": length})
    digits = figures.digits.zfill(_NEW)
    if not _passes_luhn(digits[1 : 1 + _CHECKED]):
        raise BadIdentity("npwp_check_digit")
    return Npwp(digits, warnings=("npwp_zero_restored",) if length < _OLD else ())


def _passes_luhn(digits: str) -> bool:
    """Every second digit from the right counts double, less 9 when above 9; the sum is a multiple of 10."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(n - 9 if n > 9 else n for n in doubled)) % 10 == 0
