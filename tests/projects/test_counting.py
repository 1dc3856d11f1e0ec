"""Counting enrollments against a plain model of the rule, person by person and month by month."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_portal.lib.periods import Month, months
from projects import counting
from projects.counting import CellKey
from projects.models import Enrollment, Project, Worker
from regions.models import Membership

pytestmark = pytest.mark.django_db
FIRST, LAST = Month(2024, 11), Month(2025, 4)
RANK = ("PU", "JAKON", "BPU", "PMI")


@dataclass(frozen=True)
class Period:
    """An enrollment as the model sees it; months from FIRST on, days given as (month, day)."""

    worker: int
    segment: str
    regency: str
    start: datetime.date
    end: datetime.date | None = None
    paid_through: datetime.date | None = None

    def covers(self, month: Month) -> bool:
        if self.start > month.last or (self.end is not None and self.end < month.last):
            return False
        if self.paid_through is None:
            return True
        grace = 3 if self.segment == "BPU" else 0
        return self.paid_through >= (month - grace).last


def expected(periods: Sequence[Period]) -> dict[CellKey, int]:
    cells: Counter[CellKey] = Counter()
    for month in months(FIRST, LAST):
        for worker in {p.worker for p in periods}:
            active = [(place, p) for place, p in enumerate(periods) if p.worker == worker and p.covers(month)]
            if active:
                _place, chosen = min(
                    active,
                    key=lambda item: (
                        -item[1].start.toordinal(),
                        RANK.index(item[1].segment),
                        item[1].regency,
                        item[0],
                    ),
                )
                cells[CellKey(chosen.regency, chosen.segment, counting.number_of(month))] += 1
    return dict(cells)


def worker(number: int) -> Worker:
    return Worker.objects.get_or_create(
        nik_sealed=number.to_bytes(4, "big"),
        defaults={"nik_last4": f"{number:04d}", "name": f"Pekerja {number}"},
    )[0]


def store(periods: Sequence[Period]) -> None:
    for p in periods:
        Enrollment.objects.create(
            worker=worker(p.worker),
            segment=p.segment,
            regency_id=p.regency,
            # An employer each, so that no two periods are of the same one.
            employer_npp=f"{Enrollment.objects.count():08d}",
            start=p.start,
            end=p.end,
            paid_through=p.paid_through,
        )


dates = st.dates(datetime.date(2024, 9, 25), datetime.date(2025, 5, 5))
periods = st.builds(
    Period,
    worker=st.integers(9001, 9003),
    segment=st.sampled_from(RANK),
    regency=st.sampled_from(["61.01", "61.04", "61.71"]),
    start=dates,
    end=st.none(),
    paid_through=st.none() | dates,
)


@st.composite
def ended(draw: st.DrawFn) -> Period:
    period = draw(periods)
    end = draw(st.none() | st.dates(period.start, datetime.date(2025, 6, 1)))
    return Period(period.worker, period.segment, period.regency, period.start, end, period.paid_through)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ended(), max_size=7))
def test_count_is_the_rule_applied_to_each_person_and_month(found: list[Period]) -> None:
    with transaction.atomic():
        store(found)

        counted = counting.count(FIRST, LAST)

        transaction.set_rollback(True)
    assert counted == expected(found)


@pytest.mark.parametrize(
    ("segment", "paid", "last"),
    [
        pytest.param("PU", datetime.date(2025, 1, 31), Month(2025, 1), id="PU up to the month paid"),
        pytest.param("PU", datetime.date(2025, 1, 30), Month(2024, 12), id="PU, a day short"),
        pytest.param("BPU", datetime.date(2024, 11, 30), Month(2025, 2), id="BPU three unpaid months more"),
        pytest.param("BPU", None, LAST, id="unknown counts as paid"),
    ],
)
def test_unpaid_workers_stop_counting(segment: str, paid: datetime.date | None, last: Month) -> None:
    store([Period(9001, segment, "61.01", datetime.date(2024, 1, 1), None, paid)])

    counted = counting.count(FIRST, LAST)

    assert {key.month for key in counted} == {counting.number_of(m) for m in months(FIRST, last)}


@pytest.mark.parametrize(
    ("paid_on", "counted_from"),
    [
        pytest.param(None, None, id="not paid"),
        pytest.param(datetime.date(2025, 2, 10), Month(2025, 2), id="from the first payment"),
        pytest.param(datetime.date(2024, 1, 10), FIRST, id="paid before the work"),
    ],
)
def test_project_workers_count_from_the_first_payment(
    paid_on: datetime.date | None, counted_from: Month | None
) -> None:
    project = Project.objects.create(
        source="contoh", name="Jembatan", regency_id="61.01", first_paid_on=paid_on
    )
    Enrollment.objects.create(
        worker=worker(9001),
        segment="JAKON",
        regency_id="61.01",
        project=project,
        start=datetime.date(2024, 6, 1),
    )

    counted = counting.count(FIRST, LAST)

    expected_months = (
        set() if counted_from is None else {counting.number_of(m) for m in months(counted_from, LAST)}
    )
    assert {key.month for key in counted} == expected_months


def test_adding_a_difference_and_taking_it_back_leaves_the_cells_as_they_were() -> None:
    Membership.objects.create(regency_id="61.01", segment="PU", month=LAST, reported=7, source="laporan")
    before = list(Membership.objects.order_by("pk").values())
    changes = {
        CellKey("61.01", "PU", counting.number_of(LAST)): 3,
        CellKey("61.04", "BPU", counting.number_of(LAST)): 2,
    }

    counting.add(changes)
    assert counting.stored() == changes
    counting.add({key: -change for key, change in changes.items()})

    assert list(Membership.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        pytest.param("2025-01-01", None, False, id="inside an open period"),
        pytest.param("2023-01-01", "2023-12-31", True, id="before it"),
        pytest.param("2023-01-01", "2024-01-01", False, id="up to its first day"),
        pytest.param("2023-01-01", None, False, id="open, from before"),
    ],
)
def test_overlapping_periods_of_one_employer_are_refused_by_the_database(
    start: str, end: str | None, allowed: bool
) -> None:
    person = worker(9001)
    common = {"worker": person, "segment": "PU", "regency_id": "61.01", "employer_npp": "AB123456"}
    Enrollment.objects.create(**common, start="2024-01-01")

    if allowed:
        Enrollment.objects.create(**common, start=start, end=end)
    else:
        with pytest.raises(IntegrityError, match="overlap"):
            Enrollment.objects.create(**common, start=start, end=end)
