"""Coverage arithmetic, without a database: counts, shares, targets, gap, pace and arrival.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from coverage_portal.lib.periods import Month

QUOTE_TOLERANCE = Decimal("0.05")


class Basis(StrEnum):
    """Where the members of a count come from."""

    REPORTED = "reported"
    COUNTED = "counted"
    MIXED = "mixed"
    TOTAL = "total"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Observation:
    """Members of one area, segment and month as stored; `segment` None is a total without detail."""

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


@dataclass(frozen=True, slots=True)
class Count:
    """Members against workforce of one area in one month: of one segment, or of all (`segment` None).

    `official` is the undetailed total stored beside the detail. For a province, `regencies_in` of
    `regencies_all` have their data in; `complete` says that nothing of the area is missing.
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

    @property
    def percent(self) -> Decimal | None:
        return percent(self.members, self.workforce)

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


def members_needed(target_percent: Decimal, workforce: int) -> int:
    """The fewest members with which the target is met: ceil(target x workforce)."""
    return int((target_percent * workforce / 100).to_integral_value(rounding=ROUND_CEILING))


class Register:
    """The stored observations and potentials of one province, indexed for counting.

    Args:
        province: its code; observations of this area are totals of the province.
        regencies: the codes of all its regencies, those without data too.
        segments: the segments that add up to the whole (PMI is shown but outside of it).
    """

    def __init__(
        self,
        province: str,
        regencies: Sequence[str],
        segments: Sequence[str],
        observations: Iterable[Observation],
        potentials: Iterable[Potential],
    ) -> None:
        self.province = province
        self.regencies = tuple(regencies)
        self.segments = tuple(segments)
        self._observed = {(o.area, o.segment, o.month): o for o in observations}
        self._people: dict[tuple[str, str | None], dict[int, int]] = {}
        for potential in potentials:
            self._people.setdefault((potential.area, potential.segment), {})[potential.year] = potential.people

    def with_observations(self, observations: Iterable[Observation]) -> Register:
        """The same register as it would be with these figures reported instead."""
        changed = copy(self)
        changed._observed = dict(self._observed)
        for new in observations:
            key = (new.area, new.segment, new.month)
            old = self._observed.get(key)
            changed._observed[key] = replace(old, reported=new.reported) if old else new
        return changed

    def months(self) -> list[Month]:
        """The months in which anything was observed, oldest first."""
        return sorted({month for _area, _segment, month in self._observed})

    def workforce(self, area: str, segment: str | None, year: int) -> tuple[int, int] | None:
        """(people, year they are of): the year's own, else the latest earlier one, else None.

        All segments together are the sum of the detail; an undetailed total only where a year lacks it.
        """
        if segment is not None:
            years = self._people.get((area, segment), {})
            known = [y for y in years if y <= year]
            return (years[max(known)], max(known)) if known else None
        details = [self._people.get((area, s), {}) for s in self.segments]
        totals = self._people.get((area, None), {})
        for candidate in sorted({*totals, *(y for d in details for y in d)}, reverse=True):
            if candidate > year:
                continue
            if all(candidate in d for d in details):
                return sum(d[candidate] for d in details), candidate
            if candidate in totals:
                return totals[candidate], candidate
        return None

    def regency(self, area: str, month: Month, segment: str | None = None) -> Count:
        """The count of one regency: its detail where complete, else its undetailed total, else missing."""
        cells = [self._observed.get((area, s, month)) for s in self._parts(segment)]
        active = [None if cell is None else cell.active for cell in cells]
        official = self._official(area, segment, month)
        known = [value for value in active if value is not None]
        complete = len(known) == len(active)
        members: int | None = sum(known) if complete else official
        if complete:
            basis = _basis(cell for cell in cells if cell is not None)
        else:
            basis = Basis.MISSING if members is None else Basis.TOTAL
        workforce = self.workforce(area, segment, month.year)
        return Count(
            area,
            segment,
            month,
            members,
            workforce[0] if workforce else None,
            workforce[1] if workforce else None,
            basis,
            complete=members is not None,
            partial=members is None and bool(known),
            official=official,
            regencies_in=int(members is not None),
            regencies_all=1,
        )

    def whole(self, month: Month, segment: str | None = None) -> Count:
        """The count of the province.

        With every regency's data in: their sum. Else the official total, where there is one. Else what is
        in, against the workforce of just those regencies: what is missing leaves both sides.
        """
        parts = [self.regency(code, month, segment) for code in self.regencies]
        inside = [part for part in parts if part.members is not None]
        official = self._official(self.province, segment, month)
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
                Basis.MISSING if members is None else _merge(p.basis for p in inside) if all_in else Basis.TOTAL,
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

    def _official(self, area: str, segment: str | None, month: Month) -> int | None:
        """The total stored without the detail below it; for a province also the sum of its segments."""
        if segment is None or area == self.province:
            total = self._observed.get((area, segment, month))
            if total is not None:
                return total.reported
        if area != self.province or segment is not None:
            return None
        cells = [self._observed.get((area, s, month)) for s in self.segments]
        values = [cell.reported for cell in cells if cell is not None and cell.reported is not None]
        return sum(values) if len(values) == len(self.segments) else None

    def _whole_workforce(
        self, parts: Sequence[Count], segment: str | None, year: int
    ) -> tuple[int | None, int | None]:
        if parts and all(part.workforce is not None for part in parts):
            return sum(part.workforce or 0 for part in parts), min(part.workforce_year or year for part in parts)
        return self.workforce(self.province, segment, year) or (None, None)

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


