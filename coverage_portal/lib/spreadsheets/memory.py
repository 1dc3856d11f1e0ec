"""How much address space the reading library will take for a sheet, so that it need not be tried.

Measured with python-calamine 0.9: it first collects a sheet's cells in a list that grows by doubling, then
lays them out as a rectangle, and gives each text cell a text of its own. An .ods is held with all its sheets.
The estimate is rather too low than too high: a sheet it lets pass by mistake ends with its process.
"""

from __future__ import annotations

from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey, Survey

PROCESS = 28_000_000
"""Bytes of the process itself, its libraries loaded."""
LISTED_CELL = 32
PLACED_CELL = 24
OPENDOCUMENT_CELL = 150


def text_bytes(length: float) -> int:
    """What a text of so many bytes takes with what the allocator adds."""
    return max(32, (int(length) + 23) // 16 * 16)


def needed(survey: Survey, sheet: SheetSurvey) -> int:
    """Bytes at the height of reading one sheet of a workbook."""
    if survey.format == "ods":
        return PROCESS + OPENDOCUMENT_CELL * sum(one.cells for one in survey.sheets)
    if survey.format != "xlsx":
        return 0
    listed = 1 << max(sheet.cells - 1, 0).bit_length()
    placed = sheet.last_row * sheet.width
    return PROCESS + survey.strings_bytes + sheet.texts_bytes + LISTED_CELL * listed + PLACED_CELL * placed


def refuse_too_large(survey: Survey, sheet: SheetSurvey, limits: Limits) -> None:
    """Raises Unreadable('save_as_csv') where a sheet does not fit; as CSV it is read in a stream."""
    if needed(survey, sheet) > limits.memory_bytes:
        raise Unreadable("save_as_csv", rows=sheet.last_row, columns=sheet.width)
