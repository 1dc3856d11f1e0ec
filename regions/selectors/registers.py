"""What is stored of areas, in one pass, indexed for counting; and which area a reader begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from coverage_portal.accounts.areas import scope_of
from coverage_portal.lib.fields import month_of
from coverage_portal.lib.periods import Month
from regions import coverage
from regions.choices import Segment
from regions.models import Baseline, Province, Regency, Target

from .statements import (
    AREAS_AT_MOST,
    cells_in,
    members_by_month,
    published_by_month,
    regencies_of,
    stored,
    workforce_by_year,
)

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

MONTHS_AT_MOST = 1500
"""Of a province and its 14 regencies each by itself, eight years."""
_YES = "t"


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
    return coverage.Register(
        province.code,
        codes,
        counted_segments(),
        {month: _cells(month, text) for month, text in members_by_month(province.code, codes)},
        _workforces(counted_segments(), tuple(workforce_by_year(province.code, codes))),
        {} if is_working else published_figures(codes),
    )


def published_figures(codes: Iterable[str]) -> dict[Month, coverage.Closed]:
    """The figures in force of the closed months of these regencies, in one query."""
    return {month: _closed(month, text) for month, text in published_by_month(tuple(codes))}


# Between two readings most months stay as they are: each is read once, and shared.


@lru_cache(maxsize=MONTHS_AT_MOST)
def _cells(month: Month, text: str) -> coverage.Cells:
    return coverage.Cells(
        {
            (area, segment or None): coverage.Observation(
                area, segment or None, month, _number(reported), _number(counted), complete_list == _YES
            )
            for area, segment, reported, counted, complete_list in cells_in(text)
        }
    )


@lru_cache(maxsize=MONTHS_AT_MOST)
def _closed(month: Month, text: str) -> coverage.Closed:
    (closed,) = coverage.closed_by_month(
        coverage.Published(
            area,
            month,
            segment or None,
            _number(members),
            _number(workforce),
            _number(workforce_year),
            coverage.Basis(basis),
            complete == _YES,
            _number(official),
            _number(target_year),
            Decimal(target_percent) if target_percent else None,
            is_own == _YES,
        )
        for (
            area,
            segment,
            members,
            workforce,
            workforce_year,
            basis,
            complete,
            official,
            target_year,
            target_percent,
            is_own,
        ) in cells_in(text)
    ).values()
    return closed


@lru_cache(maxsize=AREAS_AT_MOST)
def _workforces(segments: tuple[str, ...], years: tuple[tuple[int, str], ...]) -> coverage.Workforces:
    return coverage.Workforces(
        (
            coverage.Potential(area, segment or None, year, int(people))
            for year, text in years
            for area, segment, people in cells_in(text)
        ),
        segments,
    )


def _number(text: str) -> int | None:
    return int(text) if text else None


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


def register_of(
    area: Province | Regency, reader: User | Any | None = None
) -> tuple[coverage.Register, list[Regency]]:
    """What is stored of an area as a reader is told it, indexed for counting, with the regencies in it.

    Small cells are told only to those who have the area, and so to nobody where no reader is given.
    """
    register, regencies = register_in_full(area)
    whole = register if isinstance(area, Province) else None
    return register_for(reader, area, register, whole), regencies


def register_for(
    reader: User | Any | None,
    area: Province | Regency,
    register: coverage.Register,
    whole: coverage.Register | None = None,
) -> coverage.Register:
    """A register as a reader is told it on the pages of an area.

    What the figures of the province would give away of a regency is hidden too: `whole` is its register, read
    where it is needed and not given.
    """
    if scope_of(reader).covers(area.code):
        return register
    return register.hiding(small_cells(whole or register_in_full(province_of(area))[0]))


def register_in_full(area: Province | Regency) -> tuple[coverage.Register, list[Regency]]:
    """What is stored of an area, indexed for counting, with the regencies that are in it: itself, or all."""
    regencies = regencies_of(area.code) if isinstance(area, Province) else [area]
    return coverage_register(province_of(area), regencies), regencies


def small_cells(register: coverage.Register) -> coverage.SmallCells:
    """The cells of a province's register that are told only to those who have the area."""
    return coverage.SmallCells(register, all_segments(register), settings.SMALL_CELLS_BELOW)


def all_segments(register: coverage.Register) -> tuple[str, ...]:
    """Those that add up to the whole, then those that are shown beside it."""
    counted = register.segments
    return (*counted, *(segment for segment in Segment.values if segment not in counted))


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