def _basis(cells: Iterable[Observation]) -> Basis:
    return _merge(Basis.REPORTED if cell.reported is not None else Basis.COUNTED for cell in cells)


def _merge(bases: Iterable[Basis]) -> Basis:
    kinds = set(bases)
    return kinds.pop() if len(kinds) == 1 else Basis.MIXED


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets that apply to one area and the baseline its path starts from, percent each."""

    by_year: Mapping[int, Decimal]
    baseline: tuple[Month, Decimal] | None = None

    def applying(self, month: Month) -> tuple[int, Decimal] | None:
        """(year, percent) of the target that a month of data is measured by.

        The next deadline from the month on; after the last one, the last one ("Hasil akhir").
        """
        ahead = [year for year in self.by_year if year >= month.year]
        if ahead:
            return min(ahead), self.by_year[min(ahead)]
        return (max(self.by_year), self.by_year[max(self.by_year)]) if self.by_year else None

    def path(self, month: Month) -> Decimal | None:
        """Where coverage should stand in a month: a straight line by month from the baseline to each
        year-end. None before the baseline, without one, and after the last target."""
        if self.baseline is None or month < self.baseline[0]:
            return None
        start, percent_at_start = self.baseline
        for year in sorted(self.by_year):
            end = Month(year, 12)
            if end <= start:
                continue
            if month <= end:
                share = Decimal(month - start) / Decimal(end - start)
                return percent_at_start + (self.by_year[year] - percent_at_start) * share
            start, percent_at_start = end, self.by_year[year]
        return percent_at_start if month == start else None


class Situation(StrEnum):
    """What there is to say about an area and its target; each has its own sentence."""

    NO_DATA = "no_data"
    NO_WORKFORCE = "no_workforce"
    NO_TARGET = "no_target"
    MET = "met"
    PAST_DEADLINE = "past_deadline"
    ON_PACE = "on_pace"
    TOO_SLOW = "too_slow"
    STANDING_STILL = "standing_still"
    PACE_UNKNOWN = "pace_unknown"


@dataclass(frozen=True, slots=True)
class Pace:
    """Members gained a month over the last n months (persons a month), and when it would arrive."""

    months: int
    per_month: Decimal | None
    arrival: Month | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A count against its target: persons needed, missing, and how fast they must come."""

    count: Count
    target_year: int | None
    target_percent: Decimal | None
    needed: int | None
    gap: int | None
    months_left: int | None
    required_per_month: int | None
    paces: tuple[Pace, ...]
    situation: Situation

    @property
    def achievement(self) -> Decimal | None:
        """Coverage as a share of the target ("capaian terhadap target"), percent; not coverage."""
        share = self.count.percent
        if share is None or not self.target_percent:
            return None
        return share * 100 / self.target_percent


PACE_MONTHS = (3, 6, 12)


def standing(count: Count, targets: Targets, earlier: Mapping[int, Count]) -> Standing:
    """What a count means for its target.

    Args:
        count: the area now.
        targets: the area's own targets, else its province's.
        earlier: the same area n months ago, by n; the pace is unknown where one of the two is missing.
    """
    applying = targets.applying(count.month)
    needed = gap = months_left = required = None
    if applying is not None and count.workforce and count.members is not None:
        needed = members_needed(applying[1], count.workforce)
        gap = max(needed - count.members, 0)
    if applying is not None:
        months_left = max(Month(applying[0], 12) - count.month, 0)
        if gap is not None and months_left:
            required = -(-gap // months_left)
    paces = tuple(_pace(count, earlier.get(n), n, gap) for n in PACE_MONTHS)
    return Standing(
        count,
        applying[0] if applying else None,
        applying[1] if applying else None,
        needed,
        gap,
        months_left,
        required,
        paces,
        _situation(count, applying is not None, gap, months_left, required, paces),
    )


def _pace(now: Count, then: Count | None, months: int, gap: int | None) -> Pace:
    if then is None or now.members is None or then.members is None or not (now.complete and then.complete):
        return Pace(months, None, None)
    per_month = Decimal(now.members - then.members) / months
    if gap == 0:
        return Pace(months, per_month, now.month)
    if gap is None or per_month <= 0:
        return Pace(months, per_month, None)
    needed_months = int((gap / per_month).to_integral_value(rounding=ROUND_CEILING))
    return Pace(months, per_month, now.month + needed_months if needed_months <= 1200 else None)


def _situation(
    count: Count,
    has_target: bool,
    gap: int | None,
    months_left: int | None,
    required: int | None,
    paces: Sequence[Pace],
) -> Situation:
    if count.members is None:
        return Situation.NO_DATA
    if not count.workforce:
        return Situation.NO_WORKFORCE
    if not has_target or gap is None:
        return Situation.NO_TARGET
    if gap == 0:
        return Situation.MET
    if not months_left or required is None:
        return Situation.PAST_DEADLINE
    known = [pace.per_month for pace in paces if pace.per_month is not None]
    if not known:
        return Situation.PACE_UNKNOWN
    if known[0] <= 0:
        return Situation.STANDING_STILL
    return Situation.ON_PACE if known[0] >= required else Situation.TOO_SLOW


def quote_difference(numerator: int | None, denominator: int | None, quoted: Decimal) -> Decimal | None:
    """Quoted percentage minus what its own counts give, in percentage points; None without counts."""
    own = percent(numerator, denominator)
    return None if own is None else quoted - own


def is_quote_off(difference: Decimal | None) -> bool:
    """Whether a quoted percentage is further from its own counts than rounding explains."""
    return difference is not None and abs(difference) > QUOTE_TOLERANCE
