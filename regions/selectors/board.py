"""Completeness and timeliness: which data of which month came in when, and how far the month has come."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import timezone

from coverage_portal.accounts import replicas
from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month, months
from regions import coverage, deadlines
from regions.choices import PeriodState
from regions.models import PeriodException, PeriodStatus, Province, Regency

from .registers import coverage_register

MONTHS_SHOWN = 6

# Who first wrote a figure down is in the history; what was cleared and came again came when it came again.
_ARRIVALS = """
SELECT cell.regency_id, cell.month, cell.segment, min(change.at)
FROM regions_membership cell
JOIN accounts_change change ON change.model = 'regions.membership' AND change.object_id = cell.id::text
WHERE cell.month = ANY (%(months)s) AND cell.regency_id = ANY (%(regencies)s)
    AND cell.reported IS NOT NULL AND change.after ->> 'reported' IS NOT NULL
GROUP BY 1, 2, 3
"""


class Timeliness(StrEnum):
    """How a regency's data of a month came in. `UNDATED` is in, and nobody noted when."""

    ON_TIME = "tepat"
    LATE = "terlambat"
    UNDATED = "masuk"
    PARTIAL = "sebagian"
    MISSING = "belum"


@dataclass(frozen=True, slots=True)
class BoardCell:
    """One regency's month. `days` is by how many it came after its deadline, or is past it without data."""

    regency: Regency
    month: Month
    timeliness: Timeliness
    days: int
    arrived_on: datetime.date | None
    state: PeriodState
    status: PeriodStatus | None
    count: coverage.Count
    excepted_until: datetime.datetime | None

    @property
    def is_closed(self) -> bool:
        return self.status is not None and self.status.is_closed


@dataclass(frozen=True, slots=True)
class BoardMonth:
    """A month over all regencies shown."""

    month: Month
    deadline: datetime.date
    cells: tuple[BoardCell, ...]

    @property
    def complete(self) -> int:
        return sum(cell.count.complete for cell in self.cells)

    @property
    def on_time(self) -> int:
        return sum(cell.timeliness is Timeliness.ON_TIME for cell in self.cells)

    @property
    def closed(self) -> int:
        return sum(cell.is_closed for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Board:
    """Regencies by months, oldest first; `earlier` and `later` lead to other months."""

    months: tuple[BoardMonth, ...]
    rows: tuple[tuple[Regency, tuple[BoardCell, ...]], ...]
    earlier: Month | None
    later: Month | None

    @property
    def last(self) -> BoardMonth:
        return self.months[-1]


def board(user: User | Any, last: Month | None = None) -> Board | None:
    """The board of the regencies that a user may see, up to a month; None where they may see none."""
    found = _read(user)
    if found is None:
        return None
    register, regencies = found
    ended = Month.of(timezone.localdate()) - 1
    observed = register.months()
    newest = min(observed[-1] + 1, ended) if observed else ended
    last = min(last or newest, ended)
    shown = months(last - (MONTHS_SHOWN - 1), last)
    columns = _months(register, regencies, shown)
    rows = tuple(
        (regency, tuple(column.cells[place] for column in columns)) for place, regency in enumerate(regencies)
    )
    has_earlier = bool(observed) and observed[0] < shown[0]
    return Board(
        columns, rows, shown[0] - 1 if has_earlier else None, last + MONTHS_SHOWN if last < ended else None
    )


def board_month(user: User | Any, month: Month) -> BoardMonth | None:
    """One month of the board."""
    found = _read(user)
    if found is None:
        return None
    (column,) = _months(*found, [month])
    return column


def _read(user: User | Any) -> tuple[coverage.Register, list[Regency]] | None:
    regencies = list(
        Regency.objects.active().visible_to(user).select_related("province").defer("boundary").by_code()
    )
    if not regencies:
        return None
    province: Province = regencies[0].province
    return coverage_register(province, regencies, is_working=True), regencies


def _months(
    register: coverage.Register, regencies: Sequence[Regency], shown: Sequence[Month]
) -> tuple[BoardMonth, ...]:
    arrived = _arrivals([regency.code for regency in regencies], shown)
    of_months = {"regency__in": regencies, "month__in": list(shown)}
    statuses = {
        (status.regency_id, status.month): status
        for status in PeriodStatus.objects.filter(**of_months).select_related(
            "submitted_by", "approved_by", "locked_by", "release"
        )
    }
    excepted: dict[tuple[str, Month], datetime.datetime] = {}
    valid = PeriodException.objects.valid_at(timezone.now()).filter(**of_months).order_by("valid_until")
    for exception in valid:
        excepted[exception.regency_id, exception.month] = exception.valid_until
    today = timezone.localdate()
    columns = []
    for month in shown:
        deadline = deadlines.entry_deadline(month, settings.ENTRY_DEADLINE_DAY)
        cells = []
        for regency in regencies:
            key = (regency.code, month)
            count = register.count(regency.code, month)
            arrived_on = _arrived(count, register.segments, arrived.get(key, {}))
            timeliness, days = judged(count, arrived_on, deadline, today)
            status = statuses.get(key)
            state = PeriodState(status.state) if status else PeriodState.DRAFT
            cells.append(
                BoardCell(
                    regency, month, timeliness, days, arrived_on, state, status, count, excepted.get(key)
                )
            )
        columns.append(BoardMonth(month, deadline, tuple(cells)))
    return tuple(columns)


def judged(
    count: coverage.Count, arrived_on: datetime.date | None, deadline: datetime.date, today: datetime.date
) -> tuple[Timeliness, int]:
    """How the data of a month came in, and by how many days they came, or are, late."""
    if not count.complete:
        timeliness = Timeliness.PARTIAL if count.partial else Timeliness.MISSING
        return timeliness, deadlines.days_late(today, deadline)
    if arrived_on is None:
        return Timeliness.UNDATED, 0
    late = deadlines.days_late(arrived_on, deadline)
    return (Timeliness.LATE if late else Timeliness.ON_TIME), late


_Arrived = Mapping[str | None, datetime.date]


def _arrived(count: coverage.Count, segments: Sequence[str], found: _Arrived) -> datetime.date | None:
    """The day on which the last part of what a complete count is made of came in."""
    if not count.complete:
        return None
    parts: tuple[str | None, ...] = (None,) if count.basis is coverage.Basis.TOTAL else tuple(segments)
    days = [found.get(part) for part in parts]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _arrivals(
    regencies: Sequence[str], shown: Sequence[Month]
) -> dict[tuple[str, Month], dict[str | None, datetime.date]]:
    found: dict[tuple[str, Month], dict[str | None, datetime.date]] = {}
    with replicas.figures().cursor() as cursor:
        params: dict[str, Any] = {"regencies": list(regencies), "months": [month.first for month in shown]}
        cursor.execute(_ARRIVALS, params)
        for regency, first, segment, at in cursor.fetchall():
            found.setdefault((regency, Month.of(first)), {})[segment] = timezone.localdate(at)
    return found
