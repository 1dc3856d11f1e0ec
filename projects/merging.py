"""Applying a worker list: workers and enrollments by set, the counted cells by difference.

The order in which everybody locks: the horizon, existing workers by id, new workers by sealed NIK, the
counted cells. So writers wait for each other and never in a circle. Before all of them come the turn and the
key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from coverage_portal.intake.bulk import MANY_ROWS
from coverage_portal.intake.kinds import Stale, Written

from . import completeness, horizon, images, known, resolving
from .fingerprints import fingerprint_of, still_holds
from .horizon import Moved
from .newcomers import NEWCOMERS, OTHER_NEW
from .plan import Plan
from .sealing import KeyIsChanging, hold_key

ATTEMPTS = 5

_NEW_WORKERS = """
INSERT INTO projects_worker (id, nik_sealed, nik_last4, name, sex, birth_date, kpj)
SELECT worker_id, nik_sealed, nik_last4, name, sex, birth_date, kpj FROM enrolling_resolved
WHERE known_worker IS NULL AND is_leading ORDER BY nik_sealed
"""
_NEW_ENROLLMENTS = """
INSERT INTO projects_enrollment (id, worker_id, segment, regency_id, employer_npp, project_id, occupation,
    funding, start, "end", paid_through)
SELECT enrollment_id, worker_id, segment, regency_id, employer_npp, project_id, occupation, funding, start,
    "end", paid_through
FROM enrolling_resolved WHERE is_new
"""
_NEW_IMAGES = f"""
INSERT INTO projects_enrollmentimage (batch_id, enrollment_id, worker_id, before, after_sum, worker_sum)
SELECT %(batch)s, enrollment_id, worker_id, NULL, {images.enrollment_sum("r")},
    CASE WHEN known_worker IS NULL AND is_leading THEN {images.worker_sum("r")} END
FROM enrolling_resolved r WHERE is_new
"""  # noqa: S608


class _Overtaken(Exception):
    """Another import has made one of our new workers in the meantime."""


def merge(plan: Plan, fingerprint: Mapping[str, Any], author: Author) -> Written:
    """Write what is staged of a plan's batch.

    Raises:
        Stale: it would do something else than the preview with this fingerprint showed.
    """
    return attempt(lambda: _merge(plan, fingerprint, author))


def attempt(write: Callable[[], Written]) -> Written:
    """Write in a transaction, again where another import was faster.

    All imports may write at once. One that was overtaken writes alone: then nobody overtakes it again.

    Raises:
        Stale: others were faster each time, or what would be written is not what the preview showed.
    """
    for number in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _take_turn(alone=number > 0)
                return write()
        except (_Overtaken, Moved):
            continue
        except KeyIsChanging:
            break
    raise Stale


def _take_turn(*, alone: bool) -> None:
    with connection.cursor() as cursor:
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        cursor.execute(f"SELECT {lock}(hashtextextended('enrolling', 0))")


def _merge(plan: Plan, fingerprint: Mapping[str, Any], author: Author) -> Written:
    hold_key(plan.batch_id)
    held = horizon.hold(plan.counted_to)
    if not _writes(fingerprint) and held.after == held.before and plan.complete is None:
        return Written(is_any=False)
    known.lock(plan)
    resolving.resolve(plan, allocate=True, may_repeat=fingerprint.get("repeated") != 0)
    found = fingerprint_of(plan)
    if not still_holds(fingerprint, found):
        raise Stale
    overtaken = fingerprint["new"] - found["new"]
    is_listed = plan.complete is not None and completeness.is_news(plan.complete, held)
    if not (_writes(found) or is_listed or held.after != held.before):
        return Written(is_any=False, overtaken=overtaken)

    def write(cursor: Any) -> None:
        _write(plan, found, cursor)
        if found["new"] + found["changed"] >= MANY_ROWS:
            analyze(cursor)

    changes = horizon.growth_by(held, resolving.KNOWN_AFFECTED, write, also=OTHER_NEW, newcomers=NEWCOMERS)
    claim = horizon.claim(plan.batch_id, held, plan.counted_to)
    completeness.count(changes)
    if plan.complete is not None:
        completeness.mark(plan.complete, claim, held)
    claim.save(force_insert=True)
    record(plan, {name: found[name] for name in ("new", "changed", "ending", "persons")}, author)
    return Written(is_any=True, overtaken=overtaken)


def analyze(cursor: Any) -> None:
    """Until the server's own round comes by, plans would still be made for the small tables of before."""
    cursor.execute("ANALYZE projects_worker")
    cursor.execute("ANALYZE projects_enrollment")


def _writes(found: Mapping[str, Any]) -> bool:
    return bool(found["new"] or found["changed"] or found["ending"])


def _write(plan: Plan, found: Mapping[str, Any], cursor: Any) -> None:
    """Write all rows. What ends or changes comes first: then nothing new overlaps with it."""
    if found["ending"]:
        images.update_enrollments(
            plan.batch_id, "SELECT id, new_end FROM enrolling_ending", {"end": "r.new_end"}
        )
    if found["changed"]:
        columns = ", ".join(f'"{column}"' for column in images.CHANGEABLE)
        images.update_enrollments(
            plan.batch_id,
            f"SELECT known_id AS id, {columns} FROM enrolling_resolved WHERE is_changed",  # noqa: S608
            {column: f'r."{column}"' for column in images.CHANGEABLE},
        )
    if found["persons"]:
        images.update_workers(
            plan.batch_id,
            "SELECT known_worker AS id, name, sex, birth_date, kpj FROM enrolling_resolved"
            " WHERE person_changes",
        )
    insert_new(plan, cursor)


def insert_new(plan: Plan, cursor: Any) -> None:
    """Write the new workers and enrollments, with their images."""
    try:
        cursor.execute(_NEW_WORKERS)
    except IntegrityError as error:
        # Not chained: the text has the sealed NIK. ON CONFLICT would tell the same at twice the cost.
        if _constraint(error) != "projects_worker_nik_sealed_key":
            raise
        raise _Overtaken from None
    cursor.execute(_NEW_ENROLLMENTS)
    cursor.execute(_NEW_IMAGES, {"batch": plan.batch_id})


def _constraint(error: IntegrityError) -> str | None:
    name: str | None = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return name


def record(plan: Plan, written: Mapping[str, Any], author: Author) -> None:
    """One line of history for the whole import; the images have it row by row."""
    Change.objects.create(
        action=plan.batch_id,
        user=author.user,
        actor=author.name,
        source=author.source,
        model="projects.enrollment",
        object_id=str(plan.batch_id),
        summary=author.reason[:200],
        before=None,
        after=dict(written),
        reason=author.reason[:300],
    )
