"""The upload page: what it offers, what it stores, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django_tasks_db.models import DBTaskResult

from coverage_portal.accounts.models import User
from coverage_portal.intake import storage
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD, upload_fields
from tests.sheets import xlsx

pytestmark = pytest.mark.django_db


def stored_files(settings: Any) -> list[Path]:
    folder = Path(settings.UPLOAD_DIR)
    return sorted(folder.iterdir()) if folder.is_dir() else []


def test_upload_stores_the_file_and_leads_to_its_page(page: Client, uploader: User) -> None:
    content = xlsx(GOOD)

    response = page.post("/impor/", upload_fields(content, source="Rekap BPJS", data_date="2025-07-31"))

    batch = ImportBatch.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/impor/{batch.pk}/")
    assert (batch.user, batch.state, batch.kind) == (uploader, ImportBatch.State.RECEIVED, "membership")
    assert batch.options == {"source": "Rekap BPJS", "data_date": "2025-07-31"}
    with storage.opened(str(batch.pk)) as file:
        assert file.read() == content


def test_emptying_by_blank_cells_is_offered_for_kinds_that_do_it(page: Client) -> None:
    content = page.get("/impor/").content.decode()
    assert "Hanya untuk Rekap peserta aktif" in content
    assert content.count("Data peserta, ") == 0

    page.post("/impor/", upload_fields(blank_clears="on"))
    page.post("/impor/", upload_fields(blank_clears="on") | {"kind": "enrollment"})

    stored = {batch.kind: batch.options for batch in ImportBatch.objects.all()}
    assert stored == {"membership": {"blank_clears": "1"}, "enrollment": {}}


def test_upload_wakes_the_worker_once_it_is_committed(
    page: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as waiting:
        page.post("/impor/", upload_fields())
    assert not DBTaskResult.objects.exists()

    for callback in waiting:
        callback()

    queued = DBTaskResult.objects.get()
    assert queued.args_kwargs["args"] == [str(ImportBatch.objects.get().pk)]


def test_upload_by_htmx_is_sent_on_by_a_header(page: Client) -> None:
    response = page.post("/impor/", upload_fields(), headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert response["HX-Redirect"] == f"/impor/{ImportBatch.objects.get().pk}/"


def test_page_offers_only_the_kinds_that_the_user_may_import(page: Client, uploader: User) -> None:
    content = page.get("/impor/").content.decode()

    assert "Templat Rekap peserta aktif" in content
    assert "Templat Potensi tenaga kerja" in content
    assert "Templat Target cakupan" not in content
    uploader.user_permissions.add(Permission.objects.get(codename="change_target"))
    assert "Templat Target cakupan" in page.get("/impor/").content.decode()


def test_kind_that_the_user_may_not_import_is_refused(page: Client) -> None:
    response = page.post("/impor/", upload_fields() | {"kind": "target"})

    assert response.status_code == 422
    assert "tidak boleh Anda impor" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_upload_without_a_file_says_so(page: Client) -> None:
    response = page.post("/impor/", {"kind": "membership"})

    assert response.status_code == 422
    assert "Pilih berkas yang akan diimpor." in response.content.decode()


@pytest.mark.parametrize("size", [1024 * 1024 + 1, 3 * 1024 * 1024], ids=["in memory", "on disk"])
def test_file_over_the_limit_is_not_stored(page: Client, settings: Any, size: int) -> None:
    settings.UPLOAD_MAX_MB = 1

    response = page.post("/impor/", upload_fields(b"x" * size))

    assert response.status_code == 422
    assert "Berkas melebihi 1 MB, sehingga tidak disimpan." in response.content.decode()
    assert (ImportBatch.objects.count(), stored_files(settings)) == (0, [])


def test_file_at_the_limit_is_stored(page: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_MB = 1

    response = page.post("/impor/", upload_fields(b"x" * 1024 * 1024))

    assert response.status_code == 302
    assert ImportBatch.objects.get().size == 1024 * 1024


@pytest.mark.parametrize("size", [10_000, 3 * 1024 * 1024], ids=["in memory", "on disk"])
def test_upload_that_was_cut_off_is_not_stored(page: Client, settings: Any, size: int) -> None:
    body = encode_multipart(BOUNDARY, upload_fields(b"x" * size))

    response = page.generic("POST", "/impor/", body[: -size // 2], content_type=MULTIPART_CONTENT)

    assert response.status_code == 422
    assert "terputus sebelum berkas diterima utuh" in response.content.decode()
    assert (ImportBatch.objects.count(), stored_files(settings)) == (0, [])


def test_full_disk_of_the_uploads_is_said_in_words(page: Client, settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "a-file"
    settings.UPLOAD_DIR.write_bytes(b"")

    response = page.post("/impor/", upload_fields())

    assert response.status_code == 422
    assert "tidak dapat menyimpan berkas saat ini" in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_full_disk_while_the_body_comes_in_is_said_in_words(
    page: Client, settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "absent"

    response = page.post("/impor/", upload_fields(b"x" * 3 * 1024 * 1024))

    assert response.status_code == 422
    assert "tidak dapat menyimpan berkas saat ini" in response.content.decode()


def test_nothing_of_an_upload_lies_readable_on_the_disk(page: Client, settings: Any) -> None:
    page.post("/impor/", upload_fields(b"Wilayah;Peserta Aktif\nSambas;100\n", name="rahasia.csv"))

    (file,) = stored_files(settings)
    assert b"Sambas" not in file.read_bytes()
    assert "rahasia" not in file.name


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.xlsx", "C:\\rekap\\juli.xlsx", "<img src=x>.xlsx", "re\u202exslx.xlsx"]
)
def test_file_name_is_kept_as_text_only(page: Client, settings: Any, name: str) -> None:
    page.post("/impor/", upload_fields(name=name))

    batch = ImportBatch.objects.get()
    assert not set(batch.file_name) & set("/\\<>\u202e")
    assert [file.name for file in stored_files(settings)] == [f"{batch.pk}.sealed"]
