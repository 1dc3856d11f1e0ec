"""The list of projects: what it adds up, what its filters find, and whom it shows what."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from coverage_portal.accounts.models import User
from projects.models import Contractor, Instalment, Project, ProjectRegency, Standing
from tests import factories

from . import records

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2025, 6, 30)
RUNNING = {
    "spk_date": records.day("2025-01-06"),
    "start": records.day("2025-01-13"),
    "end": records.day("2025-09-30"),
    "has_maintenance": False,
    "contract_value": Decimal(100_000_000),
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)


@pytest.fixture
def official(client: Client) -> Client:
    client.force_login(factories.user("pejabat", "61"))
    return client


def scene() -> dict[str, Project]:
    """Three projects that run, one that is over, one that was cancelled, one of which little is known."""
    firm = records.contractor("PT Contoh Karya")
    office = records.agency("61.PUPR", "Dinas PUPR Contoh")
    registered = {"registered_on": records.day("2025-01-08"), "contractor": firm, **RUNNING}
    made = {
        "paid": records.project(
            "Jembatan Lunas", agency=office, fund_source="apbd_prov", planned_workers=3, **registered
        ),
        "owing": records.project(
            "Jalan Menunggak", regency="61.71", fund_source="apbd_kab", planned_workers=4, **registered
        ),
        "unknown": records.project("Pasar Liar", contractor=firm, **{**RUNNING, "contract_value": None}),
        "late": records.project("Drainase Terlambat", contractor=firm, budget_year=2025, **RUNNING),
        "over": records.project(
            "Gedung Selesai",
            **{**registered, "end": records.day("2025-03-31"), "cover_end": records.day("2025-03-31")},
        ),
        "cancelled": records.project("Dermaga Batal", cancelled=True, **registered),
    }
    for serial in (9001, 9002):
        records.enrolled(made["paid"], serial)
    records.enrolled(made["owing"], 9003)
    records.payment(made["paid"], "2025-01-20", 240_000)
    records.payment(made["over"], "2025-01-20", 240_000)
    assessed = records.assessment(made["owing"], 300_000)
    for number, due_on in enumerate(("2025-02-28", "2025-05-15", "2025-06-10"), 1):
        Instalment.objects.create(
            assessment=assessed, number=number, due_on=records.day(due_on), amount=Decimal(100_000)
        )
    Project.objects.filter(pk=made["paid"].pk).update(first_paid_on=records.day("2025-01-20"))
    return made


def names(answer: Any) -> list[str]:
    return [line.project.name for line in answer.context["listing"].page.object_list]


def test_indicators_count_what_is_not_over_and_not_cancelled(official: Client) -> None:
    scene()

    total = official.get("/proyek/").context["listing"].total

    # Jembatan and Jalan are known to BPJS; Pasar and Drainase are not.
    assert (total.registered, total.projects, total.registered_percent) == (2, 4, Decimal(50))
    # Of 3 + 4 planned, the two in the project that has paid; two projects have no plan.
    assert (total.protected, total.planned, total.without_plan) == (2, 7, 2)
    assert total.arrears == 300_000


def test_page_says_both_indicators_and_the_ages_of_arrears(official: Client) -> None:
    scene()

    page = official.get("/proyek/").content.decode()

    assert "50,0\N{NO-BREAK SPACE}%" in page
    assert "2 dari 4 proyek yang belum selesai" in page
    assert "28,6\N{NO-BREAK SPACE}%" in page
    assert "2 dari 7 orang menurut rencana tenaga kerja; 2 proyek tanpa rencana tidak ikut dihitung" in page
    for age in ("0–30: Rp100.000", "31–90: Rp100.000", "&gt;90: Rp100.000"):
        assert age in page
    assert "Posisi per 30 Juni 2025" in page


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("instansi", [("", 1, 3), ("Dinas PUPR Contoh", 1, 1)]),
        ("dana", [("", 0, 2), ("APBD kabupaten/kota", 1, 1), ("APBD provinsi", 1, 1)]),
        ("wilayah", [("Kabupaten Ketapang", 1, 3), ("Kota Pontianak", 1, 1)]),
    ],
)
def test_groups_add_up_by_whom_is_asked_for(
    official: Client, by: str, expected: list[tuple[str, int, int]]
) -> None:
    scene()

    groups = official.get("/proyek/", {"menurut": by}).context["listing"].groups

    assert [(g.name, g.tally.registered, g.tally.projects) for g in groups] == expected


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"cari": "jembatan"}, ["Jembatan Lunas"]),
        ({"cari": "karya menunggak"}, ["Jalan Menunggak"]),
        ({"cari": "100%_"}, []),
        ({"wilayah": "61.71"}, ["Jalan Menunggak"]),
        ({"dana": "apbd_prov"}, ["Jembatan Lunas"]),
        ({"dana": "-", "keadaan": "unregistered"}, ["Drainase Terlambat"]),
        ({"tahun": "2025"}, ["Drainase Terlambat"]),
        ({"keadaan": "in_arrears"}, ["Jalan Menunggak"]),
        ({"keadaan": "incomplete"}, ["Pasar Liar"]),
        ({"tindak": "arrears"}, ["Jalan Menunggak"]),
        ({"terlindungi": "ya"}, ["Jembatan Lunas"]),
        ({"terlindungi": "tidak", "urut": "nama"}, ["Drainase Terlambat", "Jalan Menunggak", "Pasar Liar"]),
        ({"berakhir": "90"}, []),
    ],
)
def test_filters_find(official: Client, filters: dict[str, str], found: list[str]) -> None:
    scene()

    assert names(official.get("/proyek/", filters)) == found


def test_cover_that_ends_soon_is_found(official: Client) -> None:
    made = scene()
    Project.objects.filter(pk=made["paid"].pk).update(cover_end=TODAY + datetime.timedelta(days=60))

    assert names(official.get("/proyek/", {"berakhir": "60"})) == ["Jembatan Lunas"]
    assert names(official.get("/proyek/", {"berakhir": "30"})) == []


def test_agency_filter_and_those_without_one(official: Client) -> None:
    made = scene()
    office = made["paid"].agency
    assert office is not None

    assert names(official.get("/proyek/", {"instansi": str(office.pk)})) == ["Jembatan Lunas"]
    assert "Jembatan Lunas" not in names(official.get("/proyek/", {"instansi": "-"}))


def test_project_of_several_regencies_is_found_in_each_and_shown_once(official: Client) -> None:
    made = scene()
    for code in ("61.71", "61.01"):
        ProjectRegency.objects.create(project=made["paid"], regency_id=code)

    assert names(official.get("/proyek/", {"wilayah": "61.71", "urut": "nama"})) == [
        "Jalan Menunggak",
        "Jembatan Lunas",
    ]
    assert names(official.get("/proyek/", {"wilayah": "61.01"})) == ["Jembatan Lunas"]


@pytest.mark.parametrize(
    "sort", ["tunggakan", "nilai", "iuran", "dibayar", "selesai", "perlindungan", "nama"]
)
def test_sorting_turns_round_and_leaves_the_unknown_last(official: Client, sort: str) -> None:
    scene()
    column = {"selesai": "last_day", "perlindungan": "cover_end", "nilai": "value", "iuran": "due"}
    column |= {"tunggakan": "arrears", "dibayar": "paid"}

    def values(order: str) -> list[Any]:
        lines = official.get("/proyek/", {"urut": order}).context["listing"].page.object_list
        return [line.project.name if sort == "nama" else getattr(line, column[sort]) for line in lines]

    up, down = values(sort), values(f"-{sort}")
    known = sorted(value for value in up if value is not None)
    unknown = [None] * (len(up) - len(known))
    assert up == [*known, *unknown]
    assert down == [*reversed(known), *unknown]


def test_what_needs_action_most_comes_first(official: Client) -> None:
    scene()

    lines = official.get("/proyek/").context["listing"].page.object_list

    numbers = [len(line.open_rules) for line in lines]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] > 1


def test_position_of_a_day_gone_by_is_shown_and_exported_as_it_was(official: Client) -> None:
    scene()
    early = {"per": "2025-01-07", "urut": "nama"}

    page = official.get("/proyek/", early)
    states = {line.project.name: line.state for line in page.context["listing"].page.object_list}
    book = load_workbook(io.BytesIO(official.get("/proyek/berkas/", early).content))
    rows = list(book.active.values)
    states_in_file = {row[rows[0].index("Nama Proyek")]: row[rows[0].index("Keadaan")] for row in rows[1:]}

    assert "Posisi per 7 Januari 2025" in page.content.decode()
    assert states["Jembatan Lunas"] == states["Gedung Selesai"] == "unregistered"
    assert states_in_file["Jembatan Lunas"] == "Belum terdaftar"
    assert {row[rows[0].index("Posisi Per")].date() for row in rows[1:]} == {datetime.date(2025, 1, 7)}
    assert {row[rows[0].index("Dibayar")] for row in rows[1:]} == {0}
    assert official.get("/proyek/").context["listing"].on == TODAY


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"per": "kemarin"}, "Tanggal posisi tidak dapat dibaca"),
        ({"per": "2025-07-01"}, "Tanggal posisi belum terjadi"),
        ({"per": "2015-06-30"}, "Posisi sebelum 1 Juli 2015"),
        ({"keadaan": "entah"}, "Saringan entah tidak dikenal"),
        ({"urut": "password"}, "Saringan password tidak dikenal"),
        ({"wilayah": "61"}, "Saringan kabupaten/kota tidak dapat dibaca"),
        ({"tahun": "2e9"}, "Saringan tahun anggaran tidak dapat dibaca"),
    ],
)
def test_what_is_not_understood_is_said_and_left_out(
    official: Client, filters: dict[str, str], sentence: str
) -> None:
    scene()

    answer = official.get("/proyek/", filters)

    assert answer.status_code == 200
    assert any(sentence in message for message in answer.context["form"].messages)
    assert len(names(answer)) == 6


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x", "2"])
def test_page_that_is_not_there_is_the_nearest_one(official: Client, page: str) -> None:
    scene()

    assert len(names(official.get("/proyek/", {"halaman": page}))) == 6


def test_other_areas_are_neither_shown_nor_counted(client: Client) -> None:
    scene()
    client.force_login(factories.user("ketapang", "61.71"))

    listing = client.get("/proyek/").context["listing"]
    file = client.get("/proyek/berkas/", {"bentuk": "csv"}).content.decode("utf-8-sig")

    assert [line.project.name for line in listing.page.object_list] == ["Jalan Menunggak"]
    assert (listing.total.projects, listing.total.arrears) == (1, 300_000)
    assert "Jalan Menunggak" in file
    assert "Jembatan" not in file
    assert [regency.code for regency in listing.regencies] == ["61.71"]


def test_without_a_grant_there_is_nothing_and_without_signing_in_no_page(client: Client) -> None:
    scene()
    assert client.get("/proyek/").status_code == client.get("/proyek/berkas/").status_code == 302

    client.force_login(factories.user("tamu"))

    assert names(client.get("/proyek/")) == []


def test_same_queries_however_many_projects(official: Client) -> None:
    def queries(address: str) -> int:
        official.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            official.get(address)
        return len(captured)

    addresses = ("/proyek/", "/proyek/?cari=jembatan&menurut=wilayah", "/proyek/berkas/")
    scene()
    few = [queries(address) for address in addresses]
    firms = [records.contractor(f"CV Contoh {number}") for number in range(12)]
    for number, firm in enumerate(firms):
        office = records.agency(f"61.{number}", f"Dinas {number}")
        made = records.project(f"Jembatan {number}", agency=office, contractor=firm, **RUNNING)
        records.payment(made)

    assert [queries(address) for address in addresses] == few
    assert max(few) <= 13
    assert Standing.objects.count() == 18


def test_what_is_kept_of_a_page_is_not_shown_to_others_nor_after_a_change(client: Client) -> None:
    made = scene()
    for name, area in (("pejabat", "61"), ("pontianak", "61.71")):
        factories.user(name, area)

    def page(name: str, language: str = "id", **asked: str) -> str:
        client.logout()
        client.force_login(User.objects.get(username=name))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get("/proyek/", asked).content.decode()

    assert "Jembatan Lunas" in page("pejabat")
    assert "Jembatan Lunas" not in page("pontianak")
    assert "Belum terdaftar" in page("pejabat")
    assert "Not registered" in page("pejabat", "en")
    up, down = page("pejabat", urut="nama"), page("pejabat", urut="-nama")
    assert up.index("Drainase Terlambat") < up.index("Pasar Liar")
    assert down.index("Drainase Terlambat") > down.index("Pasar Liar")
    assert made["paid"].contractor is not None

    Contractor.objects.filter(pk=made["paid"].contractor.pk).update(name="PT Contoh Berganti Nama")
    Project.objects.filter(pk=made["paid"].pk).update(name="Jembatan Berganti Nama")

    after = page("pejabat")
    assert "PT Contoh Berganti Nama" in after
    assert "Jembatan Berganti Nama" in after
    assert "Jembatan Lunas" not in after
