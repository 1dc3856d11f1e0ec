"""Whom of a worker list the portal knows already: `enrolling_known`, a temporary table of the transaction.

It holds id, nik_sealed, name, sex, birth_date and kpj of every stored worker whose NIK a staged row has. It
is made once, and before `resolving.resolve`, which takes whoever is not in it for new.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from . import resolving
from .plan import Plan

_STAGED = "SELECT nik_sealed FROM projects_stagedenrollment WHERE batch_id = %(batch)s AND outcome = ''"
_BY_READING = f"SELECT w.* FROM {{workers}} w WHERE w.nik_sealed IN ({_STAGED})"  # noqa: S608
# In the order of the index, so that each of its pages is fetched once.
_BY_SEEKING = f"""
SELECT w.* FROM (SELECT DISTINCT nik_sealed FROM ({_STAGED}) AS staged ORDER BY nik_sealed) AS s
CROSS JOIN LATERAL (SELECT * FROM {{workers}} w WHERE w.nik_sealed = s.nik_sealed OFFSET 0) AS w
"""  # noqa: S608
_FOUND = """
CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS
SELECT id, nik_sealed, name, sex, birth_date, kpj FROM ({known}) AS known
"""
LOCK = """
CREATE TEMPORARY TABLE enrolling_known ON COMMIT DROP AS
SELECT w.id, w.nik_sealed, w.name, w.sex, w.birth_date, w.kpj FROM projects_worker w
WHERE w.id IN (SELECT id FROM enrolling_found{listed}) ORDER BY w.id FOR NO KEY UPDATE
"""
_LISTED = """
    UNION ALL SELECT e.worker_id FROM projects_enrollment e WHERE {listed}
        AND e.start <= %(day)s AND (e."end" IS NULL OR e."end" > %(last_day)s)
"""


def find(plan: Plan) -> None:
    """Make the table, without locking anybody."""
    with connection.cursor() as cursor:
        resolving.prepare(cursor, plan.batch_id)
        _find(cursor, plan, "enrolling_known")


def lock(plan: Plan) -> None:
    """Make the table, and lock everyone in it, by id; of a complete list, those too whom it would end.

    What the table says of them is what stands once they are locked.
    """
    listed = ""
    if plan.complete is not None:
        listed = _LISTED.format(listed=resolving.listed_enrollments(plan.complete))
    with connection.cursor() as cursor:
        resolving.prepare(cursor, plan.batch_id)
        _find(cursor, plan, "enrolling_found")
        cursor.execute("DROP TABLE IF EXISTS enrolling_known")
        cursor.execute(LOCK.format(listed=listed), resolving.parameters(plan))
        _analyze(cursor, "enrolling_known")


def _find(cursor: Any, plan: Plan, table: str) -> None:
    known = _BY_SEEKING if resolving.is_outnumbered(cursor, plan) else _BY_READING
    cursor.execute(f"DROP TABLE IF EXISTS {table}")
    statement = _FOUND.format(table=table, known=known.format(workers=plan.workers))
    cursor.execute(statement, resolving.parameters(plan))
    _analyze(cursor, table)


def _analyze(cursor: Any, table: str) -> None:
    cursor.execute(f"ANALYZE {table} (id, nik_sealed)")
