"""Counts, rupiah and percentages: read strictly from cells, shown in both languages.

Text is read in Indonesian style (`1.234,56`) or, when the user has chosen it, in English style (`1,234.56`).
A separator that the chosen style gives no place, or that would mean something else in the other style, is
refused with a code that says what to do; nothing is rounded, repaired or guessed.
"""

from __future__ import annotations

import math
import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from .values import BadValue, is_blank, refuse_formula_error, tidy

Style = Literal["id", "en"]

BIGINT_MAX = 2**63 - 1
UNKNOWN = "–"
"""What stands where a figure is not known."""
FORMATTED_AT_MOST = 20_000
"""Figures remembered as they are shown: a page has some hundred, and after an import most are as before."""

_NO_BREAK = "\N{NO-BREAK SPACE}"
_EXACT_FLOAT = 10**15
_SIGNIFICANT_DIGITS = 15
_LONGEST_TEXT = 60
_WIDE = Context(prec=60)


class _Marks(NamedTuple):
    """The separators of a style, and the codes for a separator read as the other style would."""

    thousands: str
    decimal: str
    decimal_for_thousands: str
    thousands_for_decimal: str


_MARKS: dict[Style, _Marks] = {
    "id": _Marks(".", ",", "comma_thousands", "dot_decimal"),
    "en": _Marks(",", ".", "dot_thousands", "comma_decimal"),
}

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<body>[0-9][0-9.,]*)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9.,]+e[+-]?[0-9]+")
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan|inf(?:inity)?)")
_CURRENCY = re.compile(r"(?:rp|idr)(?![a-z]) ?[.:]? ?")
_WHOLE_RUPIAH = re.compile(r",(?:-+|–|—|=)$")
_UNIT = re.compile(r" ?(?P<unit>ribu|rb|juta|jt|miliar|milyar|mlyr|milar|m|triliun|trilyun|trilliun|t)\.?$")
_PERCENT_SIGN = re.compile(r" ?(?:%|persen)$")
_ZEROS = {"r": 3, "j": 6, "m": 9, "t": 12}
# Two comma groups, or a comma group and then a dot, can only be English.
_PLAINLY_ENGLISH = re.compile(r"-?[1-9][0-9]{0,2}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)")
# `nan` in small letters is what pandas writes for an empty cell; any other spelling is a failed sum.
_BLANK_AMOUNT = re.compile(r"nan|(?i:nilai kontrak belum dibuat)|(?i:rp|idr)[.:]? ?[-–—]+")


def parse_count(cell: object, *, style: Style = "id") -> int | None:
    """A whole number of people, projects, days; None when blank. May be negative: the caller knows its range.

    Raises BadValue, e.g. `fraction` for 12.5 in a number cell and `dot_decimal` for it in text.
    """
    if is_blank(cell):
        return None
    value = _number_cell(cell) if not isinstance(cell, str) else _number_text(_prepared(cell), style)
    if value != value.to_integral_value():
        raise BadValue("fraction")
    return int(_within_bigint(value))


def parse_money(cell: object, *, style: Style = "id") -> Decimal | None:
    """An amount in rupiah with at most two decimals; None when blank or said not to be known yet.

    Text may carry `Rp`, `IDR`, a closing `,-` and a unit (`954,5 Jt`, `2,4 miliar`, `2,4 M`); plainly English
    text (`2,500,000.00`) is read as such in either style. A number cell is taken at the 15 digits that a
    spreadsheet keeps, to the sen. Raises BadValue, `small_fraction` for 954.5 in a number cell: nobody owes
    that, but tables "in millions" look so.
    """
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        value = _number_cell(cell)
        if abs(value) < 1000 and value != value.to_integral_value():
            raise BadValue("small_fraction")
        return _within_bigint(_plain(_rounded(value, 2)))
    if _BLANK_AMOUNT.fullmatch(tidy(cell)):
        return None
    value = _money_text(_prepared(cell), style)
    if value != _rounded(value, 2):
        raise BadValue("too_many_decimals")
    return _within_bigint(value)


def parse_percent(cell: object, *, style: Style = "id") -> Decimal | None:
    """Percentage points (`31,63 %` gives 31.63); None when blank.

    Above 0 and up to 1 without a percent sign it raises BadValue with code `fraction_percent`: a cell
    formatted as a percentage holds 0.3163 for 31,63 %. The caller who knows the column may decide.
    """
    if is_blank(cell):
        return None
    if not isinstance(cell, str):
        value, signed = _number_cell(cell), False
    else:
        text = _prepared(cell)
        bare = _PERCENT_SIGN.sub("", text)
        signed = bare != text
        value = _number_text(bare, style, three_decimals=True)
    if not signed and 0 < value <= 1:
        raise BadValue("fraction_percent")
    return value


def rounded(value: Decimal | None, places: int) -> Decimal | None:
    """The value as it is shown, halves rounded up; None stays None."""
    return None if value is None else _rounded(value, places)


@lru_cache(maxsize=FORMATTED_AT_MOST)
def format_number(value: Decimal | float | None, language: str, places: int = 0) -> str:
    """`1.819.430`, in English `1,819,430`; halves are rounded up, None is a dash."""
    if value is None:
        return UNKNOWN
    if type(value) is int and not places:
        text = f"{value:,}"
    else:
        text = f"{_rounded(value if isinstance(value, Decimal) else Decimal(str(value)), places):,f}"
    if language.startswith("en"):
        return text
    whole, point, decimals = text.partition(".")
    return f"{whole.replace(',', '.')},{decimals}" if point else whole.replace(",", ".")


