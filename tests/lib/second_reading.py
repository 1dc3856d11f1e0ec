"""A workbook read once more, by rules of its own: expat and the standard, nothing of the portal's reader.

What the reader accepts of a damaged workbook is compared with this.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from coverage_portal.lib.spreadsheets import CellError, Row

Grid = dict[tuple[int, int], Any]
"""What stands in (row from 1, column from 0), blank cells left out."""

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NO_DATE = re.compile(r'"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|_.|\*.', re.I)
_ROOM = datetime.timedelta(seconds=1)
_DAY_ZERO = datetime.datetime(1899, 12, 30)
_DAY_ZERO_1904 = datetime.datetime(1904, 1, 1)


class NoReading(Exception):
    """The file is no workbook by the standard: there is no right reading of it."""


@dataclass(frozen=True)
class Moment:
    """A number that is shown as a date or a time."""

    serial: float
    zero: datetime.datetime


@dataclass(frozen=True)
class Literal:
    """What stands in a cell of numbers and is none."""

    text: str


def second_reading(content: bytes) -> dict[str, Grid]:
    """Every sheet of cells by its name. Raises NoReading."""
    try:
        return _sheets(content)
    except (
        *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError),
        *(ElementTree.ParseError, KeyError, IndexError, ValueError, OverflowError),
    ) as error:
        raise NoReading from error


def _sheets(content: bytes) -> dict[str, Grid]:
    package = zipfile.ZipFile(io.BytesIO(content))
    names = {name.replace("\\", "/").lower(): name for name in package.namelist()}

    def part(name: str) -> ElementTree.Element:
        return ElementTree.fromstring(package.read(names[name]))  # noqa: S314 - the tests made it

    book = part("xl/workbook.xml")
    relations = list(part("xl/_rels/workbook.xml.rels"))
    parts = {each.get("Id", ""): _target(each.get("Target", "")) for each in relations}
    strings = [_text(item) for item in _children(part("xl/sharedstrings.xml"), "si")] if (
        "xl/sharedstrings.xml" in names
    ) else []  # fmt: skip
    dates = _date_styles(part("xl/styles.xml")) if "xl/styles.xml" in names else []
    is_1904 = any(_local(each) == "workbookPr" and each.get("date1904") in ("1", "true") for each in book)
    zero = _DAY_ZERO_1904 if is_1904 else _DAY_ZERO
    found: dict[str, Grid] = {}
    for sheet in (each for each in book.iter() if _local(each) == "sheet"):
        identity = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        found[sheet.attrib["name"]] = _grid(part(parts[identity]), strings, dates, zero)
    return found


def _target(target: str) -> str:
    return (target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")).lower()


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _children(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (each for each in element if _local(each) == name)


def _text(item: ElementTree.Element) -> str:
    """The texts of a string and of its runs, without the readings that East Asian writing has beside it."""
    pieces = []
    for each in item:
        if _local(each) == "t":
            pieces.append("".join(each.itertext()))
        elif _local(each) == "r":
            pieces += ["".join(one.itertext()) for one in _children(each, "t")]
    return "".join(pieces)


def _date_styles(styles: ElementTree.Element) -> list[bool]:
    """Of each style of cells, whether it shows a date or a time."""
    own = {
        int(each.attrib["numFmtId"]): re.search("[dmyhs]", _NO_DATE.sub("", each.attrib["formatCode"]), re.I)
        for group in _children(styles, "numFmts")
        for each in _children(group, "numFmt")
    }
    kinds = [
        int(each.get("numFmtId", "0"))
        for group in _children(styles, "cellXfs")
        for each in _children(group, "xf")
    ]
    return [own[kind] is not None if kind in own else kind in _DATE_FORMATS for kind in kinds]


def _grid(sheet: ElementTree.Element, strings: list[str], dates: list[bool], zero: datetime.datetime) -> Grid:
    grid: Grid = {}
    number = 0
    for data in _children(sheet, "sheetData"):
        for row in _children(data, "row"):
            number = int(row.get("r", number + 1))
            column = -1
            for cell in _children(row, "c"):
                place = re.fullmatch(r"\$?([A-Za-z]+)\$?(\d+)", cell.get("r", ""))
                column = _column(place[1]) if place else column + 1
                value = _value(cell, strings, dates, zero)
                if value is not None:
                    grid[number, column] = value
    return grid


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, strings: list[str], dates: list[bool], zero: datetime.datetime) -> Any:
    kind, style = cell.get("t", "n"), int(cell.get("s", "0"))
    written = next((each.text for each in _children(cell, "v")), None)
    inline = "".join(_text(each) for each in _children(cell, "is"))
    if inline or kind == "inlineStr":
        return inline or None
    if not (written or "").strip():
        formulas = any(True for _ in _children(cell, "f"))
        return CellError("#FORMULA") if formulas and not (kind == "str" and written is not None) else None
    assert written is not None
    match kind:
        case "s":
            if not 0 <= int(written) < len(strings):
                raise IndexError(written)
            return strings[int(written)] or None
        case "str":
            return written
        case "b":
            return written.strip() in ("1", "true")
        case "e":
            return CellError(written.strip())
        case "n":
            pass
        case _:
            return Literal(written.strip())
    try:
        number = float(written)
    except ValueError:
        return Literal(written.strip())
    return Moment(number, zero) if style < len(dates) and dates[style] else number


def grid_of(rows: list[tuple[int, Row]]) -> Grid:
    return {
        (number, column): cell
        for number, cells in rows
        for column, cell in enumerate(cells)
        if cell is not None
    }


def differences(read: Grid, second: Grid) -> list[str]:
    """Where what was read is not what stands there; white space around a text does not count."""
    places = sorted(read.keys() | second.keys())
    return [
        f"{place}: {read.get(place)!r} for {second.get(place)!r}"
        for place in places
        if not _same(read.get(place), second.get(place))
    ]


def _same(read: Any, written: Any) -> bool:
    if isinstance(written, Moment):
        return _is_moment(read, written)
    if isinstance(written, Literal):
        return isinstance(read, CellError) or _shown(str(read)) == _shown(written.text)
    if isinstance(written, float) and isinstance(read, str):
        return _is_number_written(read, written)
    if isinstance(written, float) and type(read) in (int, float):
        return bool(read == written)
    if isinstance(written, float) and isinstance(read, CellError):
        return written != written or abs(written) == float("inf")
    if isinstance(written, str) or isinstance(read, str) or written is None or read is None:
        return bool(_shown(read) == _shown(written))
    return type(read) is type(written) and bool(read == written)


def _is_number_written(read: str, written: float) -> bool:
    """Whether a number came as the text that stands there (` 5 `): whoever reads numbers reads that."""
    try:
        return float(read) == written
    except ValueError:
        return False


def _shown(value: Any) -> Any:
    """A text as it is seen: no control characters, one kind of line break, nothing around it."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = re.sub("_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), value)
    text = re.sub("\r\n?|[\x0b\x0c]", "\n", text)
    return re.sub("[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", text).strip()


def _is_moment(read: Any, written: Moment) -> bool:
    """Whether a date, a moment or a time of day is the serial number's; other numbers stay numbers."""
    if isinstance(read, (int, float)) and not isinstance(read, bool):
        return abs(read - written.serial) < 1e-6
    if isinstance(read, datetime.time):
        spent = datetime.datetime.combine(datetime.date.min, read) - datetime.datetime.min
        return abs(spent - datetime.timedelta(days=written.serial % 1)) < _ROOM and 0 <= written.serial < 1
    if isinstance(read, datetime.date):
        moment = (
            read if isinstance(read, datetime.datetime) else datetime.datetime.combine(read, datetime.time())
        )
        days = written.serial + (1 if 0 < written.serial < 60 and written.zero == _DAY_ZERO else 0)
        try:
            return abs(moment - (written.zero + datetime.timedelta(days=days))) < _ROOM
        except OverflowError:
            return False
    return False
