"""What the panels of a page have to say: the finding behind each title, from one overview."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from . import coverage
from .selectors import Overview, TrendPoint, counted_segments


@dataclass(frozen=True, slots=True)
class Course:
    """Coverage at the first and the last whole month of the trend; `points` is last minus first."""

    first: TrendPoint
    last: TrendPoint
    points: Decimal
    same_workforce: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one page; None where the figures do not support one."""

    surplus: int | None
    pace: coverage.Pace | None
    reached: int
    measured: int
    course: Course | None
    weakest: coverage.Count | None
    newer: coverage.Count | None
    quotes_off: int
    average: Decimal | None


def of(overview: Overview) -> Findings:
    """Read the findings off an overview."""
    measured = [
        row.standing for row in overview.rows if row.rank is not None and row.standing.gap is not None
    ]
    return Findings(
        surplus=_surplus(overview.standing),
        pace=_latest_pace(overview.standing),
        reached=sum(standing.gap == 0 for standing in measured),
        measured=len(measured),
        course=_course(overview),
        weakest=_weakest(overview),
        newer=_newer(overview),
        quotes_off=sum(quote.is_off for quote in overview.quotes),
        average=_average(overview),
    )


def _surplus(standing: coverage.Standing | None) -> int | None:
    """Members above what the target needs; None below it."""
    if standing is None or standing.needed is None or standing.count.members is None or standing.gap != 0:
        return None
    return standing.count.members - standing.needed


def _latest_pace(standing: coverage.Standing | None) -> coverage.Pace | None:
    """The known pace over the shortest time: the one that the situation is judged by."""
    paces = () if standing is None else standing.paces
    return next((pace for pace in paces if pace.per_month is not None), None)


def _course(overview: Overview) -> Course | None:
    whole = [p for p in overview.trend if p.count.complete and p.count.percent is not None]
    if len(whole) < 2:
        return None
    first, last = whole[0], whole[-1]
    points = (last.count.percent or Decimal(0)) - (first.count.percent or Decimal(0))
    return Course(first, last, points, first.count.workforce == last.count.workforce)


def _weakest(overview: Overview) -> coverage.Count | None:
    """The segment with the lowest coverage, of those that count towards the whole."""
    if overview.standing is None:
        return None
    shares = [
        (count.percent, place, count)
        for place, count in enumerate(overview.segments)
        if count.percent is not None and count.segment in counted_segments()
    ]
    return min(shares)[2] if len(shares) > 1 else None


def _newer(overview: Overview) -> coverage.Count | None:
    """The latest month of all, where the page shows an earlier headline month instead."""
    if not overview.trend or overview.month is None or overview.month != overview.headline_month:
        return None
    latest = overview.trend[-1].count
    return latest if latest.month > overview.month else None


def _average(overview: Overview) -> Decimal | None:
    """The mean of the regencies' percentages: not coverage, only what the method page sets against it."""
    shares = [share for row in overview.rows if (share := row.standing.count.percent) is not None]
    return sum(shares, Decimal(0)) / len(shares) if shares else None
