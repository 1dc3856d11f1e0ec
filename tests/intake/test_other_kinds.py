"""Potensi and targets through the same engine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.spreadsheets import limits
from regions.models import Regency, Target, Workforce
from tests.sheets import codes, confirm, csv_bytes, undo, upload, xlsx

pytestmark = pytest.mark.django_db


def people() -> dict[tuple[str, str | None, int], int]:
    return {(w.area_code, w.segment, w.year): w.people for w in Workforce.objects.all()}


def test_workforce_with_segments_as_columns() -> None:
    rows = [
        ["Potensi tenaga kerja tahun 2025"],
        ["Kode BPS", "Kabupaten/Kota", "Formal", "Informal", "Jasa Konstruksi", "Jumlah"],
        [6104, "Mempawah", 100, 200, 30, 330],
        [6102, "Bengkayang", 10, 20, 3, 33],
        ["Jumlah", None, 110, 220, 33, 363],
    ]

    batch = upload("workforce", xlsx(rows))

    assert (codes(batch), codes(batch, "warning")) == ([], [])
    confirm(batch)
    assert people() == {
        ("61.02", "PU", 2025): 100,
        ("61.02", "BPU", 2025): 200,
        ("61.02", "JAKON", 2025): 30,
        ("61.07", "PU", 2025): 10,
        ("61.07", "BPU", 2025): 20,
        ("61.07", "JAKON", 2025): 3,
    }


def test_totals_that_the_file_states_are_checked() -> None:
    names = [str(regency) for regency in Regency.objects.active().by_code()]
    rows = [
        ["Potensi 2025"],
        ["Wilayah", "PU", "BPU", "Jakon", "Total"],
        *([name, 1, 2, 3, 6] for name in names),
        ["Kalimantan Barat", 15, 28, 42, 85],
    ]
    rows[2][4] = 9999

    whole = upload("workforce", xlsx(rows))
    part = upload("workforce", xlsx([*rows[:1], rows[1], *rows[3:]]))

    said = whole.issues.filter(severity="warning").order_by("row_number")
    assert list(said.values_list("row_number", "code")) == [(3, "total_mismatch"), (17, "total_row_mismatch")]
    assert whole.counts["wrong"] == 0
    assert codes(part, "warning") == []


def test_recap_uploaded_as_workforce_is_not_taken_for_it() -> None:
    rows = [["Tahun 2025"], ["Wilayah", "Peserta Aktif PU", "Jml TK Aktif BPU"], ["Sambas", 1, 2]]

    batch = upload("workforce", xlsx(rows))

    assert batch.state != ImportBatch.State.READY
    assert batch.issues.filter(severity="error").exists()


def test_workforce_long_with_undetailed_province_total() -> None:
    rows = [
        ["Wilayah", "Segmen", "Tahun", "Potensi"],
        ["Kalimantan Barat", "Total", 2025, 1_819_430],
        ["Kalimantan Barat", "PU", 2025, 800_904],
        ["Landak", "Semua", "2024", "130.245"],
    ]

    confirm(upload("workforce", xlsx(rows)))

    assert people() == {
        ("61", None, 2025): 1_819_430,
        ("61", "PU", 2025): 800_904,
        ("61.08", None, 2024): 130_245,
    }


@pytest.mark.parametrize(
    ("year", "code"),
    [
        pytest.param(None, "year_missing", id="blank"),
        pytest.param(1999, "year_out_of_range", id="long ago"),
        pytest.param(2090, "year_out_of_range", id="far ahead"),
        pytest.param("dua ribu", "year_out_of_range", id="words"),
    ],
)
def test_bad_year_is_refused(year: Any, code: str) -> None:
    batch = upload("workforce", xlsx([["Wilayah", "Segmen", "Tahun", "Potensi"], ["Sambas", "PU", year, 5]]))

    assert codes(batch) == [code]


def test_target_is_written_changed_and_given_back() -> None:
    heading = ["Wilayah", "Tahun", "Target (%)", "Dasar Hukum"]
    Target.objects.filter(regency_id="61.71").delete()
    first = confirm(upload("target", xlsx([heading, ["Kota Pontianak", 2026, "45 %", "Perwa"]])))
    second = upload("target", xlsx([heading, ["Kota Pontianak", 2026, "60,80", "Perwa"]]))

    assert (second.counts["changed"], first.state) == (1, ImportBatch.State.APPLIED)
    second = confirm(second)
    assert Target.objects.get(regency_id="61.71").percent == Decimal("60.80")
    assert undo(second).state == ImportBatch.State.UNDONE
    assert Target.objects.get(regency_id="61.71").percent == Decimal(45)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        pytest.param(["Sambas", 2026, 0.61, "Perda"], "fraction_percent", id="61 % or 0.61 %"),
        pytest.param(["Sambas", 2026, 161, "Perda"], "percent_out_of_range", id="over 100"),
        pytest.param(["Sambas", 2026, "-5 %", "Perda"], "percent_out_of_range", id="negative"),
        pytest.param(["Sambas", 2026, 61, None], "legal_basis_missing", id="no legal basis"),
    ],
)
def test_bad_target_is_refused(row: list[Any], code: str) -> None:
    batch = upload("target", xlsx([["Wilayah", "Tahun", "Target (%)", "Dasar Hukum"], row]))

    assert codes(batch) == [code]


def test_csv_of_figures_has_no_more_rows_than_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their rows are held until the last one was read; a worker list's are not, and it may have more."""
    monkeypatch.setattr(limits, "EXCEL_ROWS", 3)
    rows = [["Wilayah", "Segmen", "Tahun", "Potensi"], *([["Sambas", "PU", 2025, 100]] * 3)]

    batch = upload("workforce", csv_bytes(rows), name="potensi.csv")
    people = upload("enrollment", csv_bytes([["NIK", "Nama"], *([["x", "y"]] * 3)]), name="peserta.csv")

    assert codes(batch) == ["too_many_rows"]
    assert "too_many_rows" not in codes(people)


def test_same_file_of_another_area_does_not_tell_whose_it_was(outsider: Any, uploader: Any) -> None:
    content = xlsx([["Wilayah", "Segmen", "Tahun", "Potensi"], ["Sambas", "PU", 2025, 100]])
    confirm(upload("workforce", content, user=uploader))

    told = [
        upload("workforce", content, user=user).issues.get(code="same_file").message
        for user in (outsider, uploader)
    ]

    assert ["petugas" in sentence for sentence in told] == [False, True]
