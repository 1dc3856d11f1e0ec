"""Year against year: the same months of several years one above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from coverage_portal.lib.periods import Month

from .trend import Dot, Point, Tick, lines_of, percent_ticks, scale_top

WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 60, 60, 26, 32
MOST_YEARS = 3
LABEL_HEIGHT = 18


@dataclass(frozen=True, slots=True)
class YearLine:
    """The whole months of one year; `path` has a part for each run of adjacent ones."""

    year: int
    path: str
    dots: tuple[Dot, ...]
    is_latest: bool
    label_y: int

    @property
    def end(self) -> Dot:
        return self.dots[-1]


@dataclass(frozen=True, slots=True)
class YearLines:
    """The years, the latest last; `months` are the ticks of a year that stands for all."""

    lines: tuple[YearLine, ...]
    percents: tuple[Tick, ...]
    months: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    bottom: int = HEIGHT - BOTTOM


def year_lines(trend: Sequence[Point]) -> YearLines | None:
    """The last three years with a whole month; None with fewer than two."""
    whole = [point for point in trend if point.count.is_whole]
    years = sorted({p.month.year for p in whole})[-MOST_YEARS:]
    if len(years) < 2:
        return None
    shown = [p for p in whole if p.month.year in years]
    top = scale_top([p.count.percent or Decimal(0) for p in shown])

    def x_of(month: int) -> int:
        return round(LEFT + (month - 1) / 11 * (WIDTH - LEFT - RIGHT))

    def y_of(share: Decimal) -> int:
        return round(TOP + float(1 - share / top) * (HEIGHT - TOP - BOTTOM))

    drawn: list[tuple[int, str, tuple[Dot, ...]]] = []
    for year in years:
        dots = [
            Dot(
                x_of(p.month.month),
                y_of(p.count.percent or Decimal(0)),
                p.month,
                p.count.percent or Decimal(0),
            )
            for p in shown
            if p.month.year == year
        ]
        drawn.append((year, lines_of(dots), tuple(dots)))
    labels = _apart({year: dots[-1].y for year, _path, dots in drawn})
    return YearLines(
        lines=tuple(
            YearLine(year, path, dots, year == years[-1], labels[year]) for year, path, dots in drawn
        ),
        percents=tuple(Tick(y_of(Decimal(p)), percent=p) for p in percent_ticks(top)),
        months=tuple(
            Tick(x_of(month), month=Month(years[-1], month), anchor="middle") for month in (1, 4, 7, 10, 12)
        ),
    )


def _apart(heights: Mapping[int, int]) -> dict[int, int]:
    """Where the labels stand: at the end of their lines, pushed down where two would meet."""
    placed: dict[int, int] = {}
    lowest = -LABEL_HEIGHT
    for key, height in sorted(heights.items(), key=lambda item: item[1]):
        lowest = placed[key] = max(height, lowest + LABEL_HEIGHT)
    return placed
