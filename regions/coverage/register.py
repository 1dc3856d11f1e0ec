"""The register: what is stored of a province, indexed for counting.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from coverage_portal.lib.periods import Month

from . import tallies
from .counts import Basis, Count, Observation, Potential, Published
from .months import NO_CELLS, ByPlace, Cells, Closed, Place, cells_by_month, closed_by_month
from .workforces import Workforces

if TYPE_CHECKING:
    from .small_cells import SmallCells


class _Part(NamedTuple):
    """What one regency brings to a count; lighter than a `Count`, for a page needs some thousand."""

    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    partial: bool
    official: int | None


_UNKNOWN = (None, None)
_SOLE = {True: Basis.REPORTED, False: Basis.COUNTED}


class Register:
    """What is stored of one province, indexed for counting.

    Args:
        province: its code; cells of this area are totals of the province.
        regencies: the codes of all its regencies, those without data too.
        segments: the segments that add up to the whole (PMI is shown but outside of it).
        cells: what is stored of members, month by month.
        workforces: what is stored of the workforce.
        closed: what was published of closed months. It goes before whatever is stored of them.
    """

    def __init__(
        self,
        province: str,
        regencies: Sequence[str],
        segments: Sequence[str],
        cells: Mapping[Month, Cells],
        workforces: Workforces,
        closed: Mapping[Month, Closed],
    ) -> None:
        self.province = province
        self.regencies = tuple(regencies)
        self.segments = tuple(segments)
        self._everywhere = frozenset(self.regencies)
        self._cells = cells
        self._workforces = workforces
        self._closed = closed
        # Pages ask for the same counts again and again, for the trend, the pace, the headline.
        self._counted: dict[tuple[str, Month, str | None], Count] = {}
        self._hides: SmallCells | None = None

    @classmethod
    def of(
        cls,
        province: str,
        regencies: Sequence[str],
        segments: Sequence[str],
        observations: Iterable[Observation],
        potentials: Iterable[Potential],
        published: Iterable[Published] = (),
    ) -> Register:
        """The register of single figures."""
        return cls(
            province,
            regencies,
            segments,
            cells_by_month(observations),
            Workforces(potentials, segments),
            closed_by_month(published),
        )

    def working(self) -> Register:
        """The same register as it would be with nothing published: the working figures."""
        if not self._closed:
            return self
        unpublished = self._copy()
        unpublished._closed = {}
        return unpublished

    def hiding(self, cells: SmallCells) -> Register:
        """The same register for those who may not be told the members of these cells."""
        hiding = self._copy()
        hiding._hides = cells
        return hiding

    @property
    def is_hiding(self) -> bool:
        return self._hides is not None

    def tells_all_of(self, month: Month) -> bool:
        """Whether its reader may also be told what lies behind the figures of a month."""
        return self._hides is None or not self._hides.any_in(month)

    def stored(self, month: Month) -> ByPlace:
        """The observations of a month by area and segment."""
        return self._cells_of(month)

    def parts(self, month: Month) -> Iterator[int]:
        """All persons that anything told of a month is made of: as stored, and as published."""
        yield from self._cells.get(month, NO_CELLS).persons()
        if (closed := self._closed.get(month)) is not None:
            yield from closed.persons()

    def is_published(self, area: str, month: Month) -> bool:
        """Whether a regency's month is closed; the province's is when those of all its regencies are."""
        closed = self._closed_of(month)
        if area != self.province:
            return area in closed
        return bool(self.regencies) and all(code in closed for code in self.regencies)

    def published_in(self, month: Month) -> tuple[str, ...]:
        """The regencies whose month is closed."""
        closed = self._closed_of(month)
        return tuple(code for code in self.regencies if code in closed)

    def published_targets(self, area: str) -> dict[Month, tuple[int, Decimal] | None]:
        """The target that applied to an area in each closed month, as (year, percent); None: there was none.

        That of the province is what was published of its regencies without a target of their own.
        """
        if area != self.province:
            return {
                month: _target_of(cells[None])
                for month, closed in self._closed.items()
                if None in (cells := closed.by_area.get(area, {}))
            }
        found: dict[Month, tuple[int, Decimal] | None] = {}
        for month, closed in self._closed.items():
            if self.is_published(area, month):
                wholes = (closed.by_area[code].get(None) for code in self.regencies)
                shared = {_target_of(whole) for whole in wholes if whole and not whole.target_is_own}
                if len(shared) == 1:
                    found[month] = shared.pop()
        return found

    def with_observations(self, observations: Iterable[Observation]) -> Register:
        """The same register as it would be with these figures reported instead."""
        changes: dict[Month, dict[Place, Observation | None]] = {}
        for new in observations:
            key = (new.area, new.segment)
            old = self._cells_of(new.month).get(key)
            changes.setdefault(new.month, {})[key] = replace(old, reported=new.reported) if old else new
        return self._changed(changes)

    def without(self, cells: Iterable[tuple[str, str, Month]]) -> Register:
        """The same register as it would be if nothing were known of these areas' segments in their months."""
        changes: dict[Month, dict[Place, Observation | None]] = {}
        for area, segment, month in cells:
            changes.setdefault(month, {})[area, segment] = None
        return self._changed(changes)

    def _changed(self, changes: Mapping[Month, Mapping[Place, Observation | None]]) -> Register:
        """The same register with other cells in some months; None for one of which nothing is known."""
        changed = self._copy()
        changed._cells = dict(self._cells)
        for month, cells in changes.items():
            by_place = {**self._cells_of(month), **cells}
            known = {place: cell for place, cell in by_place.items() if cell is not None}
            if known or month in self._cells:
                changed._cells[month] = Cells(known)
        return changed

    def _copy(self) -> Register:
        copied = copy(self)
        copied._counted = {}
        return copied

    def _cells_of(self, month: Month) -> ByPlace:
        return self._cells.get(month, NO_CELLS).by_place

    def _closed_of(self, month: Month) -> Mapping[str, Mapping[str | None, Published]]:
        closed = self._closed.get(month)
        return {} if closed is None else closed.by_area

    def months(self) -> list[Month]:
        """The months in which anything was observed or published, oldest first."""
        return sorted({*self._cells, *self._closed})

    def workforce(self, area: str, segment: str | None, year: int) -> tuple[int, int] | None:
        """(people, year they are of): the year's own, else the latest earlier one, else None.

        All segments together are the sum of the detail; an undetailed total only where a year lacks it.
        """
        return self._workforces.of(area, segment, year)

    def count(self, area: str, month: Month, segment: str | None = None) -> Count:
        """The count of the province, by its code, or of one of its regencies.

        Of the province with every regency's data in it is their sum. Else the official total, where there is
        one. Else what is in, against the workforce of just those regencies: what is missing leaves both
        sides. Of a regency it is its detail where complete, else its undetailed total, else missing.
        """
        key = (area, month, segment)
        found = self._counted.get(key)
        if found is None:
            # All that a count depends on, apart from the cells: they keep it for the next register.
            further = (
                area,
                segment,
                self.regencies,
                self.segments,
                self._workforces,
                self._closed.get(month),
            )
            cells = self._cells.get(month)
            found = (
                self._count(area, month, segment)
                if cells is None
                else cells.worked_out(further, lambda: self._count(area, month, segment))
            )
            if self._hides is not None and (area, segment) in self._hides.of(month):
                found = found.hidden()
            self._counted[key] = found
        return found

    def whole(self, month: Month, segment: str | None = None) -> Count:
        """The count of the province."""
        return self.count(self.province, month, segment)

    def _count(self, area: str, month: Month, segment: str | None) -> Count:
        if area == self.province:
            return self._count_whole(month, segment)
        part = self._part(area, segment, month, self._cells_of(month))
        return Count(
            area,
            segment,
            month,
            part.members,
            part.workforce,
            part.workforce_year,
            part.basis,
            complete=part.members is not None,
            partial=part.partial,
            official=part.official,
            regencies_in=int(part.members is not None),
            regencies_all=1,
        )

    def _part(self, area: str, segment: str | None, month: Month, observed: ByPlace) -> _Part:
        published = self._closed_of(month).get(area)
        if published is not None:
            return _as_published(published.get(segment))
        if segment is not None:
            return self._sole_part(area, segment, month.year, observed)
        members = reported = counted = missing = 0
        for part in self._parts(segment):
            cell = observed.get((area, part))
            active = None if cell is None else cell.active
            if cell is None or active is None:
                missing += 1
                continue
            members += active
            if cell.reported is None:
                counted += 1
            else:
                reported += 1
        total = observed.get((area, None)) if segment is None else None
        official = None if total is None else total.reported
        workforce, workforce_year = self.workforce(area, segment, month.year) or (None, None)
        if not missing:
            basis = Basis.MIXED if bool(reported) == bool(counted) else _SOLE[bool(reported)]
            return _Part(members, workforce, workforce_year, basis, False, official)
        basis = Basis.MISSING if official is None else Basis.TOTAL
        partial = official is None and bool(reported or counted)
        return _Part(official, workforce, workforce_year, basis, partial, official)

    def _sole_part(self, area: str, segment: str, year: int, observed: ByPlace) -> _Part:
        """What a regency brings to the count of one segment: its cell, or nothing."""
        workforce, workforce_year = self.workforce(area, segment, year) or _UNKNOWN
        cell = observed.get((area, segment))
        if cell is None:
            return _Part(None, workforce, workforce_year, Basis.MISSING, False, None)
        if cell.reported is not None:
            return _Part(cell.reported, workforce, workforce_year, Basis.REPORTED, False, None)
        if cell.complete_list and cell.counted is not None:
            return _Part(cell.counted, workforce, workforce_year, Basis.COUNTED, False, None)
        return _Part(None, workforce, workforce_year, Basis.MISSING, False, None)

    def _complete_whole(self, month: Month, segment: str | None) -> Count | None:
        """The count of a province of which every cell is known and none is published; else None.

        It is what `_count_whole` comes to without it, but asks no regency by itself.
        """
        if self.published_in(month):
            return None
        everyone = len(self.regencies)
        cells = self._cells.get(month, NO_CELLS)
        tally = tallies.complete(cells, self._everywhere, self._parts(segment)) if everyone else None
        workforces = self._workforces
        found = (
            workforces.of_all(self.regencies, segment, month.year)
            or workforces.of(self.province, segment, month.year)
            if tally
            else None
        )
        if tally is None or found is None:
            return None
        basis = Basis.MIXED if tally.reported and tally.counted else _SOLE[bool(tally.reported)]
        official = self._official(segment, cells.by_place)
        return self._province(month, segment, tally.members, *found, basis, True, official, everyone, True)

    def _count_whole(self, month: Month, segment: str | None) -> Count:
        if (complete := self._complete_whole(month, segment)) is not None:
            return complete
        observed = self._cells_of(month)
        parts = [self._part(code, segment, month, observed) for code in self.regencies]
        inside = [part for part in parts if part.members is not None]
        official = self._official(segment, observed)
        all_in = bool(parts) and len(inside) == len(parts)
        if all_in or official is not None:
            members = sum(part.members or 0 for part in inside) if all_in else official
            workforce, year = self._whole_workforce(parts, segment, month.year)
            if workforce is not None:
                basis = _merge(part.basis for part in inside) if all_in else Basis.TOTAL
                return self._province(
                    month, segment, members, workforce, year, basis, True, official, len(inside), bool(inside)
                )
        counted = [part for part in inside if part.workforce is not None]
        if not counted:
            members = sum(part.members or 0 for part in inside) if all_in else official
            return self._province(
                month,
                segment,
                members,
                None,
                None,
                Basis.MISSING
                if members is None
                else _merge(p.basis for p in inside)
                if all_in
                else Basis.TOTAL,
                members is not None,
                official,
                len(inside),
                bool(inside),
            )
        return self._province(
            month,
            segment,
            sum(part.members or 0 for part in counted),
            sum(part.workforce or 0 for part in counted),
            min(part.workforce_year or month.year for part in counted),
            _merge(part.basis for part in counted),
            False,
            official,
            len(counted),
            True,
        )

    def headline_month(self, segment: str | None = None) -> Month | None:
        """The latest month with nothing missing in the province, else the latest with anything at all."""
        months = self.months()
        for month in reversed(months):
            if self.whole(month, segment).complete:
                return month
        return months[-1] if months else None

    def _parts(self, segment: str | None) -> tuple[str, ...]:
        return self.segments if segment is None else (segment,)

    def _official(self, segment: str | None, observed: ByPlace) -> int | None:
        """The province's total stored without the detail below it; else the sum of its segments."""
        total = observed.get((self.province, segment))
        if total is not None:
            return total.reported
        if segment is not None:
            return None
        cells = [observed.get((self.province, s)) for s in self.segments]
        values = [cell.reported for cell in cells if cell is not None and cell.reported is not None]
        return sum(values) if len(values) == len(self.segments) else None

    def _whole_workforce(
        self, parts: Sequence[_Part], segment: str | None, year: int
    ) -> tuple[int | None, int | None]:
        if parts and all(part.workforce is not None for part in parts):
            return sum(part.workforce or 0 for part in parts), min(
                part.workforce_year or year for part in parts
            )
        return self.workforce(self.province, segment, year) or _UNKNOWN

    def _province(
        self,
        month: Month,
        segment: str | None,
        members: int | None,
        workforce: int | None,
        workforce_year: int | None,
        basis: Basis,
        complete: bool,
        official: int | None,
        regencies_in: int,
        any_in: bool,
    ) -> Count:
        return Count(
            self.province,
            segment,
            month,
            members,
            workforce,
            workforce_year,
            basis,
            complete=complete,
            partial=not complete and any_in,
            official=official,
            regencies_in=regencies_in,
            regencies_all=len(self.regencies),
        )


def _merge(bases: Iterable[Basis]) -> Basis:
    kinds = set(bases)
    return kinds.pop() if len(kinds) == 1 else Basis.MIXED


def _as_published(figure: Published | None) -> _Part:
    if figure is None:
        return _Part(None, None, None, Basis.MISSING, False, None)
    return _Part(
        figure.members, figure.workforce, figure.workforce_year, figure.basis, False, figure.official
    )


def _target_of(figure: Published) -> tuple[int, Decimal] | None:
    if figure.target_year is None or figure.target_percent is None:
        return None
    return figure.target_year, figure.target_percent
