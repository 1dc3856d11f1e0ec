"""What is known of one month: its cells as stored, and what was published of it once it was closed.

Registers read one after the other share the months that have not changed in between, which after an import
are all but a few. So a month is never changed but copied, and what was worked out of it stays with it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from coverage_portal.lib.periods import Month

from .counts import Observation, Published

Place = tuple[str, str | None]
"""An area and a segment; None is a total without detail."""
ByPlace = Mapping[Place, Observation]
_V = TypeVar("_V")

WORKED_OUT_AT_MOST = 2000
"""Of 99 regencies, the most that codes have room for, with each of five segments: four times over."""


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """The cells of one month. Equal to itself alone: what was worked out of one is not looked up by value."""

    by_place: ByPlace = field(default_factory=dict)
    _worked_out: dict[Hashable, object] = field(default_factory=dict)

    def persons(self) -> Iterator[int]:
        """All numbers of persons that are stored."""
        for cell in self.by_place.values():
            yield from (n for n in (cell.reported, cell.counted) if n is not None)

    def worked_out(self, key: Hashable, work_out: Callable[[], _V]) -> _V:
        """What `work_out` makes of these cells, made once for each key, which says all else it depends on."""
        found = self._worked_out.get(key)
        if found is None:
            if len(self._worked_out) >= WORKED_OUT_AT_MOST:
                self._worked_out.clear()
            found = self._worked_out[key] = work_out()
        return found  # type: ignore[return-value]


@dataclass(frozen=True, eq=False, slots=True)
class Closed:
    """What was published of one month, by regency and segment. Equal to itself alone, as cells are."""

    by_area: Mapping[str, Mapping[str | None, Published]]

    def persons(self) -> Iterator[int]:
        """All numbers of persons that were published."""
        for figures in self.by_area.values():
            for figure in figures.values():
                yield from (n for n in (figure.members, figure.official) if n is not None)


NO_CELLS = Cells()


def cells_by_month(observations: Iterable[Observation]) -> dict[Month, Cells]:
    found: dict[Month, dict[Place, Observation]] = {}
    for each in observations:
        found.setdefault(each.month, {})[each.area, each.segment] = each
    return {month: Cells(by_place) for month, by_place in found.items()}


def closed_by_month(figures: Iterable[Published]) -> dict[Month, Closed]:
    found: dict[Month, dict[str, dict[str | None, Published]]] = {}
    for each in figures:
        found.setdefault(each.month, {}).setdefault(each.area, {})[each.segment] = each
    return {month: Closed(by_area) for month, by_area in found.items()}
