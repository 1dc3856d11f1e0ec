"""All imports that a user may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from coverage_portal.accounts.models import User
from coverage_portal.intake import rights
from coverage_portal.intake.choices import IN_EFFECT, State
from coverage_portal.intake.models import ImportBatch
from coverage_portal.intake.naming import kind_title

from .counts import OutcomeCount, outcome_counts

BATCHES_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class HistoryLine:
    batch: ImportBatch
    kind_title: str
    counts: tuple[OutcomeCount, ...]
    may_undo: bool


def history(user: User, page: str | None) -> Page[HistoryLine]:
    """All imports a user may see, the newest first."""
    later = ImportBatch.objects.filter(corrects=OuterRef("pk"), state__in=IN_EFFECT)
    batches = ImportBatch.objects.visible_to(user).select_related("user", "undone_by").newest_first()
    batches = batches.annotate(is_corrected=Exists(later))
    shown: Page[Any] = Paginator(batches, BATCHES_PER_PAGE).get_page(page)
    shown.object_list = [
        HistoryLine(
            batch,
            kind_title(batch.kind),
            outcome_counts(batch),
            batch.state == State.APPLIED and not batch.is_corrected and rights.may_undo(batch, user),
        )
        for batch in shown.object_list
    ]
    return shown
