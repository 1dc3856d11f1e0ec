"""Single rows of a worker list: what is refused, warned of, kept, and shown of it."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from coverage_portal.intake import error_file, sealed
from projects.models import Enrollment, Project, Worker
from tests.projects.people import HEADING, member, nik, person, send, send_xlsx
from tests.sheets import codes, confirm, undo

pytestmark = pytest.mark.django_db
GOOD = member(1)


def changed(place: int, cell: Any) -> list[Any]:
    return [*GOOD[:place], cell, *GOOD[place + 1 :]]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(changed(0, "6171011708909001 7"), "nik_wrong_length", id="17 digits"),
        pytest.param(changed(0, "6.17101E+15"), "nik_excel_rounded", id="rounded by Excel"),
        pytest.param(changed(0, "617101170890900I"), "nik_not_digits", id="a letter"),
        pytest.param(changed(0, ""), "nik_blank", id="no NIK"),
        pytest.param(changed(1, ""), "name_blank", id="no name"),
        pytest.param(changed(1, "A" * 121), "name_too_long", id="long name"),
        pytest.param(changed(2, "XYZ"), "segment_unknown", id="segment"),
        pytest.param(changed(3, "Atlantis"), "unknown_name", id="regency"),
        pytest.param(changed(3, "Kalimantan Barat"), "regency_is_province", id="province"),
        pytest.param(changed(4, "12"), "npp_malformed", id="NPP"),
        pytest.param(changed(5, "31/02/2025"), "date_impossible", id="a day that is not"),
        pytest.param(changed(5, ""), "start_missing", id="no start"),
    ],
)
def test_wrong_cell_refuses_its_row(row: list[Any], code: str) -> None:
    batch = send([row, member(2)])

    assert (codes(batch), batch.counts["wrong"], batch.counts["new"]) == ([code], 1, 1)


def test_number_cell_that_may_be_rounded_is_refused() -> None:
    batch = send_xlsx([HEADING, [6171011708909010, *GOOD[1:]], member(2)])

    assert codes(batch) == ["nik_excel_rounded"]


def test_end_before_start_is_refused() -> None:
    batch = send([[*GOOD, "2025-01-14"]], heading=[*HEADING, "Tanggal Berakhir"])

    assert codes(batch) == ["end_before_start"]


def test_what_takes_several_cells_is_not_told_while_one_of_them_is_wrong() -> None:
    batch = send([[*changed(4, "12"), "2025-01-14"]], heading=[*HEADING, "Tanggal Berakhir"])

    assert codes(batch) == ["npp_malformed"]


def test_every_problem_of_a_row_is_told_at_once() -> None:
    batch = send([["12", "", "X", "Atlantis", "1", "kemarin"]])

    assert sorted(codes(batch)) == [
        "date_unreadable",
        "name_blank",
        "nik_wrong_length",
        "npp_malformed",
        "segment_unknown",
        "unknown_name",
    ]


def test_personal_values_are_shown_masked() -> None:
    bad = [f"{nik(1)}7", "Contoh12345678901 Orang", "PU", nik(2), "AB123456", "x"]
    batch = send([bad])

    shown = {issue.column: issue.value for issue in batch.issues.filter(row_number=2)}

    assert shown == {
        "NIK": f"{'•' * 13}0017",
        "Nama": "C… O…",
        "Kabupaten/Kota": f"{'•' * 12}9002",
        "Tanggal Mulai": "x",
    }


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        pytest.param("Jenis Kelamin", "P", "nik_sex_differs", id="sex"),
        pytest.param("Tanggal Lahir", "18-08-1990", "nik_birth_date_differs", id="birth date"),
        pytest.param("Nomor KPJ", "2500000001", "kpj_length", id="KPJ of ten digits"),
        pytest.param("Kelompok Pekerjaan", "Astronaut", "occupation_unknown", id="occupation"),
    ],
)
def test_doubtful_cell_is_a_warning(heading: str, cell: str, code: str) -> None:
    batch = send([[*GOOD, cell]], heading=[*HEADING, heading])

    assert codes(batch) == []
    assert code in codes(batch, "warning")
    assert batch.counts["new"] == 1


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        pytest.param("Jenis Kelamin", "L", id="sex"),
        pytest.param("Tanggal Lahir", "17/08/1990", id="birth date"),
        pytest.param("Tanggal Lahir", "17/08/90", id="short year"),
    ],
)
def test_cell_that_agrees_with_the_nik_is_no_warning(heading: str, cell: str) -> None:
    batch = send([[*GOOD, cell]], heading=[*HEADING, heading])

    assert codes(batch, "warning") == ["paid_unknown"]


def test_women_have_forty_added_to_the_day() -> None:
    row = [nik(3, birth="570890"), "CONTOH PUAN", *GOOD[2:], "P", "17-08-1990"]
    batch = send([row], heading=[*HEADING, "Jenis Kelamin", "Tanggal Lahir"])

    assert codes(batch, "warning") == ["paid_unknown"]


def test_totals_notes_and_numbered_empty_rows_are_skipped() -> None:
    heading = ["No", *HEADING]
    rows = [
        ["1", *GOOD],
        ["2", *[""] * 6],
        ["JUMLAH", *[""] * 6],
        ["", "", "", "", "", "", ""],
        ["", "", "Kepala Cabang", "", "", "", ""],
    ]

    batch = send(rows, heading=heading)

    assert (batch.counts["new"], batch.counts["skipped"], batch.counts["wrong"]) == (1, 3, 0)


def test_row_of_a_project_takes_segment_and_regency_from_it() -> None:
    project = Project.objects.create(
        source="contoh", name="Jembatan Kapuas", bpjs_number="2500000000001", regency_id="61.12"
    )
    batch = send(
        [person(1, "2500000000001", "2025-02-01")],
        heading=["NIK", "Nama", "Nomor Proyek", "Tanggal Mulai"],
        segment="JAKON",
    )

    confirm(batch)

    stored = Enrollment.objects.get()
    assert (stored.project, stored.segment, stored.regency_id) == (project, "JAKON", "61.12")


def test_unknown_project_is_refused() -> None:
    batch = send([[*GOOD[:2], "JAKON", *GOOD[3:], "2599"]], heading=[*HEADING, "Nomor Proyek"])

    assert codes(batch) == ["project_unknown"]


def test_blank_cells_keep_what_is_stored() -> None:
    heading = [*HEADING, "Nomor KPJ", "Pembayar Iuran", "Tanggal Berakhir"]
    confirm(send([[*GOOD, "25000000001", "APBD", "2025-12-31"]], heading=heading))

    batch = confirm(send([[*GOOD, "", "", ""]], heading=heading))

    stored = Enrollment.objects.select_related("worker").get()
    assert batch.counts["same"] == 1
    assert (stored.funding, f"{stored.end}", stored.worker.kpj) == ("apbd", "2025-12-31", "25000000001")


def test_change_shows_old_and_new_and_undo_gives_the_old_back() -> None:
    confirm(send([GOOD]))
    before = list(Enrollment.objects.values()) + list(Worker.objects.values("name"))

    batch = send([[GOOD[0], "CONTOH BARU", "PU", "Kab. Sambas", *GOOD[4:]]])

    sample = batch.records.get()
    shown = sealed.opened(sample.after, sealed.sample(batch.pk, sample.row_number))
    assert (sample.outcome, shown["before"]["name"], shown["after"]["name"]) == (
        "changed",
        "CONTOH B",
        "CONTOH BARU",
    )
    assert (shown["before"]["regency"], shown["after"]["regency"]) == ("61.71", "61.01")
    confirm(batch)
    assert Enrollment.objects.get().regency_id == "61.01"
    undo(batch)
    assert list(Enrollment.objects.values()) + list(Worker.objects.values("name")) == before


def test_error_file_has_the_refused_rows_with_their_cells_but_no_wages() -> None:
    heading = [*HEADING, "Upah", "Alamat"]
    batch = send(
        [[*changed(5, "kemarin"), "3.000.000", "Jl. Contoh 1"], [*member(2), "1", "x"]], heading=heading
    )

    with error_file.write(batch) as file:
        rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))

    assert rows[0] == (*heading, "Kesalahan")
    assert rows[1][:8] == (*changed(5, "kemarin"), None, "Jl. Contoh 1")
    assert "Tanggal tidak dapat dibaca" in str(rows[1][8])
    assert len(rows) == 2
