"""Why coverage changed, as the pages of the province and of a regency say it."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_portal.accounts import keeping
from regions.models import Regency
from tests import factories
from tests.regions.test_panels import csv_rows
from tests.regions.test_views import fill, text_of

pytestmark = pytest.mark.django_db
SEGMENTS = (("PU", 500, 200, 210), ("BPU", 400, 90, 90), ("JAKON", 100, 50, 45))
WITHHELD = "Belum dapat diuraikan: data {} belum masuk."


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def panel(response) -> str:
    return text_of(response).split('id="change-title"')[1].split("</section>")[0]


@pytest.fixture
def year():
    """370 of 1,000 everywhere, but in December 2025 440 in Ketapang and 356 in Sambas."""
    fill("2024-12")
    fill("2025-11")
    fill("2025-12", but=("61.01", "61.04"))
    factories.membership(factories.regency("61.04"), 440, month="2025-12")
    factories.membership(factories.regency("61.01"), 356, month="2025-12")


def test_month_before_and_year_before_are_explained(client, year):
    said = panel(client.get("/"))

    assert "Naik 0,40 poin sejak November 2025 hanya karena peserta bertambah 56, potensi tetap; " in said
    assert "terbesar: Kab. Ketapang +0,50, sebaliknya Kab. Sambas −0,10." in said
    assert "Tahun ke tahun" in said
    # Only the potensi of 2025 is known: nothing stands for 2024.
    assert "potensi tenaga kerja untuk Desember 2024 belum diketahui" in said


def test_table_of_parts_adds_up_beside_the_sentence(client, year):
    body = panel(client.get("/")).split("<tbody>")[1].split("</tbody>")[0]
    rows = [
        [cell.split("<")[0] for cell in re.split("<(?:th|td)[^>]*>", row)[1:]]
        for row in body.split("<tr")[1:]
    ]

    assert rows[0] == ["Kab. Ketapang", "370 → 440", "+0,50"]
    assert rows[1] == ["Kab. Mempawah", "370 → 370", "0,00"]
    assert rows[-2:] == [["Kab. Sambas", "370 → 356", "−0,10"], ["Jumlah", "5.180 → 5.236", "+0,40"]]
    assert len(rows) == 15


def test_address_chooses_another_month_and_keeps_it(client, year):
    for regency in Regency.objects.active():
        factories.workforce(regency, 800, year=2024)

    response = client.get("/", {"banding": "2024-12"})

    said = panel(response)
    assert "Desember 2024 ke Desember 2025" in said
    assert (
        "Turun 8,85 poin sejak Desember 2024: +0,50 karena peserta bertambah 56, "
        "−9,35 karena potensi bertambah 2.800; terbesar: Kab. Sambas" in said
    )
    assert len(response.context["overview"].changes) == 1
    assert '<option value="2024-12" selected>' in said
    assert 'href="/wilayah/61.04/?bulan=2025-12' not in text_of(response)
    assert 'href="/wilayah/61.04/?banding=2024-12"' in text_of(response)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param({"banding": "2025-06"}, WITHHELD.format("Juni 2025"), id="no data"),
        pytest.param(
            {"banding": "2025-12"},
            "bulan pembanding Desember 2025 tidak lebih awal daripada Desember 2025",
            id="itself",
        ),
        pytest.param({"banding": "2026-03"}, "bulan pembanding Maret 2026 tidak lebih awal", id="later"),
        pytest.param({"banding": "kemarin"}, "sejak November 2025", id="unreadable: month before"),
        pytest.param({"banding": "2025-11\0"}, "sejak November 2025", id="nul: month before"),
        pytest.param({"urai": "desa"}, "Kab. Ketapang +0,50", id="unknown parts: regencies"),
    ],
)
def test_comparison_that_cannot_be_made_says_why(client, year, query, said):
    response = client.get("/", query)

    assert response.status_code == 200
    assert said in panel(response)


def test_regency_that_is_missing_withholds_the_province_s_and_is_named(client):
    fill("2025-11", but=("61.03",))
    fill("2025-12")

    said = panel(client.get("/"))

    assert "data November 2025 belum lengkap. Yang belum ada: Kab. Sanggau." in said
    assert "Pengaruh (poin)" not in said


def test_regency_is_told_apart_by_segments_and_the_province_where_asked_for(client):
    for code in Regency.objects.active().values_list("code", flat=True):
        area = factories.regency(code)
        for segment, people, before, now in (
            ("PU", 500, 200, 210),
            ("BPU", 400, 90, 90),
            ("JAKON", 100, 50, 45),
        ):
            factories.workforce(area, people, segment=segment)
            factories.membership(area, before, segment=segment, month="2025-11")
            factories.membership(area, now, segment=segment, month="2025-12")

    regency, whole = client.get("/wilayah/61.04/"), client.get("/", {"urai": "segmen"})
    one = client.get("/wilayah/61.04/", {"segmen": "PU"})

    alone = "Naik 2,00 poin sejak November 2025 hanya karena peserta bertambah 10, potensi tetap."
    sentence = "Naik 0,50 poin sejak November 2025 hanya karena peserta bertambah %s, potensi tetap; "
    most = "terbesar: PU +1,00, sebaliknya Jakon −0,50."
    assert sentence % "5" + most in panel(regency)
    assert sentence % "70" + most in panel(whole)
    assert alone in panel(one)


def test_explanation_in_english(client, settings, year):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert (
        "Up 0.40 points since November 2025 only because of 56 more members, workforce unchanged; "
        "most: Kab. Ketapang +0.50, against it Kab. Sambas −0.10." in panel(client.get("/"))
    )


def test_file_has_the_figures_of_the_panel(client, year):
    rows = csv_rows(client, "/unduhan/61/perubahan.csv")

    assert len(rows) == 1 + 14 + 1 + 1
    assert rows[1][:8] == ["2025-11", "Kab. Ketapang", "370", "440", "0,50", "0,00", "0,00", "0,50"]
    assert rows[15][:8] == ["2025-11", "Jumlah", "5180", "5236", "0,40", "0,00", "0,00", "0,40"]
    assert rows[15][8].startswith("Naik 0,40 poin sejak November 2025 hanya karena peserta bertambah 56")
    assert rows[16][:5] == ["2024-12", "Jumlah", "5180", "5236", ""]
    assert rows[16][8].startswith("Belum dapat diuraikan: potensi tenaga kerja untuk Desember 2024")


def test_comparison_costs_no_query(client, year):
    client.get("/")

    def queries(**query: str) -> int:
        keeping.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get("/", query)
        return len(captured)

    assert queries() == queries(banding="2024-12") == queries(urai="segmen")
