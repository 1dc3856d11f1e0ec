"""The pre-flight over an .ods: one pass over content.xml that counts rows and watches repetitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from coverage_portal.lib.spreadsheets.archive import Archive
from coverage_portal.lib.spreadsheets.cells import UNCOMPUTED, Cell, CellError
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.wellformed import well_formed
from coverage_portal.lib.spreadsheets.windows import row_windows
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey, Survey
from coverage_portal.lib.spreadsheets.worksheet import MAX_OVERRIDES

MAX_FILLED_REPEAT = 10_000
"""Equal rows that a spreadsheet program folds into one; more of them in so few bytes is a bomb."""

# Unlike in a worksheet, formulas are attributes here and may hold an unescaped ">".
_ATTRIBUTES = rb"((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
_OPENING = re.compile(rb"<table:(table|table-row)(?=[\s/>])" + _ATTRIBUTES)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])" + _ATTRIBUTES)
_ROWS_REPEATED = re.compile(rb"\stable:number-rows-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_COLUMNS_REPEATED = re.compile(rb"\stable:number-columns-repeated\s*=\s*[\"'](\d{1,9})[\"']")
_VALUE_TYPE = re.compile(rb"\soffice:value-type\s*=\s*[\"']([\w-]+)[\"']")
_STRING_VALUE = re.compile(rb"\soffice:string-value\s*=\s*[\"']\s*[^\"'\s]")
_ERROR_TYPE = re.compile(rb"\scalcext:value-type\s*=\s*[\"']error[\"']")
_FORMULA = re.compile(rb"\stable:formula\s*=")
_ANNOTATION = re.compile(rb"<office:annotation(?=[\s>]).*?</office:annotation>", re.S)
_PARAGRAPH = re.compile(rb"</text:p>\s*<text:p(?:\s[^>]*)?>")
_SPACES = re.compile(rb"<text:s(?=[\s/])(?:\s[^>]*?text:c\s*=\s*[\"'](\d{1,4})[\"'])?[^>]*/>")
_BREAK = re.compile(rb"<text:(line-break|tab)(?:\s[^>]*)?/>")
_TAG = re.compile(rb"<[^>]*>")


def survey_opendocument(archive: Archive, limits: Limits) -> Survey:
    """Raises Unreadable: password, macro, wrong_type, zip_bomb, xml_entities, too_many_columns, …"""
    names = archive.names()
    manifest = archive.small("META-INF/manifest.xml") if "META-INF/manifest.xml" in archive else b""
    if b"encryption-data" in manifest or "encrypted-package" in names:
        raise Unreadable("password")
    if any(name.startswith(("basic/", "scripts/")) and not name.endswith("/") for name in names):
        raise Unreadable("macro")
    if "mimetype" in archive and b"spreadsheet" not in b"".join(archive.chunks("mimetype")):
        raise Unreadable("wrong_type", kind="odt")
    for part in ("meta.xml", "settings.xml", "styles.xml"):
        # An optional part may be there but empty.
        if part in archive:
            for _ in archive.xml(part):
                pass
    survey = Survey("ods", ContentScan(limits).read(archive.xml("content.xml")))
    if any(name.startswith("object ") for name in names):
        survey.notes.append("embedded_objects")
    return survey


class ContentScan:
    """Walks tables, rows and cells of content.xml."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheets: list[SheetSurvey] = []
        self._row = 0

    def read(self, chunks: Iterator[bytes]) -> list[SheetSurvey]:
        """Raises Unreadable."""
        windows = row_windows(chunks, b"<table:table-row", b"</table:table>", self._limits)
        for window in well_formed(windows, self._limits):
            # The reader drops text in CDATA without a word, and a comment could hide or fake rows.
            if b"!" in window and b"<!" in window:
                raise Unreadable("corrupt")
            tags = list(_OPENING.finditer(window))
            for index, tag in enumerate(tags):
                end = tags[index + 1].start() if index + 1 < len(tags) else len(window)
                if tag[1] == b"table":
                    self._sheets.append(SheetSurvey())
                    self._row = 0
                elif self._sheets:
                    self._read_row(_repeat(_ROWS_REPEATED, tag[2]), window, tag.end(), end)
        return self._sheets

    def _read_row(self, repeat: int, window: bytes, start: int, end: int) -> None:
        filled, column, width = False, 0, 0
        overrides: dict[int, Cell] = {}
        cells = list(_CELL.finditer(window, start, end))
        for index, cell in enumerate(cells):
            times = _repeat(_COLUMNS_REPEATED, cell[1])
            body = b""
            if not cell[2]:
                body = window[cell.end() : cells[index + 1].start() if index + 1 < len(cells) else end]
            holds, override = _judge(cell[1], body)
            if holds:
                filled = True
                if column + times > self._limits.max_columns:
                    raise Unreadable("too_many_columns", limit=self._limits.max_columns)
                if override is not None:
                    overrides.update(dict.fromkeys(range(column, column + times), override))
                width = column + times
            column += times
        if filled:
            self._count(repeat, overrides)
            sheet = self._sheets[-1]
            sheet.cells += repeat * width
            sheet.width = max(sheet.width, width)
        self._row += repeat

    def _count(self, repeat: int, overrides: dict[int, Cell]) -> None:
        sheet = self._sheets[-1]
        if repeat > MAX_FILLED_REPEAT:
            raise Unreadable("zip_bomb")
        if self._row + repeat > self._limits.max_rows:
            raise Unreadable("too_many_rows", limit=self._limits.max_rows)
        sheet.last_row = self._row + repeat
        sheet.filled += repeat
        if not overrides:
            return
        sheet.override_count += repeat * len(overrides)
        if sheet.override_count > MAX_OVERRIDES:
            raise Unreadable("too_many_errors", limit=MAX_OVERRIDES)
        for number in range(self._row + 1, self._row + repeat + 1):
            sheet.overrides[number] = overrides


def _repeat(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    match = pattern.search(attributes)
    return max(1, int(match[1])) if match else 1


def _judge(attributes: bytes, body: bytes) -> tuple[bool, Cell]:
    """Whether a cell holds something, and its value where the reading library would lose it."""
    if b"<office:annotation" in body:
        body = _ANNOTATION.sub(b"", body)
    kind = _VALUE_TYPE.search(attributes)
    if _ERROR_TYPE.search(attributes):
        return True, CellError(_text(body).strip() or "#VALUE!")
    if kind is None:
        if _FORMULA.search(attributes):
            return True, UNCOMPUTED
        return (True, CellError("#VALUE!")) if _text(body).strip() else (False, None)
    if kind[1] != b"string":
        return True, None
    text = _TAG.sub(b"", body).strip()
    if b"&#" in text:
        text = _text(body).strip().encode()
    holds = bool(text) or _STRING_VALUE.search(attributes) is not None
    return holds, _text(body) if holds and _BREAK.search(body) else None


def _text(body: bytes) -> str:
    """A text cell's content as shown: paragraphs and breaks as \\n, runs of spaces as they are."""
    body = _PARAGRAPH.sub(b"\n", body.strip())
    body = _BREAK.sub(lambda match: b"\n" if match[1] == b"line-break" else b"\t", body)
    body = _SPACES.sub(lambda match: b" " * int(match[1] or 1), body)
    return unescape(_TAG.sub(b"", body).decode("utf-8", "replace")).strip("\n")
