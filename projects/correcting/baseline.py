"""What would be stored without the wrong import, as tables that the corrected file is compared with.

    correcting_image        enrollments that the wrong import made or changed: as before, and the checksum
    correcting_person       workers that it made or changed, likewise, and whether they are as it left them
    correcting_concerned    workers whom the wrong or the corrected file speaks of
    correcting_stored       their enrollments as they are stored: `is_taken` back by the correction, or
                            `is_touched` by a later import or a hand
    correcting_held         worker, segment, employer and project of what was touched: all of that stays
    correcting_gone         enrollments of the wrong import that were deleted since
    correcting_touched_person  workers whose own data a later import or a hand has written
    correcting_enrollment   the enrollments as they would be
    correcting_worker       the workers as they would be

A later change of one period may rest on another one of the same employer: it was ended so that the next one
could begin. So what is held is held as a whole.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from projects import images, resolving
from projects.plan import Plan

from .chain import LATER, Chain

TABLES = (
    "correcting_image",
    "correcting_person",
    "correcting_concerned",
    "correcting_stored",
    "correcting_touched_person",
    "correcting_held",
    "correcting_gone",
    "correcting_enrollment",
    "correcting_worker",
)
_RELATION = "worker_id, segment, employer_npp, coalesce(project_id, 0)"
_LOCK = """
SELECT count(*) FROM (
    SELECT w.id FROM projects_worker w WHERE w.id IN (
        SELECT known.id FROM projects_worker known JOIN projects_stagedenrollment s USING (nik_sealed)
        WHERE s.batch_id = %(batch)s
        UNION ALL SELECT worker_id FROM projects_enrollmentimage WHERE batch_id = ANY(%(corrected)s::uuid[])
        UNION ALL SELECT worker_id FROM projects_workerimage WHERE batch_id = ANY(%(corrected)s::uuid[])
        {listed}
    ) ORDER BY w.id FOR UPDATE
) AS locked
"""
_LISTED = "UNION ALL SELECT e.worker_id FROM projects_enrollment e WHERE {listed}"
_IMAGE = """
CREATE TEMPORARY TABLE correcting_image ON COMMIT DROP AS
SELECT i.enrollment_id AS id, min(i.worker_id) AS worker_id,
    (array_agg(i.before ORDER BY c.id))[1] AS before,
    (array_agg(i.after_sum ORDER BY c.id DESC))[1] AS after_sum
FROM projects_enrollmentimage i JOIN projects_countingclaim c USING (batch_id)
WHERE i.batch_id = ANY(%(corrected)s::uuid[]) AND NOT EXISTS (
    SELECT FROM projects_removedenrollment r
    WHERE r.batch_id = ANY(%(corrected)s::uuid[]) AND r.enrollment_id = i.enrollment_id
)
GROUP BY 1
"""
_PERSON = f"""
CREATE TEMPORARY TABLE correcting_person ON COMMIT DROP AS
SELECT image.*, {images.worker_sum("w")} = image.after_sum AND later.worker_id IS NULL AS is_as_left
FROM (
    SELECT worker_id AS id, bool_or(is_made) AS is_made,
        (array_agg(before ORDER BY claim) FILTER (WHERE NOT is_made))[1] AS before,
        (array_agg(after_sum ORDER BY claim DESC, is_made))[1] AS after_sum
    FROM (
        SELECT i.worker_id, true AS is_made, NULL::jsonb AS before, i.worker_sum AS after_sum, c.id AS claim
        FROM projects_enrollmentimage i JOIN projects_countingclaim c USING (batch_id)
        WHERE i.batch_id = ANY(%(corrected)s::uuid[]) AND i.worker_sum IS NOT NULL
        UNION ALL
        SELECT i.worker_id, false, i.before, i.after_sum, c.id
        FROM projects_workerimage i JOIN projects_countingclaim c USING (batch_id)
        WHERE i.batch_id = ANY(%(corrected)s::uuid[])
    ) AS said GROUP BY worker_id
) AS image JOIN projects_worker w ON w.id = image.id
LEFT JOIN (
    SELECT DISTINCT worker_id FROM projects_workerimage WHERE batch_id IN ({LATER})
) AS later ON later.worker_id = w.id
"""  # noqa: S608
_CONCERNED = """
CREATE TEMPORARY TABLE correcting_concerned ON COMMIT DROP AS
SELECT w.id FROM projects_worker w JOIN projects_stagedenrollment s USING (nik_sealed)
WHERE s.batch_id = %(batch)s
UNION SELECT i.worker_id FROM correcting_image i JOIN projects_worker w ON w.id = i.worker_id
UNION SELECT id FROM correcting_person {listed}
"""
_CONCERNED_LISTED = "UNION SELECT e.worker_id FROM projects_enrollment e WHERE {listed}"
# Whom the wrong import made and a later one has written of since is not taken back, but can be corrected.
_STORED = f"""
CREATE TEMPORARY TABLE correcting_stored ON COMMIT DROP AS
SELECT found.*, is_ours AND NOT is_touched AND NOT is_spoken_of AS is_taken FROM (
    SELECT e.id, e.worker_id, e.segment, e.regency_id, e.employer_npp, e.project_id, e.occupation, e.funding,
        e.start, e."end", e.paid_through, i.id IS NOT NULL AS is_ours, i.before,
        (i.before ->> 'end')::date AS before_end,
        i.id IS NOT NULL AND (
            {images.enrollment_sum("e")} <> i.after_sum
            OR NOT {{visible}} OR i.before IS NOT NULL AND NOT {{visible_before}}
        ) OR later.enrollment_id IS NOT NULL AS is_touched,
        coalesce(later.is_maker, false) AS is_made_later,
        i.id IS NOT NULL AND i.before IS NULL
            AND coalesce(p.is_made AND NOT p.is_as_left, false) AS is_spoken_of
    FROM correcting_concerned c JOIN projects_enrollment e ON e.worker_id = c.id
    LEFT JOIN correcting_image i ON i.id = e.id LEFT JOIN correcting_person p ON p.id = e.worker_id
    LEFT JOIN (
        SELECT enrollment_id, bool_or(worker_sum IS NOT NULL) AS is_maker FROM projects_enrollmentimage
        WHERE batch_id IN ({LATER}) GROUP BY 1
    ) AS later ON later.enrollment_id = e.id
) AS found
"""  # noqa: S608
# A period that was ended and would be open again may meet one that was begun since.
_MEETING = """
UPDATE correcting_stored u SET is_touched = true FROM correcting_stored o
WHERE u.is_taken AND u.before IS NOT NULL AND o.worker_id = u.worker_id AND o.segment = u.segment
    AND o.employer_npp = u.employer_npp AND o.project_id IS NOT DISTINCT FROM u.project_id AND o.id <> u.id
    AND NOT (o.is_taken AND o.before IS NULL)
    AND o.start <= coalesce(u.before_end, 'infinity'::date)
    AND u.start <= coalesce(CASE WHEN o.is_taken THEN o.before_end ELSE o."end" END, 'infinity'::date)
