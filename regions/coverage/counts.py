"""What is counted in an area: its members against its workforce, complete or not.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from coverage_portal.lib.periods import Month

from .tallies import Tallies
from .workforces import Workforces


class Basis(StrEnum):
    """Where the members of a count come from."""

    REPORTED = "reported"
    COUNTED = "counted"
    MIXED = "mixed"
    TOTAL = "total"
    MISSING = "missing"


@dataclass(slots=True)
class Observation:
    """Members of one area, segment and month as stored; `segment` None is a total without detail.

    Nobody changes one; but a page reads some thousand, and freezing each takes twice as long as making it.
    """

    area: str
    segment: str | None
    month: Month
    reported: int | None = None
    counted: int | None = None
    complete_list: bool = False

    @property
    def active(self) -> int | None:
        """Reported before counted; counted only where a complete list covers the cell."""
        if self.reported is not None:
            return self.reported
        return self.counted if self.complete_list else None


@dataclass(frozen=True, slots=True)
class Potential:
    """Workforce of one area, segment and year as stored; `segment` None is a total without detail."""

    area: str
    segment: str | None
    year: int
    people: int


class Published(NamedTuple):
    """A figure of one regency and month as it was published; `segment` None is the whole.

    The target is the one that applied then, of the whole only; `target_is_own` where it was the regency's.
    """

    area: str
    month: Month
    segment: str | None
    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    complete: bool
    official: int | None = None
    target_year: int | None = None
    target_percent: Decimal | None = None
    target_is_own: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Members against workforce of one area in one month: of one segment, or of all (`segment` None).

    `official` is the undetailed total stored beside the detail. For a province, `regencies_in` of
    `regencies_all` have their data in; `complete` says that nothing of the area is missing. `percent` is
    worked out once, for a page asks for it ten times over.
    """

    area: str
    segment: str | None
    month: Month
    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    complete: bool
    partial: bool = False
    official: int | None = None
    regencies_in: int = 0
    regencies_all: int = 0
    percent: Decimal | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", percent(self.members, self.workforce))

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, so that the percentage may stand beside that of another month."""
        return self.complete and self.percent is not None

    @property
    def is_over_full(self) -> bool:
        share = self.percent
        return share is not None and share > 100

    @property
    def older_workforce_year(self) -> int | None:
        """The year whose workforce stands in for the month's own, where it does."""
        year = self.workforce_year
        return year if year is not None and year < self.month.year else None

    @property
    def difference(self) -> int | None:
        """Official total minus what is counted here; None where there is just one figure or they agree."""
        if self.official is None or self.members is None or not self.complete:
            return None
        return self.official - self.members or None


def percent(members: int | None, workforce: int | None) -> Decimal | None:
    """Members of a hundred of the workforce; None where either is unknown or nobody could be a member."""
    if members is None or not workforce:
        return None
    return Decimal(members) * 100 / Decimal(workforce)


class _Part(NamedTuple):
    """What one regency brings to a count; lighter than a `Count`, for a page needs some thousand."""

    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    partial: bool
    official: int | None


_Cells = Mapping[tuple[str, str | None], Observation]
_UNKNOWN = (None, None)
_SOLE = {True: Basis.REPORTED, False: Basis.COUNTED}


