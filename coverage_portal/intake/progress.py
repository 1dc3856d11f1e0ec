"""How far the work on a batch is: its stage, since when, and the rows done in it.

Told outside the work's own transaction, so that everybody sees it at once.
"""

from __future__ import annotations

import uuid

from django.utils import timezone

from .choices import Outcome, Stage, State
from .models import ImportBatch

BEGINNING = {State.CHECKING: Stage.OPENING, State.APPLYING: Stage.WRITING, State.UNDOING: Stage.TAKING_BACK}
"""The stage in which a step begins."""


def beginning(batch: ImportBatch, during: str) -> dict[str, object]:
    """The fields to set where a step begins: of a file not yet opened nobody knows how many rows it has."""
    writing = sum(int(batch.counts.get(outcome, 0)) for outcome in (Outcome.NEW, Outcome.CHANGED))
    return {
        "stage": BEGINNING[State(during)],
        "stage_since": timezone.now(),
        "rows_done": 0,
        "rows_total": None if during == State.CHECKING else writing,
    }


def enter(batch_id: uuid.UUID, stage: Stage, *, total: int | None) -> None:
    """A stage begins, of `total` rows."""
    now = timezone.now()
    ImportBatch.objects.filter(pk=batch_id).update(
        stage=stage, stage_since=now, rows_done=0, rows_total=total, changed_at=now
    )


def tell(batch_id: uuid.UUID, done: int, total: int | None) -> None:
    """So many rows of the stage are done."""
    ImportBatch.objects.filter(pk=batch_id).update(
        rows_done=done, rows_total=total, changed_at=timezone.now()
    )
