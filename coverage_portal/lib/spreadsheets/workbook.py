"""What is known of a workbook before its rows are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from coverage_portal.lib.spreadsheets.cells import Cell


@dataclass(frozen=True)
class SheetInfo:
    """A sheet of cells. `rows` is the number of the last row that holds anything (0: none)."""

    name: str
    visible: bool
    rows: int


@dataclass(frozen=True)
class Workbook:
    """`format` is xlsx, xls, ods or csv; encoding and delimiter are of a CSV.

    `notes` are the codes of `messages.NOTES`: what a user should know though the file is read.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    sheets: tuple[SheetInfo, ...]
    notes: tuple[str, ...] = ()


@dataclass
class SheetSurvey:
    """What the pre-flight counted in one sheet; the reading must agree with it.

    `last_row` is the last row that holds something, `filled` how many rows do, `overrides` cells whose
    value the reading library would lose: row number -> column index (from 0) -> cell.
    """

    name: str | None = None
    last_row: int = 0
    filled: int = 0
    overrides: dict[int, dict[int, Cell]] = field(default_factory=dict)
    override_count: int = 0
    exact: bool = True
    """Whether `filled` counts every row that the reading shows as filled, or may count too many."""
    cells: int = 0
    width: int = 0
    texts_bytes: int = 0
    """Cells that hold something, columns up to the last of them, and what their texts take: estimates, from
    which follows the memory that reading the sheet needs."""


@dataclass
class Survey:
    """The pre-flight's account of a workbook: its sheets in workbook order, and notes."""

    format: str
    sheets: list[SheetSurvey]
    notes: list[str] = field(default_factory=list)
    strings_bytes: int = 0
    """What the table of texts that the sheets share takes in memory."""