"""
# Whose own data a later import or a hand has written.
_TOUCHED_PERSON = f"""
CREATE TEMPORARY TABLE correcting_touched_person ON COMMIT DROP AS
SELECT id FROM correcting_person WHERE NOT is_as_left
UNION SELECT worker_id FROM correcting_stored WHERE is_made_later
UNION SELECT i.worker_id FROM projects_workerimage i JOIN correcting_concerned c ON c.id = i.worker_id
    WHERE i.batch_id IN ({LATER})
"""  # noqa: S608
# What was deleted since has no row to tell of its employer: nothing of that worker is touched.
_HELD = """
CREATE TEMPORARY TABLE correcting_held ON COMMIT DROP AS
SELECT DISTINCT worker_id, segment, employer_npp, coalesce(project_id, 0) AS project_id
FROM correcting_stored WHERE is_touched
"""
_GONE = """
CREATE TEMPORARY TABLE correcting_gone ON COMMIT DROP AS
SELECT i.id, i.worker_id FROM correcting_image i
WHERE NOT EXISTS (SELECT FROM projects_enrollment e WHERE e.id = i.id)
"""
_HELD_FOR_GONE = """
INSERT INTO correcting_held
SELECT DISTINCT o.worker_id, o.segment, o.employer_npp, coalesce(o.project_id, 0) FROM correcting_stored o
WHERE o.worker_id IN (SELECT worker_id FROM correcting_gone)
UNION
SELECT w.id, s.segment, s.employer_npp, coalesce(s.project_id, 0) FROM correcting_gone g
JOIN projects_worker w ON w.id = g.worker_id
JOIN projects_stagedenrollment s ON s.nik_sealed = w.nik_sealed AND s.batch_id = %(batch)s
EXCEPT SELECT worker_id, segment, employer_npp, project_id FROM correcting_held
"""
_LEAVE_HELD = f"""
UPDATE correcting_stored SET is_taken = false
WHERE is_taken AND ({_RELATION}) IN (
    SELECT worker_id, segment, employer_npp, project_id FROM correcting_held
)
"""  # noqa: S608
_SKIP_HELD = """
UPDATE projects_stagedenrollment s SET outcome = 'skipped'
FROM projects_worker w JOIN correcting_held h ON h.worker_id = w.id
WHERE s.batch_id = %(batch)s AND s.outcome = '' AND w.nik_sealed = s.nik_sealed AND h.segment = s.segment
    AND h.employer_npp = s.employer_npp AND h.project_id = coalesce(s.project_id, 0) AND {visible}
