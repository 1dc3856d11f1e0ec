"""The refused rows as a workbook: exactly those, as they came, never a formula, fit to be uploaded again."""

from __future__ import annotations

import datetime
import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake import error_file, jobs, services
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.imports import HEADING, address
from tests.sheets import codes, confirm, csv_bytes, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
LINK = '=HYPERLINK("http://example.invalid","x")'
PAYLOADS = ["=1+1", "==1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", LINK, "_x0041_"]


def downloaded_bytes(page: Client, batch: ImportBatch) -> bytes:
    return page.get(address(batch, "kesalahan.xlsx")).getvalue()


def downloaded(page: Client, batch: ImportBatch) -> Any:
    return openpyxl.load_workbook(io.BytesIO(downloaded_bytes(page, batch))).worksheets[0]


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def corrected(sheet: Any, **mended: Any) -> bytes:
    """The workbook of `sheet` with some cells mended, saved again."""
    for place, value in mended.items():
        sheet[place] = value
    stream = io.BytesIO()
    sheet.parent.save(stream)
    return stream.getvalue()


def test_file_holds_title_heading_and_exactly_the_refused_rows(page: Client, mixed: ImportBatch) -> None:
    rows = values(downloaded(page, mixed))

    assert [row[:3] for row in rows] == [
        ["Rekap peserta aktif, Juli 2025", None, None],
        [None, None, None],
        ["Wilayah", "Segmen", "Peserta Aktif"],
        ["Landak", "PU", -5],
        ["Atlantis", "BPU", "seribu"],
    ]
    assert rows[2][3] == "Kesalahan"
    assert rows[3][3] == "Baris 5, Peserta Aktif: Jumlah orang tidak boleh negatif."
    first, second = rows[4][3].split("\n")
    assert first.startswith("Baris 6, Wilayah: ")
    assert second.startswith("Baris 6, Peserta Aktif: Bukan angka.")


def test_corrected_file_imports_without_a_question(page: Client, uploader: User, mixed: ImportBatch) -> None:
    services.confirm(batch=mixed, preview=str(mixed.preview), user=uploader, good_rows_only=True, wake=False)
    jobs.advance(mixed.pk)

    content = corrected(downloaded(page, mixed), C4=5, A5="Kabupaten Ketapang", C5="1.000")
    again = upload("membership", content, user=uploader, name="Kesalahan.xlsx")

    assert (again.state, codes(again)) == (State.READY, [])
    confirm(again)
    stored = Membership.objects.values_list("regency_id", "segment", "month", "reported")
    assert sorted((code, segment, str(month), n) for code, segment, month, n in stored) == [
        ("61.01", "PU", "2025-07", 100),
        ("61.04", "BPU", "2025-07", 1000),
        ("61.08", "PU", "2025-07", 5),
    ]


def test_uncorrected_file_is_refused_for_the_same_reasons(
    page: Client, uploader: User, mixed: ImportBatch
) -> None:
    again = upload("membership", downloaded_bytes(page, mixed), user=uploader)

    assert codes(again) == codes(mixed)
    assert (again.counts["read"], again.counts["wrong"]) == (2, 2)


def test_file_that_comes_back_twice_has_one_column_of_errors(
    page: Client, uploader: User, mixed: ImportBatch
) -> None:
    again = upload("membership", downloaded_bytes(page, mixed), user=uploader)

    rows = values(downloaded(page, again))

    assert rows[2] == ["Wilayah", "Segmen", "Peserta Aktif", "Kesalahan"]
    assert rows[3][3] == "Baris 4, Peserta Aktif: Jumlah orang tidak boleh negatif."


@pytest.mark.parametrize("title", ["Rekap peserta aktif", "Januari 2025 dan Juni 2025"])
def test_month_that_was_asked_is_not_asked_again(page: Client, uploader: User, title: str) -> None:
    content = xlsx([[title], ["Wilayah", "Segmen", "Peserta Aktif"], ["Sambas", "PU", -1]])
    assert upload("membership", content, user=uploader).state == State.ASKING
    batch = upload("membership", content, user=uploader, month="2025-07")

    sheet = downloaded(page, batch)
    again = upload("membership", corrected(sheet, **{f"C{sheet.max_row}": 1}), user=uploader)

    assert (again.state, codes(again)) == (State.READY, [])
    assert again.records.get().key == ["61.01", "PU", "2025-07"]


