"""Reading coverage: one pass over the stored parts, handed out as what the pages show."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.db.models import Q

from coverage_portal.lib.periods import Month
from regions import coverage
from regions.choices import Segment
from regions.models import Baseline, Membership, Province, QuotedFigure, Regency, Target, Workforce

from .change import WITH_THE_MONTH_BEFORE, Comparison, coverage_changes
from .series import SegmentMonth, segment_course

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
    order: Order = Order.COVERAGE
    changes: tuple[coverage.Change, ...] = ()

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
        whole = [point.month for point in self.trend if point.count.complete]
        if self.standing is None or not whole or self.month != whole[-1]:
            return None
        return self.standing.projection

    @property
    def is_province(self) -> bool:
        return isinstance(self.area, Province)

    @property
    def missing_rows(self) -> tuple[AreaRow, ...]:
        return tuple(row for row in self.rows if row.rank is None)


def counted_segments() -> tuple[str, ...]:
    """The segments that add up to coverage; PMI only where the setting includes it."""
    segments = [Segment.PU, Segment.BPU, Segment.JAKON]
    if settings.INCLUDE_PMI:
        segments.append(Segment.PMI)
    return tuple(segment.value for segment in segments)


def coverage_register(province: Province, regencies: Sequence[Regency]) -> coverage.Register:
    """The stored figures of a province and of these regencies in it, indexed for counting."""
    codes = [regency.code for regency in regencies]
    # By code, which is indexed: how much other provinces have stored costs nothing.
    stored = Q(province_id=province.code) | Q(regency_id__in=codes)
    observations = (
        coverage.Observation(str(regency or whole), segment, month, reported, counted, complete_list)
        for whole, regency, segment, month, reported, counted, complete_list in Membership.objects.filter(
            stored
        ).values_list("province_id", "regency_id", "segment", "month", "reported", "counted", "complete_list")
    )
    potentials = (
        coverage.Potential(str(regency or whole), segment, year, people)
        for whole, regency, segment, year, people in Workforce.objects.filter(stored).values_list(
            "province_id", "regency_id", "segment", "year", "people"
        )
    )
    return coverage.Register(province.code, codes, counted_segments(), observations, potentials)


def targets_by_area(province: Province, areas: Iterable[str]) -> dict[str, coverage.Targets]:
    """The targets of the province and each area: an area's own year by year, else the province's."""
    percents: dict[str, dict[int, Decimal]] = {}
    for target in Target.objects.within(province.code):
        percents.setdefault(target.area_code, {})[target.year] = target.percent
    baselines = {b.area_code: (b.month, b.percent) for b in Baseline.objects.within(province.code)}
    whole = percents.get(province.code, {})
    return {
        code: coverage.Targets({**whole, **percents.get(code, {})}, baselines.get(code))
        for code in (province.code, *areas)
    }


def headline(area: Province | Regency, segment: str | None = None) -> coverage.Count | None:
    """Coverage of an area in its headline month; None where no month is complete."""
    if isinstance(area, Province):
        regencies = list(Regency.objects.filter(province=area).defer("boundary").by_code())
        register = coverage_register(area, regencies)
        month = register.headline_month(segment)
        return register.whole(month, segment) if month else None
    register = coverage_register(area.province, [area])
    complete = [m for m in register.months() if register.regency(area.code, m, segment).complete]
    return register.regency(area.code, complete[-1], segment) if complete else None


def province_overview(
    province: Province,
    month: Month | None = None,
    segment: str | None = None,
    order: Order = Order.COVERAGE,
    comparison: Comparison = WITH_THE_MONTH_BEFORE,
) -> Overview:
    """The province's coverage in one month (default: the headline month) with its regencies ranked."""
    regencies = list(Regency.objects.filter(province=province).defer("boundary").by_code())
    register = coverage_register(province, regencies)
    targets = targets_by_area(province, [regency.code for regency in regencies])
    headline = register.headline_month(segment)
    month = month or headline
    rows = _ranked(regencies, register, targets, month, segment) if month else ()
    changes = coverage_changes(register, province, regencies, month, segment, comparison) if month else ()
    found = _overview(province, register, targets[province.code], rows, month, headline, segment)
    return replace(found, order=order, changes=changes)


def regency_overview(
    regency: Regency,
    month: Month | None = None,
    segment: str | None = None,
    comparison: Comparison = WITH_THE_MONTH_BEFORE,
) -> Overview:
    """One regency's coverage in one month (default: its own latest with complete data)."""
    province = regency.province
    register = coverage_register(province, [regency])
    targets = targets_by_area(province, [regency.code])[regency.code]
    complete = [m for m in register.months() if register.regency(regency.code, m, segment).complete]
    headline = complete[-1] if complete else None
    month = month or headline
    changes = coverage_changes(register, regency, (), month, segment, comparison) if month else ()
    found = _overview(regency, register, targets, (), month, headline, segment)
    return replace(found, changes=changes)


def _overview(
    area: Province | Regency,
    register: coverage.Register,
    targets: coverage.Targets,
    rows: tuple[AreaRow, ...],
    month: Month | None,
    headline: Month | None,
    segment: str | None,
) -> Overview:
    def count(at: Month, part: str | None = segment) -> coverage.Count:
        if isinstance(area, Province):
            return register.whole(at, part)
        return register.regency(area.code, at, part)

    months = tuple(m for m in register.months() if count(m, None).members is not None or m == month)
    shown = (*register.segments, *(s for s in Segment.values if s not in register.segments))
    return Overview(
        area=area,
        segment=segment,
        month=month,
        months=months,
        headline_month=headline,
        standing=standing_of(count, targets, month) if month else None,
        targets=targets,
        rows=rows,
        segments=tuple(count(month, s) for s in shown) if month else (),
        trend=_trend(count, targets, months, segment),
        segment_course=segment_course(count, months[-TREND_MONTHS:], register.segments)
        if not segment
        else (),
        sources=_sources(area, month) if month else (),
        quotes=tuple(QuotedFigure.objects.filter(_area_condition(area)).order_by("-published_on", "pk")),
    )


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
            return register.regency(code, at, segment)

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


def _area_condition(area: Province | Regency) -> Q:
    return Q(province_id=area.code) if isinstance(area, Province) else Q(regency_id=area.code)


def _sources(area: Province | Regency, month: Month) -> tuple[Source, ...]:
    if isinstance(area, Province):
        rows = Membership.objects.within(area.code)
    else:
        rows = Membership.objects.filter(regency_id=area.code)
    found = rows.filter(month=month, reported__isnull=False).values_list("source", "data_date").distinct()
    return tuple(Source(name, day) for name, day in found.order_by("source", "data_date"))
