"""Taking an applied worker list back: every row that still is as it left it, and the counted cells."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

from . import completeness, counting, horizon, images
from .correcting import restoring
from .persons import masked_period, masked_person
from .resolving import LARGE
from .sealing import hold_key
from .staging import CountingClaim

MOST_NAMED = 100

_IS_LARGE = """
SELECT count(*) >= %(rows)s FROM (
    SELECT FROM projects_enrollmentimage WHERE batch_id = %(batch)s LIMIT %(rows)s
) AS first
"""
# A list of new workers has ids next to each other: beside millions of others, only that stretch is read.
_STRETCH = """
SELECT coalesce(min(worker), 0), coalesce(max(worker), 0), coalesce(min(enrollment), 0),
    coalesce(max(enrollment), 0)
FROM (
    SELECT worker_id AS worker, enrollment_id AS enrollment FROM projects_enrollmentimage
    WHERE batch_id = %(batch)s
    UNION ALL SELECT worker_id, NULL FROM projects_workerimage WHERE batch_id = %(batch)s
) AS touched
"""
_EVERYWHERE = (0, 2**63 - 1, 0, 2**63 - 1)
_WORKERS = "BETWEEN %(first_worker)s AND %(last_worker)s"
_ENROLLMENTS = "BETWEEN %(first_enrollment)s AND %(last_enrollment)s"
_LOCK = f"""
SELECT count(*) FROM (
    SELECT w.id FROM projects_worker w WHERE w.id {_WORKERS} AND w.id IN (
        SELECT worker_id FROM projects_enrollmentimage WHERE batch_id = %(batch)s
        UNION ALL SELECT worker_id FROM projects_workerimage WHERE batch_id = %(batch)s
    ) ORDER BY w.id FOR UPDATE
) AS locked
"""  # noqa: S608
# What a later import has changed may look as before by chance: it stays that import's all the same.
_LATER = "SELECT batch_id FROM projects_countingclaim WHERE id > %(claim)s"
_UNDOING = f"""
CREATE TEMPORARY TABLE undoing ON COMMIT DROP AS
SELECT i.enrollment_id AS id, i.worker_id, i.before, i.worker_sum,
    e.id IS NOT NULL AND {images.enrollment_sum("e")} = i.after_sum
        AND (i.worker_sum IS NULL OR {images.worker_sum("w")} = i.worker_sum)
        AND NOT EXISTS (
            SELECT FROM projects_enrollmentimage next WHERE next.enrollment_id = i.enrollment_id
                AND next.batch_id IN ({_LATER})
        )
        AND (i.worker_sum IS NULL OR NOT EXISTS (
            SELECT FROM projects_workerimage next WHERE next.worker_id = i.worker_id
                AND next.batch_id IN ({_LATER})
        )) AS is_as_left,
    w.name, w.nik_last4, e.segment, e.employer_npp, e.project_id, e.regency_id, e.start,
    (i.before ->> 'end')::date AS "end"
FROM projects_enrollmentimage i
LEFT JOIN projects_enrollment e ON e.id = i.enrollment_id AND e.id {_ENROLLMENTS}
LEFT JOIN projects_worker w ON w.id = i.worker_id AND w.id {_WORKERS}
WHERE i.batch_id = %(batch)s
"""  # noqa: S608
# A period that was ended and would be open again may meet one that was begun since.
_OVERLAPPING = f"""
UPDATE undoing u SET is_as_left = false FROM projects_enrollment o
WHERE u.before IS NOT NULL AND u.is_as_left AND o.worker_id = u.worker_id AND o.worker_id {_WORKERS}
    AND o.segment = u.segment AND o.employer_npp = u.employer_npp
    AND o.project_id IS NOT DISTINCT FROM u.project_id AND o.id <> u.id
    AND o.start <= coalesce(u."end", 'infinity'::date)
    AND u.start <= coalesce(o."end", 'infinity'::date)
    AND NOT EXISTS (
        SELECT FROM undoing other WHERE other.id = o.id AND other.is_as_left AND (
            other.before IS NULL OR other.start > coalesce(u."end", 'infinity'::date)
            OR u.start > coalesce(other."end", 'infinity'::date)
        )
    )
