"""The imports whose place a correction takes: the wrong one, and what that one corrected itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from projects.staging import CountingClaim


@dataclass(frozen=True, slots=True)
class Chain:
    """The wrong import's claim, the ids of all batches that it stands for, and the first one's claim."""

    wrong: CountingClaim
    batches: tuple[uuid.UUID, ...]
    first_claim: int

    def parameters(self) -> dict[str, Any]:
        return {"corrected": list(self.batches), "since": self.first_claim}


def chain_of(wrong: uuid.UUID) -> Chain | None:
    """The chain that ends with an applied import; None where that one wrote nothing or was undone."""
    tip = CountingClaim.objects.filter(batch_id=wrong).first()
    if tip is None:
        return None
    batches, first = [tip.batch_id], tip
    while (earlier := CountingClaim.objects.filter(corrected_by=first.batch_id).first()) is not None:
        batches.append(earlier.batch_id)
        first = earlier
    return Chain(tip, tuple(batches), first.pk)


LATER = """
SELECT batch_id FROM projects_countingclaim WHERE id > %(since)s AND batch_id <> ALL(%(corrected)s::uuid[])
"""
"""The imports applied after the wrong one: what they touched stays as they left it."""