RETURNING s.row_number
"""
_ALL_VISIBLE = """
NOT EXISTS (
    SELECT FROM correcting_stored o WHERE o.worker_id = h.worker_id AND o.segment = h.segment
        AND o.employer_npp = h.employer_npp AND coalesce(o.project_id, 0) = h.project_id AND NOT {visible}
)
"""
_ENROLLMENT = """
CREATE TEMPORARY TABLE correcting_enrollment ON COMMIT DROP AS
SELECT id, worker_id, segment,
    (CASE WHEN is_taken THEN before ->> 'regency_id' ELSE regency_id END)::varchar AS regency_id,
    employer_npp, project_id,
    (CASE WHEN is_taken THEN before ->> 'occupation' ELSE occupation END)::varchar AS occupation,
    (CASE WHEN is_taken THEN before ->> 'funding' ELSE funding END)::varchar AS funding, start,
    CASE WHEN is_taken THEN before_end ELSE "end" END AS "end",
    CASE WHEN is_taken THEN (before ->> 'paid_through')::date ELSE paid_through END AS paid_through
FROM correcting_stored WHERE NOT (is_taken AND before IS NULL)
"""
_WORKER = """
CREATE TEMPORARY TABLE correcting_worker ON COMMIT DROP AS
SELECT w.id, w.nik_sealed, w.nik_last4,
    (CASE WHEN p.is_back THEN p.before ->> 'name' ELSE w.name END)::varchar AS name,
    (CASE WHEN p.is_back THEN p.before ->> 'sex' ELSE w.sex END)::varchar AS sex,
    CASE WHEN p.is_back THEN (p.before ->> 'birth_date')::date ELSE w.birth_date END AS birth_date,
    (CASE WHEN p.is_back THEN p.before ->> 'kpj' ELSE w.kpj END)::varchar AS kpj
FROM correcting_concerned c JOIN projects_worker w ON w.id = c.id
LEFT JOIN (
    SELECT *, is_as_left AND NOT is_made AND before IS NOT NULL AS is_back FROM correcting_person
) AS p ON p.id = w.id
WHERE NOT coalesce(p.is_made AND p.is_as_left, false)
    OR w.id IN (SELECT worker_id FROM correcting_enrollment)
"""


def lock(plan: Plan, chain: Chain) -> None:
    """Lock every worker that the correction may write to, in id order."""
    listed = ""
    if plan.complete is not None:
        listed = _LISTED.format(listed=resolving.listed_enrollments(plan.complete))
    with connection.cursor() as cursor:
        resolving.prepare(cursor, plan.batch_id)
        cursor.execute(_LOCK.format(listed=listed), resolving.parameters(plan) | chain.parameters())


def prepare(plan: Plan, chain: Chain) -> list[int]:
    """Make the tables; returns the rows that are left out, which are marked in the staging table."""
    params = resolving.parameters(plan) | chain.parameters()
    listed = ""
    if plan.complete is not None:
        listed = _CONCERNED_LISTED.format(listed=resolving.listed_enrollments(plan.complete))
    with connection.cursor() as cursor:
        resolving.prepare(cursor, plan.batch_id)
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in (_IMAGE, _PERSON, _CONCERNED.format(listed=listed)):
            cursor.execute(statement, params)
        _analyze(cursor, "correcting_image", "correcting_person", "correcting_concerned")
        visible = resolving.visible_to(plan, "e.regency_id")
        visible_before = resolving.visible_to(plan, "(i.before ->> 'regency_id')")
        cursor.execute(_STORED.format(visible=visible, visible_before=visible_before), params)
        _analyze(cursor, "correcting_stored")
        skipped = _hold(cursor, plan, params)
        for statement in (_ENROLLMENT, "ANALYZE correcting_enrollment", _WORKER, "ANALYZE correcting_worker"):
            cursor.execute(statement)
        return skipped


def _hold(cursor: Any, plan: Plan, params: dict[str, Any]) -> list[int]:
    """Leave alone what was touched since, with all of that worker and employer, the file's rows too."""
    for statement in (_MEETING, _TOUCHED_PERSON, _HELD, _GONE, _HELD_FOR_GONE, _LEAVE_HELD):
        cursor.execute(statement, params)
    _analyze(cursor, "correcting_held", "correcting_touched_person")
    # Of what lies outside the user's areas the rows say what any row would.
    visible = "true"
    if not plan.scope.everything:
        visible = _ALL_VISIBLE.format(visible=resolving.visible("o.regency_id"))
    cursor.execute(_SKIP_HELD.format(visible=visible), params)
    return sorted(number for (number,) in cursor.fetchall())


def _analyze(cursor: Any, *tables: str) -> None:
    for table in tables:
        cursor.execute(f"ANALYZE {table}")
