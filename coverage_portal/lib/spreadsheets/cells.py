"""What a cell can hold, and how it crosses the pipe between the two processes."""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

LARGEST_EXACT = 2**53
"""Above it a spreadsheet's number has already lost digits: such a cell stays a float."""


@dataclass(frozen=True)
class CellError:
    """A cell that shows an error (`#REF!`, `#N/A`, …) or a formula nobody has computed (`#FORMULA`)."""

    code: str

    def __str__(self) -> str:
        return self.code


UNCOMPUTED = CellError("#FORMULA")
NOT_A_NUMBER = CellError("#NUM!")

Cell: TypeAlias = (
    str | int | float | bool | datetime.date | datetime.datetime | datetime.time | CellError | None
)
Row: TypeAlias = list[Cell]

_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LATE_CONTROL = re.compile("[\x7f-\x9f]")


def plain_row(values: Iterable[Any], limits: Limits) -> Row:
    """The reader's values as cells: "" is None, a whole float an int, NaN and infinity an error.

    Raises Unreadable('too_long_cell').
    """
    row: Row = []
    longest = limits.max_cell_chars
    for value in values:
        kind = type(value)
        if kind is str:
            if len(value) > longest:
                raise Unreadable("too_long_cell", limit=longest)
            row.append(value or None)
        elif kind is float:
            row.append(_number(value))
        elif kind is datetime.timedelta:
            row.append(_duration(value))
        else:
            row.append(value)
    return row


def plain_columns(
    rows: Sequence[Sequence[Any]], limits: Limits
) -> tuple[list[Sequence[Cell]], list[int]] | None:
    """The reader's rows by column, as `plain_row` would make them, and which columns hold dates, as ISO text.

    Nearly all columns are of one type, which is seen at once. None where the rows are not of one width, or
    one of them may be blank. Raises Unreadable('too_long_cell').
    """
    width = len(rows[0])
    if set(map(len, rows)) != {width}:
        return None
    columns: list[Sequence[Cell]] = []
    dates: list[int] = []
    is_filled = False
    for index, values in enumerate(zip(*rows, strict=True)):
        kinds = set(map(type, values))
        column: Sequence[Cell] = values
        if kinds == {str}:
            # All together are seldom as long as one of them may be.
            if len("".join(values)) > limits.max_cell_chars < max(map(len, values)):
                raise Unreadable("too_long_cell", limit=limits.max_cell_chars)
            is_filled = is_filled or all(map(str.strip, values))
            if "" in values:
                column = [value or None for value in values]
        elif kinds == {datetime.date}:
            is_filled = True
            dates.append(index)
            column = list(map(_WRITTEN_DATES.__getitem__, values))
        elif kinds == {datetime.date, str} and all(type(value) is datetime.date for value in values if value):
            dates.append(index)
            column = [_WRITTEN_DATES[value] if value else None for value in values]
        else:
            column = plain_row(values, limits)
            is_filled = is_filled or (str not in kinds and None not in column)
        columns.append(column)
    return (columns, dates) if is_filled else None


def rows_of(columns: list[list[Any]], dates: Iterable[int]) -> list[Row]:
    """The rows of `plain_columns`, at the other end of the pipe.

    Raises ValueError, TypeError or LookupError: no such columns.
    """
    for index in dates:
        columns[index] = list(map(_DATES.__getitem__, columns[index]))
    return list(map(list, zip(*columns, strict=True)))


def _number(value: float) -> Cell:
    if value.is_integer():
        return int(value) if abs(value) <= LARGEST_EXACT else value
    return value if math.isfinite(value) else NOT_A_NUMBER


def _duration(value: datetime.timedelta) -> Cell:
    """A clock time where there is one, else the number of days the file stores."""
    day = datetime.timedelta(days=1)
    if datetime.timedelta(0) <= value < day:
        return (datetime.datetime.min + value).time()
    return _number(value / day)


def is_blank(values: Iterable[Any]) -> bool:
    """Whether a row holds nothing but empty cells and white space (as XML counts it)."""
    return not any(value.strip(" \t\r\n") if type(value) is str else value is not None for value in values)


def is_dirty(encoded: str) -> bool:
    """Whether JSON text holds a control character or carriage return, without looking at each cell."""
    return (
        "\\u00" in encoded
        or "\\r" in encoded
        or "\\b" in encoded
        or "\\f" in encoded
        or "\x7f" in encoded
        or (not encoded.isascii() and _LATE_CONTROL.search(encoded) is not None)
    )


def clean_row(row: Iterable[Cell]) -> tuple[Row, int]:
    """The row without control characters, line breaks as \\n; and how many characters were dropped.

    PostgreSQL refuses NUL in text, and no name or number of ours holds a bell.
    """
    dropped = 0
    cleaned: Row = []
    for cell in row:
        if isinstance(cell, str):
            cell, here = _CONTROL.subn("", _LINE_BREAK.sub("\n", cell))
            dropped += here
        cleaned.append(None if cell == "" else cell)
    return cleaned, dropped


class _Kept(dict[Any, Any]):
    """What a function makes of a value, kept: the dates of a sheet come again and again."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[value] = made = self._make(value)
        return made


_MOST_KEPT = 50_000
_TAGGED_DATES = _Kept(lambda day: {"d": day.isoformat()})
_WRITTEN_DATES = _Kept(datetime.date.isoformat)
_DATES = _Kept(lambda text: None if text is None else datetime.date.fromisoformat(text))


def _tagged(value: object) -> dict[str, str]:
    if type(value) is datetime.date:
        tagged: dict[str, str] = _TAGGED_DATES[value]
        return tagged
    if isinstance(value, datetime.datetime):
        return {"s": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"t": value.isoformat()}
    if isinstance(value, CellError):
        return {"e": value.code}
    raise TypeError(type(value).__name__)


_UNTAG = {
    "s": datetime.datetime.fromisoformat,
    "d": datetime.date.fromisoformat,
    "t": datetime.time.fromisoformat,
    "e": CellError,
}


def _untagged(pairs: dict[str, Any]) -> Any:
    if len(pairs) == 1:
        if (day := pairs.get("d")) is not None:
            return _DATES[day]
        ((tag, value),) = pairs.items()
        if tag in _UNTAG:
            return _UNTAG[tag](value)
    return pairs


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_tagged).encode
decode = json.JSONDecoder(object_hook=_untagged).decode
