"""Where the course of a project is drawn: whole SVG units, every text in a place of its own.

Dates stand as numbered flags above the rows they concern. They are placed from the last to the first, each as
low as it can be, so that no pole runs through a text: what is earlier stands higher and to the left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from coverage_portal.lib.periods import Month

from .course import Course, Event, Kind, Lane, Look, Span

RADIUS = 10
FLAG_HEIGHT = 24
TOP = 4
BAR_HEIGHT = 18
AXIS_ROOM, AS_OF_ROOM = 26, 22
LEAST_BAR = 3
LEAST_SPAN = 60
"""Days that the axis has at least."""
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000)
"""Months from one mark of the axis to the next."""
TICK_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """How wide the picture is, in units: of a letter, of the room for the names of rows (0: above them)."""

    width: int
    gutter: int
    letter: int
    has_names: bool
    """Whether flags bear a name beside their number."""

    @property
    def row_height(self) -> int:
        return BAR_HEIGHT + (12 if self.gutter else 28)


WIDE = Shape(width=1000, gutter=112, letter=8, has_names=True)
NARROW = Shape(width=340, gutter=0, letter=8, has_names=False)


@dataclass(frozen=True, slots=True)
class Flag:
    """A date: a numbered disc at (x, y) with its name to the right, and a pole down to the rows."""

    number: int
    event: Event
    name: str
    x: int
    y: int
    width: int

    @property
    def name_x(self) -> int:
        return self.x + RADIUS + 4

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        left = self.x - RADIUS
        return left, self.y - RADIUS, left + self.width, self.y + RADIUS


@dataclass(frozen=True, slots=True)
class Bar:
    span: Span
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name at (0, title_y), its bars and marks from `y` on."""

    lane: Lane
    title_y: int
    y: int
    bars: tuple[Bar, ...]
    marks: tuple[int, ...] = ()

    @property
    def middle(self) -> int:
        return self.y + BAR_HEIGHT // 2

    @property
    def is_empty(self) -> bool:
        return not (self.bars or self.marks)


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month on the axis, its text from `left` on."""

    x: int
    month: Month
    left: int
    width: int

    @property
    def middle(self) -> int:
        return self.left + self.width // 2


@dataclass(frozen=True, slots=True)
class Drawing:
    """The picture. `as_of_x` is the day it is drawn for; None where that lies too far outside."""

    width: int
    height: int
    left: int
    right: int
    rows_top: int
    rows_bottom: int
    flags: tuple[Flag, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    as_of_x: int | None
    as_of_anchor: str

    bar_height: int = BAR_HEIGHT

    @property
    def ticks_y(self) -> int:
        return self.rows_bottom + 18

    @property
    def as_of_y(self) -> int:
        return self.rows_bottom + 38


def draw(course: Course, shape: Shape, names: Mapping[Kind, str]) -> Drawing | None:
    """The picture of a course; None where nothing is dated.

    Args:
        names: what flags are called, in the reader's language; where the shape has no room they go without.
    """
    days = [
        *(event.on for event in course.events),
        *course.payments,
        *(day for span in course.spans for day in (span.first, span.last)),
    ]
    if not days:
        return None
    axis = _axis(course, days, shape, names)
    flags = _flags(course, shape, names, axis)
    top = max((flag.box[3] for flag in flags), default=TOP) + 8
    rows = tuple(_row(lane, place, top, course, shape, axis) for place, lane in enumerate(Lane))
    bottom = top + len(rows) * shape.row_height
    as_of = axis.x(course.on) if axis.first <= course.on.toordinal() <= axis.last else None
    return Drawing(
        shape.width,
        bottom + AXIS_ROOM + (0 if as_of is None else AS_OF_ROOM),
        axis.left,
        axis.left + axis.width,
        top,
        bottom,
        flags,
        rows,
        _ticks(axis, shape),
        as_of,
        "middle" if as_of is None else _anchor(as_of, shape),
    )


@dataclass(frozen=True, slots=True)
class _Axis:
    """Days, as their ordinals, on units."""

    first: int
    last: int
    left: int
    width: int

    def x(self, day: date) -> int:
        return self.left + round((day.toordinal() - self.first) * self.width / (self.last - self.first))


def _axis(course: Course, days: list[date], shape: Shape, names: Mapping[Kind, str]) -> _Axis:
    first, last, on = min(days).toordinal(), max(days).toordinal(), course.on.toordinal()
    slack = max(LEAST_SPAN, (last - first) // 4)
    if first - slack <= on <= last + slack:
        first, last = min(first, on), max(last, on)
    if last - first < LEAST_SPAN:
        room = (LEAST_SPAN - (last - first) + 1) // 2
        first, last = max(first - room, 1), min(last + room, date.max.toordinal())
    left = shape.gutter + RADIUS + 2
    width = shape.width - left - RADIUS - 2
    for event in course.events:
        # So wide that the name of each date still ends inside.
        share = event.on.toordinal() - first
        if share:
            room = shape.width - left - _flag_width(event, shape, names) + RADIUS
            width = min(width, room * (last - first) // share)
    return _Axis(first, last, left, width)


def _flag_width(event: Event, shape: Shape, names: Mapping[Kind, str]) -> int:
    if not shape.has_names:
        return 2 * RADIUS
    return 2 * RADIUS + 12 + shape.letter * len(names[event.kind])


def _flags(course: Course, shape: Shape, names: Mapping[Kind, str], axis: _Axis) -> tuple[Flag, ...]:
    """The flags with their levels, 0 lowest."""
    placed: list[tuple[int, int, int]] = []  # level, x, right edge
    levels: list[int] = []
    for event in reversed(course.events):
        x = axis.x(event.on)
        right = x - RADIUS + _flag_width(event, shape, names)
        level = 0
        while any(
            (at == level and x - RADIUS <= other_right and other - RADIUS <= right)
            or (at > level and other <= right)
            for at, other, other_right in placed
        ):
            level += 1
        placed.append((level, x, right))
        levels.append(level)
    highest = max(levels, default=0)
    return tuple(
        Flag(
            number,
            event,
            names[event.kind] if shape.has_names else "",
            axis.x(event.on),
            TOP + RADIUS + (highest - level) * FLAG_HEIGHT,
            _flag_width(event, shape, names),
        )
        for number, (event, level) in enumerate(zip(course.events, reversed(levels), strict=True), 1)
    )


def _row(lane: Lane, place: int, top: int, course: Course, shape: Shape, axis: _Axis) -> Row:
    begin = top + place * shape.row_height
    y = begin + shape.row_height - BAR_HEIGHT - 6
    spans = [span for span in course.spans if span.lane is lane]
    # Gaps last: narrow ones are drawn a little too wide, and should be seen.
    spans.sort(key=lambda span: span.look is Look.GAP)
    marks = sorted({axis.x(day) for day in course.payments}) if lane is Lane.PAYMENTS else []
    title_y = y + BAR_HEIGHT - 4 if shape.gutter else y - 5
    return Row(lane, title_y, y, tuple(_bar(span, axis) for span in spans), tuple(marks))


def _bar(span: Span, axis: _Axis) -> Bar:
    x = axis.x(span.first)
    width = max(axis.x(span.last) - x, LEAST_BAR)
    return Bar(span, min(x, axis.left + axis.width - width), width)


def _ticks(axis: _Axis, shape: Shape) -> tuple[Tick, ...]:
    room = shape.letter * TICK_LETTERS
    days = axis.last - axis.first
    step = next((s for s in STEPS if s * 30 * axis.width // days >= room + 8), STEPS[-1])
    begin, end = date.fromordinal(axis.first), date.fromordinal(axis.last)
    next_month = begin.year * 12 + begin.month
    ticks: list[Tick] = []
    for ordinal in range(-(-next_month // step) * step, end.year * 12 + end.month, step):
        year, month = divmod(ordinal, 12)
        x = axis.x(date(year, month + 1, 1))
        left = min(max(x - room // 2, 0), shape.width - room)
        if not ticks or left >= ticks[-1].left + room + 4:
            ticks.append(Tick(x, Month(year, month + 1), left, room))
    return tuple(ticks)


def _anchor(x: int, shape: Shape) -> str:
    """Where the text of the day stands to its line, so that it stays inside."""
    room = shape.width // 4
    return "start" if x < room else "end" if x > shape.width - room else "middle"
