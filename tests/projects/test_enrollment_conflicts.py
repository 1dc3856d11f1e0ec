"""Rows against each other and against what is stored: repeats, overlaps, other areas, later changes."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from projects import counting, services
from projects.models import Enrollment, StagedEnrollment, Worker
from tests.imports import staff
from tests.projects.people import HEADING, member, nik, send
from tests.sheets import codes, confirm, undo

pytestmark = pytest.mark.django_db
State = ImportBatch.State
WITH_END = [*HEADING, "Tanggal Berakhir"]


@pytest.fixture
def sambas() -> User:
    return staff("petugas.sambas", "61.01")


def said(batch: ImportBatch, severity: str = "error") -> dict[int | None, tuple[str, str]]:
    return {i.row_number: (i.code, i.message) for i in batch.issues.filter(severity=severity)}


def test_same_key_with_other_content_refuses_both_rows_by_number() -> None:
    batch = send([member(1), member(2), member(1, regency="Kab. Sambas")])

    errors = said(batch)
    assert {row: code for row, (code, _message) in errors.items()} == {2: "duplicate_key", 4: "duplicate_key"}
    assert "juga ada di baris 4" in errors[2][1]
    assert "juga ada di baris 2" in errors[4][1]
    assert (batch.counts["wrong"], batch.counts["new"]) == (2, 1)


def test_one_nik_with_two_names_refuses_both() -> None:
    other = [nik(1), "ORANG LAIN", *member(1, "BPU", npp="")[2:]]

    batch = send([member(1), other])

    assert codes(batch) == ["person_differs", "person_differs"]


def test_rows_that_overlap_in_the_file_are_refused() -> None:
    batch = send([member(1, start="2025-01-01"), member(1, start="2025-03-01"), member(2)])

    assert codes(batch) == ["overlap_in_file", "overlap_in_file"]


def test_row_that_ends_the_old_period_makes_room_for_the_new_one() -> None:
    confirm(send([member(1)]))

    batch = send([[*member(1), "2025-02-28"], [*member(1, start="2025-03-01"), ""]], heading=WITH_END)
    confirm(batch)

    assert (batch.counts["changed"], batch.counts["new"], batch.counts["wrong"]) == (1, 1, 0)
    assert Enrollment.objects.count() == 2
    assert counting.mismatches() == {}


def test_overlap_with_a_stored_period_names_it() -> None:
    confirm(send([member(1)]))

    batch = send([member(1, start="2025-03-01")])

    assert said(batch)[2] == (
        "overlap",
        "Orang ini sudah tercatat di segmen dan pemberi kerja yang sama sejak 15-01-2025. "
        "Periksa tanggal mulainya, atau isi dahulu tanggal berakhir yang lama.",
    )


def test_without_start_column_open_periods_are_matched_and_new_ones_begin_on_the_date_given() -> None:
    confirm(send([member(1)]))
    rows = [member(n)[:5] for n in (1, 2)]

    batch = confirm(send(rows, heading=HEADING[:5], start_date="2025-07-01"))

    assert (batch.counts["same"], batch.counts["new"]) == (1, 1)
    starts = dict(Enrollment.objects.values_list("worker__nik_last4", "start"))
    assert starts == {"9001": datetime.date(2025, 1, 15), "9002": datetime.date(2025, 7, 1)}


def test_rows_beyond_ones_area_are_refused(sambas: User) -> None:
    batch = send([member(1), member(2, regency="Kab. Sambas")], user=sambas)

    assert codes(batch) == ["area_out_of_scope"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(member(1, regency="Kab. Sambas"), id="the same period, to be moved"),
        pytest.param(member(1, regency="Kab. Sambas", start="2025-03-01"), id="a period that overlaps"),
    ],
)
def test_another_areas_enrollment_is_neither_overwritten_nor_told_of(row: list[Any], sambas: User) -> None:
    confirm(send([member(1)]))

    batch = send([row], user=sambas)

    assert said(batch) == {
        2: ("needs_verification", "NIK ini perlu diverifikasi oleh provinsi. Hubungi admin portal.")
    }


def test_person_known_elsewhere_looks_like_anybody_new_and_keeps_their_name(sambas: User) -> None:
    confirm(send([member(1)]))
    row = [nik(1), "NAMA LAIN", "BPU", "Kab. Sambas", "", "2025-02-01"]

    batch = send([row], user=sambas)

    assert (batch.counts["new"], codes(batch, "warning")) == (1, ["paid_unknown"])
    confirm(batch)
    assert Worker.objects.get().name == "CONTOH B"


def test_person_active_elsewhere_is_told_to_whoever_sees_both() -> None:
    confirm(send([member(1)]))

    batch = send([member(1, "BPU", "Kab. Sambas", "")])

    assert said(batch, "warning")[2] == (
        "active_elsewhere",
        "Orang ini sedang aktif juga di PU, 61.71.",
    )


def test_undo_stops_at_a_hand_edit_and_names_it_masked() -> None:
    batch = confirm(send([member(1), member(2)]))
    edited = Enrollment.objects.get(worker__nik_last4="9001")
    with services.enrollments_of([edited.worker_id]):
        edited.end = datetime.date(2025, 6, 30)
        edited.save()

    stopped = undo(batch)

    assert (stopped.state, stopped.conflicts) == (
        State.APPLIED,
        ["C… B… · ************9001 · PU · 61.71 · 15-01-2025"],
    )
    left_out = undo(batch, leave_out=True)
    assert left_out.state == State.UNDONE
    assert list(Enrollment.objects.values_list("worker__nik_last4")) == [("9001",)]
    assert counting.mismatches() == {}


def test_undo_stops_where_a_later_period_took_the_place() -> None:
    confirm(send([member(1)]))
    ended = confirm(send([[*member(1), "2025-02-28"]], heading=WITH_END))
    confirm(send([member(1, start="2025-03-01")]))

    assert len(undo(ended).conflicts) == 1


def test_preview_that_would_do_otherwise_by_now_is_made_anew() -> None:
    confirm(send([member(1)]))
    waiting = send([member(1, regency="Kab. Sambas")])
    confirm(send([member(1, regency="Kab. Landak")]))

    sent_back = confirm(waiting)

    assert sent_back.state == State.READY
    assert sent_back.preview != waiting.preview
    assert Enrollment.objects.get().regency_id == "61.08"


def test_preview_whose_staged_rows_are_gone_is_made_anew() -> None:
    waiting = send([member(1)])
    StagedEnrollment.objects.all().delete()

    sent_back = confirm(waiting)

    assert sent_back.state == State.READY
    assert confirm(sent_back).state == State.APPLIED
    assert Enrollment.objects.count() == 1


def test_same_file_again_writes_nothing() -> None:
    confirm(send([member(1), member(2)]))
    before = list(Enrollment.objects.extra(select={"xmin": "xmin"}).values("pk", "xmin"))

    confirm(send([member(1), member(2)]))

    assert list(Enrollment.objects.extra(select={"xmin": "xmin"}).values("pk", "xmin")) == before
