"""Reading coverage: what is stored of an area, handed out as what its pages show."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from coverage_portal.lib.periods import Month
from regions import coverage
from regions.models import Province, QuotedFigure, Regency

from .change import WITH_THE_MONTH_BEFORE, Comparison, coverage_changes
from .publishing import MonthClosing, month_closing
from .registers import all_segments, province_of, register_in_full, register_of, targets_by_area
from .series import SegmentMonth, segment_course
from .statements import quotes_of, reported_from

TREND_MONTHS = 36


class _Counter(Protocol):
    def __call__(self, at: Month, /) -> coverage.Count: ...


class Order(StrEnum):
    """What the regencies are ranked by; the value is what the address says."""

    COVERAGE = "cakupan"
    MISSING = "kekurangan"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of an area's course; `workforce_break` where a new potensi starts being used."""

    month: Month
    count: coverage.Count
    path_percent: Decimal | None
    workforce_break: bool


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One regency in the ranking; `rank` is None where its data are not in."""

    regency: Regency
    standing: coverage.Standing
    has_own_target: bool
    rank: int | None


@dataclass(frozen=True, slots=True)
class Source:
    """What the month's figures were taken from."""

    name: str
    data_date: datetime.date | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page of one area shows for one month and segment (None: all that count)."""

    area: Province | Regency
    segment: str | None
    month: Month | None
    months: tuple[Month, ...]
    headline_month: Month | None
    standing: coverage.Standing | None
    targets: coverage.Targets
    rows: tuple[AreaRow, ...]
    segments: tuple[coverage.Count, ...]
    trend: tuple[TrendPoint, ...]
    segment_course: tuple[SegmentMonth, ...]
    sources: tuple[Source, ...]
    quotes: tuple[QuotedFigure, ...]
    changes: tuple[coverage.Change, ...]
    order: Order
    register: coverage.Register
    closing: MonthClosing | None = None

    @property
    def ranked(self) -> tuple[tuple[int | None, AreaRow], ...]:
        """The regencies in the order asked for, each with its place; those that have none come last."""
        if self.order is Order.COVERAGE:
            return tuple((row.rank, row) for row in self.rows)
        rows = sorted(self.rows, key=lambda row: (row.standing.gap is None, -(row.standing.gap or 0)))
        return tuple(
            (None if row.standing.gap is None else place, row) for place, row in enumerate(rows, start=1)
        )

    @property
    def projection(self) -> tuple[Month, Decimal] | None:
        """Where the present pace leads to; only on the latest whole month, from which it would go on."""
        whole = self.whole_trend
        if self.standing is None or not whole or self.month != whole[-1].month:
            return None
        return self.standing.projection

    @property
    def whole_trend(self) -> tuple[TrendPoint, ...]:
        """The months of the trend that may be set against each other."""
        return tuple(point for point in self.trend if point.count.is_whole)

    @property
    def is_province(self) -> bool:
        return isinstance(self.area, Province)

    @property
    def missing_rows(self) -> tuple[AreaRow, ...]:
        return tuple(row for row in self.rows if row.rank is None and not row.standing.count.is_hidden)

    @property
    def hides(self) -> bool:
        """Whether the page leaves anything out that its reader may not be told."""
        if not self.register.is_hiding:
            return False
        shown = (
            *((self.standing.count,) if self.standing else ()),
            *(row.standing.count for row in self.rows),
            *self.segments,
            *(point.count for point in self.trend),
            *(count for month in self.segment_course for count in month.counts),
        )
        return any(count.is_hidden for count in shown)


def headline(area: Province | Regency, segment: str | None = None) -> coverage.Count | None:
    """Coverage of an area in its headline month, for whoever has the area; None where it has none."""
    register, _regencies = register_in_full(area)
    month = _headline_month(register, area, segment)
    return register.count(area.code, month, segment) if month else None


def area_overview(
    area: Province | Regency,
    month: Month | None = None,
    segment: str | None = None,
    order: Order = Order.COVERAGE,
    comparison: Comparison = WITH_THE_MONTH_BEFORE,
    *,
    reader: Any = None,
) -> Overview:
    """An area's coverage in one month (default: the headline month); a province's with its regencies ranked.

    Small cells are told only to a reader who has the area, and so to nobody where none is given.

    The headline month is the latest with complete data. A province without one has its latest at all.
    """
    register, regencies = register_of(area, reader)
    targets = targets_by_area(province_of(area), [regency.code for regency in regencies], register)
    headline_month = _headline_month(register, area, segment)
    month = month or headline_month

    def count(at: Month, part: str | None = segment) -> coverage.Count:
        return register.count(area.code, at, part)

    own_targets = targets[area.code]
    months = tuple(m for m in register.months() if m == month or _is_known(count(m, None)))
    is_ranked = month is not None and isinstance(area, Province)
    return Overview(
        area=area,
        segment=segment,
        month=month,
        months=months,
        headline_month=headline_month,
        standing=standing_of(count, own_targets, month) if month else None,
        targets=own_targets,
        rows=_ranked(regencies, register, targets, month, segment) if month and is_ranked else (),
        segments=tuple(count(month, s) for s in all_segments(register)) if month else (),
        trend=_trend(count, own_targets, months, segment),
        segment_course=() if segment else segment_course(count, months[-TREND_MONTHS:], register.segments),
        changes=coverage_changes(register, area, regencies, month, segment, comparison) if month else (),
        sources=_sources(area, regencies, month) if month else (),
        quotes=quotes_of(area),
        order=order,
        register=register,
        closing=month_closing(register, area, regencies, month, segment) if month else None,
    )


def _is_known(count: coverage.Count) -> bool:
    return count.members is not None or count.is_hidden


def _headline_month(
    register: coverage.Register, area: Province | Regency, segment: str | None
) -> Month | None:
    if isinstance(area, Province):
        return register.headline_month(segment)
    complete = (m for m in reversed(register.months()) if register.count(area.code, m, segment).complete)
    return next(complete, None)


def standing_of(count: _Counter, targets: coverage.Targets, month: Month) -> coverage.Standing:
    """An area's count of a month against its target, with its paces."""
    earlier = {n: count(month - n) for n in coverage.PACE_MONTHS}
    return coverage.standing(count(month), targets, earlier)


