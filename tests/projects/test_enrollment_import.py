"""A worker list from upload to enrollments: outcomes, what is asked, and what is refused."""

from __future__ import annotations

import pytest

from coverage_portal.intake.models import ImportBatch
from projects import counting
from projects.models import Enrollment, Worker
from tests.projects.people import member, send
from tests.sheets import confirm, undo

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def test_new_rows_become_workers_and_enrollments_and_are_counted() -> None:
    batch = send([member(1), member(2, "BPU", "Kab. Sambas", "")])
    assert (batch.state, batch.counts) == (
        State.READY,
        {"read": 2, "new": 2, "changed": 0, "same": 0, "wrong": 0, "skipped": 0},
    )

    applied = confirm(batch)

    assert applied.state == State.APPLIED
    assert Worker.objects.count() == Enrollment.objects.count() == 2
    assert counting.mismatches() == {}
    assert sum(counting.stored().values()) == 14


def test_same_file_again_changes_nothing() -> None:
    confirm(send([member(1), member(2)]))

    batch = confirm(send([member(1), member(2)]))

    assert (batch.state, batch.counts["same"]) == (State.APPLIED, 2)


def test_undo_leaves_nothing() -> None:
    batch = confirm(send([member(1), member(2)]))

    undone = undo(batch)

    assert (undone.state, undone.conflicts) == (State.UNDONE, [])
    assert not Worker.objects.exists()
    assert not Enrollment.objects.exists()
    assert counting.stored() == {}
