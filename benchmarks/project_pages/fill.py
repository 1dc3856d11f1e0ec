"""Fills a portal with projects and what belongs to them: `python -m benchmarks.project_pages.fill COUNT`.

Each has a contractor and an agency, an addendum in one of four, an assessment with two instalments, up to two
payments, and four workers. Who has registered, paid, ended and fallen behind follows from the number.
"""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal
from typing import Any

import django

AGENCIES, CONTRACTORS, WORKERS = 60, 800, 4
DAYS_BACK = 700
PARTS = 1000


def main(count: int) -> None:
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from coverage_portal.lib.periods import Month
    from projects.models import Contractor, CountingHorizon
    from regions.choices import AgencyKind
    from regions.models import Agency, Regency

    today = timezone.localdate()
    codes = list(Regency.objects.active().by_code().values_list("code", flat=True))
    with transaction.atomic():
        agencies = Agency.objects.bulk_create(
            Agency(
                code=f"{codes[n % len(codes)]}.{n}",
                name=f"Dinas Contoh {n}",
                kind=AgencyKind.REGENCY,
                regency_id=codes[n % len(codes)],
            )
            for n in range(AGENCIES)
        )
        contractors = Contractor.objects.bulk_create(
            Contractor(name=f"CV Contoh Bangun {n}") for n in range(CONTRACTORS)
        )
        CountingHorizon.objects.update_or_create(pk=1, defaults={"counted_to": Month.parse("2025-12")})
    for first in range(0, count, PARTS):
        with transaction.atomic():
            _part(range(first, min(first + PARTS, count)), today, agencies, contractors)


def _part(numbers: range, today: datetime.date, agencies: list[Any], contractors: list[Any]) -> None:
    from projects.choices import FundSource
    from projects.models import (
        Addendum,
        Assessment,
        Enrollment,
        Instalment,
        Payment,
        Project,
        Worker,
    )
    from projects.sealing import nik_sealer

    def day(number: int, after: int) -> datetime.date:
        spk = today - datetime.timedelta(days=number * 7919 % DAYS_BACK)
        return spk + datetime.timedelta(days=after)

    funds = list(FundSource.values)
    projects = Project.objects.bulk_create(
        Project(
            name=f"Contoh: Pembangunan Jembatan {n}",
            package_code=f"CONTOH-{n:06d}",
            agency=agencies[n % len(agencies)],
            contractor=contractors[n % len(contractors)],
            regency_id=agencies[n % len(agencies)].regency_id,
            fund_source=funds[n % len(funds)],
            budget_year=day(n, 0).year,
            contract_number=f"SPK/{n}",
            spk_date=day(n, 0),
            contract_value=Decimal(100_000_000 + n * 137_000),
            vat_included=n % 3 == 0,
            start=day(n, 7),
            end=day(n, 187),
            maintenance_end=day(n, 367),
            planned_workers=4 + n % 9,
            bpjs_number=f"B{n:08d}" if n % 4 else "",
            registered_on=day(n, 5 + n % 30) if n % 4 else None,
            cover_end=day(n, 200 + n % 200) if n % 4 and n % 5 else None,
            source="Contoh",
        )
        for n in numbers
    )
    pairs = list(zip(numbers, projects, strict=True))
    known = [(n, project) for n, project in pairs if n % 4 and day(n, 10) <= today]
    Addendum.objects.bulk_create(
        Addendum(project=p, number="A-1", signed_on=day(n, 60), contract_value=p.contract_value * 2)
        for n, p in pairs
        if n % 4 == 1
    )
    assessments = Assessment.objects.bulk_create(
        Assessment(project=p, number="P-1", assessed_on=day(n, 8), amount=Decimal(600_000)) for n, p in known
    )
    Instalment.objects.bulk_create(
        Instalment(assessment=a, number=part, due_on=day(n, 30 * part), amount=Decimal(300_000))
        for (n, _p), a in zip(known, assessments, strict=True)
        for part in (1, 2)
    )
    Payment.objects.bulk_create(
        Payment(project=p, paid_on=day(n, 9 + part), amount=Decimal(300_000), reference=f"{part}")
        for n, p in known
        for part in range(n % 3)
        if day(n, 9 + part) <= today
    )
    workers = Worker.objects.bulk_create(
        Worker(
            nik_sealed=nik_sealer().prefix + n.to_bytes(8, "big") + bytes([place]) * 15,
            nik_last4=f"{9001 + place}",
            name=f"CONTOH {n} {place}",
        )
        for n in numbers
        for place in range(WORKERS)
    )
    Enrollment.objects.bulk_create(
        Enrollment(
            worker=workers[index * WORKERS + place],
            segment="JAKON",
            regency_id=str(p.regency_id),
            project=p,
            start=day(n, 10),
        )
        for index, (n, p) in enumerate(pairs)
        for place in range(WORKERS)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
