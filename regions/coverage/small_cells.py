"""Which counts of a province are too small to be told to everybody, month by month.

Pages show one figure of each cell, and their sums: of those the small ones are hidden, with all that would
give them away. What else is known of a month, how much was reported and counted, and how far the working
figures have moved on from the published ones, shares persons with those figures in ways that no table holds.
So of a month in which anything is small, nothing of that is told.
"""

from __future__ import annotations

from collections.abc import Sequence

from coverage_portal.lib.periods import Month

from .months import Place
from .register import Register
from .suppression import Sum, hidden


class SmallCells:
    """The cells of a province that are hidden from those who do not have it; worked out when asked for.

    Args:
        register: all that is stored of the province.
        segments: all segments, also those that do not add up to the whole.
        threshold: a count of 1 to `threshold` - 1 persons is small.
    """

    def __init__(self, register: Register, segments: Sequence[str], threshold: int) -> None:
        self._register, self._threshold = register, threshold
        self._segments: tuple[str | None, ...] = (None, *segments)
        self._codes = (register.province, *register.regencies)
        self._found: dict[Month, tuple[bool, frozenset[Place]]] = {}

    def any_in(self, month: Month) -> bool:
        """Whether anything that is known of a month is small, by whatever way it is known."""
        return self._of(month)[0]

    def of(self, month: Month) -> frozenset[Place]:
        """The cells of a month whose figure is hidden, as area and segment (None: the whole)."""
        return self._of(month)[1]

    def _of(self, month: Month) -> tuple[bool, frozenset[Place]]:
        found = self._found.get(month)
        if found is None:
            # No sum is small of which no part is.
            is_any = any(0 < persons < self._threshold for persons in self._register.parts(month))
            found = self._found[month] = is_any, self._hidden(month) if is_any else frozenset()
        return found

    def _hidden(self, month: Month) -> frozenset[Place]:
        register = self._register
        counts = [register.count(code, month, s) for code in self._codes for s in self._segments]
        values = {(count.area, count.segment): n for count in counts if (n := count.members) is not None}
        rows = (Sum((code, None), frozenset((code, s) for s in register.segments)) for code in self._codes)
        columns = (_column(register, month, segment) for segment in self._segments)
        return hidden(values, rows, columns, self._threshold)


def _column(register: Register, month: Month, segment: str | None) -> Sum[Place]:
    """What the province's count is the sum of: the regencies that `Register.whole` adds up."""
    counts = [register.count(code, month, segment) for code in register.regencies]
    inside = [count for count in counts if count.members is not None]
    if not register.whole(month, segment).complete:
        inside = [count for count in inside if count.workforce is not None]
    return Sum((register.province, segment), frozenset((count.area, segment) for count in inside))
