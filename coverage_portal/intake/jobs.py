"""Moving batches on, one worker at a time, however often a worker dies.

The state of a batch is the truth and a queued task only a wake-up. Whoever works on a batch holds a session
advisory lock, which the database releases when the process is gone. A batch in the middle of a step that
nobody holds was left by a dead worker: the next sweep takes it up again. One that waits for a step has most
likely its wake-up on the way, and is woken again only if nothing has happened for a while.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from django_tasks import task

from coverage_portal.lib import logs

from . import applying, checking, progress
from .kinds import Severity
from .models import ImportBatch, Issue

logger = logging.getLogger(__name__)
State = ImportBatch.State
MAX_ATTEMPTS = 3
WAKE_AGAIN_AFTER = datetime.timedelta(seconds=20)

STEPS = {
    State.RECEIVED: (State.CHECKING, checking.check),
    State.CHECKING: (State.CHECKING, checking.check),
    State.CONFIRMED: (State.APPLYING, applying.apply),
    State.APPLYING: (State.APPLYING, applying.apply),
    State.UNDO_ASKED: (State.UNDOING, applying.undo),
    State.UNDOING: (State.UNDOING, applying.undo),
}
"""What is to be done in a state in work: (state while it is done, the step). Every step may be repeated."""

FALL_BACK = {
    State.CHECKING: State.INTERRUPTED,
    State.APPLYING: State.INTERRUPTED,
    State.UNDOING: State.APPLIED,
}


class StepFailed(Exception):
    """A step ended with an exception, of which only the kind is told: the queue keeps its text."""


@task()
def advance_batch(batch_id: str) -> None:
    try:
        advance(uuid.UUID(batch_id))
    except Exception as error:
        # Not chained: a database names the row that it refuses, with all its values.
        raise StepFailed(type(error).__name__) from None


def wake(batch: ImportBatch) -> None:
    """Queue a wake-up for the worker, once the current transaction has committed."""
    ImportBatch.objects.filter(pk=batch.pk).update(woken_at=timezone.now())
    transaction.on_commit(lambda: advance_batch.enqueue(str(batch.pk)))


def advance(batch_id: uuid.UUID) -> ImportBatch:
    """Do what the batch waits for, until it waits for a person. Does nothing while another holds it.

    Raises:
        Exception: a step failed. The batch stays as it is, and a sweep has it tried again, a few times.
    """
    while True:
        with logs.about(batch=str(batch_id)), _held(batch_id) as is_ours:
            if is_ours:
                _advance(batch_id)
        batch = ImportBatch.objects.select_related("user").get(pk=batch_id)
        # Whoever asked for a step while we were about to let go found the batch held, and went away.
        if not is_ours or batch.state not in STEPS:
            return batch


def _advance(batch_id: uuid.UUID) -> None:
    while True:
        batch = ImportBatch.objects.select_related("user").get(pk=batch_id)
        step = STEPS.get(State(batch.state))
        if step is None:
            return
        during, work = step
        if not _begin(batch, during):
            continue
        logger.info("%s begins, attempt %s", during, batch.attempts)
        try:
            work(batch)
        except Exception as error:
            # The text of an exception may hold cell values, so only its kind is logged.
            logger.error("batch %s failed in %s: %s", batch.pk, during, type(error).__name__)
            if batch.attempts < MAX_ATTEMPTS and not isinstance(error, applying.OutOfScope):
                raise
            _give_up(batch, during, error)


def sweep() -> int:
    """Wake the worker for every batch in work that nobody works on; returns how many there were."""
    woken = 0
    now = timezone.now()
    for batch in ImportBatch.objects.in_work().order_by("changed_at"):
        if _is_due(batch, now) and not is_held(batch.pk):
            wake(batch)
            woken += 1
    return woken


def _is_due(batch: ImportBatch, now: datetime.datetime) -> bool:
    """Whether a batch should be in somebody's hands by now.

    In the middle of a step it should at once, unless a sweep has woken the worker since; before one, after
    the time that a queued wake-up may take. A moment yet to come was written by a clock that was ahead, and
    nothing waits for it.
    """
    if batch.woken_at is None or batch.woken_at < batch.changed_at:
        return batch.state in FALL_BACK or not _is_recent(batch.changed_at, now)
    return not _is_recent(batch.woken_at, now)


def _is_recent(moment: datetime.datetime, now: datetime.datetime) -> bool:
    return datetime.timedelta(0) <= now - moment <= WAKE_AGAIN_AFTER


def _begin(batch: ImportBatch, during: str) -> bool:
    """Enter a step. Counted, so that a file that kills its worker again and again is given up."""
    batch.attempts += 1
    if batch.attempts > MAX_ATTEMPTS:
        _give_up(batch, during, None)
        return False
    changed = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=during,
        attempts=batch.attempts,
        changed_at=timezone.now(),
        **progress.beginning(batch, during),
    )
    batch.state = during
    return bool(changed)


def _give_up(batch: ImportBatch, during: str, error: Exception | None) -> None:
    with transaction.atomic():
        stopped = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
            state=FALL_BACK[State(during)], attempts=0, changed_at=timezone.now()
        )
        if not stopped:  # the user has let go of it in the meantime
            return
        out_of_scope = isinstance(error, applying.OutOfScope)
        Issue.objects.create(
            batch=batch,
            severity=Severity.ERROR.value,
            code="out_of_scope" if out_of_scope else "interrupted",
            template=_("Impor ini menyentuh wilayah di luar wilayah kerja Anda. Tidak ada yang ditulis.")
            if out_of_scope
            else _(
                "Pekerjaan terputus %(times)s kali dan dihentikan. Tidak ada yang ditulis sebagian. "
                "Coba lagi; bila terulang, hubungi admin dengan nomor impor ini."
            ),
            params={} if out_of_scope else {"times": MAX_ATTEMPTS},
        )


@contextmanager
def _held(batch_id: uuid.UUID) -> Iterator[bool]:
    """Hold a batch for this connection; whether that is so, or another has it."""
    key = _lock_key(batch_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def is_held(batch_id: uuid.UUID) -> bool:
    """Whether anybody holds a batch. Only looks, for trying would turn a worker away."""
    key = _lock_key(batch_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            [key >> 32 & 0xFFFFFFFF, key & 0xFFFFFFFF],
        )
        return bool(cursor.fetchone()[0])


def _lock_key(batch_id: uuid.UUID) -> int:
    return int.from_bytes(batch_id.bytes[:8], "big", signed=True)
