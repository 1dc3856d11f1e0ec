"""Members by segment, month by month, one upon the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from coverage_portal.lib.periods import Month

from .trend import Tick, month_tick, tick_months

WIDTH, HEIGHT = 560, 300
LEFT, TOP, BOTTOM = 84, 26, 32
MOST_MONTHS = 24
FILLED = 0.72
"""Of the room of a month, the part that its column takes."""


class SegmentMonth(Protocol):
    """The members of one month, by segment; None where any of them is unknown."""

    @property
    def month(self) -> Month: ...
    @property
    def members(self) -> Sequence[tuple[str, int | None]]: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a column, in SVG units."""

    segment: str
    members: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Column:
    """One month: its parts from the bottom up."""

    month: Month
    x: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the grid, standing for so many people."""

    y: int
    people: int


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """Members by segment as stacked columns; a month of which a segment is unknown has none."""

    columns: tuple[Column, ...]
    segments: tuple[str, ...]
    levels: tuple[Level, ...]
    months: tuple[Tick, ...]
    column_width: str
    width: int = WIDTH
    height: int = HEIGHT
    bottom: int = HEIGHT - BOTTOM


def segment_columns(course: Sequence[SegmentMonth]) -> SegmentColumns | None:
    """The last two years of an area, oldest first; None where no month is known by segment."""
    known = [
        (month.month, [(segment, n) for segment, n in month.members if n is not None])
        for month in course
        if month.members and all(n is not None for _segment, n in month.members)
    ]
    if not known:
        return None
    last = known[-1][0]
    known = [(month, parts) for month, parts in known if last - month < MOST_MONTHS]
    first = known[0][0]
    room = (WIDTH - LEFT) / (last - first + 1)
    top, step = _scale(max(sum(n for _segment, n in parts) for _month, parts in known))

    def height_of(people: int) -> float:
        return people / top * (HEIGHT - TOP - BOTTOM)

    columns = []
    for month, parts in known:
        below, drawn = 0, []
        for segment, n in parts:
            below += n
            drawn.append(Part(segment, n, f"{HEIGHT - BOTTOM - height_of(below):.1f}", f"{height_of(n):.1f}"))
        columns.append(Column(month, f"{LEFT + room * (month - first + (1 - FILLED) / 2):.1f}", tuple(drawn)))
    return SegmentColumns(
        columns=tuple(columns),
        segments=tuple(segment for segment, _n in known[-1][1]),
        levels=tuple(
            Level(round(HEIGHT - BOTTOM - height_of(people)), people) for people in range(0, top + 1, step)
        ),
        months=tuple(
            month_tick(month, round(LEFT + room * (month - first + 0.5)), WIDTH)
            for month in tick_months(first, last)
        ),
        column_width=f"{room * FILLED:.1f}",
    )


def _scale(most: int) -> tuple[int, int]:
    """The upper edge of the scale and the step of its lines: 1, 2 or 5 times a power of ten, four at most."""
    rough = max(most, 1) / 4
    power = 10 ** max(math.floor(math.log10(rough)), 0)
    step = next((factor * power for factor in (1, 2, 5) if factor * power >= rough), 10 * power)
    return step * math.ceil(max(most, 1) / step), step
