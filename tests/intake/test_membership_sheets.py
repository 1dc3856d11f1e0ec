"""The recap in the shapes it really comes in, from bytes to stored figures."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.sheets import codes, confirm, csv_bytes, undo, upload, xlsx

pytestmark = pytest.mark.django_db

LONG = [
    ["Kode Wilayah", "Wilayah", "Segmen", "Bulan", "Peserta Aktif"],
    ["61.01", "Kabupaten Sambas", "PU", "2025-07", 100],
    ["61.01", "Kabupaten Sambas", "BPU", "Juli 2025", "1.234"],
    ["61.10", "Melawi", "Jakon", "07/2025", 30],
]
WIDE = [
    ["REKAPITULASI PESERTA AKTIF BPJS KETENAGAKERJAAN"],
    ["Posisi: 31 Juli 2025"],
    [],
    ["No", "Kabupaten/Kota", "Peserta Aktif", None, None, None, "Potensi", "%"],
    [None, None, "PU", "BPU", "Jakon", "Total", None, None],
    [1, 2, 3, 4, 5, 6, 7, 8],
    [1, "KAB. SAMBAS", 100, 200, 30, 330, 1000, 33.0],
    [2, "Kota Singkawang", 10, 20, 3, 33, 100, 33.0],
    ["JUMLAH", None, 110, 220, 33, 363, 1100, 33.0],
    [],
    [None, None, None, None, "Pontianak, 5 Agustus 2025"],
    [None, None, None, None, "Kepala Kantor Cabang"],
]


def stored() -> dict[tuple[str, str | None, str], int | None]:
    return {(row.area_code, row.segment, str(row.month)): row.reported for row in Membership.objects.all()}


@pytest.mark.parametrize(
    "signed", [["Kota Pontianak", "3 Agustus 2026"], ["Kota Pontianak", None, None, "Senin, 3 Agustus 2026"]]
)
@pytest.mark.parametrize("between", [[], [[]], [["JUMLAH", None, None, 120], []]], ids=["", "gap", "total"])
def test_place_and_day_of_a_signature_are_a_note(signed: list[Any], between: list[list[Any]]) -> None:
    heading = ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"]
    rows = [heading, ["Kota Pontianak", "PU", "2025-07", 100], ["Landak", "BPU", "2025-07", 20]]

    batch = upload("membership", xlsx([*rows, *between, signed]))

    assert codes(batch) == []
    assert (batch.counts["new"], batch.counts["skipped"]) == (2, 2 if len(between) > 1 else 1)


def test_row_with_a_figure_below_the_table_is_none() -> None:
    rows = [*LONG[:4], [], ["61.71", "Kota Pontianak", "PU", "07/2025", "3 Agustus 2026"]]

    assert upload("membership", xlsx(rows)).counts["wrong"] == 1


def test_long_sheet_goes_from_bytes_to_figures_and_back() -> None:
    batch = upload("membership", xlsx(LONG))

    assert (batch.state, batch.counts) == (
        ImportBatch.State.READY,
        {"read": 3, "new": 3, "changed": 0, "same": 0, "wrong": 0, "skipped": 0},
    )
    assert stored() == {}
    applied = confirm(batch)
    assert applied.state == ImportBatch.State.APPLIED
    assert stored() == {
        ("61.01", "PU", "2025-07"): 100,
        ("61.01", "BPU", "2025-07"): 1234,
        ("61.10", "JAKON", "2025-07"): 30,
    }
    assert undo(applied).state == ImportBatch.State.UNDONE
    assert stored() == {}


def test_wide_sheet_with_merged_heading_totals_and_signature() -> None:
    batch = upload("membership", xlsx(WIDE, merge="C4:F4"))

    assert codes(batch) == []
    assert codes(batch, "warning") == []
    assert batch.counts == {"read": 6, "new": 2, "changed": 0, "same": 0, "wrong": 0, "skipped": 4}
    confirm(batch)
    assert stored() == {
        ("61.01", "PU", "2025-07"): 100,
        ("61.01", "BPU", "2025-07"): 200,
        ("61.01", "JAKON", "2025-07"): 30,
        ("61.72", "PU", "2025-07"): 10,
        ("61.72", "BPU", "2025-07"): 20,
        ("61.72", "JAKON", "2025-07"): 3,
    }


def test_months_as_columns_take_their_year_from_the_title() -> None:
    rows = [
        ["Peserta aktif segmen BPU tahun 2025"],
        ["Kab/Kota", "Januari", "Peb", "Mar-25"],
        ["Sambas", 1, 2, 3],
        ["Kapuas Hulu", 4, None, 6],
    ]

    batch = upload("membership", xlsx(rows))

    assert codes(batch) == []
    confirm(batch)
    assert stored() == {
        ("61.01", "BPU", "2025-01"): 1,
        ("61.01", "BPU", "2025-02"): 2,
        ("61.01", "BPU", "2025-03"): 3,
        ("61.06", "BPU", "2025-01"): 4,
        ("61.06", "BPU", "2025-03"): 6,
    }


def test_month_that_stands_nowhere_is_asked_and_the_answer_is_used() -> None:
    rows = [["Kab/Kota", "PU", "BPU", "Jakon"], ["Sambas", 1, 2, 3]]

    asking = upload("membership", xlsx(rows))
    answered = upload("membership", xlsx(rows), month="2025-07")

    assert (asking.state, [q["name"] for q in asking.questions]) == (ImportBatch.State.ASKING, ["month"])
    assert (answered.state, answered.counts["new"]) == (ImportBatch.State.READY, 1)


def test_total_without_segments_is_kept_as_undetailed() -> None:
    rows = [
        ["Data Juli 2025"],
        ["Wilayah", "Total"],
        ["Provinsi Kalimantan Barat", 575504],
        ["Kab. Landak", 69590],
    ]

    confirm(upload("membership", xlsx(rows)))

    assert stored() == {("61", None, "2025-07"): 575504, ("61.08", None, "2025-07"): 69590}


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        pytest.param("PU", -5, "negative", id="negative"),
        pytest.param("PU", 12.5, "fraction", id="fraction"),
        pytest.param("PU", "12 orang", "not_a_number", id="text in a number"),
        pytest.param("PU", 400_000_000, "too_big", id="out of range"),
        pytest.param("PU", True, "boolean", id="true"),
        pytest.param("PU", datetime.date(2025, 7, 1), "number_is_date", id="date"),
        pytest.param("Kab/Kota", "Pontianak", "ambiguous_name", id="Pontianak alone"),
        pytest.param("Kab/Kota", "Sambass", "unknown_name", id="misspelt"),
        pytest.param("Kab/Kota", "Kota Sambas", "wrong_kind", id="kind that does not exist"),
        pytest.param("Kab/Kota", "Kab. Bekasi", "other_province", id="another province"),
        pytest.param("Kab/Kota", None, "area_blank", id="no area"),
    ],
)
def test_bad_cell_is_reported_with_its_row_and_column(column: str, value: Any, code: str) -> None:
    row = {"Kab/Kota": "Sambas", "PU": 1, "BPU": 2, "Jakon": 3, column: value}
    sheet = [["Juli 2025"], list(row), ["Kota Singkawang", 1, 2, 3], list(row.values())]

    batch = upload("membership", xlsx(sheet))
    issue = batch.issues.get(severity="error")

    assert (issue.code, issue.row_number, issue.column) == (code, 4, column)
    assert "%(" not in issue.message
    assert batch.counts["wrong"] == 1
    confirm(batch, good_rows_only=True)
    assert {area for area, _s, _m in stored()} == {"61.72"}


def test_own_totals_and_percentages_are_checked() -> None:
    rows = [list(row) for row in WIDE]
    rows[6][5], rows[6][7], rows[8][2] = 331, 55, 111

    batch = upload("membership", xlsx(rows, merge="C4:F4"))

    assert sorted(codes(batch, "warning")) == ["percent_mismatch", "total_mismatch", "total_row_mismatch"]
    assert batch.counts["wrong"] == 0


def test_total_row_is_not_held_against_rows_that_were_refused() -> None:
    rows = [list(row) for row in WIDE]
    rows[6][2] = -1

    batch = upload("membership", xlsx(rows, merge="C4:F4"))

    assert (codes(batch), codes(batch, "warning")) == (["negative"], [])


def test_future_month_and_duplicate_rows_are_refused() -> None:
    future = f"{datetime.date.today().year + 1}-01"
    rows = [
        LONG[0],
        LONG[1],
        ["61.01", "Sambas", "PU", "Juli 2025", 101],
        ["61.02", "Mempawah", "PU", future, 5],
    ]

    batch = upload("membership", xlsx(rows))

    assert codes(batch) == ["duplicate_key", "duplicate_key", "future_month"]
    assert batch.counts["wrong"] == 3


def test_blank_never_overwrites_unless_asked() -> None:
    confirm(upload("membership", xlsx([["Juli 2025"], ["Wilayah", "PU", "BPU"], ["Sambas", 1, 2]])))
    blank = xlsx([["Juli 2025"], ["Wilayah", "PU", "BPU"], ["Sambas", None, 3]])

    confirm(upload("membership", blank))
    kept = stored()
    confirm(upload("membership", blank, blank_clears="1"))

    assert kept[("61.01", "PU", "2025-07")] == 1
    assert stored()[("61.01", "PU", "2025-07")] is None


def test_same_content_again_in_another_format_and_order_changes_nothing() -> None:
    confirm(upload("membership", xlsx(LONG)))
    before = list(Membership.objects.order_by("pk").values())

    again = upload("membership", xlsx(LONG))
    as_csv = upload("membership", csv_bytes([LONG[0], *reversed(LONG[1:])]), name="rekap.csv")
    confirm(again)
    confirm(as_csv)

    assert again.counts["same"] == as_csv.counts["same"] == 3
    assert list(Membership.objects.order_by("pk").values()) == before


def test_file_applied_before_is_said_so() -> None:
    content = xlsx(LONG)
    confirm(upload("membership", content))

    again = upload("membership", content)

    assert codes(again, "note") == ["same_file"]
    assert "sistem" in again.issues.get(code="same_file").message


def test_segments_merged_over_potential_members_and_share_take_the_members() -> None:
    rows = [
        ["REKAP PESERTA AKTIF BPJS KETENAGAKERJAAN"],
        ["Juli 2025"],
        ["Kabupaten/Kota", "PU", None, None, "BPU", None, None],
        [None, "Potensi", "Peserta", "%", "Potensi", "Peserta", "%"],
        ["Sambas", 100, 10, 10, 200, 20, 10],
    ]

    confirm(upload("membership", xlsx(rows)))

    assert stored() == {("61.01", "PU", "2025-07"): 10, ("61.01", "BPU", "2025-07"): 20}


@pytest.mark.parametrize("title", ["Juli 2025", "Bulan: Juli 2025", "Jumlah Peserta Aktif per Juli 2025"])
def test_title_right_above_the_heading_stays_a_title(title: str) -> None:
    rows = [
        ["REKAP PESERTA AKTIF"],
        [title],
        ["No", "Kabupaten/Kota", "PU", "BPU", "Jakon"],
        [1, "Sambas", 1000, 500, 100],
    ]

    confirm(upload("membership", xlsx(rows)))

    assert stored() == {
        ("61.01", "PU", "2025-07"): 1000,
        ("61.01", "BPU", "2025-07"): 500,
        ("61.01", "JAKON", "2025-07"): 100,
    }


@pytest.mark.parametrize(
    ("heading", "row", "outcome"),
    [
        pytest.param(
            ["Segmen", "Kode Wilayah", "Bulan", "Peserta Aktif"],
            ["Total", "61.01", "2025-05", 777],
            "new",
            id="total of an area by code",
        ),
        pytest.param(
            ["Segmen", "Wilayah", "Bulan", "Peserta Aktif"],
            ["Total", "Sambass", "2025-05", 777],
            "wrong",
            id="misspelt area",
        ),
        pytest.param(
            ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"],
            [None, "PU", "2025-05", "12.5"],
            "wrong",
            id="no area and a bad number",
        ),
    ],
)
def test_row_of_data_is_never_taken_for_a_total_or_a_note(
    heading: list[str], row: list[Any], outcome: str
) -> None:
    batch = upload(
        "membership", xlsx([heading, row, ["Sambas" if h == "Wilayah" else None for h in heading]])
    )

    assert batch.rows.get(number=2).outcome == outcome


def test_bad_numbers_below_a_blank_row_are_errors_too() -> None:
    rows = [["Juli 2025"], ["Wilayah", "PU"], ["Sambas", 1], [], ["Ketapangg", "1,234"]]

    batch = upload("membership", xlsx(rows))

    assert sorted(codes(batch)) == ["comma_thousands", "unknown_name"]
