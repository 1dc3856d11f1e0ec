"""What the panels of a page have to say: the finding behind each title, from one overview."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from coverage_portal.lib.periods import Month

from . import coverage
from .selectors import AreaRow, Overview, TrendPoint, counted_segments


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
    most_missing: AreaRow | None
    year_on_year: Course | None
    reached: int
    measured: int
    course: Course | None
    weakest: coverage.Count | None
    largest: tuple[str, Decimal] | None
    newer: coverage.Count | None
    by_year: tuple[tuple[int, tuple[Decimal | None, ...]], ...]
    quotes_off: int
    average: Decimal | None


def of(overview: Overview) -> Findings:
    """Read the findings off an overview."""
    measured = [
        row.standing for row in overview.rows if row.rank is not None and row.standing.gap is not None
    ]
    return Findings(
        surplus=_surplus(overview.standing),
        pace=overview.standing.pace if overview.standing else None,
        most_missing=_most_missing(overview),
        year_on_year=_year_on_year(overview),
        reached=sum(standing.gap == 0 for standing in measured),
        measured=len(measured),
        course=_course(overview),
        weakest=_weakest(overview),
        largest=_largest(overview),
        newer=_newer(overview),
        by_year=_by_year(overview),
        quotes_off=sum(quote.is_off for quote in overview.quotes),
        average=_average(overview),
    )


def _surplus(standing: coverage.Standing | None) -> int | None:
    """Members above what the target needs; None below it."""
    if standing is None or standing.needed is None or standing.count.members is None or standing.gap != 0:
        return None
    return standing.count.members - standing.needed


def _course(overview: Overview) -> Course | None:
    whole = overview.whole_trend
    if len(whole) < 2:
        return None
    first, last = whole[0], whole[-1]
    points = (last.count.percent or Decimal(0)) - (first.count.percent or Decimal(0))
    return Course(first, last, points, first.count.workforce == last.count.workforce)


def _most_missing(overview: Overview) -> AreaRow | None:
    """The regency that misses most members."""
    rows = [row for row in overview.rows if row.standing.gap]
    return max(rows, key=lambda row: (row.standing.gap or 0, row.regency.code)) if rows else None


def _year_on_year(overview: Overview) -> Course | None:
    """The latest whole month of the trend against the same month a year before."""
    whole = {point.month: point for point in overview.whole_trend}
    if not whole:
        return None
    last = whole[max(whole)]
    first = whole.get(last.month - 12)
    if first is None:
        return None
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


def _largest(overview: Overview) -> tuple[str, Decimal] | None:
    """The segment with most members in the latest month known by segment, and its percentage of them."""
    for month in reversed(overview.segment_course):
        members = {segment: n for segment, n in month.members if n is not None}
        total = sum(members.values())
        if len(members) == len(month.members) and total:
            segment = max(members, key=lambda each: (members[each], each))
            return segment, Decimal(members[segment]) * 100 / total
    return None


def _by_year(overview: Overview) -> tuple[tuple[int, tuple[Decimal | None, ...]], ...]:
    """Coverage of the whole months, a row of twelve for each year, the latest first."""
    shares = {point.month: point.count.percent for point in overview.whole_trend}
    years = sorted({month.year for month in shares}, reverse=True)
    return tuple((year, tuple(shares.get(Month(year, n)) for n in range(1, 13))) for year in years)


def _newer(overview: Overview) -> coverage.Count | None:
    """The latest month of all, where the page shows an earlier headline month instead."""
    if not overview.trend or overview.month is None or overview.month != overview.headline_month:
        return None
    latest = overview.trend[-1].count
    return latest if latest.month > overview.month and not latest.is_hidden else None


def _average(overview: Overview) -> Decimal | None:
    """The mean of the regencies' percentages: not coverage, only what the method page sets against it."""
    shares = [share for row in overview.rows if (share := row.standing.count.percent) is not None]
    return sum(shares, Decimal(0)) / len(shares) if shares else None
