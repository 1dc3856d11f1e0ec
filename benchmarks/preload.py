"""Fills a portal with workers and counted enrollments: `python -m benchmarks.preload COUNT [country]`.

Straight into the tables, with triggers and foreign keys off. The bytes of a NIK are as scattered as sealed
ones, for that is what their index costs. They work in the home province, or all over the country.
"""

from __future__ import annotations

import sys
from typing import Any

import django

FIRST_START, LAST_MONTH = "2023-01-02", "2025-12"

# The regency and the segment follow from the number, so that every cell gets its share.
_FILL = (
    "SET LOCAL session_replication_role = replica",
    """
    INSERT INTO projects_worker (nik_sealed, nik_last4, name, sex, birth_date, kpj)
    SELECT %(prefix)s::bytea || decode(md5(n::text), 'hex') || int8send(n),
        (9001 + n %% 999)::text, 'PEKERJA ' || n, CASE n %% 2 WHEN 0 THEN 'L' ELSE 'P' END,
        date '1962-01-01' + (n %% 15000)::int, (80000000000 + n)::text
    FROM generate_series(1, %(count)s::bigint) AS n
    """,
    """
    INSERT INTO projects_enrollment (worker_id, segment, regency_id, employer_npp, occupation, funding,
        start, paid_through)
    SELECT w.id, CASE WHEN w.id %% 20 < 11 THEN 'PU' ELSE 'BPU' END, areas.codes[1 + w.id %% areas.size],
        CASE WHEN w.id %% 20 < 11 THEN 'Y' || lpad((w.id %% 6000)::text, 7, '0') ELSE '' END, '', '',
        date %(start)s + (w.id * 7919 %% 1000)::int, date '2025-12-31'
    FROM projects_worker w,
        (SELECT array_agg(code ORDER BY code) AS codes, count(*) AS size
        FROM regions_regency WHERE %(province)s IN ('', province_id)) AS areas
    """,
)


def main(count: int, areas: str) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from coverage_portal.lib.periods import Month
    from projects import counting
    from projects.models import CountingHorizon
    from projects.sealing import nik_sealer

    # Whoever imports makes sure that everyone is sealed with the portal's key.
    values: dict[str, Any] = {"count": count, "start": FIRST_START, "prefix": nik_sealer().prefix}
    values["province"] = "" if areas == "country" else settings.HOME_PROVINCE
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in _FILL:
                cursor.execute(statement, values)
        CountingHorizon.objects.update_or_create(pk=1, defaults={"counted_to": Month.parse(LAST_MONTH)})
    with transaction.atomic():
        months = counting.counted_range()
        if months is not None:
            counting.add(counting.count(*months))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[1]), *(sys.argv[2:] or ["home"]))
