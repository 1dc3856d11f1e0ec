"""What a correction would change of what is stored now: the corrected file's rows, and what it has no row of.

`resolving` has compared the rows with the baseline. Here its tables are set against the stored rows instead,
so that `is_new`, `is_changed` and the old values mean what they mean for any import. Beside them:

    correcting_removed      enrollments that the wrong import made and the corrected file does not have
    correcting_back         enrollments that get back what they were before, with the values that they get
    correcting_person_new   workers whose own data change, with all the values that they get
    correcting_person_kept  workers of whom a later change stays, although the corrected file says otherwise
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from projects import known, resolving
from projects.fingerprints import fingerprint_of
from projects.plan import Plan

from . import baseline
from .chain import Chain

TABLES = ("correcting_removed", "correcting_back", "correcting_person_new", "correcting_person_kept")
_NEW = '(r.regency_id, r.occupation, r.funding, r."end", r.paid_through)'
_OLD = '(o.regency_id, o.occupation, o.funding, o."end", o.paid_through)'
_AGAINST_STORED = f"""
UPDATE enrolling_resolved r SET known_id = o.id, enrollment_id = o.id, is_new = false,
    is_changed = {_NEW} IS DISTINCT FROM {_OLD},
    old_regency = o.regency_id, old_occupation = o.occupation, old_funding = o.funding, old_end = o."end",
    old_paid_through = o.paid_through
FROM correcting_stored o WHERE o.is_taken AND {{pair}}
"""  # noqa: S608
_STATEMENTS = (
    "ALTER TABLE enrolling_resolved ADD COLUMN is_made_again boolean DEFAULT false",
    # Whom the wrong import made stays the same worker where the corrected file has them too.
    """
    UPDATE enrolling_resolved r SET known_worker = w.id, worker_id = w.id, is_made_again = true
    FROM projects_worker w WHERE r.known_worker IS NULL AND w.nik_sealed = r.nik_sealed
    """,
    "INSERT INTO enrolling_known (id) SELECT worker_id FROM enrolling_resolved WHERE is_made_again",
    _AGAINST_STORED.format(pair="r.known_id = o.id"),
    _AGAINST_STORED.format(
        pair="r.is_new AND o.before IS NULL AND o.worker_id = r.known_worker AND o.segment = r.segment"
        " AND o.employer_npp = r.employer_npp AND o.project_id IS NOT DISTINCT FROM r.project_id"
        " AND o.start = r.start"
    ),
    "ANALYZE enrolling_resolved",
    # What was touched since and is not on the complete list stays too.
    """
    DELETE FROM enrolling_ending x USING correcting_stored o, correcting_held h
    WHERE o.id = x.id AND h.worker_id = o.worker_id AND h.segment = o.segment
        AND h.employer_npp = o.employer_npp AND h.project_id = coalesce(o.project_id, 0)
    """,
    """
    CREATE TEMPORARY TABLE correcting_removed ON COMMIT DROP AS
    SELECT o.id, o.worker_id FROM correcting_stored o
    WHERE o.is_taken AND o.before IS NULL
        AND NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_id = o.id)
    """,
    f"""
    CREATE TEMPORARY TABLE correcting_back ON COMMIT DROP AS
    SELECT r.* FROM (
        SELECT e.id, e.worker_id, e.regency_id, e.occupation, e.funding,
            coalesce(x.new_end, e."end") AS "end", e.paid_through
        FROM correcting_enrollment e LEFT JOIN enrolling_ending x ON x.id = e.id
    ) AS r JOIN correcting_stored o ON o.id = r.id
    WHERE o.is_taken AND {_NEW} IS DISTINCT FROM {_OLD}
        AND NOT EXISTS (SELECT FROM enrolling_resolved named WHERE named.known_id = o.id)
    """,  # noqa: S608
    "DELETE FROM enrolling_ending x USING correcting_stored o WHERE o.id = x.id AND o.is_taken",
)
# Blank cells keep what is stored of whoever was known before the wrong import, and of nobody else. Whom a
# later import or a hand has written of stays as written.
_PERSONS = """
CREATE TEMPORARY TABLE correcting_person_new ON COMMIT DROP AS
SELECT becoming.* FROM (
    SELECT r.known_worker AS id,
        CASE WHEN r.is_made_again OR r.person_changes THEN r.name ELSE w.name END AS name,
        CASE WHEN r.is_made_again OR r.person_changes AND r.sex <> '' THEN r.sex ELSE w.sex END AS sex,
        CASE WHEN r.is_made_again OR r.person_changes AND r.birth_date IS NOT NULL THEN r.birth_date
            ELSE w.birth_date END AS birth_date,
        CASE WHEN r.is_made_again OR r.person_changes AND r.kpj <> '' THEN r.kpj ELSE w.kpj END AS kpj
    FROM enrolling_resolved r LEFT JOIN correcting_worker w ON w.id = r.known_worker
    WHERE r.is_leading AND r.known_worker IS NOT NULL
    UNION ALL
    SELECT w.id, w.name, w.sex, w.birth_date, w.kpj
    FROM correcting_person p JOIN correcting_worker w ON w.id = p.id
    WHERE p.is_as_left AND NOT EXISTS (
        SELECT FROM enrolling_resolved r WHERE r.known_worker = p.id AND r.is_leading
    )
) AS becoming JOIN projects_worker now ON now.id = becoming.id
WHERE (becoming.name, becoming.sex, becoming.birth_date, becoming.kpj)
    IS DISTINCT FROM (now.name, now.sex, now.birth_date, now.kpj)
    AND NOT EXISTS (SELECT FROM correcting_touched_person t WHERE t.id = now.id)
