"""What comes too late or twice is answered with 409 and changes nothing."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from coverage_portal.accounts.models import Change, User
from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.imports import GOOD, address
from tests.sheets import confirm, undo, upload, xlsx

State = ImportBatch.State
PARALLEL = 50


@pytest.mark.django_db
def test_second_confirm_is_a_conflict(page: Client, ready: ImportBatch) -> None:
    sent = {"preview": str(ready.preview), "rows": "all"}

    first = page.post(address(ready, "konfirmasi/"), sent)
    second = page.post(address(ready, "konfirmasi/"), sent)

    assert (first.status_code, second.status_code) == (302, 409)
    assert "tidak ada yang diterapkan dua kali" in second.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("preview", ["", "nonsense", str(uuid.UUID(int=9))])
def test_confirm_of_another_preview_is_a_conflict(page: Client, ready: ImportBatch, preview: str) -> None:
    response = page.post(address(ready, "konfirmasi/"), {"preview": preview})

    assert response.status_code == 409
    ready.refresh_from_db()
    assert ready.state == State.READY


@pytest.mark.django_db
def test_confirm_of_all_rows_stops_at_wrong_ones(page: Client, mixed: ImportBatch) -> None:
    sent = {"preview": str(mixed.preview)}

    assert page.post(address(mixed, "konfirmasi/"), sent).status_code == 409
    assert page.post(address(mixed, "konfirmasi/"), {**sent, "rows": "good"}).status_code == 302
    assert jobs.advance(mixed.pk).state == State.APPLIED
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_answer_to_an_older_preview_is_a_conflict(page: Client, ready: ImportBatch) -> None:
    response = page.post(address(ready, "jawaban/"), {"form": "reading", "preview": str(uuid.UUID(int=9))})

    assert response.status_code == 409
    ready.refresh_from_db()
    assert (ready.state, ready.options) == (State.READY, {})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "ending"),
    [(confirm, "hentikan/"), (confirm, "konfirmasi/"), (lambda b: undo(confirm(b)), "urungkan/")],
    ids=["cancel after confirm", "confirm after confirm", "undo after undo"],
)
def test_what_has_ended_cannot_be_done_again(page: Client, ready: ImportBatch, end: Any, ending: str) -> None:
    preview = str(ready.preview)
    state = end(ready).state

    response = page.post(address(ready, ending), {"preview": preview})

    assert response.status_code == 409
    ready.refresh_from_db()
    assert ready.state == state


def confirmed_in_parallel(batch: ImportBatch, uploader: User) -> list[int]:
    """The statuses of fifty requests that confirm one batch at one time."""
    client = Client(raise_request_exception=False)
    client.force_login(uploader)
    statuses: list[int] = []
    start = threading.Barrier(PARALLEL)

    def press() -> None:
        own = Client(raise_request_exception=False)
        own.cookies = client.cookies
        start.wait()
        try:
            response = own.post(address(batch, "konfirmasi/"), {"preview": str(batch.preview)})
            statuses.append(response.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_parallel_confirms_one_is_accepted(uploader: User) -> None:
    batch = upload("membership", xlsx(GOOD), user=uploader)

    statuses = confirmed_in_parallel(batch, uploader)

    assert statuses == [302, *[409] * (PARALLEL - 1)]
    assert jobs.advance(batch.pk).state == State.APPLIED
    assert Membership.objects.filter(month__isnull=False).count() == 2
    assert Change.objects.filter(action=batch.pk).count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_control_arm_without_the_check_of_state_all_are_accepted(
    uploader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_awaits", lambda *_arguments: True)
    batch = upload("membership", xlsx(GOOD), user=uploader)

    assert confirmed_in_parallel(batch, uploader) == [302] * PARALLEL
