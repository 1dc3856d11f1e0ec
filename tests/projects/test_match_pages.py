"""The work list of packages without a registration, and the decision about one pair."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coverage_portal.accounts.models import Change, User
from projects import services
from projects.models import Project, ProjectRegency, RejectedMatch
from projects.selectors import matching
from tests.imports import staff
from tests.projects import records
from tests.projects.pairs import NUMBER, author
from tests.projects.records import day

pytestmark = pytest.mark.django_db
LIST = "/proyek/pencocokan/"


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return staff("petugas", "61")


@pytest.fixture
def page(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def shown(page: Client, where: str = LIST, status: int = 200) -> str:
    response = page.get(where)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def address(package: Project, registration: Project, ending: str = "") -> str:
    return f"{LIST}{package.pk}/{registration.pk}/{ending}"


def seen(package: Project, registration: Project) -> str:
    return matching.plan_of(package.pk, registration.pk).seen


def test_pair_stands_side_by_side_with_its_score_and_reasons(
    page: Client, package: Project, registration: Project
) -> None:
    content = shown(page)

    assert "1 paket pengadaan belum terdaftar di BPJS Ketenagakerjaan, 1 dengan usulan pasangan" in content
    assert "Skor 68 dari 100" in content
    assert '<span class="match__points">+55</span> Nama proyeknya mirip 100 %.' in content
    assert '<span class="match__points">+5</span> Kabupaten/kotanya sama.' in content
    assert '<span class="match__points">+8</span> Nilai kontraknya berselisih sebesar PPN.' in content
    assert '<th scope="row">Nilai kontrak</th> <td>Rp5.000.000</td> <td>Rp5.500.000 <span' in content
    assert f'href="{address(package, registration)}"' in content


def test_best_proposals_come_first_and_packages_without_any_last(page: Client, registration: Project) -> None:
    records.project("Gedung yang tidak mirip", package_code="1", spk_date=day("2025-05-01"))
    alike = records.project("Jembatan Contoh", package_code="2", contract_value=Decimal(5_500_000))
    records.project(f"Kode {NUMBER}", package_code=NUMBER)
    records.project("Jembatan Contoh", package_code="3", spk_date=day("2020-01-01"))
    records.project("Sudah terdaftar", bpjs_number="9", package_code="9")
    records.project("Jembatan Contoh batal", package_code="4", cancelled=True)

    found = matching.work_list(staff("lain", "61"))

    codes = [line.package.package_code for line in found.lines]
    assert codes == [NUMBER, "2", "3", "1"]
    assert [line.pairs[0].score if line.pairs else None for line in found.lines] == [100, 70, 45, None]
    assert (found.packages, found.proposed) == (4, 3)
    assert found.lines[1].package == alike


def test_search_finds_by_name_code_and_contractor(page: Client, package: Project) -> None:
    firm = records.contractor("PT Karya Elok")
    records.project("Gedung Sekolah", package_code="20012345", contractor=firm)

    for text, names in {
        "jembatan": ["Jembatan Contoh"],
        "20012345": ["Gedung Sekolah"],
        "elok": ["Gedung Sekolah"],
        "tidak ada": [],
    }.items():
        content = shown(page, f"{LIST}?q={text}")
        assert [name for name in ("Jembatan Contoh", "Gedung Sekolah") if name in content] == names


def test_twenty_five_a_page(page: Client) -> None:
    for number in range(27):
        records.project(f"Gedung {number}", package_code=f"{number}")

    assert shown(page).count('<section class="panel"') == 25
    assert shown(page, f"{LIST}?halaman=2&q=Gedung").count('<section class="panel"') == 2
    assert "?q=Gedung&amp;halaman=2" in shown(page, f"{LIST}?q=Gedung")


@pytest.mark.parametrize("query", ["?halaman=0", "?halaman=x", "?halaman=99999999999999999999", "?q=%00"])
def test_page_that_does_not_exist_shows_one_that_does(page: Client, package: Project, query: str) -> None:
    assert "Jembatan Contoh" in shown(page, LIST + query)


def test_only_what_one_may_see_is_listed_and_proposed(
    client: Client, package: Project, registration: Project
) -> None:
    records.project("Jembatan Sambas", "61.01", package_code="5")
    for name, areas, expected in (
        ("ketapang", ["61.04"], ["JEMB. CONTOH", "Jembatan Contoh"]),
        ("sambas", ["61.01"], ["Jembatan Sambas"]),
        ("tanpa", [], []),
    ):
        client.force_login(staff(name, *areas))
        content = shown(client)
        names = ("JEMB. CONTOH", "Jembatan Contoh", "Jembatan Sambas")
        assert [text for text in names if text in content] == expected


def test_registration_out_of_sight_is_not_proposed(client: Client, package: Project) -> None:
    ProjectRegency.objects.create(project=package, regency_id="61.05")
    hidden = records.project("Jembatan Contoh asing", None, bpjs_number=NUMBER)
    client.force_login(staff("ketapang", "61.05"))

    assert "asing" not in shown(client)
    for ending in ("", "gabungkan/", "bukan/", "tinjau-lagi/"):
        where = address(package, hidden, ending)
        assert (client.post if ending else client.get)(where).status_code == 404


def test_list_is_made_once_a_data_version_and_scope(
    page: Client, package: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    ranked = matching._ranked
    monkeypatch.setattr(matching, "_ranked", lambda user: made.append(user.username) or ranked(user))

    shown(page)
    shown(page)
    page.force_login(staff("ketapang", "61.04"))
    shown(page)
    assert made == ["petugas", "ketapang"]

    other = records.project("Pasangan lain", bpjs_number="2")
    services.reject_match(package=package.pk, registration=other.pk, author=author())
    shown(page)
    assert made == ["petugas", "ketapang", "ketapang"]


def test_queries_do_not_grow_with_the_list(page: Client, package: Project, registration: Project) -> None:
    def queries(where: str) -> int:
        cache.clear()
        shown(page, where)
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shown(page, where)
        return len(captured)

    few = queries(LIST), queries(address(package, registration))
    firm, agency = records.contractor(), records.agency()
    for number in range(30):
        values = {"contractor": firm, "agency": agency}
        one = records.project(f"Jembatan Contoh {number}", package_code=f"1{number}", **values)
        other = records.project(f"Jembatan Contoh {number}", bpjs_number=f"2{number}", **values)
        ProjectRegency.objects.create(project=one, regency_id="61.05")
        RejectedMatch.objects.create(package=one, registration=registration, actor="a")
        records.payment(registration, reference=f"{number}")
        records.enrolled(other, 9001 + number)

    assert (queries(LIST), queries(address(package, registration))) == few


def test_confirm_step_shows_what_moves_what_is_filled_and_what_differs(
    page: Client, package: Project, registration: Project
) -> None:
    records.payment(registration)
    records.enrolled(registration)

    content = shown(page, address(package, registration))

    assert "<dt>Nomor proyek BPJS</dt><dd>2500000000001</dd>" in content
    assert "<dt>Tanggal pendaftaran</dt><dd>1 Februari 2025</dd>" in content
    assert '<th scope="row">Nama proyek</th><td>Jembatan Contoh</td><td>JEMB. CONTOH</td>' in content
    assert "<li>1 pembayaran</li>" in content
    assert "<li>1 tenaga kerja</li>" in content
    assert "adendum</li>" not in content


def test_joining_by_page_is_done_with_who_and_why(
    page: Client, package: Project, registration: Project
) -> None:
    answer = page.post(
        address(package, registration, "gabungkan/"),
        {"seen": seen(package, registration), "alasan": "kontraknya sama"},
        follow=True,
    )

    assert answer.redirect_chain == [(LIST, 302)]
    assert "“Jembatan Contoh” dan pendaftaran 2500000000001 kini satu proyek." in answer.content.decode()
    assert Project.objects.get().bpjs_number == NUMBER
    change = Change.objects.get(object_id=str(package.pk))
    assert (change.actor, change.source, change.reason) == ("petugas", "page", "kontraknya sama")


def test_second_confirm_is_409_with_a_sentence(page: Client, package: Project, registration: Project) -> None:
    where, data = address(package, registration, "gabungkan/"), {"seen": seen(package, registration)}
    other = records.project("Jembatan Lain", package_code="7")
    page.post(where, data)

    page.force_login(staff("lain", "61"))
    again = page.post(where, data)
    with_other = page.post(address(other, registration, "gabungkan/"), data)
    step = page.get(address(package, registration))

    assert [again.status_code, with_other.status_code, step.status_code] == [409, 409, 409]
    assert "sudah tercatat terdaftar atau sudah digabungkan oleh orang lain" in again.content.decode()
    assert "sudah digabungkan dengan paket lain" in with_other.content.decode()
    assert Change.objects.filter(model="projects.project").count() == 2


@pytest.mark.parametrize("sent", ["", "lama"])
def test_confirm_of_what_was_not_seen_is_409(
    page: Client, package: Project, registration: Project, sent: str
) -> None:
    answer = page.post(address(package, registration, "gabungkan/"), {"seen": sent})

    assert answer.status_code == 409
    assert "berubah sejak halaman itu dibuka" in answer.content.decode()
    assert Project.objects.count() == 2


def test_what_is_to_mend_is_said_on_the_step_and_after_confirming(
    page: Client, package: Project, registration: Project
) -> None:
    for project in (package, registration):
        records.payment(project, reference="BUKTI-1")
    sentence = "Pembayaran dengan nomor bukti BUKTI-1 ada di kedua catatan."

    before = shown(page, address(package, registration))
    answer = page.post(address(package, registration, "gabungkan/"), {"seen": seen(package, registration)})

    assert sentence in before
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Project.objects.count() == 2


def test_rejected_pair_is_not_proposed_again_until_reconsidered(
    page: Client, package: Project, registration: Project
) -> None:
    page.post(address(package, registration, "bukan/"), {"alasan": "beda ruas"})

    content = shown(page)
    assert "Skor" not in content
    assert f'Sudah dinyatakan bukan proyek yang sama: <a href="{address(package, registration)}">' in content
    step = shown(page, address(package, registration))
    assert "petugas menyatakan pada" in step
    assert "Alasannya: beda ruas" in step

    page.post(address(package, registration, "tinjau-lagi/"))
    assert "Skor 68 dari 100" in shown(page)


def test_reason_that_is_too_long_is_said(page: Client, package: Project, registration: Project) -> None:
    for ending in ("gabungkan/", "bukan/"):
        data = {"seen": seen(package, registration), "alasan": "x" * 301}
        answer = page.post(address(package, registration, ending), data)

        assert answer.status_code == 422
        assert "Alasannya terlalu panjang" in answer.content.decode()
    assert (Project.objects.count(), RejectedMatch.objects.count()) == (2, 0)


def test_reader_sees_the_list_and_decides_nothing(
    client: Client, package: Project, registration: Project
) -> None:
    client.force_login(staff("pengawas", "61", group="Pengawas"))

    content = shown(client)

    assert "Skor 68 dari 100" in content
    assert "Ini proyek yang sama" not in content
    assert client.get(address(package, registration)).status_code == 403
    for ending in ("gabungkan/", "bukan/", "tinjau-lagi/"):
        assert client.post(address(package, registration, ending), {"seen": "x"}).status_code == 403
    assert (Project.objects.count(), RejectedMatch.objects.count()) == (2, 0)


def test_visitor_is_sent_to_sign_in(client: Client, package: Project, registration: Project) -> None:
    for where in (LIST, address(package, registration)):
        assert client.get(where)["Location"].startswith("/masuk/")


@pytest.mark.parametrize("ending", ["gabungkan/", "bukan/", "tinjau-lagi/"])
def test_decisions_are_posted_with_a_token(
    user: User, package: Project, registration: Project, ending: str
) -> None:
    strict: Any = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    where = address(package, registration, ending)

    assert strict.get(where).status_code == 405
    assert strict.post(where, {"seen": seen(package, registration)}).status_code == 403
    assert (Project.objects.count(), RejectedMatch.objects.count()) == (2, 0)


@pytest.mark.parametrize("pks", ["0/0", "1/99999999999999999999", "99999999999999999999/1"])
def test_unknown_pair_is_404(page: Client, pks: str) -> None:
    assert page.get(f"{LIST}{pks}/").status_code == 404
