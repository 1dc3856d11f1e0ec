"""The digits of a number that identifies: text keeps them all, a number cell only as far as it can."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from coverage_portal.lib.values import BadValue, refuse_formula_error, tidy

from .messages import BadIdentity

# Above it a float leaves out every second whole number.
_LARGEST_EXACT = 2**53
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]*)?[eE]\+?[0-9]+")
# What programs write for a number that has been a float.
_WHOLE_FLOAT = re.compile(r"([0-9]+)[.,]0")
_SEPARATORS = str.maketrans("", "", ".-")
# Beyond it a number is not written out: 1E+999999 would fill the memory with zeros.
_LONGEST = 30


class _Faults(NamedTuple):
    """The codes that the caller has for the two things that can be wrong."""

    not_digits: str
    digits_lost: str


class Figures(NamedTuple):
    """The digits, how they were written (without blanks), and whether they come from a number."""

    digits: str
    written: str
    from_number: bool


def are_digits(cells: Sequence[object], length: int) -> bool:
    """Whether each of the cells, at least one, is a text of so many digits and nothing else."""
    if set(map(type, cells)) != {str} or set(map(len, cells)) != {length}:  # type: ignore[arg-type]
        return False
    digits = "".join(cells)  # type: ignore[arg-type]
    return digits.isascii() and digits.isdigit()


def figures_of(cell: object, *, not_digits: str, digits_lost: str) -> Figures | None:
    """The digits of a cell, without blanks, dots and hyphens; None when there is nothing in it.

    A dash is not nothing here: whether it may stand for "none" is for the column to say.

    Raises:
        BadIdentity: with the code `not_digits`; or `digits_lost` for scientific notation and floats above
            2^53.
        BadValue: a failed formula, TRUE or FALSE, or a date.
    """
    faults = _Faults(not_digits, digits_lost)
    if cell is None:
        return None
    if isinstance(cell, str):
        plain = cell.isascii() and cell.isdigit()
        return Figures(cell, cell, from_number=False) if plain else _of_text(cell, faults)
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, date | time | timedelta):
        raise BadValue("number_is_date")
    if isinstance(cell, int | float | Decimal):
        return _of_number(cell, faults)
    raise BadValue("formula_error")


def _of_text(cell: str, faults: _Faults) -> Figures | None:
    text = tidy(cell)
    if not text:
        return None
    refuse_formula_error(text)
    if _SCIENTIFIC.fullmatch(text):
        raise BadIdentity(faults.digits_lost)
    if match := _WHOLE_FLOAT.fullmatch(text):
        return _of_number(float(match[1]), faults)
    written = text.replace(" ", "")
    digits = written.translate(_SEPARATORS)
    if not (digits.isascii() and digits.isdigit()):
        raise BadIdentity(faults.not_digits)
    return Figures(digits, written, from_number=False)


def _of_number(cell: float | Decimal, faults: _Faults) -> Figures:
    value = Decimal(cell)
    if not value.is_finite() or value < 0 or value != value.to_integral_value():
        raise BadIdentity(faults.not_digits)
    if value.adjusted() >= _LONGEST or (isinstance(cell, float) and cell > _LARGEST_EXACT):
        raise BadIdentity(faults.digits_lost)
    digits = f"{value:.0f}"
    return Figures(digits, digits, from_number=True)
