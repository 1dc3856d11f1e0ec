"""Quoted figures through the import engine: as published, each with the flag that its own counts give it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from coverage_portal.accounts.models import Change
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from regions.models import QuotedFigure
from tests.sheets import codes, confirm, csv_bytes, undo, upload, xlsx

pytestmark = pytest.mark.django_db

HEADING = [
    "Wilayah",
    "Segmen",
    "Bulan Data",
    "Persentase Dikutip",
    "Peserta Menurut Kutipan",
    "Potensi Menurut Kutipan",
    "Sumber",
    "Tanggal Terbit",
]
PUBLISHED = [
    # area, segment, month, quoted, numerator, denominator, source, published, (own, off)
    ("Kalimantan Barat", None, "2022-11", "37,37", 667_719, 1_786_809, "Tribun Pontianak", "2022-12-11"),
    ("Kalimantan Barat", None, "2025-07", "31,63", 575_504, 1_819_430, "Harian Berkat", "2025-09-24"),
    ("Kalimantan Barat", "Jakon", "2025-06", "55", 42_591, 154_008, "aksaraloka.com", "2025-07-09"),
    ("Kalimantan Barat", None, None, "41", None, None, "mediakalbarnews", "2025-10-09"),
    ("Kabupaten Landak", None, "2024-12", "53,43", 69_590, 130_245, "tarunakota", None),
    ("Kabupaten Sanggau", "Jakon", "2025-07", "36,68", 4_519, 12_320, "pemberitaan Sanggau", None),
    ("Kabupaten Kapuas Hulu", None, "2023-10", "39", 37_500, 95_000, "pemberitaan 2023", None),
    ("Kota Singkawang", None, "2025-06", "22,77", 16_684, 73_236, "kaltim.tribunnews.com", "2025-06-18"),
    ("Kota Singkawang", None, "2025-06", "22,77", 16_684, 89_920, "seperti dikutip, dijumlah", None),
]
"""Published in the press: the percentage, and the counts it was published with."""
OWN = ["37.37", "31.63", "27.66", None, "53.43", "36.68", "39.47", "22.78", "18.55"]
OFF = [False, False, True, False, False, False, True, False, True]


def quotes() -> list[QuotedFigure]:
    return list(QuotedFigure.objects.order_by("pk"))


def in_file_order() -> list[QuotedFigure]:
    places = {(row[6], row[4]): place for place, row in enumerate(PUBLISHED)}
    return sorted(quotes(), key=lambda quote: places[quote.source, quote.numerator])


@pytest.mark.parametrize(("form", "name"), [(xlsx, "kutipan.xlsx"), (csv_bytes, "kutipan.csv")])
def test_published_figures_import_with_the_right_flag_each(form: Any, name: str) -> None:
    batch = upload("quoted_figures", form([HEADING, *PUBLISHED]), name=name)

    assert (codes(batch), batch.counts["new"]) == ([], 9)
    assert codes(batch, "warning") == ["quote_off"] * 3
    confirm(batch)
    found = in_file_order()
    own = [None if q.own_percent is None else f"{q.own_percent:.2f}" for q in found]
    assert own == OWN
    assert [quote.is_off for quote in found] == OFF
    assert (found[2].segment, found[2].month, found[2].quoted_percent) == (
        "JAKON",
        Month(2025, 6),
        Decimal("55.00"),
    )
    assert f"{found[2].difference:.2f}" == "27.34"


def test_the_warning_says_what_the_counts_give() -> None:
    batch = upload("quoted_figures", xlsx([HEADING, PUBLISHED[2]]))

    sentence = batch.issues.get(code="quote_off").message
    assert "Dikutip 55.00 %, padahal 42.591 dari 154.008 adalah 27.66 % (selisih 27.34 poin)" in sentence


def test_same_file_again_writes_nothing() -> None:
    content = xlsx([HEADING, *PUBLISHED])
    confirm(upload("quoted_figures", content))
    before = Change.objects.count()

    again = upload("quoted_figures", content)

    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (9, 0, 0)
    assert Change.objects.count() == before


def test_import_is_undone_and_gives_the_old_percentage_back() -> None:
    first = confirm(upload("quoted_figures", xlsx([HEADING, PUBLISHED[2]])))
    changed = [*PUBLISHED[2][:3], "27,66", *PUBLISHED[2][4:]]
    second = upload("quoted_figures", xlsx([HEADING, changed]))

    assert second.counts["changed"] == 1
    second = confirm(second)
    assert [quote.quoted_percent for quote in quotes()] == [Decimal("27.66")]
    assert undo(second).state == ImportBatch.State.UNDONE
    assert [quote.quoted_percent for quote in quotes()] == [Decimal("55.00")]
    assert undo(first).state == ImportBatch.State.UNDONE
    assert quotes() == []


def test_blank_cell_takes_no_stored_count_away() -> None:
    confirm(upload("quoted_figures", xlsx([HEADING, PUBLISHED[2]])))

    without = [*PUBLISHED[2][:4], None, None, *PUBLISHED[2][6:]]
    batch = upload("quoted_figures", xlsx([HEADING, without]))
    clearing = upload("quoted_figures", xlsx([HEADING, without]), name="lain.xlsx", blank_clears="1")

    assert (batch.counts["same"], clearing.counts["changed"]) == (1, 1)


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        pytest.param(0, "Kabupaten Jayapura", "other_province", id="another province"),
        pytest.param(1, "Formalitas", "segment_unknown", id="unknown segment"),
        pytest.param(2, "2090-01", "future_month", id="month to come"),
        pytest.param(2, "1999-12", "year_out_of_range", id="long ago"),
        pytest.param(3, None, "percent_missing", id="no percentage"),
        pytest.param(3, 0.2766, "fraction_percent", id="27.66 % or 0.28 %"),
        pytest.param(3, "-5 %", "quote_out_of_range", id="negative"),
        pytest.param(3, "27,665", "quote_out_of_range", id="three decimals"),
        pytest.param(4, -1, "negative", id="negative count"),
        pytest.param(4, 1.5, "fraction", id="half a person"),
        pytest.param(5, 0, "denominator_zero", id="nobody to divide by"),
        pytest.param(6, None, "source_missing", id="no source"),
        pytest.param(7, "2090-01-01", "published_in_future", id="not yet published"),
    ],
)
def test_bad_row_is_refused_and_named(place: int, value: Any, code: str) -> None:
    row = list(PUBLISHED[2])
    row[place] = value

    batch = upload("quoted_figures", xlsx([HEADING, row]))

    assert codes(batch) == [code]
    assert quotes() == []


def test_file_without_sources_is_not_read() -> None:
    batch = upload("quoted_figures", xlsx([["Wilayah", "Persentase Dikutip"], ["Sambas", "24"]]))

    assert batch.state != ImportBatch.State.READY


def test_quotation_of_another_area_is_out_of_reach(outsider: Any) -> None:
    batch = upload("quoted_figures", xlsx([HEADING, PUBLISHED[4]]), user=outsider)

    assert codes(batch) == ["area_out_of_scope"]
