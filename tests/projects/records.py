"""Projects and what belongs to them, for tests: one plain function a model."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from projects.models import Addendum, Assessment, Contractor, Enrollment, Payment, Project, Worker
from projects.sealing import nik_sealer
from regions.choices import AgencyKind
from regions.models import Agency

NPWP = "0011368974541000"
"""Of an invented firm; its check digit holds."""


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def agency(code: str = "61.PUPR", name: str = "Dinas PUPR Contoh", **values: Any) -> Agency:
    if not values.keys() & {"province_id", "regency_id", "kind"}:
        values |= {"kind": AgencyKind.PROVINCE, "province_id": "61"}
    return Agency.objects.create(code=code, name=name, **values)


def contractor(name: str = "PT Contoh Karya", **values: Any) -> Contractor:
    return Contractor.objects.create(name=name, **values)


def project(name: str = "Jembatan Contoh", regency: str | None = "61.04", **values: Any) -> Project:
    return Project.objects.create(name=name, regency_id=regency, **{"source": "contoh", **values})


def addendum(of: Project, signed_on: str = "2025-06-01", number: str = "A-1", **values: Any) -> Addendum:
    return Addendum.objects.create(
        project=of, number=number, signed_on=day(signed_on), **(values or {"contract_value": 2_000_000})
    )


def assessment(of: Project, amount: int = 1_000_000, number: str = "P-1", **values: Any) -> Assessment:
    return Assessment.objects.create(
        project=of,
        number=number,
        amount=Decimal(amount),
        **{"assessed_on": day("2025-02-03"), **values},
    )


def payment(of: Project, paid_on: str = "2025-02-10", amount: int = 100_000, **values: Any) -> Payment:
    return Payment.objects.create(project=of, paid_on=day(paid_on), amount=Decimal(amount), **values)


def enrolled(of: Project, serial: int = 9001, start: str = "2025-01-06") -> Enrollment:
    """An invented worker of the project."""
    worker = Worker.objects.create(
        nik_sealed=nik_sealer().seal(f"617101170890{serial}"), nik_last4=str(serial), name=f"CONTOH {serial}"
    )
    return Enrollment.objects.create(
        worker=worker, segment="JAKON", regency_id=of.regency_id, project=of, start=day(start)
    )
