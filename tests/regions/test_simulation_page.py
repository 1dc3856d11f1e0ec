"""The simulation's page: exact figures, what is refused, who sees what; and nothing is written."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regions import rates
from tests import factories
from tests.regions.test_views import text_of

pytestmark = pytest.mark.django_db
PAGE = "/simulasi/"
KETAPANG = {"wilayah": "61.04", "bulan": "2025-12"}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def ketapang():
    """550 members of 1,850; 579 are missing to 61 % by December 2026, a year away."""
    area = factories.regency("61.04")
    for segment, people, before, members in (
        ("PU", 800, 370, 400),
        ("BPU", 900, 94, 100),
        ("JAKON", 150, 50, 50),
    ):
        factories.workforce(area, people, segment=segment)
        factories.membership(area, before, segment=segment, month="2025-09")
        factories.membership(area, members, segment=segment, month="2025-12")
    return area


def preset(response, name: str) -> str:
    return dict(response.context["presets"])[name]


def test_present_situation_stands_beside_the_simulated_one(client, ketapang):
    page = text_of(client.get(PAGE, {**KETAPANG, "t.61.04.BPU": "300", "l.61.04.PU": "20"}))

    rows = page.split("<tbody>")[1].split("</tbody>")[0]
    assert [part.split("<")[0] for part in rows.split('number">')[1:]] == [
        "550",
        "1.850",
        "29,73 %",
        "579",
        "37,51 %",
        "435",
        "Januari 2030",
    ]
    assert [part.split("<")[0] for part in rows.split('number whatif__simulated">')[1:]] == [
        "850",
        "1.850",
        "45,95 %",
        "279",
        "58,92 %",
        "39",
        "Februari 2027",
    ]
    assert (
        "Dengan langkah ini cakupan Desember 2026 akan 58,92 %, masih kurang 39 peserta; "
        "target 61 % baru akan tercapai Februari 2027." in page
    )


def test_cost_is_people_times_the_dated_rate_times_twelve(client, ketapang):
    page = text_of(client.get(PAGE, {**KETAPANG, "t.61.04.BPU": "300", "l.61.04.PU": "20"}))

    assert "Menutup kekurangan 579 orang sebagai pekerja rentan: Rp116.726.400 setahun" in page
    assert "iuran BPU Rp16.800 sebulan (JKK Rp10.000 + JKM Rp6.800) × 12" in page
    assert "Rp60.480.000" in page  # 300 x 16,800 x 12
    assert "Rp7.862.400" in page  # 39 x 16,800 x 12
    assert "PP 44/2015 jo. PP 82/2019 (beberapa sumber sepakat), berlaku sejak 1 Juli 2015" in page


def test_target_that_is_met_already_needs_no_money(client, ketapang):
    factories.target(ketapang, "20")

    page = text_of(client.get(PAGE, {**KETAPANG, "l.61.04.PU": "-20"}))

    assert "Target 20 % sudah tercapai tanpa langkah ini; cakupan Desember 2026 akan 16,76 %." in page
    assert "Pada Desember 2026 kurang lagi 60 peserta." in page
    assert "Tidak ada kekurangan yang perlu ditutup" in page
    assert "Tutup seluruh kekurangan" not in page


def test_nothing_asked_shows_no_simulated_figure(client, ketapang):
    page = text_of(client.get(PAGE, KETAPANG))

    assert "Belum ada yang diubah" in page
    assert "whatif__simulated" not in page


def test_cost_follows_the_rate_in_force(client, ketapang, monkeypatch):
    monkeypatch.setattr(rates, "BPU_MINIMUM", ())

    page = text_of(client.get(PAGE, KETAPANG))

    assert "pekerja rentan:" not in page
    assert "Rp" not in page


def test_presets_close_the_gap_and_carry_the_present_pace_on(client, ketapang):
    first = client.get(PAGE, KETAPANG)

    closed = client.get(preset(first, "Tutup seluruh kekurangan"))
    carried = client.get(preset(first, "Laju sekarang"))

    assert parse_qs(urlsplit(preset(first, "Tutup seluruh kekurangan")).query) == {
        "wilayah": ["61.04"],
        "bulan": ["2025-12"],
        "t.61.04.BPU": ["579"],
    }
    assert closed.context["outcome"].gap == 0
    assert "target 61 % akan langsung tercapai; cakupan Desember 2026 akan 61,03 %" in text_of(closed)
    assert carried.context["form"].moves["61.04.PU"].per_month == 10
    assert carried.context["form"].moves["61.04.BPU"].per_month == 2
    assert carried.context["outcome"].members_at_deadline == 550 + 12 * 12
    assert str(carried.context["pace"].arrival) == "2030-01"
    # Later, for by then nobody of PU's workforce is left to become a member.
    assert str(carried.context["outcome"].arrival) == "2033-06"


def test_page_is_marked_as_no_data(client, ketapang):
    page = text_of(client.get(PAGE, {**KETAPANG, "t.61.04.BPU": "1"}))

    assert "(bukan data)" in page.split("</title>")[0]
    assert page.count('class="watermark"') == 2
    assert "<strong>Simulasi – bukan data.</strong>" in page


def test_page_in_english(client, settings, ketapang):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    page = text_of(client.get(PAGE, {**KETAPANG, "l.61.04.BPU": "50"}))

    assert "Simulation – not data." in page
    assert "With these steps the target of 61% would be reached in December 2026, in time" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("801", "Di luar kemungkinan: antara -100 dan 800 orang.", id="above the room"),
        pytest.param("-101", "Di luar kemungkinan: antara -100 dan 800 orang.", id="below nobody"),
        pytest.param("99999999999999999999", "Angka terlalu besar.", id="absurd"),
        pytest.param("banyak", "Bukan angka.", id="word"),
        pytest.param("1,5", "Angka pecahan, padahal harus bilangan bulat.", id="fraction"),
        pytest.param('"><script>', "Bukan angka.", id="markup"),
    ],
)
def test_what_cannot_be_counted_is_kept_explained_and_ignored(client, ketapang, typed, sentence):
    response = client.get(PAGE, {**KETAPANG, "t.61.04.BPU": typed, "t.61.04.PU": "10"})

    assert response.status_code == 200
    assert sentence in text_of(response)
    assert response.context["form"]["t.61.04.BPU"].value() == typed
    assert response.context["outcome"].members == 560
    assert "Sebagian isian tidak dapat dihitung" in text_of(response)
    assert '"><script>' not in text_of(response)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            {"t.61.04.PU": "", "l.61.04.PU": "", "t.61.04.BPU": "5"}, {"t.61.04.BPU": ["5"]}, id="empty"
        ),
        pytest.param({"t.61.04.BPU": "1.5", "t.61.04.PU": ""}, {"t.61.04.BPU": ["1.5"]}, id="wrong one kept"),
        pytest.param({"t.61.04.PU": "0", "l.61.04.BPU": " 12 "}, {"l.61.04.BPU": ["12"]}, id="nothing asked"),
    ],
)
def test_address_is_shortened_to_what_was_asked(client, ketapang, query, expected):
    response = client.get(PAGE, {**KETAPANG, **query})
    again = client.get(response["Location"])

    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query) == {
        "wilayah": ["61.04"],
        "bulan": ["2025-12"],
        **expected,
    }
    assert again.status_code == 200


def test_province_moves_every_regency_by_segment_and_leaves_out_whose_data_are_missing(client, ketapang):
    whole = factories.regency("61.01")
    factories.workforce(whole, 1000)
    factories.membership(whole, 200, month="2025-12")

    response = client.get(PAGE, {"wilayah": "61", "bulan": "2025-12", "t.61.01": "100", "t.61.04.JAKON": "7"})

    basis, outcome = response.context["basis"], response.context["outcome"]
    assert [cell.key for cell in basis.cells] == ["61.01", "61.04.PU", "61.04.BPU", "61.04.JAKON"]
    assert (basis.standing.count.members, outcome.members, outcome.workforce) == (750, 857, 2850)
    assert len(basis.missing) == 12
    assert "Yang belum masuk tidak ikut dihitung: Kab. Mempawah" in text_of(response)
    assert 'name="l.61.04.BPU"' in text_of(response)


def test_province_s_own_total_is_moved_as_a_whole(client):
    province = factories.province()
    factories.target(province, "60.80")
    factories.workforce(province, 1_819_430)
    factories.membership(province, 575_504, month="2025-07")

    response = client.get(PAGE)

    page = text_of(response)
    assert [cell.key for cell in response.context["basis"].cells] == ["61"]
    assert "Menutup kekurangan 530.710 orang sebagai pekerja rentan: Rp106.991.136.000 setahun" in page


def test_without_figures_there_is_nothing_to_simulate(client):
    page = text_of(client.get(PAGE))

    assert "Belum ada yang dapat disimulasikan" in page
    assert "Simulasi – bukan data" in page


@pytest.mark.parametrize("code", ["62", "62.01", "61.99", "61.4", "x", "61\0"])
def test_area_outside_the_home_province_is_not_found(client, code):
    assert client.get(PAGE, {"wilayah": code}).status_code == 404


def test_reader_of_one_regency_starts_with_it_and_finds_no_other(client, settings, ketapang):
    settings.PUBLIC_AGGREGATES = False
    client.force_login(factories.user("ketapang", "61.04"))

    own, other, above = (client.get(PAGE, query) for query in ({}, {"wilayah": "61.01"}, {"wilayah": "61"}))

    assert own.context["basis"].area == ketapang
    assert "Sambas" not in text_of(own)
    assert (other.status_code, above.status_code) == (404, 404)


def test_reader_without_an_area_or_a_sign_in(client, settings):
    settings.PUBLIC_AGGREGATES = False

    signed_out = client.get(PAGE)
    client.force_login(factories.user("tanpa"))

    assert (signed_out.status_code, signed_out["Location"].startswith("/masuk/?next=")) == (302, True)
    assert client.get(PAGE).status_code == 404


def test_nothing_is_written_and_nothing_can_be_posted(client, ketapang):
    with CaptureQueriesContext(connection) as captured:
        client.get(PAGE, {**KETAPANG, "t.61.04.BPU": "300"})

    assert captured.captured_queries
    assert all(query["sql"].startswith("SELECT") for query in captured.captured_queries)
    assert client.post(PAGE, {**KETAPANG, "t.61.04.BPU": "300"}).status_code == 405


def test_menu_leads_to_both_simulations(client):
    page = text_of(client.get(PAGE))

    assert '<a class="site-nav__link" href="/simulasi/" aria-current="page">Simulasi target</a>' in page
    assert 'href="/simulasi-iuran/">Simulasi iuran</a>' in page