def _ranked(
    regencies: Sequence[Regency],
    register: coverage.Register,
    targets: dict[str, coverage.Targets],
    month: Month,
    segment: str | None,
) -> tuple[AreaRow, ...]:
    province_targets = targets[register.province]
    unranked = []
    for regency in regencies:

        def count(at: Month, code: str = regency.code) -> coverage.Count:
            return register.count(code, at, segment)

        unranked.append((regency, standing_of(count, targets[regency.code], month)))
    unranked.sort(key=lambda pair: (pair[1].count.percent is None, -(pair[1].count.percent or 0)))
    rows = []
    for place, (regency, standing) in enumerate(unranked, start=1):
        own = targets[regency.code].applying(month) != province_targets.applying(month)
        rows.append(AreaRow(regency, standing, own, place if standing.count.percent is not None else None))
    return tuple(rows)


def _trend(
    count: _Counter,
    targets: coverage.Targets,
    months: Sequence[Month],
    segment: str | None,
) -> tuple[TrendPoint, ...]:
    points: list[TrendPoint] = []
    for month in months[-TREND_MONTHS:]:
        now = count(month)
        last = points[-1].count if points else None
        changed = (
            last is not None
            and last.workforce is not None
            and now.complete
            and last.complete
            and now.workforce != last.workforce
        )
        points.append(TrendPoint(month, now, targets.path(month) if segment is None else None, changed))
    return tuple(points)


def _sources(area: Province | Regency, regencies: Sequence[Regency], month: Month) -> tuple[Source, ...]:
    # The province's own totals are none of a regency's.
    province = area.code if isinstance(area, Province) else ""
    found = reported_from(province, tuple(regency.code for regency in regencies), month)
    return tuple(Source(name, day) for name, day in found)
