"""Impor koreksi on the pages and by the command: the button, the upload, the preview, and what is refused."""

from __future__ import annotations

import io
import json
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake import jobs
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD, address, staff
from tests.projects.people import HEADING, member, nik, send
from tests.projects.test_correction import correct, edit, people
from tests.sheets import confirm, csv_bytes, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State


@pytest.fixture
def uploader() -> User:
    return staff("petugas", "61")


@pytest.fixture
def page(client: Client, uploader: User) -> Client:
    client.force_login(uploader)
    return client


@pytest.fixture
def wrong(uploader: User) -> ImportBatch:
    return confirm(send([member(1), member(2), member(3)], user=uploader))


def shown(page: Client, where: str, status: int = 200) -> str:
    response = page.get(where)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def button(batch: ImportBatch) -> str:
    return f'href="/impor/?koreksi={batch.pk}"'


def test_button_leads_through_upload_and_preview_to_the_corrected_list(
    page: Client, uploader: User, wrong: ImportBatch
) -> None:
    edit("9003", paid_through="2025-12-31")
    assert button(wrong) in shown(page, address(wrong))
    form = shown(page, f"/impor/?koreksi={wrong.pk}")
    assert f'name="corrects" value="{wrong.pk}"' in form
    assert "Rekap peserta aktif" not in form
    assert 'value="2025-07-31"' in form

    rows = [member(1, regency="Kab. Sambas"), member(3, regency="Kab. Sambas"), member(4)]
    sent = page.post(
        "/impor/",
        {
            "kind": "enrollment",
            "corrects": str(wrong.pk),
            "data_date": "2025-07-31",
            "file": SimpleUploadedFile("koreksi.csv", csv_bytes([HEADING, *rows])),
        },
    )
    batch = ImportBatch.objects.get(corrects=wrong)
    assert sent["Location"] == address(batch)
    jobs.advance(batch.pk)
    preview = shown(page, address(batch))
    assert "Koreksi atas “peserta.csv”." in preview
    assert "1 data peserta dari impor yang salah tidak ada lagi di berkas ini dan dihapus." in preview
    assert "CONTOH C · ************9002 · PU" in preview
    assert "<del>61.71</del>" in preview
    assert "<ins>61.01</ins>" in preview
    assert "Dibiarkan: C… D… · ************9003 · PU · 61.71 · 15-01-2025" in preview
    assert "Terapkan 2 baris" in preview
    assert nik(2) not in preview

    batch.refresh_from_db()
    page.post(address(batch, "konfirmasi/"), {"preview": str(batch.preview), "rows": "all"})
    assert jobs.advance(batch.pk).state == State.APPLIED
    assert people() == {"9001", "9003", "9004"}
    after = shown(page, address(wrong))
    assert f"Impor ini sudah dikoreksi oleh “koreksi.csv” ({uploader.username}" in after
    assert button(wrong) not in after
    assert "Ya, batalkan impor ini" not in after
    assert button(batch) in shown(page, address(batch))


def test_file_with_which_only_what_it_does_not_have_changes_can_be_applied(
    page: Client, uploader: User, wrong: ImportBatch
) -> None:
    batch = correct(wrong, [member(1), member(2)], user=uploader)

    preview = shown(page, address(batch))
    assert "Baris berkas ini sudah tersimpan; data di luar berkas ini berubah" in preview
    page.post(address(batch, "konfirmasi/"), {"preview": str(batch.preview), "rows": "all"})

    assert jobs.advance(batch.pk).state == State.APPLIED
    assert people() == {"9001", "9002"}


def test_complete_list_that_only_ends_someone_can_be_applied(page: Client, uploader: User) -> None:
    confirm(send([member(1), member(2)], user=uploader))
    options = {"mode": "daftar_lengkap", "regency": "61.71", "segment": "PU"}

    batch = send([member(1)], user=uploader, **options)

    preview = shown(page, address(batch))
    assert "1 peserta tidak ada di daftar lengkap ini dan berakhir." in preview
    assert ">Terapkan</button>" in preview


def test_correction_with_a_wrong_row_offers_no_part_of_it(
    page: Client, uploader: User, wrong: ImportBatch
) -> None:
    batch = correct(wrong, [member(1), ["123", *member(2)[1:]], member(4)], user=uploader)

    preview = shown(page, address(batch))

    assert "Impor koreksi hanya dapat diterapkan bila semua barisnya benar" in preview
    assert 'name="rows"' not in preview


def test_undo_of_a_corrected_import_is_answered_with_a_sentence(
    page: Client, uploader: User, wrong: ImportBatch
) -> None:
    batch = confirm(correct(wrong, [member(1)], user=uploader))

    response = page.post(address(wrong, "urungkan/"))

    assert response.status_code == 409
    assert "Batalkan dahulu koreksinya." in response.content.decode()
    assert f"{address(wrong)}#urungkan" not in shown(page, "/impor/riwayat/")
    undo(batch)
    assert page.post(address(wrong, "urungkan/")).status_code == 302


def test_correcting_what_is_corrected_already_is_answered_with_a_sentence(
    page: Client, uploader: User, wrong: ImportBatch
) -> None:
    confirm(correct(wrong, [member(1)], user=uploader))

    assert "sudah dikoreksi" in shown(page, f"/impor/?koreksi={wrong.pk}", 409)


@pytest.mark.parametrize("number", ["nonsense", str(uuid.UUID(int=9))])
def test_correction_of_no_import_is_not_found(page: Client, number: str) -> None:
    assert page.get(f"/impor/?koreksi={number}").status_code == 404


def test_import_of_another_area_is_not_found(client: Client, wrong: ImportBatch) -> None:
    client.force_login(staff("petugas.sambas", "61.01"))

    assert client.get(f"/impor/?koreksi={wrong.pk}").status_code == 404
    sent = {"kind": "enrollment", "corrects": str(wrong.pk), "file": SimpleUploadedFile("a.csv", b"x")}
    assert client.post("/impor/", sent).status_code == 404
    assert not ImportBatch.objects.filter(corrects=wrong).exists()


def test_reader_gets_no_button(client: Client, wrong: ImportBatch) -> None:
    client.force_login(staff("pembaca", "61", group="Pembaca"))

    assert button(wrong) not in shown(client, address(wrong))


def test_recap_has_no_button(page: Client, uploader: User) -> None:
    recap = confirm(upload("membership", xlsx(GOOD), user=uploader))

    assert button(recap) not in shown(page, address(recap))
    assert "tidak dapat dikoreksi" in shown(page, f"/impor/?koreksi={recap.pk}", 409)


def test_command_corrects_by_number(wrong: ImportBatch, uploader: User, tmp_path: Path) -> None:
    path = tmp_path / "koreksi.csv"
    path.write_bytes(csv_bytes([HEADING, member(1), member(4)]))
    out = io.StringIO()

    call_command(
        "import_sheet",
        "enrollment",
        str(path),
        *("--user", uploader.username, "--confirm", "--json", "--option", f"corrects={wrong.pk}"),
        stdout=out,
    )

    result = json.loads(out.getvalue().splitlines()[-1])
    assert (result["state"], result["counts"]["new"], result["counts"]["same"]) == ("applied", 1, 1)
    assert people() == {"9001", "9004"}


def test_command_refuses_a_number_that_no_import_has(tmp_path: Path) -> None:
    path = tmp_path / "koreksi.csv"
    path.write_bytes(csv_bytes([HEADING, member(1)]))

    with pytest.raises(CommandError, match="Impor yang akan dikoreksi tidak ditemukan"):
        call_command("import_sheet", "enrollment", str(path), "--option", "corrects=abc")
