"""What is stored of areas, in one pass, indexed for counting; and which area a reader begins with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import starmap
from typing import TYPE_CHECKING, Any

from django.conf import settings

from coverage_portal.lib.fields import month_of
from regions import coverage
from regions.choices import Segment
from regions.models import Baseline, Membership, Province, Regency, Target, Workforce

from .statements import in_force, stored

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
    codes = tuple(regency.code for regency in regencies)
    columns = ("segment", "month", "reported", "counted", "complete_list")
    cells = stored(Membership, province.code, codes, *columns, by="month")
    observations = (
        coverage.Observation(area, segment, month_of(day), reported, counted, complete_list)
        for area, segment, day, reported, counted, complete_list in cells
    )
    potentials = starmap(
        coverage.Potential, stored(Workforce, province.code, codes, "segment", "year", "people")
    )
    published = () if is_working else published_figures(codes)
    return coverage.Register(province.code, codes, counted_segments(), observations, potentials, published)


def published_figures(codes: Iterable[str]) -> Iterator[coverage.Published]:
    """The figures in force of the closed months of these regencies, in one query."""
    columns = ("segment", "members", "workforce", "workforce_year", "basis", "complete", "official")
    targets = ("target_year", "target_percent", "target_is_own")
    for area, day, segment, members, workforce, year, basis, *further in in_force(
        tuple(codes), "release__regency_id", "release__month", *columns, *targets
    ):
        yield coverage.Published(
            area, month_of(day), segment, members, workforce, year, coverage.Basis(basis), *further
        )


def targets_by_area(
    province: Province, areas: Iterable[str], register: coverage.Register | None = None
) -> dict[str, coverage.Targets]:
    """The targets of the province and each area: an area's own year by year, else the province's.

    With a register, closed months have the targets that they were published with.
    """
    areas = tuple(areas)
    percents: dict[str, dict[int, Decimal]] = {}
    for area, year, percent in stored(Target, province.code, areas, "year", "percent"):
        percents.setdefault(area, {})[year] = percent
    baselines = {
        area: (month_of(day), percent)
        for area, day, percent in stored(Baseline, province.code, areas, "month", "percent")
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
