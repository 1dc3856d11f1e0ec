"""What is counted in an area: its members against its workforce, complete or not.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from coverage_portal.lib.periods import Month


class Basis(StrEnum):
    """Where the members of a count come from."""

    REPORTED = "reported"
    COUNTED = "counted"
    MIXED = "mixed"
    TOTAL = "total"
    MISSING = "missing"


@dataclass(slots=True)
class Observation:
    """Members of one area, segment and month as stored; `segment` None is a total without detail.

    Nobody changes one; but a page reads some thousand, and freezing each takes twice as long as making it.
    """

    area: str
    segment: str | None
    month: Month
    reported: int | None = None
    counted: int | None = None
    complete_list: bool = False

    @property
    def active(self) -> int | None:
        """Reported before counted; counted only where a complete list covers the cell."""
        if self.reported is not None:
            return self.reported
        return self.counted if self.complete_list else None


@dataclass(frozen=True, slots=True)
class Potential:
    """Workforce of one area, segment and year as stored; `segment` None is a total without detail."""

    area: str
    segment: str | None
    year: int
    people: int


class Published(NamedTuple):
    """A figure of one regency and month as it was published; `segment` None is the whole.

    The target is the one that applied then, of the whole only; `target_is_own` where it was the regency's.
    """

    area: str
    month: Month
    segment: str | None
    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    complete: bool
    official: int | None = None
    target_year: int | None = None
    target_percent: Decimal | None = None
    target_is_own: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Members against workforce of one area in one month: of one segment, or of all (`segment` None).

    `official` is the undetailed total stored beside the detail. For a province, `regencies_in` of
    `regencies_all` have their data in; `complete` says that nothing of the area is missing. Of one that
    `is_hidden` the members are known, but not told. `percent` is worked out once, for a page asks for it ten
    times over.
    """

    area: str
    segment: str | None
    month: Month
    members: int | None
    workforce: int | None
    workforce_year: int | None
    basis: Basis
    complete: bool
    partial: bool = False
    official: int | None = None
    regencies_in: int = 0
    regencies_all: int = 0
    is_hidden: bool = False
    percent: Decimal | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", percent(self.members, self.workforce))

    def hidden(self) -> Count:
        """The same count for those who may not be told its members, nor what gives them away."""
        return replace(self, members=None, basis=Basis.MISSING, partial=False, official=None, is_hidden=True)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing, so that the percentage may stand beside that of another month."""
        return self.complete and self.percent is not None

    @property
    def is_over_full(self) -> bool:
        share = self.percent
        return share is not None and share > 100

    @property
    def older_workforce_year(self) -> int | None:
        """The year whose workforce stands in for the month's own, where it does."""
        year = self.workforce_year
        return year if year is not None and year < self.month.year else None

    @property
    def difference(self) -> int | None:
        """Official total minus what is counted here; None where there is just one figure or they agree."""
        if self.official is None or self.members is None or not self.complete:
            return None
        return self.official - self.members or None


def percent(members: int | None, workforce: int | None) -> Decimal | None:
    """Members of a hundred of the workforce; None where either is unknown or nobody could be a member."""
    if members is None or not workforce:
        return None
    return Decimal(members) * 100 / Decimal(workforce)
