"""Fills a portal with reported cells: `python -m benchmarks.dashboard.fill home|country|crowd MONTHS`.

Every segment of every regency in each of the last months: of the home province, of all 514 in the country, or
of a home province with 99, which is all that a code of two digits has room for.
"""

from __future__ import annotations

import sys

import django

LAST = "2025-12"
SEGMENTS = {"PU": 60_000, "BPU": 90_000, "JAKON": 8_000}
CROWD = 99


def main(areas: str, months: int) -> None:
    django.setup()
    from django.db import connection, transaction

    from coverage_portal.accounts import generation
    from coverage_portal.lib.periods import Month
    from regions.models import Membership, Province, Regency, Workforce

    home = Province.objects.active().get()
    if areas == "crowd":
        there = set(Regency.objects.active().values_list("code", flat=True))
        free = [code for number in range(1, 100) if (code := f"{home.code}.{number:02d}") not in there]
        Regency.objects.bulk_create(
            Regency(province=home, code=code, kind="kabupaten", name=f"Contoh {code}")
            for code in free[: CROWD - len(there)]
        )
    regencies = Regency.objects.all() if areas == "country" else Regency.objects.active()
    codes = list(regencies.by_code().values_list("code", flat=True))
    last = Month.parse(LAST)
    with transaction.atomic():
        Workforce.objects.bulk_create(
            Workforce(
                regency_id=code, segment=segment, year=year, people=people + 37 * place, source="Contoh"
            )
            for place, code in enumerate(codes)
            for segment, people in SEGMENTS.items()
            for year in range((last - months).year, last.year + 1)
        )
        Membership.objects.bulk_create(
            (
                Membership(
                    regency_id=code,
                    segment=segment,
                    month=last - ago,
                    reported=people * (40 + place % 30) // 100 - 11 * ago,
                    source="Rekap contoh",
                    data_date=(last - ago).last,
                )
                for place, code in enumerate(codes)
                for segment, people in SEGMENTS.items()
                for ago in range(months)
            ),
            batch_size=5000,
        )
        generation.move()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
