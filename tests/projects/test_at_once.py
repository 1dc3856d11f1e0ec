"""Several writers at one time: nobody is lost, counted twice, or kept waiting in a circle."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from projects import counting
from projects import services as writing
from projects.models import Enrollment, Worker
from tests.projects.people import member, send
from tests.sheets import confirm

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], None]) -> list[str]:
    """Run all at one time, each with its own connection; what went wrong, by name."""
    failures: list[str] = []
    ready = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        try:
            ready.wait(timeout=20)
            work()
        except Exception as error:
            failures.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return failures


def test_overlapping_lists_confirmed_at_once_are_all_applied() -> None:
    batches = []
    for first in range(6):
        rows = [member(number) for number in range(first, first + 10)]
        rows.sort(key=lambda row: row[0], reverse=bool(first % 2))
        batches.append(send(rows))

    for batch in batches:
        services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False, wake=False)
    failures = at_once(*(lambda pk=batch.pk: jobs.advance(pk) and None for batch in batches))

    assert failures == []
    states = set(ImportBatch.objects.values_list("state", flat=True))
    assert states == {ImportBatch.State.APPLIED}
    assert (Worker.objects.count(), Enrollment.objects.count()) == (15, 15)
    assert counting.mismatches() == {}


def test_two_edits_of_one_worker_cannot_make_periods_overlap() -> None:
    confirm(send([member(1)]))
    worker = Worker.objects.get()
    Enrollment.objects.update(end=datetime.date(2025, 1, 31))

    def begin(day: int) -> Callable[[], None]:
        def add() -> None:
            with writing.enrollments_of([worker.pk]):
                Enrollment.objects.create(
                    worker=worker,
                    segment="PU",
                    regency_id="61.71",
                    employer_npp="AB123456",
                    start=datetime.date(2025, 3, day),
                )

        return add

    failures = at_once(begin(1), begin(2))

    assert failures == ["IntegrityError"]
    assert Enrollment.objects.count() == 2
    writing_right = counting.mismatches()
    # The end was set past the services; only that is off.
    assert all(key.month > 2025 * 12 + 1 for key in writing_right)


def test_the_trigger_alone_lets_two_overlap() -> None:
    """The control: without the lock on the worker, each writer sees only its own period."""
    confirm(send([member(1)]))
    worker = Worker.objects.get()
    Enrollment.objects.update(end=datetime.date(2025, 1, 31))
    both_inside = threading.Barrier(2)

    def begin(day: int) -> Callable[[], None]:
        def add() -> None:
            with transaction.atomic():
                Enrollment.objects.create(
                    worker=worker,
                    segment="PU",
                    regency_id="61.71",
                    employer_npp="AB123456",
                    start=datetime.date(2025, 3, day),
                )
                both_inside.wait(timeout=20)

        return add

    failures = at_once(begin(1), begin(2))

    assert failures == []
    assert Enrollment.objects.count() == 3


def test_an_import_and_an_edit_of_one_worker_count_right() -> None:
    confirm(send([member(1), member(2)]))
    batch = send([[*member(1)[:3], "Kab. Sambas", *member(1)[4:]], member(2)])
    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False, wake=False)
    second = Enrollment.objects.get(worker__nik_last4="9002")

    def end() -> None:
        with writing.enrollments_of([second.worker_id]):
            second.end = datetime.date(2025, 5, 31)
            second.save()

    failures = at_once(end, lambda: jobs.advance(batch.pk) and None)

    assert failures == []
    assert counting.mismatches() == {}
