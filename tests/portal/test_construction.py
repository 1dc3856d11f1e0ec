"""The construction page: the segment beside its projects, as the lists and files have them."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_portal.dashboard import construction
from projects.selectors import listing
from projects.selectors.listing import Grouping, Wanted
from tests import factories
from tests.projects import letter_cases, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def official():
    return factories.user("pejabat", "61")


@pytest.fixture
def projects():
    agency = records.agency()
    letter_cases.unregistered(agency, package_code="C-1", contract_number="CONTOH/001/SPK")
    letter_cases.in_arrears(agency)
    letter_cases.overpaid(agency)


def fill_jakon() -> None:
    for code in ("61.04", "61.71"):
        regency = factories.regency(code)
        factories.workforce(regency, 1000, segment="JAKON", year=2025)
        factories.membership(regency, 250, segment="JAKON", month="2025-12")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_figures_are_those_of_the_list_and_of_the_coverage_page(client, official, projects):
    fill_jakon()
    client.force_login(official)
    today = timezone.localdate()

    found = construction(official, today)
    page = text_of(client.get("/konstruksi/"))

    total = listing.listing(official, Wanted(by=Grouping.REGENCY), today).total
    assert found.total == total
    assert total.projects == 3
    assert sum((place.tally.arrears for place in found.places), 0) == total.arrears > 0
    assert f"{total.unregistered} dari 3 proyek belum terdaftar di BPJS Ketenagakerjaan" in page
    assert "500 dari 2.000 pekerja konstruksi, Desember 2025" in page
    assert "25,0 %" in page


def test_files_hold_what_the_page_shows(client, official, projects):
    fill_jakon()
    client.force_login(official)
    found = construction(official, timezone.localdate())

    answer = client.get("/konstruksi/wilayah.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[1:]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/konstruksi/unduhan.xlsx").content))

    assert [row[0] for row in rows] == [place.key if place.regency else "" for place in found.places]
    by_code = {row[0]: row for row in rows}
    assert by_code["61.04"][2:4] == ["25,00", "250"]
    assert sum(int(row[4]) for row in rows) == 3
    assert sum(int(row[10]) for row in rows) == found.total.arrears
    assert [sheet.title for sheet in book] == [
        "Menurut kabupaten kota",
        "Menurut instansi",
        "Perlindungan akan berakhir",
        "Tentang",
    ]
    (by_agency,) = list(book["Menurut instansi"].iter_rows(min_row=2, values_only=True))
    assert by_agency[1:3] == (3, found.total.registered)


def test_one_sees_the_projects_of_one_s_own_area_only(client, projects):
    fill_jakon()
    stranger = factories.user("sambas", "61.01")
    client.force_login(stranger)

    found = construction(stranger, timezone.localdate())

    assert found.total.projects == 0
    assert {place.key for place in found.places} == {"61.01"}
    assert "Belum ada proyek yang berjalan" in text_of(client.get("/konstruksi/"))


def test_page_is_for_those_who_have_signed_in(client, settings):
    settings.PUBLIC_AGGREGATES = True

    for path in ("/konstruksi/", "/konstruksi/unduhan.xlsx", "/konstruksi/wilayah.csv"):
        assert client.get(path).url.startswith("/masuk/?next=/konstruksi/")


def test_unreadable_filters_are_said_and_left_out(client, official):
    client.force_login(official)

    page = text_of(client.get("/konstruksi/?per=kemarin&bulan=x"))

    assert "Tanggal posisi tidak dapat dibaca" in page
    assert "Bulan yang diminta tidak dapat dibaca" in page


def test_unknown_table_is_not_found(client, official):
    client.force_login(official)

    assert client.get("/konstruksi/lain.csv").status_code == 404


def test_queries_do_not_grow_with_projects(client, official):
    client.force_login(official)
    agency = records.agency()
    letter_cases.unregistered(agency, package_code="C-1")
    client.get("/konstruksi/")

    def queries() -> int:
        client.get("/konstruksi/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/konstruksi/")
        return len(captured)

    few = queries()
    for number in range(2, 12):
        letter_cases.unregistered(agency, package_code=f"C-{number}")

    assert queries() == few
