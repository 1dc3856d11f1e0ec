"""Chooses the sheet, reads it, checks it against the pre-flight, and sends its rows; runs in the child."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

import python_calamine as calamine

from coverage_portal.lib.spreadsheets import delimited, forking, memory
from coverage_portal.lib.spreadsheets.biff import survey_legacy
from coverage_portal.lib.spreadsheets.cells import (
    Cell,
    Row,
    clean_row,
    encode,
    is_blank,
    is_dirty,
    plain_columns,
    plain_row,
)
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.output import send, write
from coverage_portal.lib.spreadsheets.package import survey_package
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import SheetInfo, SheetSurvey, Survey

CSV_SHEET = "CSV"
SAMPLE_ROWS = 30
LINE_CHARS = 256 * 1024
MOST_ROWS_PER_LINE = 500
_NOTHING = frozenset({"", None})


class Sender:
    """Collects rows into lines of about `LINE_CHARS`, runs of blank ones into a single number."""

    def __init__(self, limits: Limits) -> None:
        self.rows = 0
        self.dropped = 0
        self._limits = limits
        self._numbers: list[int] = []
        self._pending: list[Row] = []
        self._blank_from = self._blanks = 0
        self._batch = 16

    def row(self, number: int, row: Row) -> None:
        if not row:
            self.blanks(number, 1)
            return
        self.rows += 1
        self._flush_blanks()
        self._numbers.append(number)
        self._pending.append(row)
        if len(self._pending) >= self._batch:
            self._flush_rows()

    def blanks(self, first: int, count: int) -> None:
        self.rows += count
        self._flush_rows()
        if self._blanks and first != self._blank_from + self._blanks:
            self._flush_blanks()
        if not self._blanks:
            self._blank_from = first
        self._blanks += count

    def block(self, first: int, values: Sequence[Sequence[Any]]) -> bool:
        """Rows one after the other, as the reader has them: at once if all are filled, which it returns."""
        found = plain_columns(values, self._limits)
        if found is None:
            return False
        self._flush_rows()
        self._flush_blanks()
        self.rows += len(values)
        columns, dates = found
        text, dropped = encode_rows(columns, self._limits, values)
        self.dropped += dropped
        send(f'["columns",{first},{text},{encode(dates)}]')
        self._adapt(len(text), len(values))
        return True

    @property
    def batch(self) -> int:
        """How many rows make a line of about the right length."""
        return self._batch

    def end(self) -> None:
        self._flush_rows()
        self._flush_blanks()
        write("end", self.rows, self.dropped)

    def _flush_blanks(self) -> None:
        if self._blanks:
            write("blank", self._blank_from, self._blanks)
            self._blanks = 0

    def _flush_rows(self) -> None:
        if not self._pending:
            return
        text, dropped = encode_rows(self._pending, self._limits, self._pending)
        self.dropped += dropped
        first, consecutive = self._numbers[0], self._numbers[-1] - self._numbers[0] + 1
        numbers = first if consecutive == len(self._numbers) else self._numbers
        send(f'["rows",{encode(numbers)},{text}]')
        self._adapt(len(text), len(self._pending))
        self._numbers, self._pending = [], []

    def _adapt(self, chars: int, rows: int) -> None:
        per_row = max(1, chars // rows)
        self._batch = max(1, min(MOST_ROWS_PER_LINE, LINE_CHARS // per_row))


def encode_rows(
    lists: Sequence[Sequence[Cell]], limits: Limits, rows: Sequence[Sequence[Any]]
) -> tuple[str, int]:
    """Lists of cells, those of the `rows` or of their columns, as JSON text, cleaned; and how many characters
    were dropped.

    Raises Unreadable('too_long_row').
    """
    text, dropped = encode(lists), 0
    if is_dirty(text):
        cleaned = [clean_row(cells) for cells in lists]
        dropped = sum(count for _, count in cleaned)
        text = encode([cells for cells, _ in cleaned])
    if len(text) > limits.max_row_chars:
        longest = max(sum(len(cell) for cell in row if isinstance(cell, str)) for row in rows)
        if longest > limits.max_row_chars:
            raise Unreadable("too_long_row", limit=limits.max_row_chars)
    return text, dropped


def read_delimited(file: BinaryIO, wanted: str | None, limits: Limits) -> None:
    """Sends a CSV as a workbook of one sheet called `CSV_SHEET`. Raises Unreadable."""
    dialect = delimited.dialect_of(file)
    counted = delimited.count_records(file, dialect, limits)
    if wanted not in (None, CSV_SHEET):
        raise Unreadable("no_such_sheet", sheet=wanted, sheets=[CSV_SHEET])
    sheets = [SheetInfo(CSV_SHEET, True, counted)]
    _send_workbook("csv", sheets, dialect.notes, dialect.encoding_shown, dialect.delimiter)
    write("sheet", CSV_SHEET, counted)
    _no_alarm()
    sender = Sender(limits)
    for first, records in delimited.blocks(file, dialect, limits):
        left = counted - sender.rows
        if left <= 0:
            break
        for start in range(0, min(len(records), left), MOST_ROWS_PER_LINE):
            part = records[start : min(start + MOST_ROWS_PER_LINE, left)]
            if not sender.block(first + start, part):
                for line, record in enumerate(part, start=first + start):
                    row = plain_row(record, limits)
                    # As in a workbook: white space alone is no wrong row.
                    sender.row(line, [] if is_blank(row) else row)
    sender.end()


def read_workbook(
    file: BinaryIO, container: str, wanted: str | None, limits: Limits, *, preflight: bool
) -> None:
    """Sends the sheet `wanted`, or the only visible one with rows, or samples. Raises Unreadable.

    Without `preflight` (a control arm of the tests) the library is believed.
    """
    if preflight and container == "zip" and _is_worth_forking(file, limits):
        forking.survey_beside(
            lambda: _surveyed(file, container, wanted, limits),
            lambda surveyed: _parse(_reopened(file), wanted, limits, container, surveyed),
        )
        return
    survey = _surveyed(file, container, wanted, limits) if preflight else None
    _parse(file, wanted, limits, container, lambda: survey)


def _is_worth_forking(file: BinaryIO, limits: Limits) -> bool:
    return sys.platform == "linux" and file.seek(0, io.SEEK_END) > limits.fork_bytes


def _reopened(file: BinaryIO) -> BinaryIO:
    """The same file with a position of its own: after a fork both processes would move the one."""
    return open(f"/proc/self/fd/{file.fileno()}", "rb")  # noqa: PTH123 - for as long as the process lives


def _parse(
    file: BinaryIO,
    wanted: str | None,
    limits: Limits,
    container: str,
    surveyed: Callable[[], Survey | None],
) -> None:
    """Parse the workbook and send what is wanted of it; nothing is sent before `surveyed` has answered."""
    file.seek(0)
    try:
        book = calamine.load_workbook(file)
        ahead = _likely(book, wanted)
        sheet = None if ahead is None else book.get_sheet_by_index(ahead)
        survey = surveyed()
        surveys = survey.sheets if survey else _believed(book)
        sheets = _sheets(book, surveys)
        notes = [*(survey.notes if survey else ())]
        notes += ["hidden_sheets"] * any(not sheet.visible and sheet.rows for _, sheet in sheets)
        notes += ["error_cells"] * any(surveys[index].overrides for index, _ in sheets)
        infos = [info for _, info in sheets]
        _send_workbook(survey.format if survey else container, infos, notes)
        index = _chosen(sheets, wanted)
        if index is None:
            _refuse_large(survey, [place for place, _info in sheets], limits)
            _send_samples(book, sheets, surveys, limits)
            return
        _refuse_large(survey, [index], limits)
        if sheet is None or index != ahead:
            sheet = book.get_sheet_by_index(index)
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except calamine.CalamineError as error:
        raise Unreadable("corrupt") from error
    book.close()
    _send_sheet(sheet, surveys[index], limits, check=survey is not None)


def _likely(book: calamine.CalamineWorkbook, wanted: str | None) -> int | None:
    """The sheet that is read for certain, as far as the library's own list can tell: parsed while waiting."""
    visible = [
        index
        for index, meta in enumerate(book.sheets_metadata)
        if meta.typ is calamine.SheetTypeEnum.WorkSheet
        and (meta.visible is calamine.SheetVisibleEnum.Visible or meta.name == wanted)
    ]
    if wanted is not None:
        visible = [index for index in visible if book.sheets_metadata[index].name == wanted]
    return visible[0] if len(visible) == 1 else None