class Register:
    """The stored observations and potentials of one province, indexed for counting.

    Args:
        province: its code; observations of this area are totals of the province.
        regencies: the codes of all its regencies, those without data too.
        segments: the segments that add up to the whole (PMI is shown but outside of it).
        published: what was published of closed months. It goes before whatever is stored of them.
    """

    def __init__(
        self,
        province: str,
        regencies: Sequence[str],
        segments: Sequence[str],
        observations: Iterable[Observation],
        potentials: Iterable[Potential],
        published: Iterable[Published] = (),
    ) -> None:
        self.province = province
        self.regencies = tuple(regencies)
        self.segments = tuple(segments)
        self._observed: dict[Month, dict[tuple[str, str | None], Observation]] = {}
        cells: dict[tuple[str, str | None], Observation] = {}
        month = None
        for observation in observations:
            # Looking a month up takes longer than comparing it with the one before, which it mostly is.
            if observation.month is not month:
                month = observation.month
                cells = self._observed.setdefault(month, {})
            cells[observation.area, observation.segment] = observation
        # Pages ask for the same counts again and again, for the trend, the pace, the headline.
        self._counted: dict[tuple[str, Month, str | None], Count] = {}
        self._counted_whole: dict[tuple[Month, str | None], Count] = {}
        self._tallies = Tallies(self._observed, self.regencies)
        self._workforces = Workforces(potentials, self.segments)
        self._published: dict[tuple[str, Month], dict[str | None, Published]] = {}
        for figure in published:
            self._published.setdefault((figure.area, figure.month), {})[figure.segment] = figure

    def working(self) -> Register:
        """The same register as it would be with nothing published: the working figures."""
        if not self._published:
            return self
        unpublished = copy(self)
        unpublished._counted, unpublished._counted_whole = {}, {}
        unpublished._published = {}
        return unpublished

    def is_published(self, area: str, month: Month) -> bool:
        """Whether a regency's month is closed; the province's is when those of all its regencies are."""
        if area != self.province:
            return (area, month) in self._published
        return bool(self.regencies) and all((code, month) in self._published for code in self.regencies)

    def published_in(self, month: Month) -> tuple[str, ...]:
        """The regencies whose month is closed."""
        return tuple(code for code in self.regencies if (code, month) in self._published)

    def published_targets(self, area: str) -> dict[Month, tuple[int, Decimal] | None]:
        """The target that applied to an area in each closed month, as (year, percent); None: there was none.

        That of the province is what was published of its regencies without a target of their own.
        """
        if area != self.province:
            return {
                month: _target_of(cells[None])
                for (code, month), cells in self._published.items()
                if code == area and None in cells
            }
        found: dict[Month, tuple[int, Decimal] | None] = {}
        for month in {month for _code, month in self._published}:
            if self.is_published(area, month):
                wholes = (self._published[code, month].get(None) for code in self.regencies)
                shared = {_target_of(whole) for whole in wholes if whole and not whole.target_is_own}
                if len(shared) == 1:
                    found[month] = shared.pop()
        return found

    def with_observations(self, observations: Iterable[Observation]) -> Register:
        """The same register as it would be with these figures reported instead."""
        changed = self._copy()
        for new in observations:
            key = (new.area, new.segment)
            old = self._observed.get(new.month, {}).get(key)
            cells = changed._observed.setdefault(new.month, {})
            cells[key] = replace(old, reported=new.reported) if old else new
        return changed

    def without(self, cells: Iterable[tuple[str, str, Month]]) -> Register:
        """The same register as it would be if nothing were known of these areas' segments in their months."""
        changed = self._copy()
        for area, segment, month in cells:
            changed._observed.get(month, {}).pop((area, segment), None)
        return changed

    def _copy(self) -> Register:
        changed = copy(self)
        changed._counted, changed._counted_whole = {}, {}
        changed._observed = {month: dict(cells) for month, cells in self._observed.items()}
        changed._tallies = Tallies(changed._observed, self.regencies)
        return changed

    def months(self) -> list[Month]:
        """The months in which anything was observed or published, oldest first."""
        return sorted({*self._observed, *(month for _area, month in self._published)})

    def workforce(self, area: str, segment: str | None, year: int) -> tuple[int, int] | None:
        """(people, year they are of): the year's own, else the latest earlier one, else None.

        All segments together are the sum of the detail; an undetailed total only where a year lacks it.
        """
        return self._workforces.of(area, segment, year)

    def count(self, area: str, month: Month, segment: str | None = None) -> Count:
        """The count of the province, by its code, or of one of its regencies."""
        if area == self.province:
            return self.whole(month, segment)
        return self.regency(area, month, segment)

    def regency(self, area: str, month: Month, segment: str | None = None) -> Count:
        """The count of one regency: its detail where complete, else its undetailed total, else missing."""
        key = (area, month, segment)
        found = self._counted.get(key)
        if found is None:
            part = self._part(area, segment, month, self._observed.get(month, {}))
            found = self._counted[key] = Count(
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
        return found

    def _part(self, area: str, segment: str | None, month: Month, observed: _Cells) -> _Part:
        published = self._published.get((area, month))
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

    def _sole_part(self, area: str, segment: str, year: int, observed: _Cells) -> _Part:
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

    def whole(self, month: Month, segment: str | None = None) -> Count:
        """The count of the province.

        With every regency's data in: their sum. Else the official total, where there is one. Else what is
        in, against the workforce of just those regencies: what is missing leaves both sides.
        """
        found = self._counted_whole.get((month, segment))
        if found is None:
            found = self._counted_whole[month, segment] = self._count_whole(month, segment)
        return found

    def _complete_whole(self, month: Month, segment: str | None) -> Count | None:
        """The count of a province of which every cell is known and none is published; else None.

        It is what `_count_whole` comes to without it, but asks no regency by itself.
        """
        if self._published and self.published_in(month):
            return None
        everyone = len(self.regencies)
        tally = self._tallies.complete(month, self._parts(segment)) if everyone else None
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
        official = self._official(segment, self._observed.get(month, {}))
        return self._province(month, segment, tally.members, *found, basis, True, official, everyone, True)

    def _count_whole(self, month: Month, segment: str | None) -> Count:
        if (complete := self._complete_whole(month, segment)) is not None:
            return complete
        observed = self._observed.get(month, {})
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

    def _official(self, segment: str | None, observed: _Cells) -> int | None:
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
