"""What an import leaves for its undo: every row as it was, and the checksum of what it became."""

from __future__ import annotations

import uuid

from django.db import connection

_ENROLLMENT_SUM = (
    "hash_record_extended(ROW({0}.worker_id, {0}.segment, {0}.regency_id, {0}.employer_npp, {0}.project_id,"
    ' {0}.occupation, {0}.funding, {0}.start, {0}."end", {0}.paid_through), 0)'
)
# Without the sealed NIK, which a new key changes.
_WORKER_SUM = "hash_record_extended(ROW({0}.nik_last4, {0}.name, {0}.sex, {0}.birth_date, {0}.kpj), 0)"
_BEFORE = (
    "jsonb_build_object('regency_id', {0}.regency_id, 'occupation', {0}.occupation, 'funding', {0}.funding,"
    " 'end', {0}.\"end\", 'paid_through', {0}.paid_through)"
)
_WORKER_BEFORE = (
    "jsonb_build_object('name', {0}.name, 'sex', {0}.sex, 'birth_date', {0}.birth_date, 'kpj', {0}.kpj)"
)
CHANGEABLE = ("regency_id", "occupation", "funding", "end", "paid_through")
"""The columns of an enrollment that an import may change; the others are its key."""


def enrollment_sum(alias: str) -> str:
    """The checksum of an enrollment, as SQL."""
    return _ENROLLMENT_SUM.format(alias)


def worker_sum(alias: str) -> str:
    """The checksum of a worker, as SQL."""
    return _WORKER_SUM.format(alias)


def update_enrollments(batch_id: uuid.UUID, source: str, values: dict[str, str]) -> int:
    """Update the enrollments of `source`, SQL that gives `id` and what `values` (column to SQL) uses of it.

    The alias of the enrollment is `e`, that of the source `r`. Each one's image is kept.
    """
    assignments = ", ".join(f'"{column}" = {value}' for column, value in values.items())
    statement = f"""
        WITH r AS MATERIALIZED ({source}), old AS MATERIALIZED (
            SELECT e.* FROM projects_enrollment e JOIN r ON r.id = e.id
        ), updated AS (
            UPDATE projects_enrollment e SET {assignments} FROM r WHERE e.id = r.id RETURNING e.*
        )
        INSERT INTO projects_enrollmentimage (batch_id, enrollment_id, worker_id, before, after_sum)
        SELECT %(batch)s, updated.id, updated.worker_id, {_BEFORE.format("old")}, {enrollment_sum("updated")}
        FROM updated JOIN old ON old.id = updated.id
    """  # noqa: S608 - SQL of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, {"batch": batch_id})
        return int(cursor.rowcount)


def update_workers(batch_id: uuid.UUID, source: str, *, blank_keeps: bool = True) -> int:
    """Update the workers of `source`, SQL with id, name, sex, birth_date and kpj; blank keeps the old."""
    kept = (
        "sex = coalesce(nullif(r.sex, ''), w.sex), birth_date = coalesce(r.birth_date, w.birth_date),"
        " kpj = coalesce(nullif(r.kpj, ''), w.kpj)"
    )
    others = kept if blank_keeps else "sex = r.sex, birth_date = r.birth_date, kpj = r.kpj"
    statement = f"""
        WITH r AS MATERIALIZED ({source}), old AS MATERIALIZED (
            SELECT w.* FROM projects_worker w JOIN r ON r.id = w.id
        ), updated AS (
            UPDATE projects_worker w SET name = r.name, {others}
            FROM r WHERE w.id = r.id RETURNING w.*
        )
        INSERT INTO projects_workerimage (batch_id, worker_id, before, after_sum)
        SELECT %(batch)s, updated.id, {_WORKER_BEFORE.format("old")}, {worker_sum("updated")}
        FROM updated JOIN old ON old.id = updated.id
    """  # noqa: S608 - SQL of our own
    with connection.cursor() as cursor:
        cursor.execute(statement, {"batch": batch_id})
        return int(cursor.rowcount)
