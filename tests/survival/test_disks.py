"""The database's disk full, the uploads' disk read-only: a sentence, no row changed, and `/readyz` says so.

A full disk under the uploads is in `test_uploads`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.backup import writing
from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from tests.ground import Ground
from tests.imports import address, upload_fields
from tests.sheets import codes

from . import disks, lists
from .test_uploads import SENTENCE

State = ImportBatch.State
DISK = 8 * 1024 * 1024
DISK_FULL = "53100"


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a file system of 8 MB."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-disk-"))
    try:
        with disks.tmpfs(folder, DISK) as is_mounted:
            if not is_mounted:
                pytest.skip("this user may not mount a file system")
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def page(portal: Ground) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("admin.contoh"))
    return client


@contextmanager
def living_on(disk: Path, portal: Ground, *tables: str) -> Iterator[None]:
    """These tables of the portal's database on that disk."""
    postmaster = psutil.Process(int((portal.data / "postmaster.pid").read_text().splitlines()[0]))
    folder = disk / "tables"
    folder.mkdir()
    shutil.chown(folder, postmaster.uids().real, postmaster.gids().real)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
        try:
            _move(cursor, tables, "small")
            yield
        finally:
            _move(cursor, tables, "pg_default")
            cursor.execute("DROP TABLESPACE small")


def _move(cursor: Any, tables: tuple[str, ...], where: str) -> None:
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} SET TABLESPACE {where}")


def confirmed(batch: ImportBatch) -> ImportBatch:
    jobs.advance(batch.pk)
    batch.refresh_from_db()
    services.confirm(batch=batch, preview=str(batch.preview), user=batch.user, good_rows_only=False)
    return batch


@pytest.mark.parametrize("tables", [["projects_enrollment"], ["projects_worker"]], ids=lambda each: each[0])
def test_import_that_fills_the_databases_disk_leaves_no_row_and_says_so(
    portal: Ground, page: Client, disk: Path, tables: list[str]
) -> None:
    jobs.advance(confirmed(lists.received(lists.stored_list())).pk)
    before, traces = lists.state_of_tables(), lists.traces()
    batch = confirmed(lists.received(lists.tested_list()))

    with living_on(disk, portal, *tables):
        with disks.filled(disk):
            for _attempt in range(jobs.MAX_ATTEMPTS - 1):
                with pytest.raises(OperationalError) as full:
                    jobs.advance(batch.pk)
                assert full.value.__cause__.pgcode == DISK_FULL  # type: ignore[union-attr]
            stopped = jobs.advance(batch.pk)
            shown = page.get(address(batch))

        assert (stopped.state, codes(stopped)) == (State.INTERRUPTED, ["interrupted"])
        assert "Tidak ada yang ditulis sebagian" in shown.content.decode()
        assert (lists.state_of_tables(), lists.traces()) == (before, traces)
        assert lists.is_counted_right()
        services.answer(batch=batch, options={})
        assert jobs.advance(confirmed(batch).pk).state == State.APPLIED
    assert lists.state_of_tables() != before
    assert lists.is_counted_right()


def test_upload_that_the_databases_disk_has_no_room_for_is_answered_and_leaves_nothing(
    portal: Ground, page: Client, disk: Path
) -> None:
    with living_on(disk, portal, "intake_importbatch"):
        with disks.filled(disk):
            refused = page.post("/impor/", upload_fields())
            read = page.get("/")
        taken = page.post("/impor/", upload_fields())

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    assert "Kesalahan ini ada pada portal" in refused.content.decode()
    assert (read.status_code, taken.status_code) == (200, 302)
    batch = ImportBatch.objects.get()
    assert [path.name for path in portal.uploads.iterdir()] == [f"{batch.pk}.sealed"]


def test_backup_onto_a_full_disk_fails_with_a_sentence_and_leaves_nothing(portal: Ground, disk: Path) -> None:
    lists.received(lists.stored_list())

    with disks.filled(disk), pytest.raises(CommandError, match="No space left on device"):
        writing.make(disk / "backups")

    assert list(disk.glob("backups/*")) == []


def test_readyz_sees_the_disk_fill_up(page: Client, settings: Any, disk: Path) -> None:
    settings.VAR_DIR, settings.DISK_FREE_MB = disk, 4

    with disks.filled(disk):
        full = json.loads(page.get("/readyz").content)["disk"]

    assert (full, json.loads(page.get("/readyz").content)["disk"]) == (False, True)


@pytest.mark.parametrize("folder", ["uploads", "tmp"])
def test_folder_that_cannot_be_written_to_is_said_in_words_and_shown_by_readyz(
    portal: Ground, page: Client, settings: Any, folder: str
) -> None:
    settings.VAR_DIR, settings.DISK_FREE_MB = portal.folder, 0
    page.post("/impor/", upload_fields())
    before = ImportBatch.objects.get()
    content = b"x" * (4 * 1024 * 1024)  # beyond what is held in memory

    with disks.read_only(portal.folder / folder):
        refused = page.post("/impor/", upload_fields(content))
        told = json.loads(page.get("/readyz").content)["disk"]
        read = page.get("/impor/riwayat/")

    assert (refused.status_code, read.status_code) == (422, 200)
    assert SENTENCE in refused.content.decode()
    assert ImportBatch.objects.get() == before
    assert (told, json.loads(page.get("/readyz").content)["disk"]) == (False, True)
    assert page.post("/impor/", upload_fields()).status_code == 302


def test_upload_that_waits_on_a_read_only_disk_is_put_off_and_read_afterwards(portal: Ground) -> None:
    batch = lists.received(lists.stored_list())
    before = lists.state_of_tables()

    with disks.read_only(portal.uploads):
        for _attempt in range(jobs.MAX_ATTEMPTS - 1):
            with pytest.raises(OSError, match=r"Read-only|denied"):
                jobs.advance(batch.pk)
        stopped = jobs.advance(batch.pk)

    assert (stopped.state, codes(stopped)) == (State.INTERRUPTED, ["interrupted"])
    assert lists.state_of_tables() == before
    services.answer(batch=batch, options={})
    assert jobs.advance(batch.pk).state == State.READY
