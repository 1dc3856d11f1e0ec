"""Fills the plain table: `python -m benchmarks.import_enrollment.fill COUNT`.

As many rows as `benchmarks.preload` stores in the portal, so that the floor keeps up indexes of the same
size. The NIKs lie among those of the sheets, and end in a number of their own in place of the dashes.
"""

from __future__ import annotations

import sys

import django
from django.conf import settings

from benchmarks.preload import FIRST_START
from coverage_portal.lib.identity.sealer import SEALED_BYTES

_FILL = """
    INSERT INTO benchmarks_plainenrollment (nik, name, sex, birth_date, kpj, segment, regency_id,
        employer_npp, occupation, funding, start, paid_through)
    SELECT rpad('61' || lpad((1 + n %% 12)::text, 2, '0') || lpad((hashint8(n) & 67108863)::text, 8, '0')
            || (9001 + n %% 999) || n, %(width)s, '-'),
        'PEKERJA ' || n, CASE n %% 2 WHEN 0 THEN 'L' ELSE 'P' END, date '1962-01-01' + (n %% 15000)::int,
        (80000000000 + n)::text, CASE WHEN n %% 20 < 11 THEN 'PU' ELSE 'BPU' END,
        areas.codes[1 + n %% areas.size],
        CASE WHEN n %% 20 < 11 THEN 'Y' || lpad((n %% 6000)::text, 7, '0') ELSE '' END, '', '',
        date %(start)s + (n * 7919 %% 1000)::int, date '2025-12-31'
    FROM generate_series(1, %(count)s::bigint) AS n,
        (SELECT array_agg(code ORDER BY code) AS codes, count(*) AS size FROM regions_regency) AS areas
"""


def main(count: int) -> None:
    # For the plain table's model, which is no app's of the portal.
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "benchmarks"]
    django.setup()
    from django.db import connection, transaction

    from benchmarks.import_enrollment import plain

    connection.ensure_connection()
    plain.create_table()
    # Indexes that are made of all rows at once take a tenth of the time.
    (constraint,), (index,) = plain.PlainEnrollment._meta.constraints, plain.PlainEnrollment._meta.indexes
    with transaction.atomic(), connection.schema_editor() as editor:
        editor.remove_constraint(plain.PlainEnrollment, constraint)
        editor.remove_index(plain.PlainEnrollment, index)
        with connection.cursor() as cursor:
            cursor.execute(_FILL, {"count": count, "start": FIRST_START, "width": SEALED_BYTES})
        editor.add_index(plain.PlainEnrollment, index)
        editor.add_constraint(plain.PlainEnrollment, constraint)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]))
