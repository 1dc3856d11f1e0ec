"""The pages of coverage: what they say of which figures, and who may read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_portal.lib.periods import Month
from regions.models import Regency, Target, Workforce
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    """Tests change figures without moving the data version: nothing kept for it may outlive a test."""
    cache.clear()


def text_of(response) -> str:
    """The page with every run of white space, no-break spaces too, as one space."""
    return " ".join(response.content.decode().split())


def fill(month: str = "2025-12", *, members: int = 370, but: tuple[str, ...] = ()) -> None:
    """Every regency's undetailed total of a month and, the first time, a potensi of 1,000 each."""
    for regency in Regency.objects.active():
        if not Workforce.objects.filter(regency=regency).exists():
            factories.workforce(regency, 1000)
        if regency.code not in but:
            factories.membership(regency, members, month=month)


def test_dashboard_states_coverage_gap_and_what_is_needed_to_the_digit(client):
    province = factories.province()
    factories.target(province, "60.80")
    factories.workforce(province, 1_819_430)
    factories.membership(province, 575_504, month="2025-07", source="Rekap Juli", data_date=date(2025, 7, 31))

    page = text_of(client.get("/"))

    assert "31,63 %" in page
    assert "<strong>575.504</strong> peserta aktif dari <strong>1.819.430</strong> tenaga kerja" in page
    assert "1.106.214 orang = 60,80 % dari potensi" in page
    assert "<dd>530.710</dd>" in page
    assert "<dd>31.219</dd>" in page
    assert "17 bulan lagi, sampai Desember 2026" in page
    assert "Data per Juli 2025. Sumber: Rekap Juli (31 Juli 2025)." in page
    assert "angka resmi, belum dirinci" in page
    assert "<dd>0 dari 14</dd>" in page


def test_ranking_orders_by_coverage_and_lists_missing_regencies_without_a_figure(client):
    fill(but=("61.01", "61.02", "61.03"))
    factories.membership(factories.regency("61.01"), 620, month="2025-12")
    factories.membership(factories.regency("61.02"), 100, month="2025-12")

    page = client.get("/", {"bulan": "2025-12"})

    rows = page.context["overview"].rows
    assert [(row.rank, row.regency.code) for row in (rows[0], rows[12], rows[13])] == [
        (1, "61.01"),
        (13, "61.02"),
        (None, "61.03"),
    ]
    missing = text_of(page).split(">Kab. Sanggau</a>")[1].split("</tr>")[0]
    assert "data belum masuk" in missing
    assert "0,00" not in missing
    assert 'fill="url(#hatch)"' in missing
    assert "Belum lengkap: 36,85 % dari potensi 13 kab/kota yang datanya masuk." in text_of(page)


def test_headline_stays_on_the_latest_complete_month_and_links_the_newer_one(client):
    fill("2025-11")
    fill("2025-12", but=("61.03",))

    page = text_of(client.get("/"))

    assert "Cakupan November 2025" in page
    assert "Data Desember 2025 sudah masuk dari 13 dari 14 kab/kota, belum lengkap." in page
    assert 'href="/?bulan=2025-12"' in page


def test_filters_stay_in_the_links_to_the_regencies(client):
    for month in ("2025-11", "2025-12"):
        factories.membership(factories.regency("61.04"), 10, month=month, segment="PU")

    page = text_of(client.get("/", {"bulan": "2025-11", "segmen": "PU"}))

    assert 'href="/wilayah/61.04/?bulan=2025-11&amp;segmen=PU"' in page
    assert '<option value="2025-11" selected>November 2025</option>' in page
    assert '<option value="PU" selected>' in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"bulan": "Juli"}, "Bulan yang diminta tidak dapat dibaca"),
        ({"bulan": "2025-13"}, "Bulan yang diminta tidak dapat dibaca"),
        ({"bulan": "0001-01"}, "Bulan yang diminta tidak dapat dibaca"),
        ({"bulan": "9999-12"}, "Bulan yang diminta tidak dapat dibaca"),
        ({"bulan": "2025-12\0"}, "Bulan yang diminta tidak dapat dibaca"),
        ({"segmen": "XX"}, "Segmen yang diminta tidak dikenal"),
        ({"segmen": "PU" * 5000}, "Segmen yang diminta tidak dikenal"),
    ],
    ids=["word", "month-13", "year-1", "year-9999", "nul", "segment", "long"],
)
@pytest.mark.parametrize("path", ["/", "/wilayah/61.04/"])
def test_unusable_filter_is_explained_and_the_default_shown(client, path, query, message):
    fill()

    response = client.get(path, query)

    assert response.status_code == 200
    assert message in text_of(response)
    assert "Desember 2025" in text_of(response)


