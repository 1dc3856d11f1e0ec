"""Letting go of what was uploaded, once its time is over.

An upload, its staged rows and its samples are kept for `UPLOAD_KEEP_DAYS` after their import has last moved;
an import that nobody has confirmed by then is not continued. What an import wrote, its counts, its masked
remarks and what its undo needs stay.
"""

from __future__ import annotations

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import bulk, storage
from .choices import IN_WORK, State
from .models import ImportBatch

SECONDS_TO_BE_RECORDED = 60 * 60
"""A stored file whose batch is not there by then has lost it, and one that is written to is never so old."""

NOT_CONFIRMED = (State.ASKING, State.READY, State.REFUSED, State.INTERRUPTED)


def due(*, days: int | None = None) -> QuerySet[ImportBatch]:
    """The batches whose time is over, after `days` (the setting's, unless given)."""
    kept = settings.UPLOAD_KEEP_DAYS if days is None else days
    before = timezone.now() - datetime.timedelta(days=kept)
    return (
        ImportBatch.objects.filter(purged_at=None, changed_at__lte=before)
        .exclude(state__in=[*IN_WORK, State.CANCELLED])
        .order_by("pk")
    )


def purge(*, days: int | None = None) -> int:
    """Delete what is due, and files that no batch knows; returns how many batches were due."""
    purged = sum(_purge(pk, days) for pk in list(due(days=days).values_list("pk", flat=True)))
    for name in _unknown():
        storage.delete(name)
    storage.delete_unfinished(older_than=SECONDS_TO_BE_RECORDED)
    return purged


def _purge(batch_id: uuid.UUID, days: int | None) -> bool:
    """Purge one batch, unless another has it or it has moved meanwhile."""
    with transaction.atomic():
        batch = due(days=days).filter(pk=batch_id).select_for_update(skip_locked=True).first()
        if batch is None:
            return False
        if batch.state in NOT_CONFIRMED:
            batch.state = State.CANCELLED
            batch.preview = None
            batch.questions = []
        batch.purged_at = timezone.now()
        # Not `changed_at`: that is when somebody last did something.
        batch.save(update_fields=["state", "preview", "questions", "purged_at"])
        batch.rows.all().delete()
        batch.records.all().delete()
        bulk.forget(batch)
        transaction.on_commit(lambda: storage.delete(str(batch_id)))
    return True


def _unknown() -> list[str]:
    """Stored files that should be gone: of no batch, or of one that was let go of."""
    names = storage.names(older_than=SECONDS_TO_BE_RECORDED)
    batches = ImportBatch.objects.filter(pk__in=names)
    kept = batches.exclude(state=State.CANCELLED).filter(purged_at=None)
    known = {str(pk) for pk in kept.values_list("pk", flat=True)}
    return [name for name in names if name not in known]
