"""What is stored of areas, in one pass, indexed for counting; and which area a reader begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import DateField, ExpressionWrapper, F, Q

from coverage_portal.lib.fields import month_of
from regions import coverage
from regions.choices import Segment
from regions.models import Baseline, Membership, Province, PublishedCell, Regency, Target, Workforce

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User


def counted_segments() -> tuple[str, ...]:
    """The segments that add up to coverage; PMI only where the setting includes it."""
    segments = [Segment.PU, Segment.BPU, Segment.JAKON]
    if settings.INCLUDE_PMI:
        segments.append(Segment.PMI)
    return tuple(segment.value for segment in segments)


def coverage_register(
    province: Province, regencies: Sequence[Regency], *, is_working: bool = False
) -> coverage.Register:
    """The stored figures of a province and of these regencies in it, indexed for counting.

    Closed months have the figures that were published of them; with `is_working` all have the working ones.
    """
    codes = [regency.code for regency in regencies]
    # By code, which is indexed: how much other provinces have stored costs nothing.
    stored = Q(province_id=province.code) | Q(regency_id__in=codes)
    # The month as the date that it is stored as: one conversion for all rows of a month.
    first_days = ExpressionWrapper(F("month"), DateField())
    cells = Membership.objects.filter(stored).values_list(
        "province_id", "regency_id", "segment", first_days, "reported", "counted", "complete_list"
    )
    observations = (
        coverage.Observation(str(regency or whole), segment, month_of(day), reported, counted, complete_list)
        for whole, regency, segment, day, reported, counted, complete_list in cells
    )
    potentials = (
        coverage.Potential(str(regency or whole), segment, year, people)
        for whole, regency, segment, year, people in Workforce.objects.filter(stored).values_list(
            "province_id", "regency_id", "segment", "year", "people"
        )
    )
    published = () if is_working else published_figures(codes)
    return coverage.Register(province.code, codes, counted_segments(), observations, potentials, published)


def published_figures(codes: Iterable[str]) -> Iterator[coverage.Published]:
    """The figures in force of the closed months of these regencies, in one query."""
    rows = PublishedCell.objects.in_force().filter(release__regency_id__in=codes)
    for (
        area,
        month,
        segment,
        members,
        workforce,
        year,
        basis,
        complete,
        official,
        *target,
    ) in rows.values_list(
        "release__regency_id",
        "release__month",
        "segment",
        "members",
        "workforce",
        "workforce_year",
        "basis",
        "complete",
        "official",
        "target_year",
        "target_percent",
        "target_is_own",
    ):
        yield coverage.Published(
            str(area),
            month,
            segment,
            members,
            workforce,
            year,
            coverage.Basis(basis),
            complete,
            official,
            *target,  # type: ignore[arg-type]
        )


def targets_by_area(
    province: Province, areas: Iterable[str], register: coverage.Register | None = None
) -> dict[str, coverage.Targets]:
    """The targets of the province and each area: an area's own year by year, else the province's.

    With a register, closed months have the targets that they were published with.
    """
    areas = list(areas)
    stored = Q(province_id=province.code) | Q(regency_id__in=areas)
    percents: dict[str, dict[int, Decimal]] = {}
    targets = Target.objects.filter(stored).values_list("province_id", "regency_id", "year", "percent")
    for whole_code, regency_code, year, percent in targets:
        percents.setdefault(str(regency_code or whole_code), {})[year] = percent
    starts = Baseline.objects.filter(stored).values_list("province_id", "regency_id", "month", "percent")
    baselines = {
        str(regency_code or whole_code): (month, percent)
        for whole_code, regency_code, month, percent in starts
    }
    whole = percents.get(province.code, {})
    return {
        code: coverage.Targets(
            {**whole, **percents.get(code, {})},
            baselines.get(code),
            {} if register is None else register.published_targets(code),
        )
        for code in (province.code, *areas)
    }


def register_of(area: Province | Regency) -> tuple[coverage.Register, list[Regency]]:
    """What is stored of an area, indexed for counting, with the regencies that are in it: itself, or all."""
    if isinstance(area, Province):
        regencies = list(Regency.objects.filter(province=area).defer("boundary").by_code())
        return coverage_register(area, regencies), regencies
    return coverage_register(area.province, [area]), [area]


def widest_area(user: User | Any | None) -> Province | Regency | None:
    """The home province, for whoever may see it; else the first regency that they may see."""
    province: Province | None = Province.objects.active().visible_to(user).first()
    if province is not None:
        return province
    regencies = Regency.objects.active().visible_to(user).select_related("province")
    regency: Regency | None = regencies.by_code().first()
    return regency


def province_of(area: Province | Regency) -> Province:
    """The province itself, or the one around a regency."""
    return area if isinstance(area, Province) else area.province
