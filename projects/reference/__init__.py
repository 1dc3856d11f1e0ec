"""National holidays and collective leave as the ministers decreed them, with their sources.

A plain table beside this file; `SOURCES.md` says where it comes from. It fills the database once; after that
the database is what counts. Nothing here imports Django.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from projects.rates import Certainty, Source
from projects.workdays import Holiday

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class HolidayRecord:
    """A day off with its name, as in the decree, and where it is decreed."""

    day: date
    is_collective_leave: bool
    name: str
    source: Source

    @property
    def holiday(self) -> Holiday:
        return Holiday(self.day, self.is_collective_leave)


@cache
def holidays() -> tuple[HolidayRecord, ...]:
    """All that are known, by day."""
    with (_FOLDER / "holidays.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            HolidayRecord(
                date.fromisoformat(row["day"]),
                row["kind"] == "collective_leave",
                row["name"],
                Source(row["source"], Certainty(row["certainty"])),
            )
            for row in csv.DictReader(file)
        )