def _surveyed(file: BinaryIO, container: str, wanted: str | None, limits: Limits) -> Survey:
    """The pre-flight. Refuses a workbook of which the sheet that is wanted, or none, would fit."""
    survey = survey_package(file, limits) if container == "zip" else survey_legacy(file, limits)
    filled = [sheet for sheet in survey.sheets if sheet.filled]
    filled = [sheet for sheet in filled if sheet.name == wanted] or filled
    if filled:
        smallest = min(filled, key=lambda sheet: memory.needed(survey, sheet))
        memory.refuse_too_large(survey, smallest, limits)
    return survey


def _refuse_large(survey: Survey | None, places: Sequence[int], limits: Limits) -> None:
    if survey is None:
        return
    for place in places:
        memory.refuse_too_large(survey, survey.sheets[place], limits)


def _believed(book: calamine.CalamineWorkbook) -> list[SheetSurvey]:
    sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
    return [SheetSurvey(sheet.name, sheet.end[0] + 1 if sheet.end else 0) for sheet in sheets]


def _sheets(book: calamine.CalamineWorkbook, surveys: Sequence[SheetSurvey]) -> list[tuple[int, SheetInfo]]:
    """The sheets of cells with their index. Refuses a workbook the two readings see differently."""
    metadata = book.sheets_metadata
    if len(metadata) != len(surveys):
        raise Unreadable("corrupt")
    sheets = []
    for index, (meta, survey) in enumerate(zip(metadata, surveys, strict=True)):
        if survey.name is not None and survey.name != meta.name:
            raise Unreadable("corrupt")
        if meta.typ is calamine.SheetTypeEnum.WorkSheet:
            visible = meta.visible is calamine.SheetVisibleEnum.Visible
            sheets.append((index, SheetInfo(meta.name, visible, survey.last_row)))
    return sheets


