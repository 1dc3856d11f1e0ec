"""What a later import or a hand has changed since the wrong import stays, is left out, and is named."""

from __future__ import annotations

import datetime

import pytest

from coverage_portal.intake.models import ImportBatch
from projects import counting
from projects import services as enrolling
from projects.models import Enrollment, Worker
from tests.projects.people import member, nik, send
from tests.projects.test_correction import WITH_END, correct, edit, people
from tests.sheets import confirm, undo

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def named(batch: ImportBatch) -> list[str]:
    return [issue.message for issue in batch.issues.filter(code="correction_keeps_person").order_by("pk")]


def test_later_import_keeps_its_change_and_the_row_is_left_out() -> None:
    wrong = confirm(send([member(1), member(2), member(3)]))
    confirm(send([[*member(1), "2025-06-30"]], heading=WITH_END))

    batch = correct(wrong, [member(1, regency="Kab. Sambas"), member(2, regency="Kab. Sambas")])

    assert named(batch) == ["Dibiarkan: C… B… · ************9001 · PU · 61.71 · 15-01-2025"]
    assert (batch.counts["changed"], batch.counts["skipped"]) == (1, 1)
    confirm(batch)
    first = Enrollment.objects.get(worker__nik_last4="9001")
    assert (first.regency_id, first.end) == ("61.71", datetime.date(2025, 6, 30))
    assert Enrollment.objects.get(worker__nik_last4="9002").regency_id == "61.01"
    assert people() == {"9001", "9002"}
    assert counting.mismatches() == {}


def test_hand_edit_keeps_whom_the_corrected_file_does_not_have() -> None:
    wrong = confirm(send([member(1), member(2)]))
    edit("9001", end=datetime.date(2025, 6, 30))

    batch = correct(wrong, [member(3)])

    assert len(named(batch)) == 1
    assert batch.found["beyond"]["removed"] == 1
    confirm(batch)
    assert people() == {"9001", "9003"}
    assert counting.mismatches() == {}


def test_deleted_by_hand_stays_deleted() -> None:
    wrong = confirm(send([member(1), member(2)]))
    gone = Enrollment.objects.get(worker__nik_last4="9001")
    with enrolling.enrollments_of([gone.worker_id]):
        gone.delete()

    batch = correct(wrong, [member(1), member(2)])

    assert named(batch) == ["Dibiarkan: C… B… · ************9001"]
    assert (batch.counts["same"], batch.counts["skipped"]) == (1, 1)
    confirm(batch)
    assert Enrollment.objects.get().worker.nik_last4 == "9002"


def test_name_that_a_later_import_gave_stays_while_the_period_is_corrected() -> None:
    wrong = confirm(send([member(1, regency="Kab. Sambas")]))
    confirm(send([[nik(1), "NAMA BARU", *member(1, regency="Kab. Sambas")[2:]]]))

    batch = correct(wrong, [member(1)])

    assert named(batch) == ["Dibiarkan: N… B… · ************9001"]
    confirm(batch)
    found = Enrollment.objects.get()
    assert (found.regency_id, found.worker.name) == ("61.71", "NAMA BARU")


def test_whom_a_later_import_has_elsewhere_loses_only_the_wrong_period() -> None:
    wrong = confirm(send([member(1)]))
    later = confirm(send([member(1, "BPU", "Kab. Sambas", "")]))

    batch = confirm(correct(wrong, [member(2)]))

    assert set(Enrollment.objects.values_list("worker__nik_last4", "segment")) == {
        ("9001", "BPU"),
        ("9002", "PU"),
    }
    undo(later)
    assert people() == {"9002"}
    undo(batch)
    assert people() == {"9001"}
    undo(wrong)
    assert people() == set()


def test_whom_an_earlier_import_made_comes_back_whole_when_that_one_is_undone_first() -> None:
    earlier = confirm(send([member(1, "BPU", "Kab. Sambas", "")]))
    wrong = confirm(send([member(1)]))
    batch = confirm(correct(wrong, [member(2)]))

    undo(earlier)
    assert people() == {"9002"}
    assert undo(batch).state == State.UNDONE

    assert Enrollment.objects.get().worker.name == "CONTOH B"
    undo(wrong)
    assert people() == set()


def test_undo_of_a_correction_names_what_was_enrolled_again_since() -> None:
    wrong = confirm(send([member(1), member(2)]))
    batch = confirm(correct(wrong, [member(2)]))
    confirm(send([member(1)]))

    stopped = undo(batch)

    assert (stopped.state, stopped.conflicts) == (
        State.APPLIED,
        ["C… B… · ************9001 · PU · 61.71 · 15-01-2025"],
    )
    assert undo(batch, leave_out=True).state == State.UNDONE
    assert Enrollment.objects.count() == 2
    assert counting.mismatches() == {}


def test_period_that_was_begun_since_keeps_the_old_one_ended() -> None:
    confirm(send([member(1)]))
    wrong = confirm(send([[*member(1), "2025-02-28"]], heading=WITH_END))
    confirm(send([member(1, start="2025-03-01")]))

    batch = confirm(correct(wrong, [member(2)]))

    assert batch.state == State.APPLIED
    ends = Enrollment.objects.filter(worker__nik_last4="9001").order_by("start").values_list("end", flat=True)
    assert list(ends) == [datetime.date(2025, 2, 28), None]


def test_change_between_preview_and_confirm_makes_a_new_preview() -> None:
    wrong = confirm(send([member(1), member(2)]))
    batch = correct(wrong, [member(1, regency="Kab. Sambas")])
    edit("9002", end=datetime.date(2025, 6, 30))

    sent_back = confirm(batch)

    assert (sent_back.state, sent_back.found["beyond"]["removed"]) == (State.READY, 0)
    confirm(sent_back)
    assert Worker.objects.filter(nik_last4="9002").exists()
