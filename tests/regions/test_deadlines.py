"""Where a promise stands on a day, to the day."""

from __future__ import annotations

import datetime

import pytest

from regions.deadlines import Stage, stage
from regions.models import Commitment
from tests import factories

ON = datetime.date(2025, 11, 27)
EDGES = [
    ("berjalan", "2025-11-26", Stage.OVERDUE),
    ("berjalan", "2025-11-27", Stage.DUE_SOON),
    ("berjalan", "2025-12-27", Stage.DUE_SOON),
    ("berjalan", "2025-12-28", Stage.RUNNING),
    ("selesai", "2025-11-26", Stage.DONE),
    ("batal", "2025-11-26", Stage.CANCELLED),
]
IDS = ["yesterday", "due today", "in 30 days", "in 31 days", "done, past due", "called off, past due"]


@pytest.mark.parametrize(("status", "due_on", "expected"), EDGES, ids=IDS)
def test_stage_on_a_day(status: str, due_on: str, expected: Stage) -> None:
    assert stage(status, datetime.date.fromisoformat(due_on), ON) is expected


@pytest.mark.django_db
@pytest.mark.parametrize("wanted", Stage)
def test_database_finds_the_same_as_the_arithmetic(wanted: Stage) -> None:
    sambas = factories.regency("61.01")
    for status, due_on, _expected in EDGES:
        closing = {} if status == "berjalan" else {"closed_on": ON, "closing_note": "x"}
        factories.commitment(sambas, due_on, status=status, **closing)

    found = Commitment.objects.in_stage(wanted, ON).values_list("status", "due_on")

    assert sorted(found) == sorted(
        (status, datetime.date.fromisoformat(due_on)) for status, due_on, each in EDGES if each is wanted
    )


@pytest.mark.django_db
def test_most_urgent_comes_first_and_the_latest_closed_after_all_open() -> None:
    sambas = factories.regency("61.01")
    for due_on in ("2026-03-01", "2025-10-01", "2025-12-01"):
        factories.commitment(sambas, due_on, promise=due_on)
    for day in (1, 20):
        closing = {"closed_on": datetime.date(2025, 11, day), "closing_note": "x"}
        factories.commitment(sambas, "2025-09-01", promise=f"closed {day}", status="selesai", **closing)

    found = Commitment.objects.most_urgent_first().values_list("promise", flat=True)

    assert list(found) == ["2025-10-01", "2025-12-01", "2026-03-01", "closed 20", "closed 1"]
