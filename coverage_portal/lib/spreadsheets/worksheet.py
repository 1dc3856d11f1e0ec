"""The pre-flight over the big XML parts of an .xlsx: shared strings and sheets.

One pass of compiled byte patterns; an expat handler for each cell takes seven seconds a million rows.
The namespace prefix some writers use (`<x:row>`) is taken off first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from coverage_portal.lib.spreadsheets.archive import Archive
from coverage_portal.lib.spreadsheets.cells import UNCOMPUTED, Cell, CellError
from coverage_portal.lib.spreadsheets.limits import EXCEL_ROWS, Limits
from coverage_portal.lib.spreadsheets.memory import PLACED_CELL, text_bytes
from coverage_portal.lib.spreadsheets.placing import Placing, refuse_nested
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.wellformed import well_formed
from coverage_portal.lib.spreadsheets.windows import row_windows
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey

MAX_OVERRIDES = 100_000
LONG_STRING = 1_024
EXACT_BLANKS = 64
COUNTED_WINDOWS = 4
"""Of so many windows one is counted for the estimate of memory: rows of a sheet resemble each other."""
STRING_TAGS = 18
CELL_TAGS = 48
"""Bytes of XML around a shared string, and around a text in its cell."""

_ROW = re.compile(rb'<row(?=[\s/>])(?:\s+r="(\d{1,10})")?([^<>]*)>')
_FOREIGN_ROW = re.compile(rb"<[\w.-]+:row[\s/>]")
_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d{1,10})[\"']")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,7})\d+[\"']")
_FILLED = re.compile(rb"<(?:v|t)(?:\s[^<>]*)?>(?:\s|&#(?:9|10|13|32|[xX]0*(?:9|[aA]|[dD]|20));)*+[^<\s]")
"""A value or text that is more than white space, which the reading library trims."""
_REFERENCE_START = b'<c r="'
_CELL = re.compile(rb"<c(?=[\s/>])([^<>]*)>")
_ERROR = re.compile(
    rb"<c(?=\s)([^<>]*?\st=[\"']e[\"'][^<>]*)>\s*(?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*)?<v>([^<]*)</v>"
)
_UNVALUED = re.compile(
    rb"<c((?:\s[^<>]*)?)>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_TEXT_TYPE = re.compile(rb"\st=[\"']str[\"']")
_SPACED = re.compile(rb"\s*=\s*(?=[\"'])")
_NO_ROWS = re.compile(rb"<sheetData(?:\s[^<>]*)?/>")
_STRING = re.compile(rb"<si(?=[\s/>])")
_LETTERS_OF = re.compile(rb"[A-Z]{1,7}")
_STRING_CELL = re.compile(rb't="s"[^<>]*>\s*<v>(\d{1,10})</v>')
_EMPTY_CELL = re.compile(rb"[^<>]*(?:/>|>\s*</c>)")
_PHONETIC = re.compile(rb"<rPh.*?</rPh>", re.S)
_TAG = re.compile(rb"<[^>]*>")
_ROOT = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?(?:worksheet|sst)[\s>]")


@dataclass
class SharedStrings:
    """How many there are, which hold only white space, and the lengths of the long ones."""

    count: int = 0
    xml_bytes: int = 0
    blank: set[int] = field(default_factory=set)
    long: dict[int, int] = field(default_factory=dict)

    @property
    def text_bytes(self) -> int:
        """What one of them takes in memory, on average."""
        return text_bytes(self.xml_bytes / self.count - STRING_TAGS) if self.count else 0

    @property
    def bytes(self) -> int:
        return self.count * (PLACED_CELL + self.text_bytes)


def survey_strings(archive: Archive, name: str, limits: Limits) -> SharedStrings:
    """Reads the shared strings' part. Raises Unreadable."""
    strings = SharedStrings()
    windows = row_windows(_unprefixed(archive.xml(name)), b"<si", b"</sst", limits)
    for window in well_formed(windows, limits):
        starts = [match.start() for match in _STRING.finditer(window)]
        strings.xml_bytes += len(window)
        if strings.xml_bytes <= limits.checked_xml_bytes:
            refuse_nested(window)
        for start, end in pairwise([*starts, len(window)]):
            if window.find(b"</si", start, end) < 0 and not window.startswith(b"<si/>", start):
                raise Unreadable("corrupt")
            if not _FILLED.search(window, start, end):
                strings.blank.add(strings.count)
            elif end - start > LONG_STRING:
                text = _TAG.sub(b"", _PHONETIC.sub(b"", window[start:end]))
                strings.long[strings.count] = len(text)
            strings.count += 1
    return strings


