"""The simulator of contributions, as anyone sees it."""

from __future__ import annotations

import re

import pytest

from projects import rates, rulebook
from projects.compliance import position
from projects.rates import Base
from projects.reference import holidays

from .test_compliance import PROJECT

pytestmark = pytest.mark.django_db
ADDRESS = "/simulasi-iuran/"


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_contract_is_computed_line_by_line(client):
    page = text_of(client.get(ADDRESS, {"nilai": "3 miliar", "ppn": "tidak", "tanggal": "2 Maret 2026"}))

    assert "Perkiraan iuran: Rp4.150.000 perkiraan" in page
    assert "Atas nilai kontrak Rp3.000.000.000, menurut tarif per 2 Maret 2026." in page
    assert "JKK di atas Rp1.000.000.000 sampai Rp5.000.000.000 Rp2.000.000.000 0,11 % Rp2.200.000" in page
    assert "Sumber tarif: PP 44/2015 jo. PP 82/2019" in page


def test_vat_is_taken_out_in_the_open(client):
    page = text_of(client.get(ADDRESS, {"nilai": "Rp 111.000.000,00", "ppn": "ya", "tanggal": "2-3-2026"}))

    assert "Dasar iuran Rp100.000.000 setelah dikurangi PPN 11" in page
    assert "yaitu Rp11.000.000" in page
    assert "Tarif PPN 11 % belum diperiksa" in page


def test_wages_go_before_the_value(client):
    page = text_of(client.get(ADDRESS, {"nilai": "300 juta", "upah": "100 juta"}))

    assert "Perkiraan iuran: Rp2.040.000" in page
    assert "Atas upah Rp100.000.000" in page


def test_what_was_typed_in_is_kept(client):
    page = client.get(ADDRESS, {"nilai": "2,4 miliar", "ppn": "ya", "upah": "", "tanggal": "2 Maret 2026"})

    html = page.content.decode()
    assert 'value="2,4 miliar"' in html
    assert '<option value="ya" selected>' in html
    assert 'value="2 Maret 2026"' in html


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"nilai": ""}, "Nilai kontrak belum diisi."),
        ({"nilai": "0"}, "Nilai kontrak harus lebih dari nol."),
        ({"nilai": "-5"}, "Nilai kontrak harus lebih dari nol."),
        ({"nilai": "9223372036854775808"}, "Angka terlalu besar."),
        ({"nilai": "banyak"}, "Bukan angka."),
        ({"nilai": "1", "upah": "0"}, "Jumlah upah harus lebih dari nol"),
        ({"nilai": "1", "tanggal": "31-02-2026"}, "Tanggal ini tidak ada di kalender."),
        ({"nilai": "1", "tanggal": "1-1-2014"}, "Tarif sebelum 1 Juli 2015 tidak tersimpan di portal."),
    ],
)
def test_fault_is_named_at_its_field(client, asked, reason):
    response = client.get(ADDRESS, asked)

    assert response.status_code == 422
    assert reason in text_of(response)
    assert 'aria-invalid="true"' in response.content.decode()


@pytest.mark.parametrize(
    "asked", [{"nilai": "1\x00"}, {"nilai": "9" * 5000}, {"nilai": "1", "ppn": "mungkin"}]
)
def test_junk_is_refused(client, asked):
    assert client.get(ADDRESS, asked).status_code == 422


def test_page_without_a_question_shows_the_form_only(client):
    response = client.get(ADDRESS, {"utm_source": "x"})

    assert response.status_code == 200
    assert "Rincian" not in text_of(response)


def test_page_is_open_whatever_the_portal_shows(client, settings):
    settings.PUBLIC_AGGREGATES = False

    assert client.get(ADDRESS).status_code == 200


def test_page_speaks_english(client):
    client.post("/bahasa/", {"language": "en", "next": ADDRESS})

    page = text_of(client.get(ADDRESS, {"nilai": "3000000000", "ppn": "tidak"}))

    assert "Estimated contribution: Rp4,150,000" in page


def test_settings_decide_what_the_law_leaves_unclear(settings):
    days = [record.holiday for record in holidays()]
    as_the_law = rulebook.compliance_rules(days)
    settings.REGISTRATION_WORKDAYS = 7
    settings.COLLECTIVE_LEAVE_IS_WORKED = True
    settings.CONTRIBUTION_BASE_HAS_VAT = True
    as_set = rulebook.compliance_rules(days)
    on = rates.FIRST_DAY.replace(year=2026, month=9)

    assert as_the_law.registration is None
    assert (as_set.registration.workdays, as_set.base) == (7, Base.WITH_VAT)
    assert position(PROJECT, on=on, rules=as_the_law).deadline.day.isoformat() == "2026-07-24"
    assert position(PROJECT, on=on, rules=as_set).deadline.day.isoformat() == "2026-07-15"
    leave = next(record.day for record in holidays() if record.is_collective_leave)
    assert (as_the_law.calendar.is_workday(leave), as_set.calendar.is_workday(leave)) == (False, True)