def test_year_and_segment_that_were_asked_are_not_asked_again(page: Client, uploader: User) -> None:
    content = xlsx([["Wilayah", "Jan", "Feb"], ["Sambas", -1, 2]])
    batch = upload("membership", content, user=uploader, year="2025", segment="BPU")
    assert codes(batch) == ["negative"]

    again = upload("membership", corrected(downloaded(page, batch), B5=1), user=uploader)

    assert (again.state, codes(again)) == (State.READY, [])
    assert [record.key for record in again.records.order_by("pk")] == [
        ["61.01", "BPU", "2025-01"],
        ["61.01", "BPU", "2025-02"],
    ]


def test_columns_that_only_the_user_knew_come_back_known(page: Client, uploader: User) -> None:
    content = xlsx(
        [["Daerahnya", "Segmen", "Bulan", "Angka X", "Warna"], ["Sambas", "PU", "2025-07", -1, "biru"]]
    )
    answers = {"column:0": "area", "column:3": "value", "column:4": "ignore"}
    batch = upload("membership", content, user=uploader, **answers)
    assert codes(batch) == ["negative"]

    sheet = downloaded(page, batch)
    assert values(sheet)[0] == ["Wilayah", "Segmen", "Bulan", "Peserta Aktif", None, "Kesalahan"]
    again = upload("membership", corrected(sheet, D2=1), user=uploader)

    assert (again.state, codes(again)) == (State.READY, [])


def test_merged_heading_comes_back_as_one_row_that_is_understood(page: Client, uploader: User) -> None:
    content = xlsx(
        [
            ["Posisi: 31 Juli 2025"],
            ["Kabupaten/Kota", "Peserta Aktif", None, None],
            [None, "PU", "BPU", "Jakon"],
            ["Sambas", 1, 2, -3],
        ],
        merge="B2:D2",
    )
    batch = upload("membership", content, user=uploader)

    again = upload("membership", corrected(downloaded(page, batch), D4=3), user=uploader)

    assert (again.state, codes(again), again.counts["new"]) == (State.READY, [], 1)
    assert again.records.count() == 3


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_like_a_formula_stays_text(page: Client, uploader: User, payload: str) -> None:
    batch = upload(
        "membership", csv_bytes([HEADING, [payload, "PU", "2025-07", "1"]]), user=uploader, name="a.csv"
    )

    sheet = downloaded(page, batch)

    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    again = upload("membership", downloaded_bytes(page, batch), user=uploader)
    assert again.rows.get().cells[0] == batch.rows.get().cells[0]


def test_formula_check_would_notice_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx([[payload] for payload in PAYLOADS]))).worksheets[0]

    types = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}

    assert {value for value, data_type in types.items() if data_type == "f"} == {"=1+1", "==1", LINK}


def test_numbers_and_dates_come_back_as_such_and_a_failed_formula_as_text(
    page: Client, uploader: User
) -> None:
    day = datetime.date(2025, 7, 31)
    heading = [*HEADING, "Tanggal Data"]
    rows = [["Atlantis", "PU", "2025-07", 12.5, day], ["Sambas", "PU", "2025-07", "#REF!", day]]
    batch = upload("membership", xlsx([heading, *rows]), user=uploader)
    assert batch.rows.order_by("number")[1].cells[3] == {"error": "#REF!"}

    again = upload("membership", downloaded_bytes(page, batch), user=uploader)

    assert [row.cells[:5] for row in again.rows.order_by("number")] == [
        ["Atlantis", "PU", "2025-07", 12.5, {"date": "2025-07-31"}],
        ["Sambas", "PU", "2025-07", "#REF!", {"date": "2025-07-31"}],
    ]
    assert codes(again) == codes(batch)


def test_file_without_wrong_rows_has_no_error_file(page: Client, ready: ImportBatch) -> None:
    assert page.get(address(ready, "kesalahan.xlsx")).status_code == 404


def test_error_file_is_named_after_the_file_and_not_kept_by_caches(page: Client, uploader: User) -> None:
    content = xlsx([HEADING, ["Sambas", "PU", "2025-07", -1]])
    batch = upload("membership", content, user=uploader, name='rekap\r\n"juli".xlsx')

    response = page.get(address(batch, "kesalahan.xlsx"))

    assert response["Content-Disposition"] == 'attachment; filename="Kesalahan - rekapjuli.xlsx"'
    assert "no-store" in response["Cache-Control"]
    response.close()


def test_file_says_how_many_rows_a_sheet_has_no_room_for(
    page: Client, mixed: ImportBatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(error_file, "MOST_ROWS", 1)

    rows = values(downloaded(page, mixed))

    assert rows[1][0] == "Hanya 1 baris pertama dari 2 baris yang salah ada di berkas ini."
    assert [row[0] for row in rows[4:]] == ["Landak"]
