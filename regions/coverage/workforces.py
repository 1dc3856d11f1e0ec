"""Who could be a member of an area, as stored year by year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

Found = tuple[int, int]
"""People, and the year that they are of."""


class Potential(Protocol):
    """Workforce of one area, segment and year; `segment` None is a total without detail."""

    @property
    def area(self) -> str: ...
    @property
    def segment(self) -> str | None: ...
    @property
    def year(self) -> int: ...
    @property
    def people(self) -> int: ...


class Workforces:
    """Potentials indexed; each answer is worked out once, for pages ask for it month after month."""

    def __init__(self, potentials: Iterable[Potential], segments: Sequence[str]) -> None:
        self._segments = tuple(segments)
        self._people: dict[tuple[str, str | None], dict[int, int]] = {}
        for each in potentials:
            self._people.setdefault((each.area, each.segment), {})[each.year] = each.people
        self._found: dict[tuple[str, str | None, int], Found | None] = {}
        self._summed: dict[tuple[str | None, int], Found | None] = {}

    def of(self, area: str, segment: str | None, year: int) -> Found | None:
        """(people, year they are of): the year's own, else the latest earlier one, else None.

        All segments together are the sum of the detail; an undetailed total only where a year lacks it.
        """
        key = (area, segment, year)
        if key not in self._found:
            self._found[key] = self._find(area, segment, year)
        return self._found[key]

    def of_all(self, areas: Sequence[str], segment: str | None, year: int) -> Found | None:
        """Areas together, always the same ones, and the earliest year; None unless each of them is known."""
        key = (segment, year)
        if key not in self._summed:
            found = [self.of(area, segment, year) for area in areas]
            known = [each for each in found if each is not None]
            self._summed[key] = (
                (sum(people for people, _year in known), min(of for _people, of in known))
                if known and len(known) == len(found)
                else None
            )
        return self._summed[key]

    def _find(self, area: str, segment: str | None, year: int) -> Found | None:
        if segment is not None:
            years = self._people.get((area, segment), {})
            known = [y for y in years if y <= year]
            return (years[max(known)], max(known)) if known else None
        details = [self._people.get((area, s), {}) for s in self._segments]
        totals = self._people.get((area, None), {})
        for candidate in sorted({*totals, *(y for d in details for y in d)}, reverse=True):
            if candidate > year:
                continue
            if all(candidate in d for d in details):
                return sum(d[candidate] for d in details), candidate
            if candidate in totals:
                return totals[candidate], candidate
        return None