"""  # noqa: S608
_UNDOING_WORKERS = f"""
CREATE TEMPORARY TABLE undoing_worker ON COMMIT DROP AS
SELECT i.worker_id AS id, i.before, w.name, w.nik_last4,
    w.id IS NOT NULL AND {images.worker_sum("w")} = i.after_sum
        AND NOT EXISTS (
            SELECT FROM projects_workerimage next WHERE next.worker_id = i.worker_id
                AND next.batch_id IN ({_LATER})
        ) AS is_as_left
FROM projects_workerimage i LEFT JOIN projects_worker w ON w.id = i.worker_id AND w.id {_WORKERS}
WHERE i.batch_id = %(batch)s
"""  # noqa: S608
_TOUCHED = """
SELECT name, nik_last4, segment, regency_id, start FROM undoing WHERE NOT is_as_left
ORDER BY id LIMIT %(most)s
"""
_TOUCHED_WORKERS = """
SELECT name, nik_last4 FROM undoing_worker WHERE NOT is_as_left ORDER BY id LIMIT %(most)s
"""
_RESTORE = (
    "DELETE FROM undoing WHERE NOT is_as_left",
    "DELETE FROM undoing_worker WHERE NOT is_as_left",
    f"DROP TABLE IF EXISTS {counting.AFFECTED}",
    f"""
    CREATE TEMPORARY TABLE {counting.AFFECTED} ON COMMIT DROP AS SELECT DISTINCT worker_id FROM undoing
    """,  # noqa: S608
    f"ANALYZE {counting.AFFECTED}",
)
_GIVE_BACK = (
    f"""
    DELETE FROM projects_enrollment e USING undoing u
    WHERE e.id = u.id AND e.id {_ENROLLMENTS} AND u.before IS NULL
    """,  # noqa: S608
    f"""
    UPDATE projects_enrollment e SET regency_id = u.before ->> 'regency_id',
        occupation = u.before ->> 'occupation', funding = u.before ->> 'funding', "end" = u."end",
        paid_through = (u.before ->> 'paid_through')::date
    FROM undoing u WHERE e.id = u.id AND e.id {_ENROLLMENTS} AND u.before IS NOT NULL
    """,  # noqa: S608
    f"""
    UPDATE projects_worker w SET name = u.before ->> 'name', sex = u.before ->> 'sex',
        birth_date = (u.before ->> 'birth_date')::date, kpj = u.before ->> 'kpj'
    FROM undoing_worker u WHERE w.id = u.id AND w.id {_WORKERS}
    """,  # noqa: S608
    f"""
    DELETE FROM projects_worker w USING undoing u
    WHERE w.id = u.worker_id AND w.id {_WORKERS} AND u.worker_sum IS NOT NULL AND NOT EXISTS (
        SELECT FROM projects_enrollment e WHERE e.worker_id = w.id AND e.worker_id {_WORKERS}
    )
    """,  # noqa: S608
)
_HAS_STAYED = f"""
SELECT EXISTS (
    SELECT FROM undoing u JOIN projects_worker w ON w.id = u.worker_id AND w.id {_WORKERS}
    WHERE u.worker_sum IS NOT NULL
)
"""  # noqa: S608
# Whom another import speaks of too stays, and goes with that one.
_HAND_ON = f"""
UPDATE projects_enrollmentimage i SET worker_sum = u.worker_sum
FROM undoing u JOIN projects_worker w ON w.id = u.worker_id AND w.id {_WORKERS}, projects_countingclaim c
WHERE u.worker_sum IS NOT NULL AND i.batch_id = c.batch_id AND c.batch_id <> %(batch)s
    AND i.enrollment_id = (
        SELECT min(mine.enrollment_id) FROM projects_enrollment e
        JOIN projects_enrollmentimage mine ON mine.enrollment_id = e.id AND mine.before IS NULL
        JOIN projects_countingclaim live ON live.batch_id = mine.batch_id
        WHERE e.worker_id = u.worker_id
    )