def test_month_without_data_says_so_and_leads_back(client):
    fill()

    page = text_of(client.get("/wilayah/61.04/", {"bulan": "2026-02"}))

    assert "Data Februari 2026 untuk Kabupaten Ketapang belum masuk." in page
    assert "Kembali ke bulan terbaru yang lengkap, Desember 2025" in page


@pytest.mark.parametrize(
    ("earlier", "now", "month", "percent", "sentence"),
    [
        pytest.param(600, 640, "2025-12", "61", "sudah tercapai, 30 orang di atas yang diperlukan", id="met"),
        pytest.param(
            500,
            580,
            "2027-01",
            "61",
            "Hasil akhir 2026: 58,00 % dari target 61 %, kurang 30 peserta",
            id="past-deadline",
        ),
        pytest.param(
            400,
            490,
            "2025-12",
            "61",
            "Laju 3 bulan terakhir 30 per bulan, cukup: target tercapai April 2026",
            id="on-pace",
        ),
        pytest.param(
            400,
            409,
            "2025-12",
            "61",
            "perlu 17 per bulan. Laju 3 bulan terakhir 3 per bulan: target baru tercapai Juli 2031",
            id="too-slow",
        ),
        pytest.param(
            400,
            400,
            "2025-12",
            "61",
            "sedangkan jumlah peserta tidak bertambah dalam 3 bulan terakhir",
            id="standing-still",
        ),
        pytest.param(
            None, 400, "2025-12", "61", "Laju belum dapat dihitung karena data bulan pembandingnya", id="pace"
        ),
        pytest.param(None, 400, "2025-12", None, "Target belum diisi", id="no-target"),
    ],
)
def test_each_situation_has_its_own_sentence(client, earlier, now, month, percent, sentence):
    Target.objects.all().delete()
    regency = factories.regency("61.04")
    factories.workforce(regency, 1000)
    factories.membership(regency, now, month=month)
    if earlier is not None:
        factories.membership(regency, earlier, month=str(Month.parse(month) - 3))
    if percent is not None:
        factories.target(factories.province(), percent)

    assert sentence in text_of(client.get("/wilayah/61.04/"))


def test_coverage_without_potensi_is_unknown_not_zero(client):
    factories.membership(factories.regency("61.04"), 400, month="2025-12")

    page = text_of(client.get("/wilayah/61.04/"))

    assert "potensi tenaga kerja belum diisi. Peserta aktif Desember 2025: 400 orang." in page
    assert "0,00" not in page


def test_what_is_unusual_about_a_figure_is_labelled(client):
    regency = factories.regency("61.04")
    factories.workforce(regency, 1000, year=2024)
    factories.membership(regency, 1100, month="2025-12")
    factories.target(regency, "45")

    page = text_of(client.get("/", {"bulan": "2025-12"}))

    row = page.split(">Kab. Ketapang</a>")[1].split("</tr>")[0]
    assert "110,00 %" in row
    assert "di atas 100 %" in row
    assert "memakai potensi 2024" in row
    assert "belum dirinci" in row
    assert "target sendiri 45 %" in row


def test_official_total_beside_the_detail_is_shown_with_the_difference(client):
    fill(members=370)
    factories.membership(factories.province(), 5200, month="2025-12")

    page = text_of(client.get("/"))

    assert "Angka resmi tanpa rincian: 5.200; jumlah rincian: 5.180; selisih 20." in page


def test_segments_add_up_without_pmi(client):
    regency = factories.regency("61.04")
    for segment, people, members in (
        ("PU", 500, 300),
        ("BPU", 400, 100),
        ("JAKON", 100, 50),
        ("PMI", 50, 40),
    ):
        factories.workforce(regency, people, segment=segment)
        factories.membership(regency, members, segment=segment, month="2025-12")

    page = client.get("/wilayah/61.04/")

    assert page.context["overview"].standing.count.members == 450
    assert page.context["overview"].standing.count.percent == Decimal(45)
    assert "Cakupan terendah: segmen BPU, 25,00 %" in text_of(page)
    assert "PMI ditampilkan, tetapi tidak dihitung" in text_of(page)


