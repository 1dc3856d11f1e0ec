"""The pre-flight over an .xls: one walk over the records of its workbook stream ([MS-XLS]).

The reading library shows an error cell as an empty one and calls a password "no known format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from coverage_portal.lib.spreadsheets.cells import CellError
from coverage_portal.lib.spreadsheets.compound import CompoundFile
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey, Survey
from coverage_portal.lib.spreadsheets.worksheet import MAX_OVERRIDES

_BOF, _EOF, _BOUNDSHEET, _FILEPASS = 0x0809, 0x000A, 0x0085, 0x002F
_MULRK, _BOOLERR, _STRING, _LABEL, _RSTRING = 0x00BD, 0x0205, 0x0207, 0x0204, 0x00D6
_FORMULAS = (0x0006, 0x0206, 0x0406)
_VALUES = (0x0203, 0x027E, 0x00FD)
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_WORKSHEET, _CHART = 0, 2
_STREAM_NAMES = ("workbook", "book")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def survey_legacy(file: BinaryIO, limits: Limits) -> Survey:
    """Survey an OLE file. Raises Unreadable: password, macro, wrong_type, corrupt, too_many_columns, …"""
    file.seek(0)
    content = file.read()
    if _ENCRYPTED in content:
        raise Unreadable("password")
    compound = CompoundFile(content)
    stream = compound.stream(*_STREAM_NAMES)
    if stream is None:
        raise Unreadable("wrong_type", kind="ole")
    sheets = _bound_sheets(stream)
    if compound.names() & {"_vba_project_cur", "_vba_project", "vba"}:
        raise Unreadable("macro")
    return Survey("xls", [_survey_sheet(stream, start, kind, limits) for start, kind in sheets])


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(type, position of the data, its length) of each record from `at` on."""
    end = len(stream) - 4
    while at <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            return
        yield kind, at + 4, length
        at += 4 + length


def _bound_sheets(stream: bytes) -> list[tuple[int, int]]:
    """(start of the sheet's records, its kind) in workbook order."""
    sheets = []
    for kind, at, length in _records(stream, 0):
        if kind == _FILEPASS:
            raise Unreadable("password")
        if kind == _BOUNDSHEET and length >= 6:
            start, _, sheet_kind = struct.unpack_from("<IBB", stream, at)
            if sheet_kind not in (_WORKSHEET, _CHART):
                raise Unreadable("macro")
            sheets.append((start, sheet_kind))
        if kind == _EOF:
            break
    return sheets


def _survey_sheet(stream: bytes, start: int, kind: int, limits: Limits) -> SheetSurvey:
    survey = SheetSurvey()
    if kind != _WORKSHEET:
        return survey
    filled: set[int] = set()
    awaited: int | None = None
    for record, at, length in _own_records(stream, start):
        if record == _STRING:
            # The text result of the formula before it; an empty one leaves its cell empty.
            if awaited is not None and struct.unpack_from("<H", stream, at)[0]:
                filled.add(awaited)
            awaited = None
            continue
        row, column, holds, error = _cell(stream, record, at, length)
        if holds is not False and column >= limits.max_columns:
            raise Unreadable("too_many_columns", limit=limits.max_columns)
        if holds is None:
            awaited = row
        elif holds:
            filled.add(row)
        if error is not None:
            _override(survey, row, column, error)
    survey.filled = len(filled)
    survey.last_row = max(filled, default=0)
    if survey.last_row > limits.max_rows:
        raise Unreadable("too_many_rows", limit=limits.max_rows)
    return survey


def _own_records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """The records of the sheet that begins at `start`, without those of charts inside it."""
    depth = 0
    for record, at, length in _records(stream, start):
        if record == _BOF:
            depth += 1
        elif record == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1 and length >= 2 and (record == _STRING or length >= 6):
            yield record, at, length


def _cell(stream: bytes, record: int, at: int, length: int) -> tuple[int, int, bool | None, CellError | None]:
    """Row number, column index, whether it holds something (None: the next record says), its error."""
    row, column = struct.unpack_from("<HH", stream, at)
    row += 1
    if record in _VALUES:
        return row, column, True, None
    if record == _MULRK:
        return row, struct.unpack_from("<H", stream, at + length - 2)[0], True, None
    if record in (_LABEL, _RSTRING) and length >= 8:
        return row, column, struct.unpack_from("<H", stream, at + 6)[0] > 0, None
    if record == _BOOLERR and length >= 8:
        return row, column, True, _error(stream[at + 6]) if stream[at + 7] else None
    if record in _FORMULAS and length >= 14:
        if stream[at + 12 : at + 14] != b"\xff\xff":
            return row, column, True, None
        kind = stream[at + 6]
        if kind == 2:
            return row, column, True, _error(stream[at + 8])
        return row, column, None if kind == 0 else kind == 1, None
    return row, column, False, None


def _error(code: int) -> CellError:
    return CellError(_ERRORS.get(code, "#VALUE!"))


def _override(survey: SheetSurvey, row: int, column: int, error: CellError) -> None:
    survey.override_count += 1
    if survey.override_count > MAX_OVERRIDES:
        raise Unreadable("too_many_errors", limit=MAX_OVERRIDES)
    survey.overrides.setdefault(row, {})[column] = error
