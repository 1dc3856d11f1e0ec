"""Spreadsheets in: bytes to rows, strictly. See `reading.read`.

Two walls stand before the rows: a pre-flight over the file's parts and a process with limits.
"""

from coverage_portal.lib.spreadsheets.cells import Cell, CellError, Row
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.reading import Reading, read
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import SheetInfo, Workbook

__all__ = [
    "Cell",
    "CellError",
    "Limits",
    "Reading",
    "Row",
    "SheetInfo",
    "Unreadable",
    "Workbook",
    "read",
]
