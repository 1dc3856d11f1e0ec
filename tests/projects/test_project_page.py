"""The page of a project, as the people it is for see it."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coverage_portal.accounts import history
from coverage_portal.accounts.models import User
from projects import timeline
from projects.models import Enrollment, Instalment, Payment, Project, Worker
from projects.selectors import project_page as selector
from tests import factories
from tests.imports import staff

from . import records
from .project_pages import built, section, text_of, traced

pytestmark = pytest.mark.django_db


def test_only_who_may_see_the_project_finds_its_page(client: Client) -> None:
    project = built()
    address = f"/proyek/{project.pk}/"
    assert client.get(address).status_code == 302

    found = {}
    for name, areas in {"itu": ["61.04"], "lain": ["61.07"], "tanpa": []}.items():
        client.force_login(factories.user(name, *areas))
        found[name] = client.get(address).status_code

    assert found == {"itu": 200, "lain": 404, "tanpa": 404}
    assert client.get("/proyek/999999999999999999/").status_code == 404
    assert client.post(address).status_code == 405


def test_arrears_are_said_with_what_to_do_and_by_which_source(page: Any) -> None:
    project = built()
    assessed = records.assessment(project, 1_750_000)
    for number, (day, amount) in enumerate([("2025-03-01", 750_000), ("2025-06-01", 1_000_000)], 1):
        Instalment.objects.create(assessment=assessed, number=number, due_on=records.day(day), amount=amount)
    records.payment(project, "2025-01-10", 500_000, reference="BUKTI-1")

    shown = page(project, per="2025-06-30")

    to_do, money = section(shown, "to-do"), section(shown, "money")
    assert (
        "Perlu tindak lanjut (1) Tunggakan iuran Menunggak Rp1.250.000 sejak 1 Maret 2025, 121 hari" in to_do
    )
    assert "Yang perlu dilakukan: Minta penyedia jasa melunasi termin yang sudah jatuh tempo." in to_do
    assert "Sejak 2 Maret 2025. Dasar: Perdir BPJS Ketenagakerjaan 22/2022 (satu sumber)." in to_do
    assert "Iuran Rp1.750.000 menurut penetapan BPJS Ketenagakerjaan" in money
    assert "Belum dibayar Rp1.250.000" in money
    assert "0–30 hari Rp1.000.000 31–90 hari Rp0 lebih dari 90 hari Rp250.000" in money
    assert "1 Maret 2025 Rp750.000 Rp250.000 lewat jatuh tempo" in money
    assert "10 Januari 2025 BUKTI-1 Rp500.000" in money
    assert "Menunggak Termin" in text_of(shown)


def test_without_an_assessment_what_is_due_is_an_estimate_line_by_line(page: Any) -> None:
    shown = page(built(contract_value=Decimal(300_000_000)), per="2025-02-03")

    assert "Iuran Rp620.000 perkiraan menurut tarif; BPJS belum menetapkan" in section(shown, "money")
    lines = section(shown, "sum")
    assert "baris demi baris perkiraan" in lines
    assert "JKK di atas Rp100.000.000 sampai Rp500.000.000 Rp200.000.000 0,17 % Rp340.000" in lines
    assert "Jumlah Rp620.000" in lines
    assert "Sumber tarif: PP 44/2015 jo. PP 82/2019" in lines


def test_addenda_are_steps_with_their_differences(page: Any) -> None:
    project = built(contract_value=Decimal(300_000_000))
    records.addendum(project, "2025-03-03", "A-1", contract_value=Decimal(750_000_000))
    records.addendum(
        project, "2025-05-05", "A-2", end=records.day("2025-12-31"), maintenance_end=records.day("2026-06-30")
    )

    shown, before = page(project, per="2025-06-30"), page(project, per="2025-04-01")

    steps = section(shown, "sum")
    assert "kontrak awal 6 Januari 2025 nilai Rp300.000.000 Rp620.000 –" in steps
    assert "A-1 3 Maret 2025 nilai Rp750.000.000 Rp1.375.000 +Rp755.000" in steps
    assert "A-2 5 Mei 2025 PHO 31 Desember 2025 FHO 30 Juni 2026 Rp1.375.000 Rp0" in steps
    assert "setelah adendum Rp750.000.000" in section(shown, "contract")
    assert "A-2" not in section(before, "sum")
    assert "Selesai (PHO) 30 September 2025" in section(before, "course")
    assert "Selesai (PHO) 31 Desember 2025" in section(shown, "course")


def test_what_is_resolved_stays_and_says_how_long_it_took(page: Any) -> None:
    project = built(registered_on=records.day("2025-03-03"))
    records.payment(project, "2025-03-10", 1_750_000)

    shown = page(project, per="2025-04-01")

    done = section(shown, "done")
    assert re.search(r"Terlambat \d+ hari kerja, terdaftar 3 Maret 2025\.", done)
    assert "56 hari tanpa perlindungan, dari mulai 13 Januari 2025" in done
    assert "tanpa perlindungan 13 Januari 2025 – 9 Maret 2025 56" in section(shown, "course")
    assert "Tidak ada." in section(shown, "to-do")


def test_overpaying_is_a_warning(page: Any) -> None:
    project = built()
    records.assessment(project, 1_750_000)
    records.payment(project, "2025-02-10", 2_000_000)

    shown = page(project, per="2025-04-01")

    assert "Tidak ada. Peringatan Lebih bayar Dibayar Rp2.000.000 dari Rp1.750.000" in section(shown, "to-do")
    assert "Lebih bayar Rp250.000" in section(shown, "money")


def test_missing_data_are_named_and_nothing_is_derived_from_them(page: Any) -> None:
    shown = page(records.project("Pasar Contoh", regency=None, package_code="X-1"))

    page_text = text_of(shown)
    assert "Data belum lengkap" in page_text
    assert (
        "Belum diisi: kabupaten/kota, penyedia jasa, tanggal SPK, nilai kontrak, tanggal mulai, "
        "tanggal selesai (PHO)." in page_text
    )
    assert "Belum dapat dihitung. Nilai kontrak belum diisi." in section(shown, "sum")
    assert "Belum ada tanggal yang dapat digambar." in section(shown, "course")
    assert "Lengkapi dahulu datanya" in section(shown, "to-do")


def test_year_without_holidays_is_said(page: Any) -> None:
    project = built(spk_date=records.day("2016-01-04"), registered_on=None)

    assert "Hari libur 2016" in section(page(project, per="2016-03-01"), "to-do")
    assert "Hari libur" not in section(page(built("Pasar"), per="2025-03-01"), "to-do")


def test_past_day_leaves_out_what_came_later_and_says_so(page: Any) -> None:
    project = built()
    records.payment(project, "2025-02-10", 1_750_000)
    records.enrolled(project, 9001, start="2025-02-10")

    before, after = page(project, per="2025-02-09"), page(project, per="2025-02-10")

    assert "Mendaftar, belum dibayar" in text_of(before)
    assert "Posisi per 9 Februari 2025" in text_of(before)
    assert "Posisi lampau: yang terjadi sesudah tanggal itu tidak dihitung" in text_of(before)
    assert "Belum ada pembayaran." in section(before, "money")
    assert "0 pekerja terdaftar" in section(before, "workers")
    assert "Aktif Lunas" in text_of(after)
    assert "1 pekerja terdaftar" in section(after, "workers")
    assert "Pada tanggal itu SPK belum terbit." in text_of(page(project, per="2025-01-05"))


@pytest.mark.parametrize(
    ("per", "sentence"),
    [
        ("besok", "Tanggal posisi tidak dapat dibaca"),
        ("2025-02-30", "Tanggal posisi tidak dapat dibaca"),
        ("\x00", "Tanggal posisi tidak dapat dibaca"),
        ("2099-01-01", "Tanggal posisi belum terjadi"),
        ("2015-06-30", "Posisi sebelum 1 Juli 2015 tidak dapat dihitung"),
    ],
)
def test_wrong_day_is_said_and_today_is_shown(page: Any, per: str, sentence: str) -> None:
    shown = page(built(), per=per)

    assert shown.status_code == 200
    assert sentence in text_of(shown)
    assert shown.context["page"].on == timezone.localdate()
    assert "Posisi lampau" not in text_of(shown)


def test_dates_of_the_picture_stand_in_a_table_as_well(page: Any) -> None:
    project = built()
    records.payment(project, "2025-02-10", 1_750_000)

    shown = page(project, per="2025-04-01")

    for drawing in shown.context["drawings"].values():
        assert isinstance(drawing, timeline.Drawing)
        for flag in drawing.flags:
            title = timeline.TITLES[flag.event.kind]
            assert f"{flag.number} {title}" in section(shown, "course")
    assert "Akhir perlindungan belum dikonfirmasi BPJS" in section(shown, "course")
    assert "Sertifikat belum ada" in section(shown, "course")
    assert "style=" not in shown.content.decode()


def test_whole_names_are_for_those_who_may_have_whole_niks(client: Client) -> None:
    project = built(planned_workers=3)
    records.enrolled(project, 9001)
    seen = {}
    for group in ("Pembaca", "Pengawas", "Staf BPJS"):
        client.force_login(staff(f"u-{group}", "61", group=group))
        seen[group] = section(client.get(f"/proyek/{project.pk}/", {"per": "2025-02-01"}), "workers")

    assert "1 dari 3 pekerja terdaftar" in seen["Pembaca"]
    for group in ("Pembaca", "Pengawas"):
        assert "C… 9… ************9001" in seen[group]
        assert "CONTOH 9001" not in seen[group]
        assert "Nama lengkap hanya tampil bagi yang berhak" in seen[group]
    assert "CONTOH 9001 ************9001" in seen["Staf BPJS"]
    assert not any("617101170890" in text for text in seen.values())


def test_workers_of_other_areas_are_counted_and_not_listed(client: Client) -> None:
    project = built()
    project.further.create(regency_id="61.07")
    records.enrolled(project, 9001)
    client.force_login(factories.user("tetangga", "61.07"))

    shown = section(client.get(f"/proyek/{project.pk}/"), "workers")

    assert "1 pekerja terdaftar" in shown
    assert "9001" not in shown
    assert "di luar wilayah kerja Anda" in shown


def test_workers_come_fifty_a_page_and_pages_keep_the_day(page: Any) -> None:
    project = built()
    for serial in range(9001, 9053):
        records.enrolled(project, serial)

    first, second = page(project, per="2025-06-30"), page(project, per="2025-06-30", pekerja="2")

    assert section(first, "workers").count("************") == 50
    assert "?per=2025-06-30&amp;pekerja=2#pekerja" in first.content.decode()
    assert "************9052" in section(second, "workers")
    assert section(second, "workers").count("************") == 2
    assert page(project, pekerja="x").status_code == 200


def test_links_to_the_admin_are_for_those_who_may_follow_them(client: Client) -> None:
    project = built()
    edit = f"/admin/projects/project/{project.pk}/change/"
    found = {}
    for group in ("Pembaca", "Pengelola data"):
        user = staff(f"u-{group}", "61", group=group)
        User.objects.filter(pk=user.pk).update(is_staff=True)
        client.force_login(user)
        found[group] = edit in client.get(f"/proyek/{project.pk}/").content.decode()

    assert found == {"Pembaca": False, "Pengelola data": True}


def test_page_speaks_english(client: Client, page: Any) -> None:
    client.post("/bahasa/", {"language": "en", "next": "/"})

    shown = page(built(), per="2025-02-03")

    assert "Position as of 3 February 2025" in text_of(shown)
    assert "Contribution by the rates, line by line" in section(shown, "sum")
    assert "Registration deadline" in section(shown, "course")


def grown(project: Project, many: int) -> None:
    assessed = records.assessment(project, 9_000_000)
    traced(None, assessed, None, history.snapshot(assessed))
    for number in range(many):
        day = datetime.date(2025, 2, 1) + datetime.timedelta(days=number)
        added = records.addendum(project, f"{day}", f"A-{number}", contract_value=1_000_000_000 + number)
        paid = records.payment(project, f"{day}", 100_000 + number, assessment=assessed)
        part = Instalment.objects.create(assessment=assessed, number=number + 1, due_on=day, amount=1000)
        records.enrolled(project, 9001 + number)
        for row in (added, paid, part):
            traced(None, row, None, history.snapshot(row))


def queries(client: Client, project: Project) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(f"/proyek/{project.pk}/").status_code == 200
    return len(captured)


def test_same_queries_however_much_belongs_to_the_project(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = built()
    client.force_login(reader)
    grown(project, 1)
    few = queries(client, project)
    for model in (Payment, Instalment, Enrollment, Worker):
        model.objects.all().delete()
    for related in (project.assessments, project.addenda):
        related.all().delete()
    grown(project, 40)
    many = queries(client, project)

    crew = selector._crew

    def careless(*args: Any) -> Any:
        found = crew(*args)
        found.page.object_list = list(Enrollment.objects.filter(project=project)[:40])
        return found

    monkeypatch.setattr(selector, "_crew", careless)
    control = queries(client, project)

    assert (many, few) == (few, many)
    assert few <= 35
    assert control > many + 30


SITUATIONS = {
    "belum terdaftar": "Belum terdaftar",
    "mendaftar, belum dibayar": "Mendaftar, belum dibayar",
    "menunggak": "Menunggak",
    "batal": "Batal",
    "data belum lengkap": "Data belum lengkap",
    "selesai": "Selesai",
    "lebih bayar": "Lebih bayar",
    "kurang bayar sesudah addendum": "Kurang bayar setelah adendum",
    "perlindungan berakhir sebelum FHO": "Perlindungan berakhir sebelum FHO",
    "pekerja kurang dari rencana": "Pekerja terdaftar kurang dari rencana",
    "swakelola lintas kabupaten": "belum diisi (swakelola tidak mempunyainya)",
}


def test_every_project_of_the_example_has_a_page_that_says_its_situation(
    client: Client, settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    call_command("demo", verbosity=0)
    client.force_login(User.objects.filter(is_superuser=True).first() or factories.user("a", "61"))
    shown = {}
    for project in Project.objects.order_by("pk"):
        situation = project.name.split("(")[1].rstrip(")")
        # Contributions may be overdue by now that were not on the day of the registration.
        per = str(project.registered_on) if situation.startswith("mendaftar") else ""
        answer = client.get(f"/proyek/{project.pk}/", {"per": per})
        assert answer.status_code == 200
        shown.setdefault(situation, text_of(answer))

    assert {name: words in shown[name] for name, words in SITUATIONS.items()} == dict.fromkeys(
        SITUATIONS, True
    )
