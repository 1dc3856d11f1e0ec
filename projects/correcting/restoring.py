"""What a correction took away comes back when it is undone: the whole rows that were kept of it."""

from __future__ import annotations

import uuid
from typing import Any

from projects import images

# As `undoing` has any row that was changed: its period is checked against what was begun since.
_ADD = """
INSERT INTO undoing (id, worker_id, before, worker_sum, is_as_left, name, nik_last4, segment, employer_npp,
    project_id, regency_id, start, "end")
SELECT r.enrollment_id, r.worker_id, '{}'::jsonb, NULL,
    NOT EXISTS (SELECT FROM projects_enrollment e WHERE e.id = r.enrollment_id)
        AND NOT EXISTS (
            SELECT FROM projects_worker other
            WHERE other.nik_sealed = r.nik_sealed AND other.id <> r.worker_id
        ),
    r.name, r.nik_last4, r.segment, r.employer_npp, r.project_id, r.regency_id, r.start, r."end"
FROM projects_removedenrollment r WHERE r.batch_id = %(batch)s
"""
LOCK = """
SELECT count(*) FROM (
    SELECT w.id FROM projects_worker w WHERE w.id IN (
        SELECT worker_id FROM projects_removedenrollment WHERE batch_id = %(batch)s
        UNION ALL SELECT worker_id FROM projects_enrollmentimage WHERE batch_id = %(batch)s
        UNION ALL SELECT worker_id FROM projects_workerimage WHERE batch_id = %(batch)s
    ) ORDER BY w.id FOR UPDATE
) AS locked
"""
# Who comes back as a whole row comes with what the correction had changed of them.
_COMES_WHOLE = """
DELETE FROM undoing_worker u USING projects_removedenrollment r
WHERE r.batch_id = %(batch)s AND r.worker_id = u.id
    AND NOT EXISTS (SELECT FROM projects_worker w WHERE w.id = u.id)
"""
_MADE_AGAIN = """
CREATE TEMPORARY TABLE restoring_worker ON COMMIT DROP AS
SELECT DISTINCT ON (r.worker_id) r.*
FROM projects_removedenrollment r JOIN undoing u ON u.id = r.enrollment_id
WHERE r.batch_id = %(batch)s AND NOT EXISTS (SELECT FROM projects_worker w WHERE w.id = r.worker_id)
ORDER BY r.worker_id, r.enrollment_id
"""
_GIVE_BACK = (
    """
    INSERT INTO projects_worker (id, nik_sealed, nik_last4, name, sex, birth_date, kpj)
    SELECT worker_id, nik_sealed, nik_last4, name, sex, birth_date, kpj FROM restoring_worker
    ORDER BY nik_sealed
    """,
    """
    INSERT INTO projects_enrollment (id, worker_id, segment, regency_id, employer_npp, project_id, occupation,
        funding, start, "end", paid_through)
    SELECT r.enrollment_id, r.worker_id, r.segment, r.regency_id, r.employer_npp, r.project_id, r.occupation,
        r.funding, r.start, r."end", r.paid_through
    FROM projects_removedenrollment r JOIN undoing u ON u.id = r.enrollment_id WHERE r.batch_id = %(batch)s
    """,
    # Whoever made the worker may have been undone since: they go with the import whose enrollment came back.
    f"""
    UPDATE projects_enrollmentimage i SET worker_sum = {images.worker_sum("w")}
    FROM restoring_worker r JOIN projects_worker w ON w.id = r.worker_id
    WHERE i.enrollment_id = r.enrollment_id AND i.before IS NULL AND i.batch_id <> %(batch)s
        AND NOT EXISTS (
            SELECT FROM projects_removedenrollment mine JOIN projects_enrollmentimage made
                ON made.enrollment_id = mine.enrollment_id
            WHERE mine.batch_id = %(batch)s AND mine.worker_id = r.worker_id AND made.worker_sum IS NOT NULL
        )
    """,  # noqa: S608
    "DELETE FROM projects_removedenrollment WHERE batch_id = %(batch)s",
)
# A worker whom a corrected import made and a later one kept goes with that one: nobody speaks of them then.
_FORGOTTEN = """
DELETE FROM projects_worker w USING undoing u
WHERE w.id = u.worker_id AND NOT EXISTS (SELECT FROM projects_enrollment e WHERE e.worker_id = w.id)
    AND EXISTS (
        SELECT FROM projects_countingclaim c JOIN projects_enrollmentimage i ON i.batch_id = c.batch_id
        WHERE c.corrected_by IS NOT NULL AND i.worker_id = w.id AND i.worker_sum IS NOT NULL
    )
"""


def add(cursor: Any, params: dict[str, Any]) -> None:
    """Add what a correction took away to what its undo gives back."""
    for statement in (_ADD, _COMES_WHOLE):
        cursor.execute(statement, params)


def give_back(cursor: Any, batch_id: uuid.UUID) -> None:
    """Write the rows again that are left in `undoing`, with their workers."""
    cursor.execute("DROP TABLE IF EXISTS restoring_worker")
    for statement in (_MADE_AGAIN, *_GIVE_BACK):
        cursor.execute(statement, {"batch": batch_id})


def forget(cursor: Any) -> None:
    """Delete workers of an undone import of whom only a corrected import still speaks."""
    cursor.execute(_FORGOTTEN)
