"""The first payment of a project, and the workers who count from it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from coverage_portal.lib.periods import Month
from projects import counting
from projects.models import CountingHorizon, Payment, Project
from projects.services import payments_of
from regions.models import Membership
from tests.projects import records
from tests.projects.people import send
from tests.projects.test_at_once import at_once
from tests.sheets import confirm


@pytest.fixture
def project(db: None) -> Project:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    project = records.project(bpjs_number="2500000000001")
    for serial in (9001, 9002):
        records.enrolled(project, serial)
    return project


def first_paid_on(project: Project) -> datetime.date | None:
    return Project.objects.values_list("first_paid_on", flat=True).get(pk=project.pk)


def counted() -> dict[str, int]:
    cells = Membership.objects.filter(counted__gt=0, segment="JAKON").order_by("month")
    return {str(cell.month): cell.counted or 0 for cell in cells}


def test_first_payment_follows_whatever_is_done_to_payments(project: Project) -> None:
    other = records.project()

    records.payment(project, "2025-03-05")
    early = records.payment(project, "2025-02-05")
    assert first_paid_on(project) == records.day("2025-02-05")

    Payment.objects.filter(pk=early.pk).update(paid_on=records.day("2025-04-01"))
    assert first_paid_on(project) == records.day("2025-03-05")

    Payment.objects.filter(project=project).update(project=other)
    assert (first_paid_on(project), first_paid_on(other)) == (None, records.day("2025-03-05"))

    Payment.objects.all().delete()
    assert first_paid_on(other) is None


def test_cells_follow_the_first_payment(project: Project) -> None:
    assert counted() == {}

    with payments_of([project.pk]):
        records.payment(project, "2025-05-20")
    assert counted() == {"2025-05": 2, "2025-06": 2}
    assert counting.mismatches() == {}

    with payments_of([project.pk]):
        records.payment(project, "2025-04-02")
    assert counted() == {"2025-04": 2, "2025-05": 2, "2025-06": 2}

    with payments_of([project.pk]):
        records.payment(project, "2025-06-02", 5)
    assert counted() == {"2025-04": 2, "2025-05": 2, "2025-06": 2}

    with payments_of([project.pk]):
        Payment.objects.all().delete()
    assert counted() == {}
    assert counting.mismatches() == {}


def test_payment_past_the_service_is_found_by_a_recount(project: Project) -> None:
    records.payment(project, "2025-05-20")

    assert sum(counting.mismatches().values()) == 4


@pytest.mark.django_db(transaction=True)
def test_first_payment_and_a_worker_list_at_once(project: Project) -> None:
    heading = ["NIK", "Nama", "Segmen", "Nomor Proyek", "Kabupaten/Kota", "Tanggal Mulai"]
    others = [
        [f"617101170890{serial}", "CONTOH BARU", "JAKON", "2500000000001", "Ketapang", "2025-01-06"]
        for serial in range(9101, 9131)
    ]
    batch = send(others, heading=heading)
    assert batch.counts["new"] == 30

    def pay() -> None:
        with payments_of([project.pk]):
            records.payment(project, "2025-03-20")

    failures = at_once(pay, lambda: confirm(batch) and None)

    assert failures == []
    assert counting.mismatches() == {}
    assert counted()["2025-06"] == 32


@pytest.mark.django_db(transaction=True)
def test_two_payments_of_one_project_at_once(project: Project) -> None:
    def pay(day: str) -> Callable[[], None]:
        def work() -> None:
            with payments_of([project.pk]):
                records.payment(project, day)

        return work

    failures = at_once(*(pay(f"2025-0{month}-10") for month in (5, 3, 4, 6)))

    assert failures == []
    assert first_paid_on(project) == records.day("2025-03-10")
    assert counting.mismatches() == {}
    assert counted() == {"2025-03": 2, "2025-04": 2, "2025-05": 2, "2025-06": 2}


@pytest.mark.django_db(transaction=True)
def test_first_payment_waits_for_a_payment_that_is_being_written(project: Project) -> None:
    """The database by itself: without its lock on the project, the later of the two would be kept."""

    def pay_late() -> None:
        with transaction.atomic():
            records.payment(project, "2025-06-10")

    with transaction.atomic():
        records.payment(project, "2025-03-10")
        late = threading.Thread(target=lambda: (pay_late(), connections.close_all()))
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive()
    late.join(timeout=20)

    assert first_paid_on(project) == records.day("2025-03-10")
