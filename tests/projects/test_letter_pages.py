"""Work lists and letters as officials see them: who, where, what, and what is left on record."""

from __future__ import annotations

import datetime
import hashlib
import importlib
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from coverage_portal.accounts.models import Change
from coverage_portal.lib import pdf
from projects import issuing
from projects.models import Letter
from regions.choices import AgencyKind
from regions.models import Agency
from tests import factories
from tests.projects import records
from tests.projects.letter_cases import NOW, fine, in_arrears, member, overpaid, unregistered

pytestmark = pytest.mark.django_db
LIST = "/proyek/imbauan/"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with NOW:
        yield


@pytest.fixture
def agency() -> Agency:
    return records.agency("61.04.PUPR", "Dinas PUPR Ketapang", kind=AgencyKind.REGENCY, regency_id="61.04")


def signed_in(client: Client, group: str = "Pengelola data", *areas: str) -> Client:
    client.force_login(member(group, *(areas or ("61",))))
    return client


def text_of(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(agency: Agency) -> str:
    return f"{LIST}{agency.pk}/"


def printed(client: Client, agency: Agency, **values: str) -> Any:
    return client.post(f"{page_of(agency)}cetak/", values)


def test_agencies_are_listed_with_what_they_have_to_do(client: Client, agency: Agency) -> None:
    unregistered(agency)
    in_arrears(agency)
    fine(agency)
    fine(records.agency("61.DINKES", "Dinas Kesehatan Contoh"))

    page = text_of(signed_in(client).get(LIST))

    assert "posisi per 20 November 2026" in page
    assert "Dinas PUPR Ketapang Kabupaten Ketapang 2 Rp520.000 –" in page
    assert "Dinas Kesehatan" not in page
    assert "1 instansi lain tidak memerlukan tindak lanjut." in page


def test_owner_that_is_no_agency_yet_is_listed_apart_and_without_a_letter(client: Client) -> None:
    unregistered(None, owner="Satker Contoh")

    page = signed_in(client).get(LIST)

    assert "Instansi belum terhubung" in text_of(page)
    assert "Satker Contoh 1 Rp0" in text_of(page)
    assert "/proyek/imbauan/0" not in page.content.decode()


def test_work_list_says_what_each_project_needs(client: Client, agency: Agency) -> None:
    unregistered(agency)
    in_arrears(agency)
    overpaid(agency)

    page = text_of(signed_in(client).get(page_of(agency)))

    assert "A. Belum didaftarkan dan melewati batas waktu 1" in page
    assert "B. Menunggak iuran 1" in page
    assert "Menunggak Rp520.000 sejak 20 September 2026, 61 hari" in page
    assert "Cetak surat (PDF)" in page
    assert "Hanya peringatan" in page
    assert page.index("Hanya peringatan") < page.index("Waduk Contoh")
    assert "temuan" not in page.lower()


def test_work_list_speaks_english_and_the_letter_does_not(client: Client, agency: Agency) -> None:
    unregistered(agency)
    signed_in(client).post("/bahasa/", {"language": "en", "next": LIST})

    page = text_of(client.get(page_of(agency)))
    assert printed(client, agency).status_code == 200

    assert "Print letter (PDF)" in page
    assert "A. Not registered, and past the time limit 1" in page
    kept = issuing.content_of(Letter.objects.get())
    assert kept.sections[0].rows[0].points[0].sentence.startswith("Belum didaftarkan, sudah terlambat")
    assert "Imbauan Pelindungan Jaminan Sosial" in issuing.page(kept, "PJK-2026-0001")


def test_work_list_of_an_earlier_day(client: Client, agency: Agency) -> None:
    unregistered(agency)

    before = text_of(signed_in(client).get(page_of(agency), {"per": "2026-07-10"}))
    tomorrow = client.get(page_of(agency), {"per": "2026-11-21"})
    junk = client.get(page_of(agency), {"per": "kemarin"})

    assert "sehingga tidak ada surat" in before
    assert "Tanggal posisi belum terjadi; ditampilkan posisi hari ini." in text_of(tomorrow)
    assert "Tanggal posisi tidak dapat dibaca" in text_of(junk)
    assert "sudah terlambat 83 hari kerja" in text_of(junk)


def test_letter_of_a_day_that_cannot_be_is_not_printed(client: Client, agency: Agency) -> None:
    unregistered(agency)

    response = printed(signed_in(client), agency, per="2026-11-21")

    assert response.status_code == 422
    assert not Letter.objects.exists()


def test_letter_is_printed_and_on_record(client: Client, agency: Agency) -> None:
    unregistered(agency)
    in_arrears(agency)

    response = printed(signed_in(client), agency)

    letter = Letter.objects.get()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="PJK-2026-0001-2026-11-20.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.content.startswith(b"%PDF-")
    assert letter.sha256 == hashlib.sha256(response.content).hexdigest()
    assert (letter.reference, letter.agency, letter.agency_name) == ("PJK-2026-0001", agency, agency.name)
    assert (letter.on, letter.areas, letter.projects) == (datetime.date(2026, 11, 20), ["61.04"], 2)
    assert letter.actor == "pencetak"
    change = Change.objects.get(model="projects.letter")
    assert (change.summary, change.source) == ("PJK-2026-0001 · Dinas PUPR Ketapang", "page")
    assert "content" not in change.after
    assert "PJK-2026-0001" in text_of(client.get(page_of(agency)))
    assert "Rp520.000 20 November 2026" in text_of(client.get(LIST))


def test_letter_shows_the_day_that_the_page_showed(client: Client, agency: Agency) -> None:
    unregistered(agency)

    assert printed(signed_in(client), agency, per="2026-08-31").status_code == 200

    letter = Letter.objects.get()
    kept = issuing.content_of(letter)
    assert (letter.on, kept.printed_on) == (datetime.date(2026, 8, 31), datetime.date(2026, 11, 20))


def test_record_keeps_what_was_said_whatever_happens_later(client: Client, agency: Agency) -> None:
    project = unregistered(agency)
    printed(signed_in(client), agency)
    address = f"{LIST}surat/PJK-2026-0001/"
    project.name, project.registered_on = "Nama Baru", datetime.date(2026, 11, 19)
    project.save()

    page = text_of(client.get(address))
    again = client.get(f"{address}pdf/")

    assert "Surat imbauan kepada Dinas PUPR Ketapang, posisi per 20 November 2026" in page
    assert "Jembatan Contoh" in page
    assert "sudah terlambat 83 hari kerja" in page
    assert again.content.startswith(b"%PDF-")
    assert Letter.objects.count() == 1


def test_no_person_is_kept(client: Client, agency: Agency, settings: Any) -> None:
    settings.LETTER_SIGNATORY_NAME, settings.LETTER_SIGNATORY_NIP = "Nama Penanda", "198001012005011001"
    project = unregistered(agency, ppk="Nama PPK", registered_on=datetime.date(2026, 7, 10))
    records.enrolled(project, 9001, "2026-07-13")

    printed(signed_in(client), agency)

    kept = str(Letter.objects.values().get()) + str(Change.objects.filter(model="projects.letter").values())
    assert "Jembatan Contoh" in kept
    assert [name for name in ("Nama PPK", "Nama Penanda", "1980010", "CONTOH 9001") if name in kept] == []


def test_nothing_to_do_is_no_letter(client: Client, agency: Agency) -> None:
    fine(agency)

    page = signed_in(client).get(page_of(agency))
    response = printed(client, agency)

    assert "sehingga tidak ada surat" in text_of(page)
    assert "Cetak surat" not in text_of(page)
    assert response.status_code == 409
    assert not Letter.objects.exists()


@pytest.mark.parametrize("group", ["Pembaca", "Pengawas", "Staf BPJS"])
def test_only_those_with_the_permission_print(client: Client, agency: Agency, group: str) -> None:
    unregistered(agency)

    page = signed_in(client, group).get(page_of(agency))

    assert page.status_code == 200
    assert "Cetak surat" not in text_of(page)
    assert printed(client, agency).status_code == 403
    assert not Letter.objects.exists()


def test_pages_are_closed_to_strangers_and_to_get(client: Client, agency: Agency) -> None:
    unregistered(agency)
    assert client.get(LIST).status_code == 302
    assert client.get(page_of(agency)).status_code == 302
    assert printed(client, agency).status_code == 302

    client.force_login(factories.user("tanpa-peran"))

    assert client.get(LIST).status_code == 403
    assert client.get(f"{page_of(agency)}cetak/").status_code == 405


def test_another_areas_agency_is_not_there(client: Client, agency: Agency) -> None:
    unregistered(agency)
    printed(signed_in(client), agency)
    client.force_login(member("Pengelola data", "61.01", name="sambas"))

    assert "Dinas PUPR Ketapang" not in text_of(client.get(LIST))
    assert client.get(page_of(agency)).status_code == 404
    assert printed(client, agency).status_code == 404
    assert client.get(f"{LIST}surat/PJK-2026-0001/").status_code == 404
    assert client.get(f"{LIST}surat/PJK-2026-0001/pdf/").status_code == 404
    assert Letter.objects.count() == 1


def test_agency_of_the_province_shows_each_area_its_own_projects(client: Client) -> None:
    provincial = records.agency()
    unregistered(provincial, "Di Ketapang", regency="61.04")
    unregistered(provincial, "Di Sambas", regency="61.01")
    printed(signed_in(client), provincial)
    client.force_login(member("Pengelola data", "61.01", name="sambas"))

    page = text_of(client.get(page_of(provincial)))
    printed(client, provincial)

    assert "Di Sambas" in page
    assert "Di Ketapang" not in page
    assert [letter.areas for letter in Letter.objects.order_by("pk")] == [["61.01", "61.04"], ["61.01"]]
    # The first letter speaks of Ketapang too, the second does not.
    assert "PJK-2026-0001" not in text_of(client.get(page_of(provincial)))
    assert client.get(f"{LIST}surat/PJK-2026-0001/").status_code == 404
    assert client.get(f"{LIST}surat/PJK-2026-0002/").status_code == 200


@pytest.mark.parametrize("reference", ["PJK-2026-0002", "PJK-2026-1", "PJK-2026-00001", "x", "PJK-9999-0001"])
def test_reference_of_no_letter(client: Client, agency: Agency, reference: str) -> None:
    unregistered(agency)
    printed(signed_in(client), agency)

    assert client.get(f"{LIST}surat/{reference}/").status_code == 404


@pytest.mark.parametrize("is_missing", [True, False], ids=["missing", "control arm: there"])
def test_missing_libraries_are_said_and_nothing_is_kept(
    client: Client, agency: Agency, monkeypatch: pytest.MonkeyPatch, is_missing: bool
) -> None:
    unregistered(agency)
    importing = importlib.import_module

    def refuse(name: str, package: str | None = None) -> Any:
        if is_missing and name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return importing(name, package)

    monkeypatch.setattr(pdf.importlib, "import_module", refuse)

    response = printed(signed_in(client), agency)

    assert response.status_code == (503 if is_missing else 200)
    assert Letter.objects.exists() != is_missing
    if is_missing:
        page = text_of(response)
        assert "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in page
        assert "sudah terlambat 83 hari kerja" in page


def test_pages_take_the_same_queries_however_many_agencies(
    client: Client, agency: Agency, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        some = records.agency(f"61.X{number}", f"Dinas Contoh {number}")
        unregistered(some, f"Proyek {number}")
        unregistered(some, f"Proyek lain {number}")
    signed_in(client)
    client.get(LIST)

    with django_assert_max_num_queries(16):
        client.get(LIST)
