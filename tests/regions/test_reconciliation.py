"""Reported, counted and quoted side by side: differences to the person, flags, and who may see them."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client

from coverage_portal.demo import loading
from coverage_portal.lib.periods import Month
from regions.coverage import Observation, reconciled
from regions.models import Regency
from regions.selectors.reconciliation import reconciliation
from tests import factories

pytestmark = pytest.mark.django_db

MONTH = Month(2025, 7)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def ketapang() -> Regency:
    """Reported and counted in two segments, reported alone in the third, and an undetailed total."""
    area = factories.regency("61.04")
    for segment, reported, counted in (("PU", 1000, 990), ("BPU", 500, 510), ("JAKON", 200, None)):
        factories.membership(area, reported, segment=segment, counted=counted, complete_list=segment == "PU")
    factories.membership(area, 1750)
    return area


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def csv_rows(response: Any) -> list[list[str]]:
    return [line.split(";") for line in response.content.decode("utf-8-sig").splitlines()[1:]]


@pytest.mark.parametrize(
    ("cells", "difference", "percent", "compared"),
    [
        ([(1000, 990)], -10, Decimal("-1"), 1),
        ([(1000, 990), (500, None)], -10, Decimal("-1"), 1),
        ([(1000, None), (None, 5)], None, None, 0),
        ([(0, 3)], 3, None, 1),
        ([(400, 400)], 0, Decimal(0), 1),
        ([None], None, None, 0),
    ],
    ids=["both", "one lacks the count", "never both", "nobody reported", "the same", "nothing stored"],
)
def test_only_what_is_known_both_ways_is_set_against_each_other(
    cells: list[tuple[int | None, int | None] | None],
    difference: int | None,
    percent: Decimal | None,
    compared: int,
) -> None:
    stored = [None if c is None else Observation("61.04", "PU", MONTH, *c) for c in cells]

    line = reconciled("61.04", None, MONTH, stored)

    assert (line.difference, line.difference_percent, line.compared_cells) == (difference, percent, compared)
    assert line.is_whole == (compared == len(cells))


def test_regency_by_segment_and_as_a_whole(ketapang: Regency) -> None:
    found = reconciliation(ketapang, MONTH, factories.user("ketapang", "61.04"))

    lines = {line.found.segment: line.found for line in found.lines}
    whole = lines[None]
    assert (whole.reported, whole.counted, whole.difference) == (1700, 1500, 0)
    assert (whole.compared_cells, whole.cells, whole.is_whole) == (2, 3, False)
    assert (lines["PU"].difference, lines["PU"].difference_percent) == (-10, Decimal("-1"))
    assert (lines["BPU"].difference, lines["BPU"].difference_percent) == (10, Decimal("2"))
    assert (lines["JAKON"].difference, lines["JAKON"].counted) == (None, None)
    assert (whole.undetailed, whole.undetailed_difference) == (1750, 50)
    assert found.lines[0].used.members == 1700


def test_province_adds_up_its_regencies_cell_by_cell(ketapang: Regency) -> None:
    landak = factories.regency("61.08")
    factories.membership(landak, 300, segment="PU", counted=330)
    factories.membership(factories.province(), 1350, segment="PU")

    found = reconciliation(factories.province(), MONTH, factories.user("provinsi", "61"))

    formal = next(line.found for line in found.lines if line.found.segment == "PU")
    assert (formal.reported, formal.reported_cells, formal.cells) == (1300, 2, 14)
    assert (formal.counted, formal.difference) == (1320, 20)
    assert (formal.undetailed, formal.undetailed_difference) == (1350, None)
    assert [line.found.area for line in found.regencies][:4] == ["61.01", "61.02", "61.03", "61.04"]
    assert {
        line.found.area: line.found.difference for line in found.regencies if line.found.compared_cells
    } == {
        "61.04": 0,
        "61.08": 30,
    }


def test_page_says_the_difference_in_persons_and_percent(client: Client, ketapang: Regency) -> None:
    page = text_of(client.get("/rekonsiliasi/61.04/?bulan=2025-07"))

    assert '<h1 class="page-title">Rekonsiliasi Kabupaten Ketapang</h1>' in page
    assert '<strong>−10</strong> <span class="reconciled__share">−1,00 %</span>' in page
    assert "2 dari 3 bagian" in page
    assert "+50 dari rinciannya" in page
    assert "daftar lengkap" in page


def test_page_file_and_csv_say_what_the_page_says(client: Client, ketapang: Regency) -> None:
    rows = csv_rows(client.get("/rekonsiliasi/61.04/segmen.csv?bulan=2025-07"))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/rekonsiliasi/61.04.xlsx?bulan=2025-07").content))

    assert rows[0][4:11] == ["1700", "1500", "0", "0,00", "1750", "50", "1700"]
    assert rows[1][4:8] == ["1000", "990", "-10", "-1,00"]
    assert book.sheetnames == ["Per segmen", "Per bulan", "Tentang"]
    assert [cell.value for cell in book["Per segmen"][3]][4:8] == [1000, 990, -10, -1]


def test_months_of_a_regency_lead_to_each_of_them(client: Client, ketapang: Regency) -> None:
    factories.membership(ketapang, 900, segment="PU", month="2025-06", counted=900)

    page = text_of(client.get("/rekonsiliasi/61.04/?bulan=2025-07"))
    rows = csv_rows(client.get("/rekonsiliasi/61.04/bulan.csv"))

    assert 'href="/rekonsiliasi/61.04/?bulan=2025-06"' in page
    assert [row[2] for row in rows] == ["2025-07", "2025-06"]


def test_demo_shows_the_quoted_figures_of_the_design_with_their_flags(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    loading.load()

    rows = csv_rows(client.get("/rekonsiliasi/61/kutipan.csv"))
    page = text_of(client.get("/rekonsiliasi/"))

    flagged = {(row[1], row[6]): (row[7], row[8], row[9], row[10]) for row in rows if row[11] == "ya"}
    assert flagged == {
        ("61", "55,00"): ("42591", "154008", "27,66", "27,34"),
        ("61.72", "22,77"): ("16684", "89920", "18,55", "4,22"),
    }
    portal = {(row[1], row[2], row[6]): (row[12], row[13]) for row in rows}
    assert len(rows) == 15
    assert portal["61", "2025-06", "55,00"] == ("27,66", "27,34")
    assert portal["61", "2025-07", "31,63"] == ("31,63", "0,00")
    assert portal["61.72", "2025-06", "22,77"] == ("22,78", "-0,01")
    assert portal["61", "2022-11", "37,37"] == ("", "")
    assert "2 dari 15 angka kutipan berbeda dari hitungannya" in page
    assert "selisih +27,34 poin" in page


def test_another_area_is_not_found_and_nor_are_its_quotes(
    client: Client, settings: Any, ketapang: Regency
) -> None:
    settings.PUBLIC_AGGREGATES = False
    factories.quote(factories.regency("61.08"), "53", source="rahasia Landak")
    client.force_login(factories.user("ketapang", "61.04"))

    assert client.get("/rekonsiliasi/").headers["Location"] == "/rekonsiliasi/61.04/"
    assert "rahasia Landak" not in text_of(client.get("/rekonsiliasi/61.04/"))
    for path in ("61.08/", "61.08.xlsx", "61.08/segmen.csv", "61.xlsx", "61/kutipan.csv"):
        assert client.get(f"/rekonsiliasi/{path}").status_code == 404, path


def test_page_is_behind_the_sign_in_where_aggregates_are(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False

    for path in ("/rekonsiliasi/", "/rekonsiliasi/61.04/", "/data-terbuka/"):
        assert client.get(path).headers["Location"].startswith("/masuk/"), path


def test_empty_portal_and_bad_month_are_answered(client: Client, ketapang: Regency) -> None:
    assert "Belum ada angka peserta aktif" in text_of(client.get("/rekonsiliasi/61.08/"))
    assert "Bulan yang diminta tidak dapat dibaca" in text_of(client.get("/rekonsiliasi/?bulan=kemarin"))
    assert client.get("/rekonsiliasi/61.04/tidak-ada.csv").status_code == 404
