"""Project lists row by row: what is refused and why, and how a row finds its project."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from coverage_portal.accounts.models import Change
from projects.models import Contractor, Enrollment, Project, ProjectRegency, Worker
from tests.imports import staff
from tests.projects import records
from tests.sheets import codes, confirm, csv_bytes, undo, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_read_in_process")]

HEADING = ["Kode Paket", "Nama Proyek", "Kabupaten/Kota"]


def send(rows: list[list[Any]], *, heading: list[str] = HEADING, user: Any = None, **options: str) -> Any:
    return upload("project", csv_bytes([heading, *rows]), name="proyek.csv", user=user, **options)


def one(**cells: Any) -> Any:
    """A list with one project and these further columns."""
    names = [name.replace("_", " ") for name in cells]
    return send([["1", "Jembatan", "Ketapang", *cells.values()]], heading=[*HEADING, *names])


def project(batch: Any) -> Project:
    assert codes(batch) == []
    confirm(batch)
    return Project.objects.get()


def test_row_with_everything() -> None:
    records.agency()
    cells = {
        "Kode Instansi": "61.PUPR",
        "Penyedia": "PT Contoh Karya",
        "NPWP": "01.136.897.4-541.000",
        "Sumber Dana": "APBD Provinsi",
        "Tanggal SPK": "15-01-2025",
        "Nilai Kontrak": "2,4 M",
        "Termasuk PPN": "ya",
        "Tarif PPN (%)": "11 %",
        "Mulai": "20 Januari 2025",
        "Selesai (PHO)": "20-08-2025",
        "FHO": "20-02-2026",
        "Jumlah TK": "25",
        "Nomor Proyek BPJS": "2500000000001",
    }

    stored = project(one(**cells))

    assert stored.agency is not None
    assert stored.contractor is not None
    assert (stored.agency.code, stored.contractor.npwp) == ("61.PUPR", records.NPWP)
    assert (stored.contract_value, stored.vat_included, stored.vat_rate) == (
        Decimal("2400000000.00"),
        True,
        Decimal("11.00"),
    )
    assert (stored.spk_date, stored.maintenance_end) == (
        datetime.date(2025, 1, 15),
        datetime.date(2026, 2, 20),
    )
    assert (stored.fund_source, stored.planned_workers) == ("apbd_prov", 25)
    assert (stored.regency_id, stored.source) == ("61.04", "Berkas proyek.csv")
    assert stored.registered_on is None
    assert stored.wages_known is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp 2.711.780.000,00", "2711780000.00"),
        ("  Rp. 4.978.128.000,00", "4978128000.00"),
        ("954,5 Jt", "954500000.00"),
        ("2,4 M", "2400000000.00"),
        ("1.000 Jt", "1000000000.00"),
        ("  Nilai Kontrak belum dibuat", None),
        ("nan", None),
        ("-", None),
    ],
)
def test_contract_values_as_they_are_written(text: str, value: str | None) -> None:
    stored = project(one(Nilai_Kontrak=text))

    assert stored.contract_value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Nilai_Kontrak": "0"}, "zero"),
        ({"Nilai_Kontrak": "Rp 0,00"}, "zero"),
        ({"Nilai_Kontrak": "-5.000.000"}, "negative"),
        ({"Nilai_Kontrak": "1.000.000.000.000.001"}, "too_big"),
        ({"Nilai_Kontrak": "99999999999999999999"}, "too_big"),
        ({"Nilai_Kontrak": "banyak"}, "not_a_number"),
        ({"Mulai": "01-02-2025", "Selesai": "31-01-2025"}, "dates_reversed"),
        ({"Selesai": "01-02-2025", "FHO": "31-01-2025"}, "dates_reversed"),
        ({"Mulai": "01-02-2025", "FHO": "31-01-2025"}, "dates_reversed"),
        ({"Tanggal_SPK": "31-02-2025"}, "date_impossible"),
        ({"Kode_Instansi": "61.XXXX"}, "agency_unknown"),
        ({"Instansi": "Dinas yang Tidak Ada"}, "agency_unknown"),
        ({"Penyedia": "PT A", "NPWP": "01.136.897.5-541.000"}, "npwp_check_digit"),
        ({"NPWP": "01.136.897.4-541.000"}, "contractor_unnamed"),
        ({"Jumlah_TK": "0"}, "workers_out_of_range"),
        ({"Jumlah_Upah": "5.000.000"}, "wages_not_known"),
        ({"Termasuk_PPN": "mungkin"}, "not_yes_or_no"),
        ({"Sumber_Dana": "kas RT"}, "fund_source_unknown"),
        ({"Jenis_Pekerjaan": "katering"}, "work_unknown"),
    ],
)
def test_row_that_cannot_be_taken(cells: dict[str, Any], code: str) -> None:
    batch = one(**cells)

    assert codes(batch) == [code]
    assert (batch.counts["wrong"], batch.counts["new"]) == (1, 0)


@pytest.mark.parametrize("language", ["id", "en"])
def test_refusal_of_a_word_names_words_that_are_taken(language: str) -> None:
    with translation.override(language):
        issue = one(Sumber_Dana="kas RT").issues.get(code="fund_source_unknown")

    words = issue.params["known"].split(", ")
    assert words[:4] == ["APBN", "APBD (belum dirinci)", "APBD provinsi", "APBD kabupaten/kota"]
    for word in words:
        assert codes(one(Sumber_Dana=word)) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["1", "Jembatan", "Atlantis"], "unknown_name"),
        (["1", "", "Ketapang"], "name_missing"),
        (["1", "J" * 501, "Ketapang"], "too_long"),
    ],
)
def test_row_without_a_place_or_name(row: list[str], code: str) -> None:
    assert code in codes(send([row]))


def test_npwp_of_a_person_is_not_kept_nor_shown() -> None:
    batch = one(Penyedia="CV Perorangan", NPWP="6171011708909001")

    said = batch.issues.get(code="npwp_is_nik")
    assert (said.severity, said.value) == ("warning", "")
    assert project(batch).contractor.npwp == ""  # type: ignore[union-attr]


def test_regency_outside_ones_areas_is_an_error() -> None:
    ketapang = staff("ketapang", "61.04")

    batch = send(
        [["1", "Jembatan", "Ketapang"], ["2", "Jalan", "Sambas"], ["3", "Gedung", ""]], user=ketapang
    )

    assert codes(batch) == ["area_out_of_scope", "area_out_of_scope"]
    assert (batch.counts["new"], batch.counts["wrong"]) == (1, 2)
    assert codes(send([["2", "Jalan", "Sambas"]], user=staff("provinsi", "61"))) == []


def test_project_of_another_area_is_not_taken_over() -> None:
    records.project("Jalan", "61.01", package_code="2")

    batch = send([["2", "Jalan", "Ketapang"]], user=staff("ketapang", "61.04"))

    assert codes(batch) == ["area_out_of_scope"]


def test_list_for_one_area_leaves_out_the_rest_and_says_so() -> None:
    rows = [
        ["1", "Jembatan", "Ketapang"],
        ["2", "Jalan", "Sambas"],
        ["3", "Gedung", ""],
        ["4", "Pasar", "Atlantis"],
    ]

    batch = send(rows, area="61.04")

    assert (batch.counts["new"], batch.counts["skipped"], batch.counts["wrong"]) == (1, 2, 1)
    skipped = batch.rows.filter(outcome="skipped").order_by("number")
    assert [(row.number, row.reason) for row in skipped] == [
        (3, "di luar wilayah yang dipilih"),
        (4, "di luar wilayah yang dipilih"),
    ]


def test_only_construction_is_taken_from_a_tender_list() -> None:
    rows = [
        ["1", "Jembatan", "Ketapang", "Pekerjaan Konstruksi"],
        ["2", "Komputer", "Ketapang", "Pengadaan Barang"],
        ["3", "Rencana", "Ketapang", "Jasa Konsultansi Badan Usaha Konstruksi"],
        ["4", "Kajian", "Ketapang", "Jasa Konsultansi Badan Usaha Non Konstruksi"],
    ]

    batch = send(rows, heading=[*HEADING, "Kategori"])
    confirm(batch)

    assert list(Project.objects.order_by("pk").values_list("package_code", "work")) == [
        ("1", "pelaksanaan"),
        ("3", ""),
    ]


def test_duplicates_are_by_code_and_not_by_name() -> None:
    same_name = send([["1", "Jembatan", "Ketapang"], ["2", "Jembatan", "Ketapang"]])
    same_code = send([["1", "Jembatan", "Ketapang"], ["1", "Jalan", "Ketapang"]])

    assert (codes(same_name), same_name.counts["new"]) == ([], 2)
    assert codes(same_code) == ["duplicate_key", "duplicate_key"]


def test_contract_far_above_its_estimate_is_warned_of_and_taken() -> None:
    rows = [["1", "Jembatan", "Ketapang", "437.393.000.000", "499,6 Jt", "Pekerjaan Konstruksi"]]

    batch = send(rows, heading=[*HEADING, "Nilai Kontrak", "HPS", "Kategori"])

    assert (codes(batch), codes(batch, "warning")) == ([], ["far_above_estimate"])
    assert batch.issues.get(code="far_above_estimate").params == {"times": 875}
    assert batch.counts["new"] == 1


def test_blank_cells_and_missing_columns_leave_what_is_stored() -> None:
    stored = records.project("Jembatan", package_code="1", district="Delta Pawan", contract_value=5)

    same = send([["1", "Jembatan", ""]])
    longer = send([["1", "Jembatan Baru", ""]])
    confirm(longer)

    assert same.counts["same"] == 1
    stored.refresh_from_db()
    assert (stored.name, stored.regency_id, stored.district, stored.contract_value) == (
        "Jembatan Baru",
        "61.04",
        "Delta Pawan",
        5,
    )


def test_spk_after_an_addendum_is_refused() -> None:
    stored = records.project("Jembatan", package_code="1")
    records.addendum(stored, "2025-06-01")

    assert codes(one(Tanggal_SPK="02-06-2025")) == ["addendum_before_contract"]
    assert codes(one(Tanggal_SPK="01-06-2025")) == []


def test_project_without_numbers_is_found_by_name_and_place() -> None:
    batch = send([["", "Jembatan", "Ketapang"], ["", "Jembatan", "Sambas"]])
    confirm(batch)

    again = send([["", "JEMBATAN", "Ketapang"], ["", "Jembatan", "Sambas"]])
    unclear = send([["", "Jembatan", ""]])

    assert (again.counts["changed"], again.counts["same"]) == (1, 1)
    assert codes(unclear) == ["project_unclear"]


def test_name_alone_is_a_project_in_the_list_and_a_remark_below_it() -> None:
    rows = [
        ["", "Jembatan", ""],
        ["", "Jalan", ""],
        ["", "JUMLAH", ""],
        ["", "Pontianak, 2 Januari 2025", ""],
    ]

    batch = send(rows)

    assert (batch.counts["new"], batch.counts["skipped"]) == (2, 2)


def test_several_regencies() -> None:
    stored = project(send([["1", "Jalan Lintas", "Ketapang; Kayong Utara;Sambas"]]))

    assert stored.regency_id == "61.04"
    further = ProjectRegency.objects.order_by("regency").values_list("regency_id", flat=True)
    assert list(further) == ["61.01", "61.11"]

    confirm(send([["1", "Jalan Lintas", "Ketapang; Sambas"]]))
    assert list(further.all()) == ["61.01"]


def test_undo_gives_back_what_the_list_changed() -> None:
    stored = records.project("Jembatan", package_code="1")
    rows = [["1", "Jembatan Baru", "Ketapang; Sambas", "PT A"], ["2", "Jalan", "Ketapang", "PT A"]]

    batch = confirm(send(rows, heading=[*HEADING, "Penyedia"]))
    assert (Project.objects.count(), Contractor.objects.count(), ProjectRegency.objects.count()) == (2, 1, 1)
    undone = undo(batch)

    assert undone.state == "undone"
    stored.refresh_from_db()
    assert (stored.name, stored.contractor_id) == ("Jembatan", None)
    assert (Project.objects.count(), Contractor.objects.count(), ProjectRegency.objects.count()) == (1, 0, 0)
    assert Change.objects.filter(source="undo").count() == 4


def test_undo_names_projects_that_have_been_used_since() -> None:
    batch = confirm(
        send(
            [["1", "Jembatan", "Ketapang", "PT A"], ["2", "Jalan", "Ketapang", "PT B"]],
            heading=[*HEADING, "Penyedia"],
        )
    )
    worker = Worker.objects.create(nik_sealed=b"9001", nik_last4="9001", name="CONTOH")
    bridge = Project.objects.get(package_code="1")
    Enrollment.objects.create(
        worker=worker, segment="JAKON", regency_id="61.04", project=bridge, start=datetime.date(2025, 1, 1)
    )

    refused = undo(batch)
    assert (refused.state, refused.conflicts) == ("applied", ["Jembatan"])
    undone = undo(refused, leave_out=True)

    assert undone.state == "undone"
    assert list(Project.objects.values_list("name", flat=True)) == ["Jembatan"]
    # Its contractor stays with it.
    assert list(Contractor.objects.values_list("name", flat=True)) == ["PT A"]
