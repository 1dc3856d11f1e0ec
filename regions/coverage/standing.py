"""A count against its target: what is missing, how fast it must come, and when it would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from coverage_portal.lib.periods import Month

from .counts import Count, percent


def members_needed(target_percent: Decimal, workforce: int) -> int:
    """The fewest members with which the target is met: ceil(target x workforce)."""
    return int((target_percent * workforce / 100).to_integral_value(rounding=ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets that apply to one area and the baseline its path starts from, percent each.

    `published` has those that closed months were published with, as (year, percent).
    """

    by_year: Mapping[int, Decimal]
    baseline: tuple[Month, Decimal] | None = None
    published: Mapping[Month, tuple[int, Decimal] | None] = field(default_factory=dict)

    def applying(self, month: Month) -> tuple[int, Decimal] | None:
        """(year, percent) of the target that a month of data is measured by.

        The next deadline from the month on; after the last one, the last one ("Hasil akhir"). Of a closed
        month the one that it was published with.
        """
        if month in self.published:
            return self.published[month]
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

    HIDDEN = "hidden"
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

    @property
    def pace(self) -> Pace | None:
        """The known pace over the shortest time: the one that the situation is judged by."""
        return next((pace for pace in self.paces if pace.per_month is not None), None)

    @property
    def projection(self) -> tuple[Month, Decimal] | None:
        """(month, percent) the present pace leads to: the deadline, or the arrival where that comes first.

        None where it would lead nowhere: met or past, pace unknown, or a count that is not whole.
        """
        pace, count = self.pace, self.count
        if not count.complete or not self.gap or not self.months_left:
            return None
        if pace is None or pace.per_month is None or count.members is None:
            return None
        months = self.months_left
        if pace.arrival is not None:
            months = min(months, pace.arrival - count.month)
        share = percent(max(int(count.members + pace.per_month * months), 0), count.workforce)
        return None if share is None else (count.month + months, share)


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


def pace_between(now: Count, then: Count | None) -> Decimal | None:
    """Members gained a month between two counts; None where one of them is missing or incomplete."""
    if then is None or now.members is None or then.members is None or not (now.complete and then.complete):
        return None
    return Decimal(now.members - then.members) / (now.month - then.month)


def _pace(now: Count, then: Count | None, months: int, gap: int | None) -> Pace:
    per_month = pace_between(now, then)
    if per_month is None:
        return Pace(months, None, None)
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
    if count.is_hidden:
        return Situation.HIDDEN
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
