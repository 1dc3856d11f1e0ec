"""Records for tests: one plain function a model, every value that a test asserts given by the test.

Areas come from a migration, so they are fetched; whatever belongs to an area takes it, a province or regency.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from coverage_portal.accounts.models import AreaGrant, Role, User
from coverage_portal.lib.periods import Month
from regions.choices import AgencyKind, Kind
from regions.models import (
    Agency,
    Baseline,
    Commitment,
    Membership,
    Province,
    QuotedFigure,
    Regency,
    Target,
    Workforce,
)

PASSWORD = "sandi-contoh-9001"


def province(code: str = "61", name: str = "Kalimantan Barat") -> Province:
    return Province.objects.get_or_create(code=code, defaults={"name": name})[0]


def regency(code: str = "61.04", name: str = "Ketapang", **values: Any) -> Regency:
    """The regency of a code; `values` are set on it, whether it was there or not."""
    defaults = {"name": name, "kind": Kind.KABUPATEN, "province": province(code[:2])}
    found = Regency.objects.get_or_create(code=code, defaults=defaults)[0]
    if values:
        Regency.objects.filter(pk=found.pk).update(**values)
        found.refresh_from_db()
    return found


def _area(area: Province | Regency) -> dict[str, Any]:
    return {"province": area} if isinstance(area, Province) else {"regency": area}


def workforce(
    area: Province | Regency, people: int, *, segment: str | None = None, year: int = 2025, **values: Any
) -> Workforce:
    defaults = {"source": "BPJS Ketenagakerjaan"}
    return Workforce.objects.create(
        **_area(area), segment=segment, year=year, people=people, **{**defaults, **values}
    )


def membership(
    area: Province | Regency,
    reported: int | None,
    *,
    month: str = "2025-07",
    segment: str | None = None,
    **values: Any,
) -> Membership:
    defaults = {"source": "BPJS Ketenagakerjaan"}
    return Membership.objects.create(
        **_area(area), segment=segment, month=Month.parse(month), reported=reported, **{**defaults, **values}
    )


def target(
    area: Province | Regency, percent: str = "61", *, year: int = 2026, legal_basis: str = "Perda"
) -> Target:
    """The target of an area and year, also where a migration has put another."""
    return Target.objects.update_or_create(
        **_area(area), year=year, defaults={"percent": Decimal(percent), "legal_basis": legal_basis}
    )[0]


def baseline(area: Province | Regency, percent: str = "37", *, month: str = "2025-12") -> Baseline:
    return Baseline.objects.update_or_create(
        **_area(area),
        defaults={"percent": Decimal(percent), "month": Month.parse(month), "source": "siaran pers"},
    )[0]


def quote(area: Province | Regency, percent: str, **values: Any) -> QuotedFigure:
    return QuotedFigure.objects.create(
        **_area(area), quoted_percent=Decimal(percent), **{"source": "siaran pers", **values}
    )


def office(area: Province | Regency | None = None, **values: Any) -> Agency:
    """The agency of an area, or one of no area, made when it is first asked for."""
    code = "PUSAT.CONTOH" if area is None else f"{area.code}.CONTOH"
    defaults: dict[str, Any] = {"name": f"Dinas Contoh {code}", "kind": AgencyKind.CENTRAL}
    if area is not None:
        kind = AgencyKind.PROVINCE if isinstance(area, Province) else AgencyKind.REGENCY
        defaults |= {"kind": kind, **_area(area)}
    return Agency.objects.get_or_create(code=code, defaults={**defaults, **values})[0]


def commitment(area: Regency, due_on: str = "2025-12-31", **values: Any) -> Commitment:
    """An open promise of the regency's own agency, made in August 2025."""
    defaults: dict[str, Any] = {
        "promise": "Mendaftarkan nelayan",
        "made_on": datetime.date(2025, 8, 12),
        "source": "Rapat koordinasi 12 Agustus 2025",
    }
    if "agency" not in values:
        defaults["agency"] = office(area)
    due = datetime.date.fromisoformat(due_on)
    return Commitment.objects.create(regency=area, due_on=due, **{**defaults, **values})


def user(name: str = "pengguna", *areas: str, role: str = Role.VIEWER, **values: Any) -> User:
    """A user who may sign in with `PASSWORD`, granted `role` in each of the areas."""
    created = User.objects.create_user(name, password=PASSWORD, **values)
    for area in areas:
        AreaGrant.objects.create(user=created, role=role, area_code=area)
    return created
