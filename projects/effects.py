"""What a worker list would do to coverage: to cells whose counted figure is shown."""

from __future__ import annotations

from coverage_portal.intake.kinds import Effect

from .plan import Plan


def effects(plan: Plan) -> list[Effect]:
    return []