@dataclass
class _Counted:
    """Rows, cells and texts of the windows that were counted, and their bytes."""

    rows: int = 0
    size: int = 0
    cells: int = 0
    shared: int = 0
    inline: int = 0

    def add(self, window: bytes, rows: int) -> None:
        self.rows += rows
        self.size += len(window)
        self.inline += window.count(b"<is")
        self.cells += window.count(b"<v>") + window.count(b"<is")
        self.shared += window.count(b't="s"')

    def estimate(self, survey: SheetSurvey, rows: int, shared_bytes: int) -> None:
        """Set what a sheet of so many rows is likely to hold."""
        if not self.rows:
            return
        share = rows / self.rows
        survey.cells = int(self.cells * share)
        survey.width = max(survey.width, -(-survey.cells // max(survey.filled, 1)))
        inline_bytes = text_bytes(self.size / self.cells - CELL_TAGS) if self.cells else 0
        survey.texts_bytes = int((self.shared * shared_bytes + self.inline * inline_bytes) * share)


class WorksheetScan:
    """Counts and checks one sheet's rows; `survey` is the result."""

    def __init__(self, strings: SharedStrings, limits: Limits) -> None:
        self.survey = SheetSurvey()
        self._limits = limits
        self._strings = strings
        self._row = 0
        self._expanded = 0
        self._beyond = _beyond_column(1)
        self._windows = self._rows = 0
        self._counted = _Counted()
        self._placing = Placing(limits)
        self._blanks = None
        self.survey.exact = len(strings.blank) <= EXACT_BLANKS
        if strings.blank and self.survey.exact:
            alternatives = b"|".join(b"%d" % index for index in sorted(strings.blank))
            self._blanks = re.compile(rb' t="s"([^<>]*)>\s*<v>(?:' + alternatives + rb")</v>")

    def read(self, chunks: Iterator[bytes]) -> SheetSurvey:
        """Raises Unreadable: corrupt, too_many_rows, too_many_columns, too_many_errors, zip_bomb, …"""
        self._scan(chunks)
        self._counted.estimate(self.survey, self._rows, self._strings.text_bytes)
        return self.survey

    def _scan(self, chunks: Iterator[bytes]) -> None:
        inside = done = False
        windows = row_windows(_unprefixed(chunks), b"<row", b"</sheetData", self._limits)
        for window in well_formed(windows, self._limits):
            if done:
                continue
            if not inside:
                at = window.find(b"<sheetData")
                if at < 0:
                    continue
                inside, window = True, window[at:]
                done = _NO_ROWS.match(window) is not None
                if done:
                    continue
            end = window.find(b"</sheetData")
            if end >= 0:
                done, window = True, window[:end]
            self._window(window)

    def _window(self, window: bytes) -> None:
        # calamine drops a number inside CDATA without a word, and a comment could hide or fake rows.
        hidden = b"!" in window and b"<!" in window
        if hidden or (b":row" in window and _FOREIGN_ROW.search(window)):
            raise Unreadable("corrupt")
        if b" =" in window or b"= " in window:
            window = _SPACED.sub(b"=", window)
        is_placed = self._placing.window(window)
        self._check_columns(window)
        if self._strings.long:
            self._check_expansion(window)
        if self._blanks is not None:
            window = self._blanks.sub(rb"\1>", window)
        rows = list(_ROW.finditer(window))
        if self._windows % COUNTED_WINDOWS == 0:
            self._counted.add(window, len(rows))
        self._windows += 1
        self._rows += len(rows)
        special = _special_cells(window)
        for index, match in enumerate(rows):
            start, end = match.end(), rows[index + 1].start() if index + 1 < len(rows) else len(window)
            self._number(match)
            if is_placed:
                self._placing.row(self._row, window, start, end)
            filled = _FILLED.search(window, start, end) is not None
            while special and special[-1][0] < end:
                position, attributes, cell = special.pop()
                self._override(_column(window, start, position, attributes), cell)
                filled = True
            if filled:
                self._count()

    def _number(self, match: re.Match[bytes]) -> None:
        text = match[1]
        if text is None and (found := _NUMBER.search(match[2])):
            text = found[1]
        number = self._row + 1 if text is None else int(text)
        # A row twice, or out of order: one of the two would silently win.
        if number <= self._row:
            raise Unreadable("corrupt")
        if number > EXCEL_ROWS:
            raise Unreadable("too_many_rows", limit=min(EXCEL_ROWS, self._limits.max_rows))
        self._row = number

    def _count(self) -> None:
        if self._row > self._limits.max_rows:
            raise Unreadable("too_many_rows", limit=self._limits.max_rows)
        self.survey.last_row = self._row
        self.survey.filled += 1

    def _override(self, column: int, cell: Cell) -> None:
        if column >= self._limits.max_columns:
            raise Unreadable("too_many_columns", limit=self._limits.max_columns)
        self.survey.override_count += 1
        if self.survey.override_count > MAX_OVERRIDES:
            raise Unreadable("too_many_errors", limit=MAX_OVERRIDES)
        self.survey.overrides.setdefault(self._row, {})[column] = cell

    def _check_columns(self, window: bytes) -> None:
        """Widen the sheet by the cells right of what it has; there are none in nearly all windows."""
        at = 0
        while match := self._beyond.search(window, at):
            at = match.end()
            if _EMPTY_CELL.match(window, at):
                continue
            letters = _LETTERS_OF.match(window, match.start() + len(_REFERENCE_START))
            width = _index(letters[0]) + 1 if letters else 0
            if width > self._limits.max_columns:
                raise Unreadable("too_many_columns", limit=self._limits.max_columns)
            self.survey.width = width
            self._beyond = _beyond_column(width)

    def _check_expansion(self, window: bytes) -> None:
        lengths = self._strings.long
        self._expanded += sum(lengths.get(int(index), 0) for index in _STRING_CELL.findall(window))
        if self._expanded > self._limits.memory_bytes // 3:
            raise Unreadable("zip_bomb")


def _special_cells(window: bytes) -> list[tuple[int, bytes, Cell]]:
    """Error cells and formulas without a value as (position, attributes, cell), the last one first."""
    found: list[tuple[int, bytes, Cell]] = []
    if b't="e"' in window or b"t='e'" in window:
        for match in _ERROR.finditer(window):
            found.append((match.start(), match[1], CellError(unescape(match[2].decode("utf-8", "replace")))))
    if b"<f" in window:
        for match in _UNVALUED.finditer(window):
            # ="" is stored as a text with an empty value: that one was computed.
            if not (match[2] and _TEXT_TYPE.search(match[1])):
                found.append((match.start(), match[1], UNCOMPUTED))
    found.sort(key=lambda item: item[0], reverse=True)
    return found


def _column(window: bytes, row_start: int, position: int, attributes: bytes) -> int:
    """The column index of a cell: its reference, else counted on from the last reference before it."""
    if match := _REFERENCE.search(attributes):
        return _index(match[1])
    column = 0
    for cell in _CELL.finditer(window, row_start, position):
        reference = _REFERENCE.search(cell[1])
        column = _index(reference[1]) + 1 if reference else column + 1
    return column


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _letters(number: int) -> bytes:
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _beyond_column(last: int) -> re.Pattern[bytes]:
    """Matches the start of a cell whose reference is right of column number `last`."""
    letters = _letters(last)
    longer = [rb"[A-Z]{%d}" % (len(letters) + 1)]
    for at, letter in enumerate(letters):
        if letter < ord("Z"):
            following, rest = bytes([letter + 1]), len(letters) - at - 1
            longer.append(letters[:at] + b"[" + following + b"-Z]" + rb"[A-Z]{%d}" % rest)
    return re.compile(_REFERENCE_START + rb"(?:" + b"|".join(longer) + rb")")


def _unprefixed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks with the root element's namespace prefix removed from every tag."""
    first = next(chunks, b"")
    root = _ROOT.search(first)
    if root is None or root[1] is None:
        yield first
        yield from chunks
        return
    opening, closing = b"<" + root[1] + b":", b"</" + root[1] + b":"
    carry = b""
    for chunk in _chain(first, chunks):
        buffer = carry + chunk
        cut = buffer.rfind(b"<")
        cut = cut if cut >= 0 else len(buffer)
        yield buffer[:cut].replace(opening, b"<").replace(closing, b"</")
        carry = buffer[cut:]
    yield carry.replace(opening, b"<").replace(closing, b"</")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