def _chosen(sheets: list[tuple[int, SheetInfo]], wanted: str | None) -> int | None:
    """The index of the sheet to read, or None when the user has to choose."""
    if wanted is not None:
        for index, sheet in sheets:
            if sheet.name == wanted:
                if not sheet.rows:
                    raise Unreadable("no_rows")
                return index
        raise Unreadable("no_such_sheet", sheet=wanted, sheets=[sheet.name for _, sheet in sheets])
    filled = [index for index, sheet in sheets if sheet.visible and sheet.rows]
    if not filled:
        hidden = [sheet.name for _, sheet in sheets if sheet.rows]
        raise Unreadable("hidden_only", sheets=hidden) if hidden else Unreadable("no_rows")
    return filled[0] if len(filled) == 1 else None


def _send_workbook(
    kind: str,
    sheets: Sequence[SheetInfo],
    notes: Sequence[str],
    encoding: str | None = None,
    delimiter: str | None = None,
) -> None:
    listed = [[sheet.name, sheet.visible, sheet.rows] for sheet in sheets]
    about = {"format": kind, "encoding": encoding, "delimiter": delimiter, "notes": notes, "sheets": listed}
    write("workbook", about)


def _send_samples(
    book: calamine.CalamineWorkbook,
    sheets: list[tuple[int, SheetInfo]],
    surveys: Sequence[SheetSurvey],
    limits: Limits,
) -> None:
    samples: dict[str, list[tuple[int, Row]]] = {}
    for index, info in sheets:
        if info.visible and info.rows:
            rows = islice(_numbered(book.get_sheet_by_index(index), surveys[index], limits), SAMPLE_ROWS)
            samples[info.name] = [(number, clean_row(row)[0]) for number, row, _ in rows]
    write("samples", samples)


def _numbered(
    sheet: calamine.CalamineSheet, survey: SheetSurvey, limits: Limits
) -> Iterator[tuple[int, Row, bool]]:
    """(row number, cells, filled) of each row up to the last one that holds something.

    The library's rows begin at row 1 but at the first used column, and end at its own last row.
    """
    lead = _lead(sheet, limits)
    read = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        read = number
        if (found := _row(number, values, lead, survey, limits)) is not None:
            yield number, *found
    for number in range(read + 1, survey.last_row + 1):
        yield number, _overridden([], survey, number), number in survey.overrides


def _lead(sheet: calamine.CalamineSheet, limits: Limits) -> Row:
    """What stands left of the library's rows."""
    if sheet.end and sheet.end[1] >= limits.max_columns:
        raise Unreadable("too_many_columns", limit=limits.max_columns)
    return [None] * (sheet.start[1] if sheet.start else 0)


def _row(
    number: int, values: Sequence[Any], lead: Row, survey: SheetSurvey, limits: Limits
) -> tuple[Row, bool] | None:
    """A row's cells and whether it holds something; None beyond the last one that does."""
    row = plain_row(values, limits)
    filled = not is_blank(row)
    row = lead + row if filled else []
    if number in survey.overrides:
        row, filled = _overridden(row, survey, number), True
    if number > survey.last_row:
        if filled:
            raise Unreadable("lost_rows", read=number, counted=survey.last_row)
        return None
    return row, filled


def _overridden(row: Row, survey: SheetSurvey, number: int) -> Row:
    for column, cell in survey.overrides.get(number, {}).items():
        row += [None] * (column + 1 - len(row))
        row[column] = cell
    return row


def _send_sheet(sheet: calamine.CalamineSheet, survey: SheetSurvey, limits: Limits, *, check: bool) -> None:
    write("sheet", sheet.name, survey.last_row)
    _no_alarm()
    sender = Sender(limits)
    lead = _lead(sheet, limits)
    filled_rows = read = 0
    rows = sheet.iter_rows()
    while block := list(islice(rows, sender.batch)):
        numbers = range(read + 1, read + len(block) + 1)
        read += len(block)
        is_plain = read <= survey.last_row and not lead and survey.overrides.keys().isdisjoint(numbers)
        if is_plain and _NOTHING.issuperset(chain.from_iterable(block)):
            sender.blanks(numbers[0], len(block))
            continue
        if is_plain and sender.block(numbers[0], block):
            filled_rows += len(block)
            continue
        for number, values in zip(numbers, block, strict=True):
            if (found := _row(number, values, lead, survey, limits)) is not None:
                sender.row(number, found[0])
                filled_rows += found[1]
    for number in range(read + 1, survey.last_row + 1):
        sender.row(number, _overridden([], survey, number))
        filled_rows += number in survey.overrides
    agrees = filled_rows == survey.filled or (filled_rows < survey.filled and not survey.exact)
    if check and not agrees:
        raise Unreadable("lost_rows", read=filled_rows, counted=survey.filled)
    sender.end()


def _no_alarm() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0)
