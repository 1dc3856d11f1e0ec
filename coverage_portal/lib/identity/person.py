"""A person's name and sex as cells hold them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

from coverage_portal.lib.values import BadValue, is_blank, refuse_formula_error, tidy

from .messages import BadIdentity

Sex: TypeAlias = Literal["L", "P"]
"""Laki-laki or perempuan, as BPJS and Dukcapil write it."""

_WORDS: dict[Sex, tuple[str, ...]] = {
    "L": ("l", "lk", "laki", "laki-laki", "laki laki", "laki2", "lelaki", "pria", "m", "male"),
    "P": ("p", "pr", "prp", "perempuan", "wanita", "wnt", "f", "female"),
}
_SEX_AS_WRITTEN: dict[str, Sex] = {
    write(word): sex
    for sex, words in _WORDS.items()
    for word in words
    for write in (str.lower, str.capitalize, str.title, str.upper)
}
_BETWEEN_WORDS = re.compile(r"[\s.-]+")
_SEX_OF_LETTERS = {_BETWEEN_WORDS.sub("", word): sex for word, sex in _SEX_AS_WRITTEN.items()}
# Most names, told at a glance.
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z.,]*(?: [A-Za-z.,]+)*")
_DIGIT = re.compile(r"\d")
_FEWEST_OF_A_NUMBER = 11


def parse_sex(cell: object) -> Sex | None:
    """`L` or `P` for a letter or word in Indonesian or English; None when blank.

    Raises BadIdentity: `sex_number` for 1 and 2, whose order differs between systems; `sex_letter_w` for a
    lone W, for a column of P and W means pria by P.
    """
    if isinstance(cell, str) and (sex := _SEX_AS_WRITTEN.get(cell)):
        return sex
    if is_blank(cell):
        return None
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, int | float | Decimal):
        raise BadIdentity("sex_number")
    if isinstance(cell, date | time | timedelta):
        raise BadIdentity("sex_unreadable")
    if not isinstance(cell, str):
        raise BadValue("formula_error")
    text = tidy(cell).casefold()
    refuse_formula_error(text)
    letters = _BETWEEN_WORDS.sub("", text)
    if sex := _SEX_OF_LETTERS.get(letters):
        return sex
    if letters.isdecimal():
        raise BadIdentity("sex_number")
    raise BadIdentity("sex_letter_w" if letters == "w" else "sex_unreadable")


def plain_names(cells: Sequence[object]) -> list[str | None]:
    """Each cell that `parse_name` gives as it stands, told at a glance; None for what may be one too."""
    if set(map(type, cells)) == {str} and all(map(_PLAIN_NAME.fullmatch, cells)):  # type: ignore[arg-type]
        return list(cells)  # type: ignore[arg-type]
    return [cell if type(cell) is str and _PLAIN_NAME.fullmatch(cell) else None for cell in cells]


def parse_name(cell: object) -> str:
    """The name on one line, single-spaced, its letters as they were written.

    Raises BadIdentity for a cell without a letter, and for one with a number as long as a KPJ or NIK: a name
    is stored readable.
    """
    if isinstance(cell, str) and _PLAIN_NAME.fullmatch(cell):
        return cell
    if is_blank(cell):
        raise BadIdentity("name_blank")
    if isinstance(cell, bool):
        raise BadValue("boolean")
    if isinstance(cell, int | float | Decimal | date | time | timedelta):
        raise BadIdentity("name_without_letters")
    if not isinstance(cell, str):
        raise BadValue("formula_error")
    name = tidy(cell)
    refuse_formula_error(name)
    if not name.isascii():
        # Composed and decomposed letters look alike; unequal they would make a change of each import.
        name = unicodedata.normalize("NFC", name)
    if not any(map(str.isalpha, name)):
        raise BadIdentity("name_without_letters")
    if len(_DIGIT.findall(name)) >= _FEWEST_OF_A_NUMBER:
        raise BadIdentity("name_holds_number")
    return name
