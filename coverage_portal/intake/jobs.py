"""Moving batches on, one worker at a time, however often a worker dies.

The state of a batch is the truth and a queued task only a wake-up. Whoever works on a batch holds a session
advisory lock, which the database releases when the process is gone; a batch in work that nobody holds is
taken up again by the next sweep.
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

from . import applying, checking
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
    """Do what the batch waits for, until it waits for a person. Does nothing if another holds it."""
    with _held(batch_id) as is_ours:
        while is_ours:
            batch = ImportBatch.objects.select_related("user").get(pk=batch_id)
            step = STEPS.get(State(batch.state))
            if step is None:
                return batch
            during, work = step
            if not _begin(batch, during):
                continue
            try:
                work(batch)
            except Exception as error:
                # The text of an exception may hold cell values, so only its kind is logged.
                logger.error("batch %s failed in %s: %s", batch.pk, during, type(error).__name__)
                if batch.attempts >= MAX_ATTEMPTS or isinstance(error, applying.OutOfScope):
                    _give_up(batch, during, error)
                else:
                    raise
    return ImportBatch.objects.select_related("user").get(pk=batch_id)


def sweep() -> int:
    """Wake the worker for every batch in work that nobody works on; returns how many there were."""
    woken = 0
    before = timezone.now() - WAKE_AGAIN_AFTER
    for batch in ImportBatch.objects.in_work().filter(changed_at__lt=before):
        if batch.woken_at is not None and batch.woken_at > before:
            continue
        with _held(batch.pk) as is_free:
            pass
        if is_free:
            wake(batch)
            woken += 1
    return woken


def _begin(batch: ImportBatch, during: str) -> bool:
    """Enter a step. Counted, so that a file that kills its worker again and again is given up."""
    batch.attempts += 1
    if batch.attempts > MAX_ATTEMPTS:
        _give_up(batch, during, None)
        return False
    changed = ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
        state=during, attempts=batch.attempts, changed_at=timezone.now()
    )
    batch.state = during
    return bool(changed)


def _give_up(batch: ImportBatch, during: str, error: Exception | None) -> None:
    with transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=FALL_BACK[State(during)], attempts=0, changed_at=timezone.now()
        )
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
    key = int.from_bytes(batch_id.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
