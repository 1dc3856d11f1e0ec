"""One change of counted enrollments, as a process: `python -m benchmarks.counting.arm CHANGED`.

Half of the changed workers are new; of the others `paid_through` goes back by a year. The merge is the barest
there is, set-based and without images for an undo, so that the counting is not made to look small.
"""

from __future__ import annotations

import sys

import django

_INCOMING = """
CREATE TEMPORARY TABLE incoming AS
SELECT nik_sealed, nik_last4, name, true AS stored FROM (
    SELECT * FROM projects_worker ORDER BY md5(id::text) LIMIT %(half)s
) AS known
UNION ALL
SELECT %(prefix)s::bytea || decode(md5('new ' || n), 'hex') || int8send(n), (9001 + n %% 999)::text,
    'BARU ' || n, false
FROM generate_series(1, %(half)s::bigint) AS n
"""
_WORKERS = """
INSERT INTO projects_worker (nik_sealed, nik_last4, name, sex, kpj)
SELECT nik_sealed, nik_last4, name, '', '' FROM incoming WHERE NOT stored ORDER BY nik_sealed
ON CONFLICT (nik_sealed) DO NOTHING
"""
_AFFECTED = """
CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS
SELECT w.id AS worker_id FROM projects_worker w JOIN incoming USING (nik_sealed) ORDER BY w.id
"""
_CHANGED = """
UPDATE projects_enrollment e SET paid_through = e.paid_through - 365
FROM incoming JOIN projects_worker w USING (nik_sealed) WHERE e.worker_id = w.id AND incoming.stored
"""
_NEW = """
INSERT INTO projects_enrollment (worker_id, segment, regency_id, employer_npp, occupation, funding, start,
    paid_through)
SELECT w.id, 'BPU', '61.01', '', '', '', date '2023-01-02' + (w.id * 7919 % 1000)::int, date '2025-12-31'
FROM incoming JOIN projects_worker w USING (nik_sealed) WHERE NOT incoming.stored
"""


class Miscounted(Exception):
    """Counting by difference and counting everyone disagree; no figure counts then."""


def main(changed: int) -> None:
    django.setup()
    from django.db import connection, transaction

    from benchmarks import stopwatch
    from projects import counting
    from projects.sealing import nik_sealer

    months = counting.counted_range()
    assert months is not None  # noqa: S101 - the preload has set it
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING, {"half": changed // 2, "prefix": nik_sealer().prefix})
        cursor.execute("ANALYZE incoming")
        with transaction.atomic():
            with stopwatch.step("merge"):
                cursor.execute(_WORKERS)
            with stopwatch.step("difference"):
                cursor.execute(_AFFECTED.format(table=counting.AFFECTED))
                cursor.execute(f"ANALYZE {counting.AFFECTED}")
                before = counting.count(*months, affected_only=True)
            with stopwatch.step("merge"):
                cursor.execute(_CHANGED)
                cursor.execute(_NEW)
            with stopwatch.step("difference"):
                after = counting.count(*months, affected_only=True)
                counting.add(counting.difference(before, after))
    with stopwatch.step("recount"):
        anew = counting.count(*months)
    if counting.difference(counting.stored(), anew):
        raise Miscounted


if __name__ == "__main__":
    main(int(sys.argv[1]))