def format_signed(value: Decimal | float | None, language: str, places: int = 0) -> str:
    """A difference: `+1,10`, `−0,26`, and `0,00` without a sign; None is a dash."""
    if value is None:
        return UNKNOWN
    rounded = _rounded(Decimal(str(value)), places)
    sign = "+" if rounded > 0 else "\N{MINUS SIGN}" if rounded < 0 else ""
    return f"{sign}{format_number(abs(rounded), language, places)}"


@lru_cache(maxsize=FORMATTED_AT_MOST)
def format_percent(value: Decimal | float | None, language: str, places: int = 2) -> str:
    """Percentage points as `31,63 %` with a no-break space, in English `31.63%`; None is a dash."""
    if value is None:
        return UNKNOWN
    gap = "" if language.startswith("en") else _NO_BREAK
    return f"{format_number(value, language, places)}{gap}%"


def format_rupiah(value: Decimal | int | None, language: str, places: int = 0) -> str:
    """`Rp2.711.780.000`, without a space as Indonesian spelling has it; None is a dash."""
    if value is None:
        return UNKNOWN
    amount = format_number(value, language, places)
    return f"-Rp{amount[1:]}" if amount.startswith("-") else f"Rp{amount}"


def _rounded(value: Decimal, places: int) -> Decimal:
    # A context of its own: setting the thread's aside and back takes longer than rounding.
    result = value.quantize(_UNITS[places] if places in _UNITS else _unit(places), ROUND_HALF_UP, _WIDE)
    return result if result else abs(result)


def _unit(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


_UNITS = {places: _unit(places) for places in range(3)}


def _plain(value: Decimal) -> Decimal:
    """A whole value without decimals or exponent, so that it also prints as one."""
    return Decimal(int(value)) if value == value.to_integral_value() else value


def _within_bigint(value: Decimal) -> Decimal:
    if abs(value) > BIGINT_MAX:
        raise BadValue("too_big")
    return value


def _number_cell(cell: object) -> Decimal:
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, date | time | timedelta):
        raise BadValue("number_is_date")
    if isinstance(cell, int):
        if abs(cell) > BIGINT_MAX:
            raise BadValue("too_big")
        return Decimal(cell)
    if isinstance(cell, Decimal | float):
        if not math.isfinite(cell):
            raise BadValue("not_finite")
        if isinstance(cell, Decimal):
            return _within_bigint(cell)
        if abs(cell) > BIGINT_MAX:
            raise BadValue("too_big")
        if abs(cell) >= _EXACT_FLOAT:
            raise BadValue("digits_lost")
        return Decimal(f"{cell:.{_SIGNIFICANT_DIGITS}g}")
    raise BadValue("formula_error")


def _prepared(cell: str) -> str:
    """The text in small letters, a minus sign in front instead of accounting's parentheses."""
    text = tidy(cell).lower().replace("\N{MINUS SIGN}", "-")
    refuse_formula_error(text)
    if len(text) > _LONGEST_TEXT:
        raise BadValue("not_a_number")
    if text.startswith("(") and text.endswith(")"):
        return "-" + text[1:-1].strip()
    return text


def _money_text(text: str, style: Style) -> Decimal:
    sign, amount = ("-", text[1:].lstrip()) if text.startswith("-") else ("", text)
    if currency := _CURRENCY.match(amount):
        amount = amount[currency.end() :]
    amount = _WHOLE_RUPIAH.sub("", amount)
    zeros = 0
    if unit := _UNIT.search(amount):
        if style == "en" and unit["unit"] == "m":
            raise BadValue("unit_ambiguous")
        zeros = _ZEROS[unit["unit"][0]]
        amount = amount[: unit.start()]
    if _PLAINLY_ENGLISH.fullmatch(amount):
        style = "en"
    return _number_text(sign + amount, style, zeros=zeros)


def _number_text(text: str, style: Style, *, zeros: int = 0, three_decimals: bool = False) -> Decimal:
    """The exact value of digits and separators, times ten to the power of `zeros`.

    `1,234` could be 1.234 or 1234: it is refused unless `three_decimals` says that it is a fraction.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise BadValue(_why_not_a_number(text))
    marks = _MARKS[style]
    whole, mark, decimals = match["body"].partition(marks.decimal)
    if not _is_grouped(whole, marks.thousands) or (mark and not decimals.isdigit()):
        raise BadValue(_misplaced(match["body"], marks))
    if len(decimals) == 3 and not three_decimals and re.fullmatch(r"[1-9][0-9]{0,2}", whole):
        raise BadValue(marks.decimal_for_thousands)
    digits = whole.replace(marks.thousands, "")
    return _plain(Decimal(f"{match['sign']}{digits}.{decimals or 0}e{zeros}"))


def _is_grouped(whole: str, thousands: str) -> bool:
    return re.fullmatch(rf"[0-9]+|[1-9][0-9]{{0,2}}(?:\{thousands}[0-9]{{3}})+", whole) is not None


def _misplaced(body: str, marks: _Marks) -> str:
    if marks.decimal not in body and body.count(marks.thousands) == 1:
        return marks.thousands_for_decimal
    other_whole, _, other_decimals = body.partition(marks.thousands)
    if _is_grouped(other_whole, marks.decimal) and (other_decimals or "0").isdigit():
        return marks.decimal_for_thousands
    return "malformed_groups"


def _why_not_a_number(text: str) -> str:
    if _NOT_FINITE.fullmatch(text):
        return "not_finite"
    return "scientific" if _SCIENTIFIC.fullmatch(text) else "not_a_number"
