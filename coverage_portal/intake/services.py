"""What a user may do with an import: upload, answer, confirm, cancel, undo."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from coverage_portal.accounts import events
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.redaction import redact

from . import bulk, corrections, jobs, storage
from .choices import STALE_PREVIEW, Outcome
from .models import ImportBatch

State = ImportBatch.State


class Conflict(Exception):
    """The batch is no longer in the state that the request was made for; someone was there before."""


class Corrected(Conflict):
    """The import was corrected by another one, which has to be undone first."""


def receive(
    *, kind: str, file_name: str, parts: Iterable[bytes], user: User | None, options: Mapping[str, str]
) -> ImportBatch:
    """Store an upload and make its batch. The caller wakes the worker or moves the batch on itself.

    With the option `corrects`, the number of an applied import, its other options hold where none are given.

    Raises:
        OSError: the file could not be stored; nothing is left of it.
    """
    batch_id = uuid.uuid4()
    wrong = corrections.named(options.get("corrects", ""))
    stored = storage.store(str(batch_id), parts)
    try:
        return ImportBatch.objects.create(
            id=batch_id,
            kind=kind,
            file_name=storage.clean_file_name(file_name),
            size=stored.size,
            sha256=stored.sha256,
            user=user,
            corrects=wrong,
            options=_kept(corrections.with_inherited(wrong, options)),
        )
    except BaseException:
        storage.delete(str(batch_id))
        raise


def answer(*, batch: ImportBatch, options: Mapping[str, str], wake: bool = True) -> None:
    """Keep a user's answers and have the file read again with them.

    Raises:
        Conflict: the batch is in work or was already applied.
    """
    allowed = (State.ASKING, State.READY, State.REFUSED, State.INTERRUPTED)
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state not in allowed:
            raise Conflict
        locked.options = _kept({**locked.options, **options})
        locked.state = State.RECEIVED
        locked.attempts = 0
        locked.preview = None
        locked.save()
        locked.issues.filter(code=STALE_PREVIEW).delete()
        if wake:
            jobs.wake(locked)


def _kept(options: Mapping[str, str]) -> dict[str, str]:
    """The options that say something. A NIK in one is masked: they are shown, and written into histories."""
    return {name: redact(value) for name, value in options.items() if value}


def confirm(
    *, batch: ImportBatch, preview: str, user: User | None, good_rows_only: bool, wake: bool = True
) -> None:
    """Have the preview applied, once, by the one who uploaded the file.

    Args:
        preview: the id of the preview that the user saw.
        good_rows_only: apply the good rows although others are wrong; without it, any wrong row stops.

    Raises:
        Conflict: it was confirmed before, checked again since, is not the user's, or has wrong rows.
    """
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if not _awaits(locked, preview, user):
            raise Conflict
        needs_every_row = bool(locked.found.get("needs_every_row"))
        if locked.counts.get("wrong") and (needs_every_row or not good_rows_only):
            raise Conflict
        locked.state = State.CONFIRMED
        locked.good_rows_only = good_rows_only
        locked.attempts = 0
        locked.save()
        if wake:
            jobs.wake(locked)


def _awaits(batch: ImportBatch, preview: str, user: User | None) -> bool:
    """Whether a batch waits for this user to confirm this preview."""
    return batch.state == State.READY and str(batch.preview) == preview and batch.user == user


def cancel(*, batch: ImportBatch) -> None:
    """Let go of an import before it is confirmed, and of its file.

    Raises:
        Conflict: it was confirmed or ended already.
    """
    before_confirm = (
        State.RECEIVED,
        State.CHECKING,
        State.ASKING,
        State.READY,
        State.REFUSED,
        State.INTERRUPTED,
    )
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state not in before_confirm:
            raise Conflict
        locked.state = State.CANCELLED
        locked.preview = None
        locked.save()
        locked.rows.all().delete()
        locked.records.all().delete()
        bulk.forget(locked)
        transaction.on_commit(lambda: storage.delete(str(locked.pk)))


def undo(*, batch: ImportBatch, user: User | None, leave_out: bool = False, wake: bool = True) -> None:
    """Have an applied import taken back.

    Args:
        leave_out: keep what later changes touched as it is, instead of stopping at it.

    Raises:
        Conflict: it is not applied, or is being undone already.
        Corrected: it was corrected by another import, which has to be undone first.
    """
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.APPLIED:
            raise Conflict
        if corrections.correction_of(locked) is not None:
            raise Corrected
        locked.state = State.UNDO_ASKED
        locked.undone_by = user
        locked.options = {**locked.options, "leave_out": "1" if leave_out else ""}
        locked.attempts = 0
        locked.save()
        if wake:
            jobs.wake(locked)


def note_download(*, batch: ImportBatch, user: User, request: HttpRequest | None = None) -> None:
    """Write down who took the refused rows away with whole NIKs in them."""
    Change.objects.create(
        user=user,
        actor=user.get_username(),
        source=Change.Source.PAGE,
        model="intake.importbatch",
        object_id=str(batch.pk),
        summary=f"Baris yang salah diunduh: {batch.file_name}"[:200],
        after={"rows": batch.counts.get(Outcome.WRONG.value, 0)},
    )
    events.note(
        events.Kind.REVEALED,
        user=user,
        request=request,
        what=f"Baris yang salah diunduh: {batch.file_name}",
        count=batch.counts.get(Outcome.WRONG.value, 0),
        areas=batch.areas or None,
    )


def upload_limit_bytes() -> int:
    """The largest file that is taken in, bytes."""
    limit: int = settings.UPLOAD_MAX_MB
    return limit * 1024 * 1024
