"""The figures of areas at their addresses: what each is made of."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import Month
from regions import indicators
from regions.coverage import Count, Standing
from regions.models import Province, Regency
from regions.selectors import open_data
from regions.selectors.open_data import Figures
from regions.wording import SUPPRESSED

from . import schemas
from .answering import Refused, area_of, may_read, mount

router = Router(auth=may_read, tags=["figures"])
CODES_SOURCE = "Kepmendagri 300.2.2-2430/2025; BPS MFD"


def areas(request: HttpRequest, asked: schemas.AreasQuery) -> schemas.Areas:
    """The province and its regencies, with both of their codes"""
    items = [
        schemas.Area(
            code=area.code,
            bps_code=open_data.bps_code_of(area),
            name=area.name,
            kind=_kind(area),
            province=area.code[:2],
        )
        for area in open_data.visible_areas(request.user)
    ]
    return schemas.Areas(items=items, meta=schemas.AreasMeta(source=CODES_SOURCE))


def coverage(request: HttpRequest, asked: schemas.CoverageQuery) -> schemas.Coverage:
    """Coverage of an area in a month: the whole first, then its segments

    Percentages are sums divided by sums, never averages. PMI stands beside the whole unless the portal counts
    it: `meta.counted_segments` says which segments add up.
    """
    area = area_of(request, asked.area)
    figures = Figures(area, request.user)
    month = _month(figures, asked.month)
    standings = figures.standings(month, asked.segment or None)
    whole = figures.standing(month, None)
    meta = schemas.CoverageMeta(
        area=_named(area),
        month=str(month),
        headline_month=_text(figures.headline_month()),
        counted_segments=list(figures.register.segments),
        target_year=whole.target_year,
        workforce_year=whole.count.workforce_year,
        regencies_in=whole.count.regencies_in,
        regencies_all=whole.count.regencies_all,
        suppressed=sum(standing.count.is_hidden for standing in standings),
        suppressed_below=settings.SMALL_CELLS_BELOW,
        sources=[
            schemas.SourceNamed(name=source.name, data_date=_text(source.data_date))
            for source in figures.sources(month)
        ],
    )
    return schemas.Coverage(items=[_coverage_item(standing) for standing in standings], meta=meta)


def _coverage_item(standing: Standing) -> schemas.CoverageItem:
    count = standing.count
    return schemas.CoverageItem(
        area=count.area,
        month=str(count.month),
        segment=_segment(count),
        members=count.members,
        workforce=count.workforce,
        coverage_percent=rounded(count.percent, 2),
        target_percent=standing.target_percent,
        gap=standing.gap,
        basis=_basis(count),
        complete=count.complete,
    )


def membership(request: HttpRequest, asked: schemas.MembershipQuery) -> schemas.Membership:
    """Active members of an area, month by month

    The same members as in the coverage of each month, without workforce and target.
    """
    area = area_of(request, asked.area)
    figures = Figures(area, request.user)
    months = [_month(figures, asked.month)] if asked.month else figures.months
    wanted = asked.segment or None
    counts = [standing.count for month in months for standing in figures.standings(month, wanted)]
    items = [
        schemas.MembershipItem(
            area=count.area,
            month=str(count.month),
            segment=_segment(count),
            members=count.members,
            basis=_basis(count),
            complete=count.complete,
        )
        for count in counts
    ]
    meta = schemas.MembershipMeta(
        area=_named(area),
        counted_segments=list(figures.register.segments),
        suppressed=sum(count.is_hidden for count in counts),
        suppressed_below=settings.SMALL_CELLS_BELOW,
    )
    return schemas.Membership(items=items, meta=meta)


def workforce(request: HttpRequest, asked: schemas.YearQuery) -> schemas.Workforce:
    """Workforce (potensi tenaga kerja) as it was received, with source and date

    An estimate of who could be a member, and no count of persons in a register: it is never suppressed.
    """
    codes = [area.code for area in _areas(request, asked.area)]
    items = [
        schemas.WorkforceItem(
            area=row.area_code,
            year=row.year,
            segment=row.segment,
            workforce=row.people,
            source=row.source,
            data_date=_text(row.data_date),
        )
        for row in open_data.stored_workforce(codes)
        if asked.year in (0, row.year)
    ]
    return schemas.Workforce(items=items, meta=schemas.WorkforceMeta(unit=_("orang")))


def targets(request: HttpRequest, asked: schemas.YearQuery) -> schemas.Targets:
    """Targets of coverage by area and year, with their legal basis"""
    items = [
        schemas.TargetItem(
            area=area.code,
            year=year,
            target_percent=target.percent,
            legal_basis=target.legal_basis,
            own=target.area_code == area.code,
        )
        for area in _areas(request, asked.area)
        for year, target in sorted(open_data.stored_targets(area).items())
        if asked.year in (0, year)
    ]
    return schemas.Targets(items=items, meta=schemas.TargetMeta(unit=_("persen")))


def indicator_list(request: HttpRequest, asked: schemas.AreasQuery) -> schemas.Indicators:
    """Metadata of each indicator as Satu Data asks for them"""
    area = area_of(request, "")
    items = [schemas.Indicator(**each) for each in indicators.of(area)]
    meta = schemas.IndicatorsMeta(portal=settings.PORTAL_NAME, contact=settings.PPID_CONTACT)
    return schemas.Indicators(items=items, meta=meta)


def _areas(request: HttpRequest, code: str) -> list[Province | Regency]:
    return [area_of(request, code)] if code else open_data.visible_areas(request.user)


def _month(figures: Figures, asked: str) -> Month:
    """The month asked for, else the latest complete one.

    Raises:
        Refused: 404, where nothing is known of it, or of any month.
    """
    month = Month.parse(asked) if asked else figures.headline_month()
    if month is None and figures.months:
        month = figures.months[-1]
    if month is None or month not in figures.months:
        raise Refused(404, "unknown_month", _("Dari bulan ini belum ada angka di portal."), "month")
    return month


def _named(area: Province | Regency) -> schemas.AreaNamed:
    return schemas.AreaNamed(code=area.code, bps_code=open_data.bps_code_of(area), name=str(area))


def _kind(area: Province | Regency) -> schemas.KindOfArea:
    return "provinsi" if isinstance(area, Province) else cast(schemas.KindOfArea, area.kind)


def _segment(count: Count) -> schemas.SegmentCode | None:
    return cast(schemas.SegmentCode | None, count.segment)


def _basis(count: Count) -> schemas.Basis:
    return cast(schemas.Basis, SUPPRESSED if count.is_hidden else count.basis.value)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


mount(router, "areas", schemas.AreasQuery, schemas.Areas, areas)
mount(router, "coverage", schemas.CoverageQuery, schemas.Coverage, coverage)
mount(router, "membership", schemas.MembershipQuery, schemas.Membership, membership)
mount(router, "workforce", schemas.YearQuery, schemas.Workforce, workforce)
mount(router, "targets", schemas.YearQuery, schemas.Targets, targets)
mount(router, "indicators", schemas.AreasQuery, schemas.Indicators, indicator_list)
