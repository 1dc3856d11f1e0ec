"""The known cells of each month added up by segment: a province's own sums, where nothing is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from coverage_portal.lib.periods import Month


class Cell(Protocol):
    """Members of one area and segment as stored."""

    @property
    def reported(self) -> int | None: ...
    @property
    def counted(self) -> int | None: ...
    @property
    def complete_list(self) -> bool: ...


@dataclass(slots=True)
class Tally:
    """Known cells: how many of each kind, and their members."""

    reported: int = 0
    counted: int = 0
    members: int = 0


class Tallies:
    """The tallies of these areas alone, each month's made when it is first asked for."""

    def __init__(
        self, observed: Mapping[Month, Mapping[tuple[str, str | None], Cell]], areas: Collection[str]
    ) -> None:
        self._observed, self._areas = observed, frozenset(areas)
        self._made: dict[Month, dict[str | None, Tally]] = {}

    def complete(self, month: Month, segments: Collection[str]) -> Tally | None:
        """The segments of a month together; None unless each of them is known of every area."""
        made = self._made.get(month)
        if made is None:
            made = self._made[month] = self._make(month)
        total = Tally()
        for segment in segments:
            tally = made.get(segment)
            if tally is None or tally.reported + tally.counted < len(self._areas):
                return None
            total.reported += tally.reported
            total.counted += tally.counted
            total.members += tally.members
        return total

    def _make(self, month: Month) -> dict[str | None, Tally]:
        tallies: dict[str | None, Tally] = {}
        for (area, segment), cell in self._observed.get(month, {}).items():
            if area not in self._areas:
                continue
            tally = tallies.get(segment) or tallies.setdefault(segment, Tally())
            if cell.reported is not None:
                tally.reported += 1
                tally.members += cell.reported
            elif cell.complete_list and cell.counted is not None:
                tally.counted += 1
                tally.members += cell.counted
        return tallies