def test_quoted_figure_that_its_own_counts_contradict_is_flagged(client):
    fill()
    factories.quote(factories.province(), "55", numerator=42_591, denominator=154_008)
    factories.quote(factories.province(), "31.63", numerator=575_504, denominator=1_819_430)

    page = text_of(client.get("/"))

    assert "1 dari 2 angka kutipan berbeda dari hitungannya" in page
    assert "42.591 dari 154.008 ialah <strong>27,66 %</strong>" in page
    assert page.count('class="flag">selisih') == 1


def test_empty_portal_lists_the_first_steps_with_what_is_done(client):
    page = client.get("/")

    assert [(str(step.title), step.is_done) for step in page.context["steps"]] == [
        ("Admin pertama", False),
        ("Provinsi dan kabupaten/kota", True),
        ("Potensi tenaga kerja", False),
        ("Target", True),
        ("Angka peserta", False),
        ("Pengguna", False),
    ]
    assert "Langkah awal" in text_of(page)
    assert "manage.py createsuperuser" in text_of(page)
    assert f'href="{reverse("intake:upload")}"' in text_of(page)


def test_first_step_is_done_once_there_is_an_administrator(client):
    factories.user("admin", is_superuser=True)

    assert client.get("/").context["steps"][0].is_done


def test_portal_with_figures_has_no_first_steps(client):
    fill()

    assert "Langkah awal" not in text_of(client.get("/"))


def test_method_page_works_the_portal_s_own_figures_through(client):
    factories.target(factories.province(), "60.80")
    factories.workforce(factories.province(), 1_819_430)
    factories.membership(factories.province(), 575_504, month="2025-07")

    page = text_of(client.get("/metode/"))

    assert "575.504 ÷ 1.819.430 × 100 % = <strong>31,63 %</strong>" in page
    assert "60,80 % × 1.819.430 → <strong>1.106.214</strong>" in page
    assert "1.106.214 − 575.504 → <strong>530.710</strong>" in page
    assert "530.710 ÷ 17 → <strong>31.219</strong>" in page


def test_home_province_s_own_code_leads_to_its_page(client):
    response = client.get("/wilayah/61/")

    assert response.status_code == 302
    assert response["Location"] == "/"


@pytest.mark.parametrize("code", ["62", "62.01", "61.99", "61.4", "6104"])
def test_area_outside_the_home_province_is_not_found(client, code):
    assert client.get(f"/wilayah/{code}/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/wilayah/61.04/", "/metode/"])
def test_page_of_figures_asks_for_a_sign_in_where_aggregates_are_not_public(client, settings, path):
    settings.PUBLIC_AGGREGATES = False

    response = client.get(path, {"bulan": "2025-12"})

    assert response.status_code == 302
    assert response["Location"].startswith("/masuk/?next=")


def test_officer_of_one_regency_is_led_to_it_and_finds_no_other(client, settings):
    settings.PUBLIC_AGGREGATES = False
    fill()
    client.force_login(factories.user("sambas", "61.01"))

    home, own, other = (client.get(path) for path in ("/", "/wilayah/61.01/", "/wilayah/61.04/"))

    assert (home.status_code, home["Location"]) == (302, "/wilayah/61.01/")
    assert own.status_code == 200
    assert "Kalimantan Barat</a>" not in text_of(own)
    assert other.status_code == 404


def test_officer_of_two_regencies_chooses(client, settings):
    settings.PUBLIC_AGGREGATES = False
    client.force_login(factories.user("dua", "61.01", "61.04"))

    page = text_of(client.get("/"))

    assert 'href="/wilayah/61.01/"' in page
    assert 'href="/wilayah/61.04/"' in page
    assert "61.02" not in page


def test_user_without_an_area_is_told_whom_to_ask(client, settings):
    settings.PUBLIC_AGGREGATES = False
    client.force_login(factories.user("tanpa"))

    assert "Akun Anda belum diberi wilayah kerja" in text_of(client.get("/"))
    assert client.get("/metode/").status_code == 404


def test_province_officer_sees_the_province(client, settings):
    settings.PUBLIC_AGGREGATES = False
    fill()
    client.force_login(factories.user("provinsi", "61"))

    assert client.get("/").context["overview"].area.code == "61"


def test_queries_do_not_grow_with_months(client):
    fill("2025-12")
    client.get("/")
    few = _queries(client)
    for offset in range(1, 6):
        fill(str(Month(2025, 12) - offset))
    client.get("/")

    assert _queries(client) == few


def _queries(client) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    return len(captured)
