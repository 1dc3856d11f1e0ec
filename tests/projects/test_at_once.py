"""Several writers at one time: nobody is lost, counted twice, or kept waiting in a circle."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from projects import counting, horizon, known
from projects import services as writing
from projects.models import Enrollment, Worker
from projects.plan import Plan
from projects.sealing import nik_sealer
from tests.projects.people import member, nik_of_many, send
from tests.sheets import confirm
from tests.soaking import number, say

pytestmark = pytest.mark.django_db(transaction=True)

SHORT = 30
"""Rows of each of the lists that are confirmed at once; the long form has ten thousand."""


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
        thread.join(timeout=240)
    return failures


def confirmed(rows: list[list[Any]]) -> Callable[[], None]:
    """The worker's part of a confirm, ready to be done at one time with others."""
    batch = send(rows)
    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False, wake=False)

    def apply() -> None:
        jobs.advance(batch.pk)

    return apply


def one_of_many(number: int) -> list[Any]:
    return [nik_of_many(number), *member(number)[1:]]


def overlapping(lists: int, length: int) -> tuple[list[Callable[[], None]], set[int]]:
    """Lists of which each shares most people with the next one, every second one upside down; and whom."""
    works, people = [], set[int]()
    for turn in range(lists):
        first = turn * length // SHORT
        listed = range(first, first + length)
        works.append(confirmed([one_of_many(person) for person in listed[:: -1 if turn % 2 else 1]]))
        people.update(listed)
    return works, people


@pytest.mark.usefixtures("_read_in_process")
def test_twenty_overlapping_lists_confirmed_at_once_are_all_applied() -> None:
    length = number("ROWS", SHORT, 10_000)
    # Half of the people are there before: some workers are locked, others made by whoever comes first.
    confirm(send([one_of_many(person) for person in range(0, length * 49 // SHORT, 2)]))
    works, people = overlapping(20, length)
    began = time.monotonic()

    failures = at_once(*works)

    say(f"20 lists of {length} rows over {len(people)} people at once: {time.monotonic() - began:.1f} s")
    assert failures == []
    states = set(ImportBatch.objects.values_list("state", flat=True))
    assert states == {ImportBatch.State.APPLIED}
    expected = {nik_of_many(person) for person in people}
    assert len(expected) == len(people) == length * 49 // SHORT
    stored = list(Enrollment.objects.values_list("worker__nik_sealed", "regency_id", "segment"))
    opened = nik_sealer().open
    assert {(opened(kept), regency, segment) for kept, regency, segment in stored} == {
        (person, "61.71", "PU") for person in expected
    }
    assert (Worker.objects.count(), len(stored)) == (len(people), len(people))
    told = sum(batch.counts["new"] for batch in ImportBatch.objects.all())
    assert told == len(people), "each person is told of as new by the one list that brought them"
    assert sum(counting.stored().values()) == len(people) * 7
    assert counting.mismatches() == {}


@pytest.mark.usefixtures("_read_in_process")
@pytest.mark.parametrize(
    ("order", "goes_wrong"),
    [("w.id", False), ("md5(w.id::text || pg_backend_pid())", True)],
    ids=["in id order", "control arm: in any order"],
)
def test_workers_locked_slowly_make_a_circle_only_when_unsorted(
    order: str, goes_wrong: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(send([member(number) for number in range(12)]))
    works = [
        confirmed([member(number, regency=regency) for number in range(12)])
        for regency in ("Kab. Sambas", "Kab. Landak", "Kab. Melawi", "Kab. Sekadau")
    ]
    slow = known.LOCK.replace("SELECT w.id,", "SELECT pg_sleep(0.03)::text AS pause, w.id,")
    assert slow != known.LOCK
    monkeypatch.setattr(known, "LOCK", slow.replace("ORDER BY w.id", f"ORDER BY {order}"))
    lock, seen, all_here = known.lock, threading.local(), threading.Barrier(len(works))

    def lock_together(plan: Plan) -> None:
        """Begin when all are there, however late a busy machine lets one come; again, as ever."""
        if not hasattr(seen, "before"):
            seen.before = True
            all_here.wait(timeout=20)
        lock(plan)

    monkeypatch.setattr(known, "lock", lock_together)

    failures = at_once(*works)

    assert ("OperationalError" in failures) == goes_wrong
    assert counting.mismatches() == {}


def test_control_arm_without_the_locks_two_imports_miscount(monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(send([member(number) for number in range(5)]))
    works = [confirmed([member(1, regency=regency)]) for regency in ("Kab. Sambas", "Kab. Landak")]
    both_have_counted = threading.Barrier(2)
    count, seen = horizon.count_affected, threading.local()

    def count_together(held: horizon.Horizon) -> counting.Cells:
        found = count(held)
        if not hasattr(seen, "before"):
            seen.before = found
            both_have_counted.wait(timeout=20)
        return found

    monkeypatch.setattr(known, "LOCK", known.LOCK.replace("FOR NO KEY UPDATE", ""))
    monkeypatch.setattr(horizon, "count_affected", count_together)

    failures = at_once(*works)

    assert failures == []
    assert counting.mismatches() != {}


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
