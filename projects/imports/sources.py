"""Where each staged field of a worker list's rows comes from: a column, an answer of the user, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.copying import NULL
from coverage_portal.intake.kinds import Options
from coverage_portal.lib.spreadsheets import Cell
from projects import plan
from projects.messages import BadCell
from regions.imports.rows import area_names
from regions.names import index_of

from . import columns
from .columns import NUMBERS, Column, Parsed, Unkept

FIELDS = (
    "sex",
    "birth_date",
    "kpj",
    "segment",
    "regency",
    "npp",
    "project",
    "occupation",
    "funding",
    "start",
    "end",
    "paid_through",
)
"""The staged values after NIK and name, in the order of the table."""
_NULLABLE = frozenset({"birth_date", "project", "start", "end", "paid_through"})


@dataclass(frozen=True, slots=True)
class Source:
    """Of one field: a column and its parser, or, without one, the same text for every row."""

    read: Callable[[Any], columns.Parsed] | None
    index: int
    constant: str
    is_plain: bool = False


class Sources:
    """The sources of one sheet, in the order of `FIELDS`.

    `plain` are those that are a column's cell as it stands, with their place, column and parser; `other` are
    looked up in the whole row: an area with two columns, an answer that is read like a cell.
    """

    def __init__(
        self,
        uses: Mapping[str, Any],
        options: Options,
        scope: Scope,
        projects: Mapping[str, int],
        visible: Collection[str],
        today: date,
    ) -> None:
        """`uses` are the columns by target, `projects` the keys by which a row may name one.

        An answer may name each of the `visible` projects by its id, and no other.
        """
        self._uses, self._visible = uses, visible
        parsers = _parsers(options, scope, projects, today)
        self.all = [self._source(name, parsers[name], options) for name in FIELDS]
        self.constants = [source.constant for source in self.all]
        self.plain = [
            (place, source.index, parsers[name])
            for place, (name, source) in enumerate(zip(FIELDS, self.all, strict=True))
            if source.is_plain
        ]
        self.other = [
            (place, source)
            for place, source in enumerate(self.all)
            if source.read is not None and not source.is_plain
        ]

    def _source(self, name: str, column: Column, options: Options) -> Source:
        uses = self._uses
        if name == "regency" and "regency_code" in uses:
            if "regency" not in uses:
                at = uses["regency_code"].index
                return Source(lambda cell: column.read((None, cell)), at, "")  # type: ignore[arg-type]
            return Source(column.read, -1, "")
        target = "work_start" if name == "start" and "start" not in uses else name
        if target in uses:
            return Source(column.read, uses[target].index, "", is_plain=True)
        answer = plan.answered(options, "start_date" if name == "start" else name)
        if name == "regency" and answer:
            # Read like a cell, for it may lie outside the user's areas.
            return Source(lambda _cell: column.read((None, answer)), uses["nik"].index, "")  # type: ignore[arg-type]
        if name == "project" and answer and answer not in self._visible:
            return Source(_unknown_project, uses["nik"].index, "")
        return Source(None, -1, answer or (NULL if name in _NULLABLE else ""))

    def plainly(self, source: Source) -> Callable[[list[Cell]], str | None]:
        """The field of a whole row; None where it is wrong or doubtful."""

        def of_row(cells: list[Cell]) -> str | None:
            text, error, warning = source.read(self.cell(cells, source.index))  # type: ignore[misc]
            return None if error is not None or warning else text

        return of_row

    def values(self, cells: list[Cell]) -> tuple[list[str], tuple[str, ...]] | None:
        """The row's other fields and their warnings; None where one is wrong."""
        values = self.constants.copy()
        warned: tuple[str, ...] = ()
        for place, index, column in self.plain:
            cell = cells[index]
            text, error, warning = column[cell] if type(cell) not in NUMBERS else column.read(cell)
            if error is not None:
                return None
            if warning:
                warned += (warning,)
            values[place] = text
        for place, source in self.other:
            text, error, warning = source.read(self.cell(cells, source.index))  # type: ignore[misc]
            if error is not None:
                return None
            if warning:
                warned += (warning,)
            values[place] = text
        return values, warned

    def cell(self, cells: list[Cell], index: int) -> Any:
        """A cell; for the area of a sheet that has both, its name and its code."""
        if index >= 0:
            return cells[index]
        return cells[self._uses["regency"].index], cells[self._uses["regency_code"].index]


def _unknown_project(_cell: Cell) -> Parsed:
    """What an answer is read as that names none of the user's projects."""
    return "", BadCell("project_unknown"), ""


def _parsers(options: Options, scope: Scope, projects: Mapping[str, int], today: date) -> dict[str, Column]:
    home = settings.HOME_PROVINCE
    regency = columns.regency(index_of(home), area_names(home), scope, options.get("code_system") or None)
    return {
        "sex": Column(columns.sex),
        "birth_date": Column(columns.birth_date(today)),
        "kpj": Unkept(columns.kpj),
        "segment": Column(columns.segment),
        "regency": Column(regency),
        "npp": Column(columns.npp),
        "project": Column(columns.project(projects)),
        "occupation": Column(columns.occupation),
        "funding": Column(columns.funding),
        "start": Column(columns.start),
        "end": Column(columns.end),
        "paid_through": Column(columns.paid_through),
    }
