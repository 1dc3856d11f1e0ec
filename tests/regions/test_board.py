"""The board: which data of which month came in when, and how far the month has come."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from coverage_portal.accounts.models import Change
from coverage_portal.lib.periods import Month
from regions.coverage import Basis, Count
from regions.models import Membership
from regions.selectors import board as boards
from regions.selectors.board import Timeliness, judged
from tests import factories
from tests.regions.closed import JULY, KETAPANG, closed, filled

DEADLINE = datetime.date(2025, 8, 10)


def count(members: int | None = 10, *, partial: bool = False) -> Count:
    basis = Basis.REPORTED if members is not None else Basis.MISSING
    return Count(KETAPANG, None, JULY, members, 100, 2025, basis, members is not None, partial)


@pytest.mark.parametrize(
    ("counted", "arrived", "today", "expected"),
    [
        pytest.param(count(), "2025-08-10", "2026-01-01", (Timeliness.ON_TIME, 0), id="on the deadline"),
        pytest.param(count(), "2025-08-11", "2026-01-01", (Timeliness.LATE, 1), id="a day after"),
        pytest.param(count(), None, "2026-01-01", (Timeliness.UNDATED, 0), id="nobody knows when"),
        pytest.param(count(None, partial=True), None, "2025-08-05", (Timeliness.PARTIAL, 0), id="in part"),
        pytest.param(count(None), None, "2025-08-10", (Timeliness.MISSING, 0), id="not due yet"),
        pytest.param(count(None), None, "2025-08-15", (Timeliness.MISSING, 5), id="due"),
    ],
)
def test_timeliness(
    counted: Count, arrived: str | None, today: str, expected: tuple[Timeliness, int]
) -> None:
    arrived_on = None if arrived is None else datetime.date.fromisoformat(arrived)

    assert judged(counted, arrived_on, DEADLINE, datetime.date.fromisoformat(today)) == expected


def arrived(segment: str, at: str) -> None:
    """Put into the history when a figure first came, and that it was changed later."""
    cell = Membership.objects.get(regency=KETAPANG, segment=segment, month=JULY)
    for day in (at, "2025-12-01"):
        Change.objects.create(
            at=timezone.make_aware(datetime.datetime.fromisoformat(day)),
            source="import",
            model="regions.membership",
            object_id=str(cell.pk),
            after={"reported": cell.reported},
        )


@pytest.mark.django_db
@time_machine.travel("2025-12-20 03:00 +0000")
def test_board_judges_by_the_last_part_that_came(django_assert_num_queries: object) -> None:
    filled()
    factories.membership(factories.regency("61.01"), 5, segment="PU")
    for segment, at in (("PU", "2025-08-02"), ("BPU", "2025-08-13"), ("JAKON", "2025-08-09")):
        arrived(segment, at)
    closed(KETAPANG, is_locked=True)
    reader = factories.user("pembaca", "61")

    found = boards.board(reader, Month(2025, 8))

    assert found is not None
    assert [str(column.month) for column in found.months] == [f"2025-0{n}" for n in range(3, 9)]
    july = {cell.regency.code: cell for cell in found.months[4].cells}
    assert (july[KETAPANG].timeliness, july[KETAPANG].days) == (Timeliness.LATE, 3)
    assert (july[KETAPANG].state, july[KETAPANG].is_closed) == ("locked", True)
    assert july["61.01"].timeliness is Timeliness.PARTIAL
    assert (july["61.03"].timeliness, july["61.03"].days) == (Timeliness.MISSING, 132)
    assert (found.months[4].complete, found.months[4].closed, found.months[4].on_time) == (1, 1, 0)


@pytest.mark.django_db
@time_machine.travel("2025-12-20 03:00 +0000")
def test_board_ends_with_the_month_after_the_last_data(settings: object) -> None:
    filled()

    found = boards.board(factories.user("pembaca", "61"))

    assert found is not None
    assert (str(found.last.month), str(found.later)) == ("2025-08", "2026-02")
    assert found.earlier is None


@pytest.mark.django_db
def test_board_costs_the_same_queries_however_much_there_is(django_assert_num_queries) -> None:
    reader = factories.user("pembaca", "61")
    _ = reader.scope
    filled()
    with django_assert_num_queries(6):
        boards.board(reader, JULY)
    for code in ("61.01", "61.02"):
        for month in ("2025-05", "2025-06", "2025-07"):
            filled(code, month)
    closed(KETAPANG, "61.01")

    with django_assert_num_queries(6):
        boards.board(reader, JULY)
