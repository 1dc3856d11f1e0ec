"""The reader's public side: one open file in, numbered rows out."""

from __future__ import annotations

import io
import itertools
import operator
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, BinaryIO

from coverage_portal.lib.spreadsheets.cells import Row
from coverage_portal.lib.spreadsheets.limits import DEFAULTS, MEGABYTE, Limits
from coverage_portal.lib.spreadsheets.process import ReadingProcess
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.workbook import SheetInfo, Workbook

MOST_BLANKS = 1_000
"""Blank rows that are made at once: a sheet may have a million between two that are filled."""
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class Reading:
    """A file being read.

    `sheet` is the name of the sheet whose `rows` come, or None when several visible sheets have rows
    and one must be named; then `samples` holds the first 30 rows of each, and `rows` nothing.
    `rows` can be gone through once: (row number as the spreadsheet shows it, cells), blank rows as [].
    For a CSV the number is that of the record's first line. `rows_total` is the number of rows to come.
    """

    def __init__(self, lines: Iterator[list[Any]]) -> None:
        self._lines = lines
        self._dropped = 0
        self.workbook = _workbook(next(lines)[1])
        self.sheet: str | None = None
        self.samples: dict[str, list[tuple[int, Row]]] = {}
        self.rows_total: int | None = None
        self._handed_out = 0
        self._block: Iterator[tuple[int, Row]] = iter(())
        line = next(lines)
        if line[0] == "samples":
            self.samples = {name: [(number, row) for number, row in rows] for name, rows in line[1].items()}
        else:
            self.sheet, self.rows_total = line[1], line[2]
        self.rows: Iterator[tuple[int, Row]] = itertools.chain.from_iterable(self._blocks())

    @property
    def notes(self) -> tuple[str, ...]:
        """The workbook's notes and, once the rows were read, what was found in them."""
        return self.workbook.notes + (("controls_removed",) if self._dropped else ())

    @property
    def rows_read(self) -> int:
        """How many rows have been taken so far."""
        return self._handed_out - operator.length_hint(self._block)

    def _blocks(self) -> Iterator[Iterator[tuple[int, Row]]]:
        """Raises Unreadable, also at the very end: 'lost_rows' when rows are missing."""
        if self.sheet is None:
            return
        for line in self._lines:
            if line[0] == "end":
                self._dropped = line[2]
                if not self.rows_read == line[1] == self.rows_total:
                    raise Unreadable("lost_rows", read=self.rows_read, counted=self.rows_total)
                return
            for block in _numbered(line):
                self._handed_out += len(block)
                self._block = iter(block)
                yield self._block


def _numbered(line: list[Any]) -> Iterator[list[tuple[int, Row]]]:
    if line[0] == "blank":
        end = line[1] + line[2]
        for first in range(line[1], end, MOST_BLANKS):
            yield [(number, []) for number in range(first, min(first + MOST_BLANKS, end))]
    elif isinstance(line[1], list):
        yield list(zip(line[1], line[2], strict=True))
    else:
        yield list(enumerate(line[2], start=line[1]))


def _workbook(about: dict[str, Any]) -> Workbook:
    sheets = tuple(SheetInfo(*sheet) for sheet in about["sheets"])
    return Workbook(about["format"], about["encoding"], about["delimiter"], sheets, tuple(about["notes"]))


@contextmanager
def read(
    file: BinaryIO, *, sheet: str | None = None, limits: Limits = DEFAULTS, name: str | None = None
) -> Iterator[Reading]:
    """Read a spreadsheet in a process of its own, which ends with the `with` block at the latest.

    `file` is a seekable binary file; while it is read nobody else may move its position. What it is,
    its bytes say; of `name` only the ending is looked at, and only to refuse plain text that is called
    a workbook and to say why an .xlsx is none.
    Raises Unreadable, here or while the rows are gone through.
    """
    with _reading(file, sheet, limits, name, preflight=True) as reading:
        yield reading


@contextmanager
def _reading(
    file: BinaryIO, sheet: str | None, limits: Limits, name: str | None, *, preflight: bool
) -> Iterator[Reading]:
    suffix = PurePath(name or "").suffix.lower()
    claims = suffix if suffix in _WORKBOOK_SUFFIXES else None
    with _with_descriptor(file, limits) as (real, size):
        process = ReadingProcess(real, size, limits, sheet=sheet, claims=claims, preflight=preflight)
        try:
            yield Reading(process.lines())
        finally:
            process.close()


@contextmanager
def _with_descriptor(file: BinaryIO, limits: Limits) -> Iterator[tuple[BinaryIO, int]]:
    """The file itself if it is a plain one on disk, else a copy without a name; and its size.

    Anything else that has a descriptor (a compressed or sealed file) may hold other bytes behind it.
    """
    position = file.tell()
    size = file.seek(0, io.SEEK_END)
    try:
        if size > limits.max_file_bytes:
            raise Unreadable("too_big", limit=limits.max_file_bytes // MEGABYTE)
        if _is_plain(file):
            file.flush()
            yield file, size
            return
        file.seek(0)
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy, MEGABYTE)
            copy.flush()
            yield copy, size
    finally:
        file.seek(position)


def _is_plain(file: BinaryIO) -> bool:
    if isinstance(file, (io.BufferedReader, io.BufferedRandom)):
        return isinstance(file.raw, io.FileIO)
    return isinstance(file, io.FileIO)