"""  # noqa: S608
_FORGET = (
    "DELETE FROM projects_enrollmentimage WHERE batch_id = %(batch)s",
    "DELETE FROM projects_workerimage WHERE batch_id = %(batch)s",
)


class _Touched(Exception):
    """Rows were changed since; the transaction is given up."""


def undo(action: Any, author: Author, *, leave_out: bool) -> list[str]:
    """Take back what an import wrote, inside the caller's transaction.

    Args:
        leave_out: take back the rest although some rows were changed since.

    Returns:
        The periods and persons that were changed since, masked. Without `leave_out`, nothing is written when
        there are any.

    Raises:
        KeyIsChanging: persons whom a correction took away would come back with another key than the others.
    """
    claim = CountingClaim.objects.filter(batch_id=action).first()
    if claim is None:
        return []
    claim_id = claim.pk
    corrected = CountingClaim.objects.filter(corrected_by=claim.batch_id).first()
    touched: list[str] = []
    try:
        with transaction.atomic():
            if corrected is not None:
                hold_key()
            held = horizon.release(claim)
            params = _parameters(action, claim_id, is_correction=corrected is not None)
            touched = _look(params, is_correction=corrected is not None)
            if touched and not leave_out:
                raise _Touched
            _undo(action, claim, corrected, held, author, params)
    except _Touched:
        pass
    return touched


def _parameters(action: Any, claim_id: int, *, is_correction: bool) -> dict[str, Any]:
    """What the statements are given; what a correction took away lies elsewhere than its own images."""
    params = {"batch": action, "claim": claim_id, "most": MOST_NAMED, "rows": LARGE}
    stretch = _EVERYWHERE
    if not is_correction:
        with connection.cursor() as cursor:
            cursor.execute(_STRETCH, params)
            stretch = cursor.fetchone()
    names = ("first_worker", "last_worker", "first_enrollment", "last_enrollment")
    return params | dict(zip(names, stretch, strict=True))


def _look(params: dict[str, Any], *, is_correction: bool) -> list[str]:
    """Lock and compare everything; the labels of what is no longer as the import left it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_IS_LARGE, params)
        if cursor.fetchone()[0]:
            # As in `resolving.prepare`: statistics may not know of the import yet.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("DROP TABLE IF EXISTS undoing, undoing_worker")
        cursor.execute(restoring.LOCK if is_correction else _LOCK, params)
        for statement in (_UNDOING, "ANALYZE undoing", _UNDOING_WORKERS):
            cursor.execute(statement, params)
        if is_correction:
            restoring.add(cursor, params)
        refused = 1
        while refused:
            cursor.execute(_OVERLAPPING, params)
            refused = cursor.rowcount
        cursor.execute(_TOUCHED, params)
        touched = [
            masked_period(*row) if row[0] and row[2] else _("data peserta yang sudah dihapus")
            for row in cursor.fetchall()
        ]
        cursor.execute(_TOUCHED_WORKERS, params)
        touched += [
            masked_person(*row) if row[0] else _("orang yang sudah dihapus") for row in cursor.fetchall()
        ]
        cursor.execute(
            "SELECT (SELECT count(*) FROM undoing WHERE NOT is_as_left)"
            " + (SELECT count(*) FROM undoing_worker WHERE NOT is_as_left)"
        )
        more = cursor.fetchone()[0] - len(touched)
        if more:
            touched.append(_("… dan %(more)s lainnya") % {"more": more})
        return touched


def _undo(
    action: Any,
    claim: CountingClaim,
    corrected: CountingClaim | None,
    held: horizon.Horizon,
    author: Author,
    params: dict[str, Any],
) -> None:
    with connection.cursor() as cursor:
        for statement in _RESTORE:
            cursor.execute(statement)
        cursor.execute("SELECT count(*) FROM undoing")
        rows = cursor.fetchone()[0]
        before = horizon.count_affected(held)
        for statement in _GIVE_BACK:
            cursor.execute(statement, params)
        cursor.execute(_HAS_STAYED, params)
        if cursor.fetchone()[0]:
            cursor.execute(_HAND_ON, params)
        for statement in _FORGET:
            cursor.execute(statement, params)
        if corrected is not None:
            restoring.give_back(cursor, action)
        if CountingClaim.objects.filter(corrected_by__isnull=False).exists():
            restoring.forget(cursor)
    changes = counting.difference(before, horizon.count_affected(held))
    completeness.count(counting.total(horizon.count_moved(held), changes))
    completeness.unmark(claim)
    if corrected is not None:
        completeness.put_back(corrected)
    Change.objects.create(
        action=author.action or action,
        user=author.user,
        actor=author.name,
        source=author.source,
        model="projects.enrollment",
        object_id=str(action),
        summary=author.reason[:200],
        before={"rows": rows},
        after=None,
        reason=author.reason[:300],
    )
