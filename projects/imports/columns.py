"""The columns of a worker list: each value of a column is read once, however often it comes.

A parser gives the text that COPY takes, and the code of a warning where there is one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.copying import NULL
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.identity import parse_kpj, parse_npp, parse_sex
from coverage_portal.lib.periods import parse_date, parse_month
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, is_blank, tidy
from projects.messages import BadCell
from regions.imports.headings import segment_of
from regions.names import AreaIndex

from .vocabulary import funding_of, occupation_of

Parsed = tuple[str, BadValue | None, str]
"""Text for COPY, why there is none, and the code of a warning."""
Parser = Callable[[Any], tuple[str, str]]
NUMBERS = frozenset({int, float, bool})
"""Types of cells that are equal across types; a column is asked for them through `read`."""
MOST_KEPT = 50_000
KPJ_LENGTH = 11


class Column(dict[Any, Parsed]):
    """What each value of a column reads as. Numbers are kept by type too, for 1, 1.0 and True are equal."""

    def __init__(self, parse: Parser) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, key: Any) -> Parsed:
        cell = key.cell if type(key) is _Number else key
        try:
            text, warning = self._parse(cell)
            parsed: Parsed = (text, None, warning)
        except BadValue as error:
            # A traceback would keep the cell, and whatever else was in sight.
            parsed = ("", error.with_traceback(None), "")
        if len(self) >= MOST_KEPT:
            self.clear()
        self[key] = parsed
        return parsed

    def read(self, cell: Cell) -> Parsed:
        return self[_Number(cell) if type(cell) in NUMBERS else cell]


class _Number:
    __slots__ = ("_key", "cell")

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._key = (type(cell), cell)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return type(other) is _Number and self._key == other._key


class Unkept(Column):
    """A column in which hardly a value comes twice."""

    def __missing__(self, key: Any) -> Parsed:
        try:
            text, warning = self._parse(key.cell if type(key) is _Number else key)
        except BadValue as error:
            return "", error.with_traceback(None), ""
        return text, None, warning


def sex(cell: Cell) -> tuple[str, str]:
    return parse_sex(cell) or "", ""


def kpj(cell: Cell) -> tuple[str, str]:
    """Only a number of 11 digits is stored: another is warned of."""
    if type(cell) is str and len(cell) == KPJ_LENGTH and cell.isascii() and cell.isdigit():
        return cell, ""
    found = parse_kpj(cell)
    if found is None:
        return "", ""
    return (found.digits, "") if not found.warnings else ("", found.warnings[0])


def npp(cell: Cell) -> tuple[str, str]:
    found = parse_npp(cell)
    return ("" if found is None else found.number), ""


def segment(cell: Cell) -> tuple[str, str]:
    found = segment_of(text_of(cell))
    if not found:
        raise BadCell("segment_missing" if is_blank(cell) else "segment_unknown")
    return found, ""


def occupation(cell: Cell) -> tuple[str, str]:
    if is_blank(cell):
        return "", ""
    found = occupation_of(text_of(cell))
    return (found, "") if found else ("", "occupation_unknown")


def funding(cell: Cell) -> tuple[str, str]:
    if is_blank(cell):
        return "", ""
    found = funding_of(text_of(cell))
    if found is None:
        raise BadCell("funding_unknown")
    return found, ""


def start(cell: Cell) -> tuple[str, str]:
    day = parse_date(cell)
    if day is None:
        raise BadCell("start_missing")
    return day.isoformat(), ""


def end(cell: Cell) -> tuple[str, str]:
    try:
        day = parse_date(cell)
    except BadValue as error:
        if error.code == "date_lifelong":
            return NULL, ""
        raise
    return (NULL if day is None else day.isoformat()), ""


def paid_through(cell: Cell) -> tuple[str, str]:
    """A day, or a month for its last day."""
    try:
        day = parse_date(cell)
    except BadValue as error:
        if error.code != "date_without_day":
            raise
        month = parse_month(cell)
        day = None if month is None else month.last
    return (NULL if day is None else day.isoformat()), ""


def birth_date(today: datetime.date) -> Parser:
    def parse(cell: Cell) -> tuple[str, str]:
        day = parse_date(cell, latest=today)
        if day is not None and day > today:
            raise BadCell("birth_in_future")
        return (NULL if day is None else day.isoformat()), ""

    return parse


def regency(index: AreaIndex, names: Mapping[str, str], scope: Scope, system: str | None) -> Parser:
    """A name, a code, or both as a tuple; only regencies within the scope pass."""

    def parse(key: Cell | tuple[Cell, Cell]) -> tuple[str, str]:
        name, code = key if isinstance(key, tuple) else (key, None)
        found = index.resolve(name, code, system)  # type: ignore[arg-type]
        if found.code is None:
            raise _BadArea(found.problem or "area_blank", dict(found.params), found.template)
        if "." not in found.code:
            raise BadCell("regency_is_province")
        if not scope.covers(found.code):
            raise BadCell("area_out_of_scope", {"area": names[found.code]})
        return found.code, ""

    return parse


class _BadArea(BadValue):
    """An area that the index refused, with the sentence it has for that."""

    def __init__(self, code: str, params: Mapping[str, object], template: str) -> None:
        super().__init__(code, params)
        self._template = template

    @property
    def template(self) -> str:
        return self._template


def project(known: Mapping[str, int]) -> Parser:
    """By BPJS number, package code or name; `known` has them as `project_key` writes them."""

    def parse(cell: Cell) -> tuple[str, str]:
        if is_blank(cell):
            return NULL, ""
        found = known.get(project_key(text_of(cell)))
        if found is None:
            raise BadCell("project_unknown")
        return str(found), ""

    return parse


def project_key(text: str) -> str:
    return tidy(text).casefold()
