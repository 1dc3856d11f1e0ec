"""Which small cells of a table must not be shown, so that none can be computed back from what is.

A table has the members of a month by area and segment, with its sums: a regency's segments add up to its
total, the regencies add up to their province, segment by segment. A cell of fewer persons than a threshold
(and more than none) is hidden; further ones are hidden so that no sum gives it away.

Every cell stands in at most two sums, one along its row and one down its column: cells are the edges of a
graph, sums its nodes, and whatever satisfies all sums flows through it in circles. A hidden cell can be
worked out just if no other circle of hidden cells runs through it. So for each small cell the circle that
costs the fewest persons is hidden with it. Along it the cell could as well be `threshold` persons more, the
others that much more or less and none of them below one: shown figures agree with both.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

C = TypeVar("C", bound=Hashable)
_GROUND = -1
"""Where the ends of cells meet that stand in no sum: anything may flow in and out there."""
_PRICE_OF_NONE = 10**12


@dataclass(frozen=True, slots=True)
class Sum(Generic[C]):
    """Parts that add up to a total. A total is part of at most one sum itself."""

    total: C
    parts: frozenset[C]

    def holds(self, values: Mapping[C, int]) -> bool:
        known = all(cell in values for cell in (self.total, *self.parts))
        return known and values[self.total] == sum(values[part] for part in self.parts)


def hidden(
    values: Mapping[C, int],
    rows: Iterable[Sum[C]],
    columns: Iterable[Sum[C]],
    threshold: int,
    also: Collection[C] = (),
) -> frozenset[C]:
    """The cells not to be shown: small ones, and those that would give them away.

    Args:
        values: the known cells, in whole persons. Unknown ones are left out, for nobody knows them.
        rows: the sums of each area; no cell stands in two of them.
        columns: the sums of each segment; no cell stands in two of them.
        threshold: a cell of 1 to `threshold` - 1 persons is small; 0 or 1 hides nothing.
        also: cells that are hidden for another reason, and must not be given away either.
    """
    small = {cell for cell, value in values.items() if 0 < value < threshold or cell in also}
    if not small:
        return frozenset()
    graph = _Graph(values, tuple(rows), tuple(columns))
    found = set(small)
    for cell in sorted(small, key=lambda each: (values[each], str(each))):
        found |= graph.circle(cell, found, threshold)
    return frozenset(found)


class _Graph(Generic[C]):
    """Cells as edges from the sum of their row to the sum of their column.

    What flows along an edge is the cell, or the cell with a minus where it is itself a sum, so that whatever
    comes into a node leaves it again. Sums that do not hold bind nothing: what stands in them is free.
    """

    def __init__(self, values: Mapping[C, int], rows: Sequence[Sum[C]], columns: Sequence[Sum[C]]) -> None:
        self.values = values
        totals = Counter(each.total for each in (*rows, *columns))
        numbers = itertools.count()
        self._row, self._column = (
            {
                cell: node
                for each in sums
                if each.holds(values)
                for node in (next(numbers),)
                for cell in (each.total, *each.parts)
            }
            for sums in (rows, columns)
        )
        self._sign = {cell: -1 if totals[cell] % 2 else 1 for cell in values}
        self._at: dict[int, list[tuple[C, int, int]]] = {}
        for cell in values:
            start, end = self._ends(cell)
            # Flowing along the edge adds to the cell where its sign is 1, against it where it is -1.
            self._at.setdefault(start, []).append((cell, end, self._sign[cell]))
            self._at.setdefault(end, []).append((cell, start, -self._sign[cell]))

    def _ends(self, cell: C) -> tuple[int, int]:
        return self._row.get(cell, _GROUND), self._column.get(cell, _GROUND)

    def circle(self, cell: C, already: Collection[C], threshold: int) -> set[C]:
        """The cells of the cheapest circle along which this one can grow by `threshold`; without itself.

        There is one: a cell can grow together with all sums above it, which nothing holds back.
        """
        start, end = self._ends(cell)
        if self._sign[cell] < 0:
            start, end = end, start
        # Growing this cell flows from start to end; the way back from end to start closes the circle.
        best: dict[int, int] = {end: 0}
        came: dict[int, tuple[int, C]] = {}
        waiting = [(0, end)]
        while waiting:
            cost, node = heapq.heappop(waiting)
            if node == start:
                break
            if cost > best[node]:
                continue
            for other, to, gain in self._at[node]:
                if other == cell or (gain < 0 and self.values[other] <= threshold):
                    continue
                further = cost + (0 if other in already else self._price(other))
                if further < best.get(to, further + 1):
                    best[to], came[to] = further, (node, other)
                    heapq.heappush(waiting, (further, to))
        path: set[C] = set()
        node = start
        while node != end:
            node, other = came[node]
            path.add(other)
        return path

    def _price(self, cell: C) -> int:
        """What it costs to hide a cell: its persons. A cell of none is the last choice: it may be known."""
        return self.values[cell] or _PRICE_OF_NONE
