"""Reading why coverage changed: an area's parts in two months, from the register that its page has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coverage_portal.lib.periods import Month
from regions import coverage
from regions.choices import written_segment
from regions.models import Province, Regency

YEAR = 12


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a month is compared with (None: the month before), and by which parts a province is told apart."""

    against: Month | None = None
    by_segment: bool = False


WITH_THE_MONTH_BEFORE = Comparison()


def coverage_changes(
    register: coverage.Register,
    area: Province | Regency,
    regencies: Sequence[Regency],
    month: Month,
    segment: str | None,
    comparison: Comparison,
) -> tuple[coverage.Change, ...]:
    """The change since the month compared with, then the one since the same month a year before."""
    since = dict.fromkeys((comparison.against or month - 1, month - YEAR))
    return tuple(
        coverage_change(register, area, regencies, then, month, segment, by_segment=comparison.by_segment)
        for then in since
    )


def coverage_change(
    register: coverage.Register,
    area: Province | Regency,
    regencies: Sequence[Regency],
    then: Month,
    now: Month,
    segment: str | None = None,
    *,
    by_segment: bool = False,
) -> coverage.Change:
    """The change of an area's coverage between two months, explained by its parts.

    A province is told apart by its regencies, or by segments where asked for; a regency by its segments. One
    segment of one regency has no parts.
    """

    def whole(at: Month, part: str | None = segment) -> coverage.Count:
        return register.count(area.code, at, part)

    if isinstance(area, Province) and not (by_segment and segment is None):
        parts = [
            coverage.Part(
                regency.table_name,
                register.count(regency.code, then, segment),
                register.count(regency.code, now, segment),
            )
            for regency in regencies
        ]
    else:
        parts = [
            coverage.Part(written_segment(each), whole(then, each), whole(now, each))
            for each in register.segments
            if segment is None
        ]
    return coverage.explain(whole(then), whole(now), parts)
