"""Which counts of a province are too small to be told to everybody, month by month.

Pages show the published figures of a closed month and say how far the working ones have moved on, so both
are tables that must not give a small cell away.
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
        self._found: dict[Month, frozenset[Place]] = {}

    def of(self, month: Month) -> frozenset[Place]:
        """The hidden cells of a month, as area and segment (None: the whole)."""
        if month not in self._found:
            self._found[month] = self._find(month)
        return self._found[month]

    def _find(self, month: Month) -> frozenset[Place]:
        registers = [self._register]
        if self._register.published_in(month):
            registers.append(self._register.working())
        found: frozenset[Place] = frozenset()
        while True:
            before = found
            for register in registers:
                found |= self._hidden(register, month, found)
            if found == before or len(registers) == 1:
                return found

    def _hidden(self, register: Register, month: Month, also: frozenset[Place]) -> frozenset[Place]:
        values: dict[Place, int] = {}
        for code in self._codes:
            for segment in self._segments:
                members = register.count(code, month, segment).members
                if members is not None:
                    values[code, segment] = members
        rows = (Sum((code, None), frozenset((code, s) for s in register.segments)) for code in self._codes)
        columns = (_column(register, month, segment) for segment in self._segments)
        return hidden(values, rows, columns, self._threshold, also)


def _column(register: Register, month: Month, segment: str | None) -> Sum[Place]:
    """What the province's count is the sum of: the regencies that `Register.whole` adds up."""
    counts = [register.count(code, month, segment) for code in register.regencies]
    inside = [count for count in counts if count.members is not None]
    if not register.whole(month, segment).complete:
        inside = [count for count in inside if count.workforce is not None]
    return Sum((register.province, segment), frozenset((count.area, segment) for count in inside))
