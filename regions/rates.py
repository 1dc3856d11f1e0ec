"""What the law sets for members who pay for themselves (BPU), dated, cited, with its certainty.

Also what a dated rule is, for the rules of construction projects too (`projects.rates`). Every table runs
without gaps and without overlaps from `FIRST_DAY` on. What changes in the law becomes one more row, so that
older days keep their own rates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

FIRST_DAY = date(2015, 7, 1)
"""PP 44/2015 is in force from here on; what came before is not kept."""


class Certainty(StrEnum):
    """How sure a rule is: read in official or several independent sources, in one, or not verified."""

    ESTABLISHED = "established"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands, as it is cited to the reader, and how sure it is."""

    title: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class MonthlyMinimum:
    """What the lowest class of BPU members pays a month, rupiah."""

    key: str
    jkk: Decimal
    jkm: Decimal
    source: Source
    valid_from: date
    valid_to: date | None = None

    @property
    def total(self) -> Decimal:
        return self.jkk + self.jkm


class _Dated(Protocol):
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


_D = TypeVar("_D", bound=_Dated)


class NoRateKnown(LookupError):
    """Nothing in the table is in force on that day."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def in_force(table: Iterable[_D], on: date) -> _D:
    """The row of a table that is in force on a day. Raises NoRateKnown."""
    for row in table:
        if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row
    raise NoRateKnown(on)


BPU_MINIMUM: tuple[MonthlyMinimum, ...] = (
    MonthlyMinimum(
        "bpu-2015",
        Decimal(10_000),
        Decimal(6_800),
        Source("PP 44/2015 jo. PP 82/2019", Certainty.ESTABLISHED),
        FIRST_DAY,
    ),
)


def bpu_minimum(on: date) -> MonthlyMinimum:
    """The least a BPU member pays a month, before any relief. Raises NoRateKnown."""
    return in_force(BPU_MINIMUM, on)