"""
_PERSON_CHANGES = """
UPDATE enrolling_resolved r SET
    person_changes = r.is_leading AND r.known_worker IN (SELECT id FROM correcting_person_new)
WHERE r.person_changes OR r.known_worker IN (SELECT id FROM correcting_person_new)
"""
_KEPT = """
CREATE TEMPORARY TABLE correcting_person_kept ON COMMIT DROP AS
SELECT DISTINCT r.known_worker AS id FROM enrolling_resolved r
WHERE r.is_leading AND r.person_changes
    AND EXISTS (SELECT FROM correcting_touched_person t WHERE t.id = r.known_worker)
UNION SELECT o.worker_id FROM correcting_stored o
WHERE o.is_spoken_of AND NOT o.is_touched
    AND NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_id = o.id)
"""
_FINGERPRINT = """
SELECT (SELECT count(*) FROM correcting_removed),
    (SELECT coalesce(bit_xor(hashint8extended(id, 0)), 0)::text FROM correcting_removed),
    (SELECT count(*) FROM correcting_back),
    (SELECT coalesce(bit_xor(hash_record_extended(ROW(b.id, b.regency_id, b.occupation, b.funding, b."end",
        b.paid_through, o.regency_id, o.occupation, o.funding, o."end", o.paid_through), 0)), 0)::text
        FROM correcting_back b JOIN correcting_stored o ON o.id = b.id),
    (SELECT coalesce(bit_xor(hash_record_extended(ROW(n.id, n.name, n.sex, n.birth_date, n.kpj, w.name, w.sex,
        w.birth_date, w.kpj), 0)), 0)::text
        FROM correcting_person_new n JOIN projects_worker w ON w.id = n.id),
    (SELECT count(*) FROM correcting_person_new n WHERE NOT EXISTS (
        SELECT FROM enrolling_resolved r WHERE r.known_worker = n.id AND r.is_leading
    ))
"""
BEYOND_ROWS = ("removed", "removed_ids", "back", "back_values", "person_values", "persons_back")


def resolve(plan: Plan, chain: Chain, *, allocate: bool) -> list[int]:
    """Make all tables of a correction, in the caller's transaction; returns the rows that are left out."""
    left_out = baseline.prepare(plan, chain)
    known.find(plan)
    resolving.resolve(plan, allocate=allocate)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in (*_STATEMENTS, _PERSONS, _KEPT, _PERSON_CHANGES):
            cursor.execute(statement)
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
    return left_out


def fingerprint(plan: Plan) -> dict[str, Any]:
    """What the tables hold, in a few numbers: that of any import, and what goes beyond the rows."""
    with connection.cursor() as cursor:
        cursor.execute(_FINGERPRINT)
        return fingerprint_of(plan) | dict(zip(BEYOND_ROWS, cursor.fetchone(), strict=True))
