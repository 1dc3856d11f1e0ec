"""The course of a year at a glance: a line without scales, beside the headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .trend import Dot, Point, lines_of

WIDTH, HEIGHT, MARGIN = 160, 44, 5
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Spark:
    """Whole months in SVG units: `path` has a part for each run of adjacent ones."""

    path: str
    first: Dot
    last: Dot
    width: int = WIDTH
    height: int = HEIGHT


def spark(trend: Sequence[Point]) -> Spark | None:
    """The last twelve months and the one before them; None with fewer than two whole months.

    The line is stretched between its own lowest and highest value: it shows the direction, and the figures
    stand beside it.
    """
    whole = [point for point in trend if point.count.is_whole]
    if not whole:
        return None
    whole = [p for p in whole if whole[-1].month - p.month <= MONTHS]
    if len(whole) < 2:
        return None
    shares = [p.count.percent or Decimal(0) for p in whole]
    lowest, span = min(shares), max(shares) - min(shares)
    start, length = whole[0].month, whole[-1].month - whole[0].month

    def at(point: Point) -> Dot:
        share = point.count.percent or Decimal(0)
        height = (share - lowest) / span if span else Decimal("0.5")
        return Dot(
            round(MARGIN + (point.month - start) / length * (WIDTH - 2 * MARGIN)),
            round(MARGIN + float(1 - height) * (HEIGHT - 2 * MARGIN)),
            point.month,
            share,
        )

    dots = [at(point) for point in whole]
    return Spark(lines_of(dots), dots[0], dots[-1])
