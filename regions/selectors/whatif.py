"""Reading what a simulation starts from: an area's standing, and the cells of it that can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coverage_portal.lib.periods import Month
from regions import coverage
from regions.models import Province, Regency

from .overview import standing_of
from .registers import province_of, register_of, targets_by_area


@dataclass(frozen=True, slots=True)
class CellGroup:
    """One area's cells: one for each segment, or a single one where its figures came without detail."""

    code: str
    name: str
    count: coverage.Count
    cells: tuple[coverage.Cell, ...]
    is_detail_hidden: bool = False
    """Whether there is detail that the reader may not be told."""


@dataclass(frozen=True, slots=True)
class WhatIfBasis:
    """An area in one month as a simulation takes it; without a month or a standing nothing can be moved.

    `missing` are the regencies whose data or workforce are not in: they are left out, as on the dashboard.
    """

    area: Province | Regency
    month: Month | None
    standing: coverage.Standing | None
    groups: tuple[CellGroup, ...]
    missing: tuple[str, ...]

    @property
    def cells(self) -> tuple[coverage.Cell, ...]:
        return tuple(cell for group in self.groups for cell in group.cells)


def whatif_basis(area: Province | Regency, month: Month | None = None, *, reader: Any = None) -> WhatIfBasis:
    """What a reader can move in an area in one month (default: the latest with complete data)."""
    register, regencies = register_of(area, reader)

    def whole(at: Month) -> coverage.Count:
        return register.count(area.code, at)

    if month is None:
        complete = [m for m in register.months() if whole(m).complete]
        month = complete[-1] if complete else None
    if month is None:
        return WhatIfBasis(area, None, None, (), ())
    targets = targets_by_area(province_of(area), [regency.code for regency in regencies], register)[area.code]
    standing = standing_of(whole, targets, month)
    if standing.count.percent is None:
        return WhatIfBasis(area, month, standing, (), ())
    months = standing.pace.months if standing.pace else None
    groups, missing = _groups(register, regencies, month, months)
    if not coverage.adds_up(standing.count, [group.count for group in groups]):
        # A province's own total: what its regencies have does not add up to it.
        cell = _cell(standing.count, whole(month - months) if months else None)
        is_hidden = any(register.count(regency.code, month).is_hidden for regency in regencies)
        groups, missing = [CellGroup(area.code, str(area), standing.count, (cell,), is_hidden)], []
    return WhatIfBasis(area, month, standing, tuple(groups), tuple(missing))


def _groups(
    register: coverage.Register, regencies: Sequence[Regency], month: Month, months: int | None
) -> tuple[list[CellGroup], list[str]]:
    groups, missing = [], []
    for regency in regencies:
        count = register.count(regency.code, month)
        if count.members is None or not count.workforce:
            missing.append(regency.table_name)
            continue
        parts = [register.count(regency.code, month, segment) for segment in register.segments]
        counts = parts if coverage.adds_up(count, parts) else [count]
        earlier = [
            register.count(regency.code, month - months, part.segment) if months else None for part in counts
        ]
        cells = tuple(_cell(now, then) for now, then in zip(counts, earlier, strict=True))
        is_hidden = any(part.is_hidden for part in parts)
        groups.append(CellGroup(regency.code, regency.table_name, count, cells, is_hidden))
    return groups, missing


def _cell(now: coverage.Count, then: coverage.Count | None) -> coverage.Cell:
    pace = coverage.pace_between(now, then)
    return coverage.Cell(now.area, now.segment, now.members or 0, now.workforce or 0, pace)
