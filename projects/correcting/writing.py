"""Confirming a correction: what is stored becomes what the corrected file makes of it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coverage_portal.accounts.history import Author
from coverage_portal.intake.bulk import MANY_ROWS
from coverage_portal.intake.kinds import Stale, Written
from projects import completeness, counting, horizon, images, merging, resolving
from projects.fingerprints import still_holds
from projects.plan import Plan
from projects.sealing import hold_key

from . import baseline, outcome
from .chain import Chain, chain_of

_KEEP_REMOVED = """
INSERT INTO projects_removedenrollment (batch_id, enrollment_id, worker_id, segment, regency_id, employer_npp,
    project_id, occupation, funding, start, "end", paid_through, nik_sealed, nik_last4, name, sex, birth_date,
    kpj)
SELECT %(batch)s, e.id, e.worker_id, e.segment, e.regency_id, e.employer_npp, e.project_id, e.occupation,
    e.funding, e.start, e."end", e.paid_through, w.nik_sealed, w.nik_last4, w.name, w.sex, w.birth_date,
    w.kpj
FROM correcting_removed x JOIN projects_enrollment e ON e.id = x.id
JOIN projects_worker w ON w.id = e.worker_id
"""
_REMOVE = "DELETE FROM projects_enrollment e USING correcting_removed x WHERE e.id = x.id"
# All at once: one row may end where another one begins.
_BECOMING = """
SELECT id, regency_id, occupation, funding, "end", paid_through FROM correcting_back
UNION ALL SELECT known_id, regency_id, occupation, funding, "end", paid_through FROM enrolling_resolved
    WHERE is_changed
UNION ALL SELECT e.id, e.regency_id, e.occupation, e.funding, x.new_end, e.paid_through
    FROM enrolling_ending x JOIN projects_enrollment e ON e.id = x.id
"""
_REMOVE_WORKERS = """
DELETE FROM projects_worker w USING correcting_removed x, correcting_person p
WHERE w.id = x.worker_id AND p.id = w.id AND p.is_made AND p.is_as_left
    AND NOT EXISTS (SELECT FROM projects_enrollment e WHERE e.worker_id = w.id)
"""


def merge(plan: Plan, fingerprint: Mapping[str, Any], author: Author) -> Written:
    """Put the corrected file in the place of the wrong one, which asks for nothing any more.

    Raises:
        Stale: it would do something else than the preview with this fingerprint showed.
    """
    return merging.attempt(lambda: _merge(plan, fingerprint, author))


def _merge(plan: Plan, fingerprint: Mapping[str, Any], author: Author) -> Written:
    hold_key(plan.batch_id)
    chain = None if plan.corrects is None else chain_of(plan.corrects)
    if chain is None:
        raise Stale
    held = horizon.exchange(chain.wrong, plan.batch_id, plan.counted_to)
    baseline.lock(plan, chain)
    outcome.resolve(plan, chain, allocate=True)
    found = outcome.fingerprint(plan)
    alike = all(fingerprint[name] == found[name] for name in outcome.BEYOND_ROWS)
    if not (alike and still_holds(fingerprint, found)):
        raise Stale

    def write(cursor: Any) -> None:
        _write(plan, cursor)
        if found["new"] + found["changed"] + found["removed"] >= MANY_ROWS:
            merging.analyze(cursor)

    affected = resolving.KNOWN_AFFECTED + resolving.CORRECTED_AFFECTED
    changes = horizon.difference_by(held, affected, write, also=resolving.NEW_AFFECTED)
    _count(plan, chain, held, changes)
    written = ("new", "changed", "ending", "removed", "back", "persons", "persons_back")
    merging.record(plan, {name: found[name] for name in written}, author)
    return Written(is_any=True, overtaken=fingerprint["new"] - found["new"])


def _write(plan: Plan, cursor: Any) -> None:
    cursor.execute(_KEEP_REMOVED, {"batch": plan.batch_id})
    cursor.execute(_REMOVE)
    images.update_enrollments(
        plan.batch_id, _BECOMING, {column: f'r."{column}"' for column in images.CHANGEABLE}
    )
    images.update_workers(plan.batch_id, "SELECT * FROM correcting_person_new", blank_keeps=False)
    merging.insert_new(plan, cursor)
    cursor.execute(_REMOVE_WORKERS)


def _count(plan: Plan, chain: Chain, held: horizon.Horizon, changes: counting.Cells) -> None:
    """The counted cells, the months counted, and the cell that is complete: as this file asks for."""
    claim = horizon.claim(plan.batch_id, held, plan.counted_to)
    completeness.count(counting.total(changes, horizon.count_moved(held)))
    if plan.complete is not None:
        completeness.mark(plan.complete, claim, held)
    claim.save(force_insert=True)
    completeness.silence(chain.wrong)
