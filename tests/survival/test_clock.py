"""A clock that jumps two hours ahead and is put right again: people sign in anew, and nothing breaks."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.intake import jobs, retention, services
from coverage_portal.intake.models import ImportBatch
from tests import factories
from tests.accounts.guessing import WRONG, guess, is_in
from tests.imports import GOOD, address
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
JUMP = datetime.timedelta(hours=2)
PAGES = (
    "/",
    "/wilayah/61.04/",
    "/impor/",
    "/impor/riwayat/",
    "/konstruksi/",
    "/akun/",
    "/riwayat/",
)


@pytest.fixture
def user(settings: Any, tmp_path: Path) -> User:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    return factories.user("pejabat", "61", is_staff=True, is_superuser=True)


def statuses(client: Client, *more: str) -> set[int]:
    return {client.get(page).status_code for page in (*PAGES, *more)}


def uploads(settings: Any) -> int:
    return len(list(settings.UPLOAD_DIR.glob("*.sealed")))


def left_in_work(user: User) -> ImportBatch:
    """An import whose worker was killed in the middle of it."""
    content = xlsx([*GOOD, ["Melawi", "PU", "2025-07", 7]])
    batch = services.receive(kind="membership", file_name="r.xlsx", parts=[content], user=user, options={})
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=State.CHECKING, stage="rows", stage_since=timezone.now(), rows_done=1, rows_total=3
    )
    return batch


def test_clock_that_jumps_ahead_ends_sessions_and_changes_nothing_else(user: User, settings: Any) -> None:
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess(user.username, factories.PASSWORD, client=client)
        ready, left = upload("membership", xlsx(GOOD), user=user), left_in_work(user)
        for _time in range(6):
            guess(user.username, WRONG, address="192.0.2.9")
        clock.shift(JUMP)

        assert statuses(client) <= {200, 302}
        assert not is_in(client)
        assert guess(user.username, factories.PASSWORD, "192.0.2.9", client).status_code == 302
        assert statuses(client, address(ready), address(left)) == {200}
        assert (retention.purge(), uploads(settings)) == (0, 2)
        assert jobs.sweep() == 1
        assert confirm(ready).state == State.APPLIED
        assert jobs.advance(left.pk).state == State.READY


def test_clock_put_right_finds_times_to_come_and_goes_on(user: User, settings: Any) -> None:
    client = Client()
    now = timezone.now()
    with time_machine.travel(now + JUMP, tick=False) as clock:
        guess(user.username, factories.PASSWORD, client=client)
        applied = confirm(upload("membership", xlsx(GOOD), user=user))
        left = left_in_work(user)
        assert jobs.sweep() == 1
        clock.move_to(now)

        assert is_in(client)
        assert statuses(client, address(applied), address(left), address(left, "kemajuan/")) == {200}
        assert (retention.purge(), uploads(settings)) == (0, 2)
        assert jobs.sweep() == 1
        assert jobs.advance(left.pk).state == State.READY
        assert undo(applied).state == State.UNDONE
        assert guess(user.username, factories.PASSWORD, client=Client()).status_code == 302
