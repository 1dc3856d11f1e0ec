"""Cells of the workbooks that the portal hands out: what was text stays text, never a formula."""

from __future__ import annotations

import datetime
import re
import tempfile
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from coverage_portal.lib.spreadsheets import Cell, CellError

HEADING = Font(bold=True)
HEADING_FILL = PatternFill("solid", fgColor="E3F0F2")
WRAPPED = Alignment(wrap_text=True, vertical="top")

_FORMATS: dict[type, str] = {
    datetime.datetime: "dd/mm/yyyy hh:mm:ss",
    datetime.date: "dd/mm/yyyy",
    datetime.time: "hh:mm:ss",
}
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell(sheet: WriteOnlyWorksheet, value: Cell) -> Any:
    """A cell as it was read. A text is written as a text even where it begins like a formula."""
    if value is None:
        return None
    if isinstance(value, (str, CellError)):
        return text(sheet, str(value))
    written = WriteOnlyCell(sheet, value=value)
    number_format = _FORMATS.get(type(value))
    if number_format:
        written.number_format = number_format
    return written


def text(sheet: WriteOnlyWorksheet, value: str, *, is_wrapped: bool = False) -> Any:
    """A text cell, formatted as text so that a spreadsheet does not read it as something else when edited."""
    # A spreadsheet reads `_x0041_` inside a text as an "A"; its own underscore is written as `_x005F_`.
    written = WriteOnlyCell(sheet, value=_LOOKS_ESCAPED.sub("_x005F_", value))
    written.data_type = "s"
    written.number_format = "@"
    if is_wrapped:
        written.alignment = WRAPPED
    return written


def heading(sheet: WriteOnlyWorksheet, value: str) -> Any:
    written = text(sheet, value)
    written.font = HEADING
    written.fill = HEADING_FILL
    return written


def saved(book: Workbook) -> IO[bytes]:
    """The workbook in a temporary file without a name, at its start; whoever sends it closes it."""
    target = tempfile.TemporaryFile()  # noqa: SIM115
    book.save(target)
    target.seek(0)
    return target
