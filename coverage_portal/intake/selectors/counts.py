"""How the rows of an import came out."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_portal.intake.choices import Outcome
from coverage_portal.intake.models import ImportBatch


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many of the rows read came to one of the five ends."""

    outcome: str
    label: str
    rows: int


def outcome_counts(batch: ImportBatch) -> tuple[OutcomeCount, ...]:
    """The rows of a batch by outcome; nothing before it was read."""
    if not batch.counts:
        return ()
    return tuple(
        OutcomeCount(outcome.value, str(outcome.label), int(batch.counts.get(outcome.value, 0)))
        for outcome in Outcome
    )
