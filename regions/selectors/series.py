"""Courses by segment: what the columns and their table are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coverage_portal.lib.periods import Month
from regions import coverage


@dataclass(frozen=True, slots=True)
class SegmentMonth:
    """One month of an area by the segments that add up to coverage."""

    month: Month
    counts: tuple[coverage.Count, ...]

    @property
    def members(self) -> tuple[tuple[str, int | None], ...]:
        """Of a count that is not whole nothing is told: its column would look like a loss of members."""
        return tuple((c.segment or "", c.members if c.complete else None) for c in self.counts)


def segment_course(
    count: Callable[[Month, str], coverage.Count], months: Sequence[Month], segments: Sequence[str]
) -> tuple[SegmentMonth, ...]:
    """Each month by segment, in the order given."""
    return tuple(SegmentMonth(month, tuple(count(month, s) for s in segments)) for month in months)
