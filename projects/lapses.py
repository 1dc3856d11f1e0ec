"""What remains of a cover if nothing is renewed, month by month. Plain arithmetic, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from coverage_portal.lib.periods import Month, months

MONTHS = 12
"""How far ahead the calendar looks: this month and the eleven after it."""


@dataclass(frozen=True, slots=True)
class Base:
    """The coverage that lapses are taken from: members of a workforce in a month with complete data."""

    month: Month
    members: int
    workforce: int

    def percent(self, fewer: int = 0) -> Decimal:
        """Coverage with so many fewer members, never below zero."""
        return Decimal(max(self.members - fewer, 0)) * 100 / self.workforce


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """What ends in a month: covers of projects, and workers whose last cover it is.

    `lost` are the workers without a cover at the month's end if nothing has been renewed, `percent` the
    coverage that is then left (None where coverage is not known).
    """

    month: Month
    projects: int
    workers: int
    lost: int
    percent: Decimal | None


def ahead(
    first: Month, projects: Mapping[Month, int], workers: Mapping[Month, int], base: Base | None
) -> tuple[MonthAhead, ...]:
    """The months from `first` on, with what has lapsed by the end of each if nothing is renewed.

    Args:
        projects: how many covers end in a month.
        workers: how many workers have their last cover end in a month; each worker once.
    """
    lost = 0
    found = []
    for month in months(first, first + (MONTHS - 1)):
        ending = workers.get(month, 0)
        lost += ending
        left = None if base is None else base.percent(lost)
        found.append(MonthAhead(month, projects.get(month, 0), ending, lost, left))
    return tuple(found)
