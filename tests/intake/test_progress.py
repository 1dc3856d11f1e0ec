"""Progress that is true: stage, rows of rows, rate and time left, and when nobody is at it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.intake import applying, checking, jobs, services
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD, address
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
NOW = timezone.now()


@pytest.fixture
def _standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def received(user: User) -> ImportBatch:
    return services.receive(
        kind="membership", file_name="rekap.xlsx", parts=[xlsx(GOOD)], user=user, options={}
    )


def at_work(batch: ImportBatch, state: str, stage: str, *, done: int = 0, total: int | None = None) -> None:
    """A batch that has been in a stage for ten seconds."""
    since = NOW - timezone.timedelta(seconds=10)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=state, stage=stage, stage_since=since, rows_done=done, rows_total=total, changed_at=NOW
    )


def progress_of(page: Client, batch: ImportBatch) -> str:
    return " ".join(page.get(address(batch, "kemajuan/")).content.decode().split())


@pytest.mark.usefixtures("_standing_clock")
def test_progress_tells_stage_rows_rate_and_time_left(page: Client, uploader: User) -> None:
    batch = received(uploader)
    at_work(batch, State.CHECKING, "rows", done=3000, total=12000)

    content = progress_of(page, batch)

    assert "Baris dibaca dan diperiksa" in content
    assert "3.000 dari 12.000 baris dibaca · 300 baris per detik · sekitar 30 detik lagi" in content
    assert 'max="12000" value="3000"' in content
    assert "belum ada kemajuan" not in content


@pytest.mark.usefixtures("_standing_clock")
@pytest.mark.parametrize(
    ("state", "stage", "total", "shown"),
    [
        (State.CHECKING, "opening", None, "Berkas dibuka dan diperiksa"),
        (State.CHECKING, "comparing", 12000, "Dibandingkan dengan data tersimpan"),
        (State.APPLYING, "writing", 12000, "Semua baris ditulis bersama-sama"),
        (State.UNDOING, "taking_back", 12000, "Nilai lama dikembalikan bersama-sama"),
    ],
)
def test_progress_of_what_is_done_at_once_counts_no_rows(
    page: Client, uploader: User, state: str, stage: str, total: int | None, shown: str
) -> None:
    batch = confirm(upload("membership", xlsx(GOOD), user=uploader))
    at_work(batch, state, stage, total=total)

    content = progress_of(page, batch)

    assert shown in content
    assert ("12.000 baris · berjalan 10 detik" if total else "berjalan 10 detik") in content
    assert "value=" not in content
    assert "dibaca</p>" not in content


@pytest.mark.usefixtures("_standing_clock")
def test_progress_says_when_nothing_moves(page: Client, uploader: User) -> None:
    batch = received(uploader)
    ImportBatch.objects.filter(pk=batch.pk).update(changed_at=NOW - timezone.timedelta(seconds=25))

    assert "belum ada kemajuan" in progress_of(page, batch)


@pytest.mark.usefixtures("_standing_clock")
def test_progress_is_not_called_still_while_a_worker_holds_the_batch(page: Client, uploader: User) -> None:
    """Comparing or writing a million rows tells nothing for longer than that."""
    batch = received(uploader)
    at_work(batch, State.APPLYING, "writing", total=12000)
    ImportBatch.objects.filter(pk=batch.pk).update(changed_at=NOW - timezone.timedelta(seconds=25))

    with jobs._held(batch.pk):
        assert "belum ada kemajuan" not in progress_of(page, batch)
    assert "belum ada kemajuan" in progress_of(page, batch)


def test_stages_of_the_work_are_told_as_they_come(uploader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int | None]] = []

    def telling(module: Any, name: str) -> None:
        """Have a step look at what is told of the batch while it begins."""
        real = getattr(module, name)

        def step(*args: Any, **kwargs: Any) -> Any:
            told.extend(ImportBatch.objects.values_list("stage", "rows_done", "rows_total"))
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, step)

    for module, name in (
        (checking, "_read"),
        (checking, "_interpret"),
        (checking, "assemble"),
        (applying, "_merged"),
        (applying, "lock_kind"),
    ):
        telling(module, name)

    undo(confirm(upload("membership", xlsx(GOOD), user=uploader)))

    assert told == [
        ("opening", 0, None),
        ("rows", 0, 3),
        ("comparing", 0, 2),
        ("writing", 0, 2),
        ("writing", 0, 2),
        ("taking_back", 0, 2),
    ]
