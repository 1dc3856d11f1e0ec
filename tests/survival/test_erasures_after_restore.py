"""A backup of before an erasure brings the person back; what the documents say afterwards takes them away."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from coverage_portal.backup import writing
from coverage_portal.intake import jobs, services
from projects import data_subjects, erasing
from projects.models import Worker
from projects.sealing import nik_sealer
from tests.ground import Ground
from tests.projects.people import nik

from . import lists

NIK = nik(1, birth="010890")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as made:
        yield Path(made).resolve()


def known() -> list[Worker]:
    return list(Worker.objects.filter(nik_sealed=nik_sealer().seal(NIK)))


def run(name: str, *arguments: str) -> str:
    said = io.StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


def test_erased_person_stays_erased_past_a_restored_backup(portal: Ground, folder: Path) -> None:
    batch = lists.received(lists.stored_list())
    jobs.advance(batch.pk)
    batch.refresh_from_db()
    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False)
    jobs.advance(batch.pk)
    backup = writing.make(folder / "backups")
    (worker,) = known()
    data_subjects.erase(worker=worker, nik=NIK, user=None, reason="Permintaan tertulis 12/2026")
    kept = str(folder / "erasures.json")

    run("carry_erasures", "--to", kept)
    run("restore", str(backup), "--replace")
    assert len(known()) == 1  # The control arm: the backup has them.
    run("migrate", "--verbosity", "0")
    said = run("carry_erasures", "--from", kept)

    assert said.startswith("1 erased and 0 restricted again")
    assert known() == []
    assert Worker.objects.filter(name=erasing.NAME).count() == 1
    assert lists.is_counted_right()
