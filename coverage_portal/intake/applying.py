"""Confirm and undo: one transaction each, from staged records to domain rows and back."""

from __future__ import annotations

import uuid

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import generation
from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

from . import bulk, corrections, kinds, repeats
from .choices import STALE_PREVIEW, Outcome
from .kinds import BulkKind, NotNow, Record, RecordKind, Severity, Stale
from .models import ImportBatch, Issue
from .reach import CONFIRM, scope_for

State = ImportBatch.State


class OutOfScope(Exception):
    """A confirm would touch an area that is not the user's; nothing was written."""


def apply(batch: ImportBatch) -> None:
    """Write the staged records that are new or changed. All of it happens, or nothing.

    Where the stored values are no longer what the preview showed, nothing is written and the batch goes
    back to be checked, so that nobody confirms what they did not see.
    """
    kind = kinds.get(batch.kind)
    try:
        with transaction.atomic():
            locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if locked.state != State.APPLYING:
                return
            author = Author(locked.user, Change.Source.IMPORT, locked.file_name, locked.pk)
            scope = scope_for(locked.user, kind, CONFIRM)
            is_written = _merged(kind, locked, scope, author)
            if isinstance(kind, BulkKind):
                # Samples of persons are for whoever has to decide, and now it is decided.
                locked.records.all().delete()
            locked.state = State.APPLIED
            locked.applied_at = timezone.now()
            locked.attempts = 0
            locked.save()
            if is_written:
                generation.move()
                if isinstance(kind, BulkKind):
                    repeats.mark(locked)
    except Stale:
        _send_back(batch)
    else:
        bulk.forget(batch)


def _merged(kind: kinds.Kind, batch: ImportBatch, scope: Scope, author: Author) -> bool:
    """Write what the batch has staged; whether there was anything to write.

    Raises:
        Stale: it is not what the preview showed.
        OutOfScope: it touches an area that is not the user's.
    """
    if isinstance(kind, BulkKind):
        if batch.corrects_id is not None:
            _hold_corrected(batch)
        written = kind.merge(batch.pk, batch.options, batch.found["remembered"], scope, author)
        if written.overtaken:
            # From here on the counts say what was written, and no longer what was shown.
            new, same = (int(batch.counts.get(outcome, 0)) for outcome in (Outcome.NEW, Outcome.SAME))
            batch.counts |= {
                Outcome.NEW.value: new - written.overtaken,
                Outcome.SAME.value: same + written.overtaken,
            }
        return written.is_any
    if not isinstance(kind, RecordKind):
        raise TypeError(kind.slug)
    lock_kind(kind.slug)
    staged = list(batch.records.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED]).order_by("key"))
    stored = kind.current(tuple(record.key) for record in staged)
    if any(stored.get(tuple(record.key)) != record.before for record in staged):
        raise Stale
    if not all(scope.covers(record.area) for record in staged):
        raise OutOfScope
    if staged:
        records = [Record(tuple(r.key), r.after, r.label, r.area, r.extra) for r in staged]
        if kind.refusals(records):
            # What was closed since the preview is said there, row by row.
            raise Stale
        kind.merge(records, author)
    return bool(staged)


def _hold_corrected(batch: ImportBatch) -> None:
    """Keep the wrong import as it is until its correction is written.

    Raises:
        Stale: it was undone or corrected otherwise since the preview, or is out of the user's reach by now.
    """
    wrong = ImportBatch.objects.select_for_update(of=["self"]).get(corrections=batch)
    if corrections.objection(wrong, batch.user) is not None:
        raise Stale


def undo(batch: ImportBatch) -> None:
    """Give back what the batch changed. All of it happens, or nothing.

    What a later change touched is named, and stops the undo unless the user asked to leave it out.
    """
    kind = kinds.get(batch.kind)
    with transaction.atomic():
        locked = (
            ImportBatch.objects.select_for_update(of=["self"]).select_related("undone_by").get(pk=batch.pk)
        )
        if locked.state != State.UNDOING:
            return
        if isinstance(kind, RecordKind):
            lock_kind(kind.slug)
        leave_out = locked.options.get("leave_out") == "1"
        author = Author(locked.undone_by, Change.Source.UNDO, locked.file_name, uuid.uuid4())
        is_put_off = False
        try:
            locked.conflicts = kind.undo(locked.pk, author, leave_out=leave_out)
        except NotNow as error:
            is_put_off = True
            locked.conflicts = [gettext(error.problem.template) % error.problem.params]
        locked.attempts = 0
        if is_put_off or (locked.conflicts and not leave_out):
            locked.state = State.APPLIED
            locked.undone_by = None
            locked.save()
            return
        locked.state = State.UNDONE
        locked.undone_at = timezone.now()
        locked.save()
        generation.move()


def lock_kind(slug: str) -> None:
    """Let one confirm or undo of a kind write at a time: small tables, so waiting beats deadlocks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"intake:{slug}"])


def _send_back(batch: ImportBatch) -> None:
    template = _(
        "Data tersimpan berubah sejak pratinjau dibuat. Tidak ada yang ditulis; "
        "pratinjau dibuat ulang, silakan periksa lagi."
    )
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.APPLYING:
            return
        locked.state = State.RECEIVED
        locked.preview = None
        locked.attempts = 0
        locked.save()
        locked.issues.all().delete()
        Issue.objects.create(
            batch=locked,
            severity=Severity.WARNING.value,
            code=STALE_PREVIEW,
            template=template,
            params={},
        )
