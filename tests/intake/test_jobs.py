"""Who works on a batch: one at a time, nobody after a cancel, and somebody again after a kill."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings as configured
from django.db import DataError, connection, connections
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from coverage_portal.intake import jobs, retention, services, storage
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD
from tests.sheets import xlsx

State = ImportBatch.State
HOLD = """
import sys, psycopg2
host, port, name, options, key = sys.argv[1:]
cursor = psycopg2.connect(host=host, port=port, dbname=name, user="postgres", options=options).cursor()
cursor.execute("SELECT pg_advisory_lock(%s)", [int(key)])
print(cursor.connection.info.backend_pid, flush=True)
cursor.execute("SELECT pg_sleep(60)")
"""


def received() -> ImportBatch:
    content = xlsx(GOOD)
    return services.receive(kind="membership", file_name="r.xlsx", parts=[content], user=None, options={})


def most_at_once(batch: ImportBatch, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of eight workers that are woken for one batch work on it at one time."""
    inside, most = 0, 0
    guard = threading.Lock()
    start = threading.Barrier(8)

    def work(taken: ImportBatch) -> None:
        nonlocal inside, most
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.3)
        with guard:
            inside -= 1
        ImportBatch.objects.filter(pk=taken.pk).update(state=State.READY)

    def run() -> None:
        start.wait(timeout=20)
        try:
            jobs.advance(batch.pk)
        finally:
            connections.close_all()

    monkeypatch.setitem(jobs.STEPS, State.RECEIVED, (State.CHECKING, work))
    monkeypatch.setitem(jobs.STEPS, State.CHECKING, (State.CHECKING, work))
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 100)
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=240)
    return most


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_works_on_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(received(), monkeypatch) == 1


@pytest.mark.django_db(transaction=True)
def test_control_arm_without_the_lock_several_do(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def not_held(_batch_id: uuid.UUID) -> Iterator[bool]:
        yield True

    monkeypatch.setattr(jobs, "_held", not_held)

    assert most_at_once(received(), monkeypatch) > 1


@pytest.mark.django_db
def test_what_is_asked_while_the_worker_is_about_to_let_go_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received()
    work = jobs._advance

    def work_and_be_asked(batch_id: uuid.UUID) -> None:
        work(batch_id)
        shown = ImportBatch.objects.get(pk=batch_id)
        if shown.state == State.READY:
            services.confirm(
                batch=shown, preview=str(shown.preview), user=None, good_rows_only=False, wake=False
            )

    monkeypatch.setattr(jobs, "_advance", work_and_be_asked)

    assert jobs.advance(batch.pk).state == State.APPLIED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "seconds", "woken_seconds", "is_woken"),
    [
        (State.CHECKING, 0, None, True),
        (State.APPLYING, 0, 5, True),
        (State.UNDOING, 5, 1, False),
        (State.UNDOING, 30, 25, True),
        (State.RECEIVED, 0, 0, False),
        (State.CONFIRMED, 25, 25, True),
        (State.CONFIRMED, 25, 1, False),
        (State.READY, 90, 90, False),
        (State.APPLYING, -7200, -7200, True),
        (State.CONFIRMED, -7200, None, True),
    ],
    ids=[
        "left in a step",
        "left after it was woken for it",
        "left, and woken since",
        "left, and woken in vain",
        "waits for its wake-up",
        "waited too long",
        "woken again",
        "waits for a person",
        "left by a worker whose clock was ahead",
        "asked for while the clock was ahead",
    ],
)
def test_sweep_wakes_for_what_nobody_works_on(
    state: str,
    seconds: int,
    woken_seconds: int | None,
    is_woken: bool,
    django_capture_on_commit_callbacks: Any,
) -> None:
    now = timezone.now()
    batch = received()
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=state,
        changed_at=now - datetime.timedelta(seconds=seconds),
        woken_at=None if woken_seconds is None else now - datetime.timedelta(seconds=woken_seconds),
        applied_at=now,
    )

    with django_capture_on_commit_callbacks(execute=True):
        woken = jobs.sweep()

    assert woken == DBTaskResult.objects.count() == int(is_woken)


@pytest.mark.django_db
def test_sweep_leaves_a_held_batch_alone_and_never_takes_it() -> None:
    batch = received()
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.CHECKING)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            key = jobs._lock_key(batch.pk)
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            held = jobs.sweep()
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
            left = jobs.sweep()
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()

    assert (held, left) == (0, 1)


@pytest.mark.django_db
def test_batch_that_was_let_go_stays_so_when_its_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = received()

    def cancel_and_fail(taken: ImportBatch) -> None:
        services.cancel(batch=taken)
        raise OSError

    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    monkeypatch.setitem(jobs.STEPS, State.RECEIVED, (State.CHECKING, cancel_and_fail))

    assert jobs.advance(batch.pk).state == State.CANCELLED
    assert not batch.issues.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("is_watched", [True, False], ids=["as the portal connects", "control arm"])
def test_lock_of_a_killed_worker_is_free_though_its_statement_would_run_on(is_watched: bool) -> None:
    connection.ensure_connection()
    parameters = connection.get_connection_params()
    options = configured.DATABASES["default"]["OPTIONS"]["options"] if is_watched else "-c jit=off"
    batch_id = uuid.uuid4()
    place = [parameters["host"], str(parameters["port"]), parameters["dbname"], options]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, *place, str(jobs._lock_key(batch_id))], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    with holder.stdout as said:
        session = int(said.readline())
    # Killed before its statement had begun, it would leave a session that ends by itself.
    deadline = time.monotonic() + 20
    while not is_sleeping(session):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert jobs.is_held(batch_id)

    holder.kill()
    holder.wait()
    deadline = time.monotonic() + (20 if is_watched else 3)
    while jobs.is_held(batch_id) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert jobs.is_held(batch_id) != is_watched
    with connection.cursor() as cursor:
        # Its own one only: tests beside this one have such a session on the same server.
        cursor.execute("SELECT pg_terminate_backend(%s)", [session])


def is_sleeping(session: int) -> bool:
    with connection.cursor() as cursor:
        # A transaction, as each test is one, would see what it saw at first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT wait_event FROM pg_stat_activity WHERE pid = %s", [session])
        return cursor.fetchone() == ("PgSleep",)


@pytest.mark.django_db
def test_files_that_no_import_came_of_are_cleared_after_an_hour(settings: Any) -> None:
    batch = received()
    folder = Path(settings.UPLOAD_DIR)
    kept = {f"{batch.pk}.sealed", f"{uuid.UUID(int=1)}.part"}
    for name in (f"{uuid.UUID(int=1)}.part", f"{uuid.UUID(int=2)}.part", f"{uuid.UUID(int=3)}.sealed"):
        (folder / name).write_bytes(b"x")
    for path in folder.iterdir():
        if path.stem != str(uuid.UUID(int=1)):
            os.utime(path, (time.time() - 4000, time.time() - 4000))

    retention.purge()

    assert {path.name for path in folder.iterdir()} == kept


@pytest.mark.django_db
def test_upload_that_the_database_refuses_leaves_no_file(settings: Any) -> None:
    with pytest.raises(DataError):
        services.receive(kind="k" * 50, file_name="r.xlsx", parts=[b"x"], user=None, options={})

    assert list(Path(settings.UPLOAD_DIR).iterdir()) == []


def test_nothing_of_a_file_is_kept_open_after_it_was_read(settings: Any) -> None:
    storage.store("a", [b"isi"])

    with storage.opened("a") as file:
        assert file.read() == b"isi"

    assert not [found for found in psutil.Process().open_files() if "uploads" in found.path]
