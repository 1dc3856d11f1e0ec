"""The reading process's code in this process: thousands of files in the time that hundreds take it.

Nothing of it is replaced but the pipe. The process makes a refusal of whatever stops it; here the portal's
own refusals and the library's panics are told from everything else.
"""

from __future__ import annotations

import dataclasses
import io
import tempfile
from collections.abc import Iterator
from typing import Any
from unittest import mock

from coverage_portal.lib.spreadsheets import Limits, Reading, Row, child, output, rows
from coverage_portal.lib.spreadsheets.cells import encode
from coverage_portal.lib.spreadsheets.process import ReadingProcess
from coverage_portal.lib.spreadsheets.refusal import Unreadable

LIMITS = Limits(memory_bytes=250_000_000, max_rows=20_000)
"""Small, because one process reads them all: a sheet of more is refused like any too large one."""

Sheets = dict[str, list[tuple[int, Row]]]


class Unhandled(Exception):
    """The code stopped by something that is no refusal of the portal's or of the library's."""


class _Here(ReadingProcess):
    """The lines that the code has written, read by the parent's own code."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def _texts(self) -> Iterator[bytes]:
        return (line.encode("utf-8", "replace") for line in self._lines)

    def _death(self) -> Unreadable:
        raise Unhandled("no last word")


def read_here(content: bytes, *, preflight: bool = True) -> Sheets:
    """All rows of the sheet that is read, or of each where there is a choice.

    Raises Unreadable, and Unhandled where the child has stopped by anything but a refusal.
    """
    reading = _reading(content, None, preflight)
    if reading.sheet is not None:
        return {reading.sheet: list(reading.rows)}
    found = {}
    for name in reading.samples:
        chosen = _reading(content, name, preflight)
        found[name] = list(chosen.rows)
    return found


def _reading(content: bytes, sheet: str | None, preflight: bool) -> Reading:
    lines: list[str] = []
    with (
        tempfile.TemporaryFile() as file,
        mock.patch.object(output, "send", lines.append),
        mock.patch.object(rows, "send", lines.append),
        mock.patch.object(rows, "_no_alarm"),
        mock.patch.object(child, "_write_no_files"),
    ):
        file.write(content)
        file.seek(0)
        request: dict[str, Any] = {"sheet": sheet, "claims": None, "preflight": preflight}
        request |= {"size": len(content), "limits": dataclasses.asdict(LIMITS)}
        try:
            child._read(file, request, LIMITS)
        except Unreadable as refusal:
            lines.append(encode(["refused", refusal.code, refusal.params]))
        except BaseException as error:
            # A panic of the library is no Exception; the child refuses the file for it as for a lost one.
            if type(error).__name__ != "PanicException":
                raise Unhandled(type(error).__name__) from error
            lines.append(encode(["refused", "corrupt", {"panic": True}]))
    return Reading(_Here(lines).lines())


def read_in_the_child(content: bytes) -> Sheets:
    """The same through the process itself."""
    from coverage_portal.lib.spreadsheets import read

    found = {}
    with read(io.BytesIO(content), limits=LIMITS) as reading:
        if reading.sheet is not None:
            return {reading.sheet: list(reading.rows)}
        names = list(reading.samples)
    for name in names:
        with read(io.BytesIO(content), sheet=name, limits=LIMITS) as reading:
            found[name] = list(reading.rows)
    return found
