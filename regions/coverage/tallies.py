"""The known cells of a month added up by segment: a province's own sums, where nothing is missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .months import Cells


@dataclass(slots=True)
class Tally:
    """Known cells: how many of each kind, and their members."""

    reported: int = 0
    counted: int = 0
    members: int = 0


def complete(cells: Cells, areas: frozenset[str], segments: Collection[str]) -> Tally | None:
    """The segments of a month together; None unless each of them is known of every one of these areas."""
    tallies = cells.worked_out(areas, lambda: _by_segment(cells, areas))
    total = Tally()
    for segment in segments:
        tally = tallies.get(segment)
        if tally is None or tally.reported + tally.counted < len(areas):
            return None
        total.reported += tally.reported
        total.counted += tally.counted
        total.members += tally.members
    return total


def _by_segment(cells: Cells, areas: Collection[str]) -> dict[str | None, Tally]:
    tallies: dict[str | None, Tally] = {}
    for (area, segment), cell in cells.by_place.items():
        if area not in areas:
            continue
        tally = tallies.get(segment) or tallies.setdefault(segment, Tally())
        if cell.reported is not None:
            tally.reported += 1
            tally.members += cell.reported
        elif cell.complete_list and cell.counted is not None:
            tally.counted += 1
            tally.members += cell.counted
    return tallies
