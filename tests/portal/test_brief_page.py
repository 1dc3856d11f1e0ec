"""The page of the brief and its file: whose area, which month, what is said where something is missing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coverage_portal.demo import project_loading
from coverage_portal.lib import pdf
from regions.models import Regency, Target
from tests import factories, pdf_text
from tests.projects import records

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def figures() -> None:
    for place, regency in enumerate(Regency.objects.active().by_code()):
        factories.workforce(regency, 1_000)
        for month in ("2025-06", "2025-07"):
            factories.membership(regency, 300 + 20 * place + 100 * month.endswith("7"), month=month)


@pytest.fixture
def official(client: Any) -> Any:
    client.force_login(factories.user("pejabat", "61"))
    return client


def text_of(response: Any) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode().replace("\xa0", " ").replace("&nbsp;", " "))
    return " ".join(words.split())


def test_page_and_file_are_of_the_latest_whole_month(official: Any, figures: None) -> None:
    page, file = official.get("/ringkasan/"), official.get("/ringkasan/pdf/")

    assert "Data Juli 2025 Data masuk 14 dari 14 kab/kota" in text_of(page)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == 'attachment; filename="ringkasan-61-2025-07.pdf"'
    assert "Data Juli 2025" in pdf_text.text_of(file.content)
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "no-store" in file.headers["Cache-Control"]


def test_month_is_chosen_and_kept(official: Any, figures: None) -> None:
    page = official.get("/ringkasan/?bulan=2025-06")
    link = re.search(r'href="(/ringkasan/pdf/[^"]*)"', page.content.decode())

    assert "Data Juni 2025" in text_of(page)
    assert link is not None
    assert official.get(link[1]).headers["Content-Disposition"].endswith('ringkasan-61-2025-06.pdf"')


def test_dashboard_leads_to_the_brief_of_its_area_and_month(official: Any, figures: None) -> None:
    home = official.get("/?bulan=2025-06&segmen=PU").content.decode()
    regency = official.get("/wilayah/61.04/").content.decode()

    assert 'href="/ringkasan/?bulan=2025-06&amp;wilayah=61"' in home
    assert 'href="/ringkasan/?wilayah=61.04"' in regency


def test_sheet_stays_indonesian_inside_of_an_english_page(official: Any, figures: None) -> None:
    official.post("/bahasa/", {"language": "en", "next": "/"})

    page = official.get("/ringkasan/")
    html = page.content.decode()

    assert '<html lang="en">' in html
    assert '<article class="brief brief--78" lang="id">' in html
    assert "Download PDF" in html
    assert "Data Juli 2025" in text_of(page)
    assert "Data July 2025" not in text_of(page)


@pytest.mark.parametrize(
    ("public", "areas", "title"),
    [
        (True, None, "Provinsi Kalimantan Barat"),
        (True, ("61",), "Provinsi Kalimantan Barat"),
        (True, ("61.04",), "Kabupaten Ketapang"),
        (True, ("61.04", "61.71"), "Provinsi Kalimantan Barat"),
        (False, ("61",), "Provinsi Kalimantan Barat"),
        (False, ("61.04",), "Kabupaten Ketapang"),
        (False, ("61.04", "61.71"), "Pilih wilayah ringkasannya. Kabupaten Ketapang Kota Pontianak"),
        (False, (), "Akun Anda belum diberi wilayah kerja."),
    ],
)
def test_brief_is_that_of_the_reader_s_area(
    client: Any, figures: None, settings: Any, public: bool, areas: tuple[str, ...] | None, title: str
) -> None:
    settings.PUBLIC_AGGREGATES = public
    if areas is not None:
        client.force_login(factories.user("pembaca", *areas))

    page = client.get("/ringkasan/")

    assert page.status_code == 200
    assert title in text_of(page)


@pytest.mark.parametrize("path", ["/ringkasan/", "/ringkasan/pdf/"])
def test_another_area_s_brief_does_not_exist(client: Any, figures: None, settings: Any, path: str) -> None:
    settings.PUBLIC_AGGREGATES = False
    client.force_login(factories.user("ketapang", "61.04"))

    found = [
        client.get(f"{path}?wilayah={code}").status_code
        for code in ("61.04", "61.71", "61", "31", "x", "61.99")
    ]

    assert found == [200, 404, 404, 404, 404, 404]


def test_public_reads_aggregates_and_prints_the_page(client: Any, figures: None) -> None:
    project_loading.load()

    page, file = client.get("/ringkasan/"), client.get("/ringkasan/pdf/")

    assert "Provinsi Kalimantan Barat" in text_of(page)
    assert "onstruksi:" not in text_of(page)
    assert "/ringkasan/pdf/" not in page.content.decode()
    assert (file.status_code, file.headers["Location"]) == (302, "/masuk/?next=/ringkasan/pdf/")
    client.force_login(factories.user("pejabat", "61"))
    assert "Jasa konstruksi:" in text_of(client.get("/ringkasan/"))


def test_nothing_is_public_where_aggregates_are_not(client: Any, figures: None, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False

    assert client.get("/ringkasan/").headers["Location"] == "/masuk/?next=/ringkasan/"


def _nothing() -> None:
    """An empty portal."""


def _other_month() -> None:
    factories.workforce(factories.regency(), 1_000)
    factories.membership(factories.regency(), 300, month="2025-06")


def _no_workforce() -> None:
    factories.membership(factories.regency(), 300)


@pytest.mark.parametrize(
    ("given", "query", "sentence"),
    [
        (_nothing, "", "Belum ada angka peserta aktif Kalimantan Barat dalam portal ini."),
        (_other_month, "?bulan=2020-01", "Data Januari 2020 untuk Kalimantan Barat belum masuk."),
        (_other_month, "?wilayah=61.71", "Belum ada angka peserta aktif Kota Pontianak dalam portal ini."),
        (
            _no_workforce,
            "?wilayah=61.04",
            "Cakupan Kabupaten Ketapang Juli 2025 belum dapat dihitung: potensi tenaga kerja belum diisi.",
        ),
    ],
)
def test_what_is_missing_is_said_and_has_no_file(
    official: Any, given: Any, query: str, sentence: str
) -> None:
    given()

    page, file = official.get(f"/ringkasan/{query}"), official.get(f"/ringkasan/pdf/{query}")

    assert (page.status_code, file.status_code) == (200, 404)
    assert f"Ringkasan belum ada {sentence}" in text_of(page)
    assert f"Ringkasan belum ada {sentence}" in text_of(file)
    assert "Unduh PDF" not in text_of(page)


def test_incomplete_month_says_of_what_it_is_a_share(official: Any, figures: None) -> None:
    factories.membership(factories.regency("61.01"), 500, month="2025-08")
    factories.membership(factories.regency("61.71"), 600, month="2025-08")

    text = text_of(official.get("/ringkasan/?bulan=2025-08"))

    assert "Data masuk 2 dari 14 kab/kota" in text
    assert "Belum lengkap: 55,00 % dari potensi 2 kab/kota yang datanya masuk." in text
    assert text.count("data belum masuk") >= 12


def test_without_target_or_projects_the_brief_says_so(official: Any, figures: None) -> None:
    Target.objects.all().delete()

    text = text_of(official.get("/ringkasan/"))

    assert "Target belum ditetapkan, jadi kekurangan peserta belum dapat dihitung." in text
    assert "Belum dapat dihitung: target provinsi belum ditetapkan." in text
    assert "Belum ada proyek jasa konstruksi dalam portal ini." in text


def test_machine_that_cannot_make_pdfs_says_so(
    official: Any, figures: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise pdf.Unavailable

    monkeypatch.setattr(pdf, "engine", refuse)

    page = official.get("/ringkasan/pdf/")

    assert page.status_code == 503
    assert "Ringkasan belum dapat dibuat sebagai PDF" in text_of(page)
    assert "apt install libpango-1.0-0" in text_of(page)
    assert "Provinsi Kalimantan Barat" in text_of(page)


def test_unreadable_month_is_named_and_the_latest_shown(official: Any, figures: None) -> None:
    text = text_of(official.get("/ringkasan/?bulan=besok&per=kemarin"))

    assert "Bulan yang diminta tidak dapat dibaca" in text
    assert "Tanggal posisi tidak dapat dibaca" in text
    assert "Data Juli 2025" in text


def test_same_queries_however_many_projects(official: Any, figures: None) -> None:
    def queries() -> int:
        official.get("/ringkasan/")
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            official.get("/ringkasan/")
        return len(captured)

    project_loading.load()
    few = queries()
    for number in range(30):
        records.project(f"Jembatan Contoh {number}")

    assert queries() == few <= 26
