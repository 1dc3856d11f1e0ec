"""Uploads and what was staged of them go when their time is over; what was applied stays."""

from __future__ import annotations

import datetime
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.intake import retention, services, storage
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.imports import GOOD, MIXED, address
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
Purge = Callable[[], int]


@pytest.fixture
def purge(django_capture_on_commit_callbacks: Any) -> Purge:
    def run() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return retention.purge()

    return run


def age(batch: ImportBatch, days: int) -> None:
    then = timezone.now() - datetime.timedelta(days=days, minutes=1)
    ImportBatch.objects.filter(pk=batch.pk).update(changed_at=then)


def age_file(path: Path, days: int = 2) -> None:
    then = time.time() - days * 24 * 60 * 60
    os.utime(path, (then, then))


def left(batch: ImportBatch) -> tuple[bool, int, int]:
    """Whether the file is there, and how many staged rows and records."""
    return str(batch.pk) in storage.names(), batch.rows.count(), batch.records.count()


def test_applied_import_loses_its_file_and_rows_and_says_so(
    page: Client, mixed: ImportBatch, settings: Any, purge: Purge
) -> None:
    settings.UPLOAD_KEEP_DAYS = 30
    batch = confirm(mixed, good_rows_only=True)
    age(batch, 30)

    assert purge() == 1

    batch.refresh_from_db()
    shown = page.get(address(batch)).content.decode()
    assert left(batch) == (False, 0, 0)
    assert (batch.state, batch.counts["wrong"]) == (State.APPLIED, 2)
    assert "Berkas unggahan sudah dihapus sesuai masa simpan" in shown
    assert "Unduh baris yang salah" not in shown
    assert page.get(address(batch, "kesalahan.xlsx")).status_code == 404
    assert purge() == 0


def test_purged_import_can_still_be_undone(ready: ImportBatch, purge: Purge) -> None:
    batch = confirm(ready)
    assert Membership.objects.filter(reported__isnull=False).count() == 2
    age(batch, 31)
    purge()

    assert undo(batch).state == State.UNDONE
    assert Membership.objects.filter(reported__isnull=False).count() == 0


def test_import_that_nobody_confirmed_is_not_continued(
    page: Client, ready: ImportBatch, purge: Purge
) -> None:
    preview = str(ready.preview)
    age(ready, 31)

    purge()

    ready.refresh_from_db()
    assert (ready.state, left(ready)) == (State.CANCELLED, (False, 0, 0))
    assert "Tidak dikonfirmasi sampai masa simpannya habis" in page.get(address(ready)).content.decode()
    with pytest.raises(services.Conflict):
        services.confirm(batch=ready, preview=preview, user=ready.user, good_rows_only=False)


@pytest.mark.parametrize(
    ("state", "days"),
    [
        pytest.param(State.READY, 29, id="younger"),
        pytest.param(State.CHECKING, 300, id="being read"),
        pytest.param(State.CONFIRMED, 300, id="about to be applied"),
    ],
)
def test_import_whose_time_is_not_over_keeps_everything(
    ready: ImportBatch, state: str, days: int, purge: Purge
) -> None:
    ImportBatch.objects.filter(pk=ready.pk).update(state=state)
    age(ready, days)
    before = left(ready)

    assert purge() == 0

    assert left(ready) == before
    assert before[0]


def test_import_that_another_has_locked_is_left_for_the_next_time(uploader: User) -> None:
    batch = upload("membership", xlsx(GOOD), user=uploader)
    age(batch, 31)
    due = list(retention.due())
    services.answer(batch=batch, options={}, wake=False)

    assert [each.pk for each in due] == [batch.pk]
    assert retention._purge(batch.pk, None) is False
    assert left(batch)[0]


def test_files_that_no_import_knows_go_after_a_day(ready: ImportBatch, settings: Any, purge: Purge) -> None:
    folder = Path(settings.UPLOAD_DIR)
    storage.store(lost := str(uuid.uuid4()), [b"x"])
    storage.store(fresh := str(uuid.uuid4()), [b"x"])
    (folder / f"{uuid.uuid4()}.part").write_bytes(b"half")
    (folder / "catatan.txt").write_bytes(b"not ours")
    for path in folder.iterdir():
        if fresh not in path.name:
            age_file(path)

    purge()

    assert {path.name for path in folder.iterdir()} == {
        f"{ready.pk}.sealed",
        f"{fresh}.sealed",
        "catatan.txt",
    }
    assert lost not in storage.names()


def test_file_of_a_cancelled_import_that_outlived_it_goes(
    ready: ImportBatch, settings: Any, purge: Purge
) -> None:
    ImportBatch.objects.filter(pk=ready.pk).update(state=State.CANCELLED)
    age_file(Path(settings.UPLOAD_DIR) / f"{ready.pk}.sealed")

    purge()

    assert storage.names() == []


def test_command_counts_and_deletes_at_once(
    uploader: User, capsys: Any, django_capture_on_commit_callbacks: Any
) -> None:
    confirm(upload("membership", xlsx(MIXED), user=uploader), good_rows_only=True)
    call_command("purge_uploads", check=True)

    with pytest.raises(SystemExit) as code:
        call_command("purge_uploads", check=True, days=0)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("purge_uploads", days=0)

    assert code.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "0 imports have uploads whose time is over.",
        "1 imports have uploads whose time is over.",
        "1 imports: uploads and staged rows deleted.",
    ]
    assert storage.names() == []
