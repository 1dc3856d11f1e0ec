"""An agency with projects that need action, and those who print letters about them."""

from __future__ import annotations

from typing import Any

import time_machine
from django.contrib.auth.models import Group

from coverage_portal.accounts.models import User
from projects.models import Project
from regions.models import Agency
from tests import factories
from tests.projects import records
from tests.projects.records import day

ON = "2026-11-20"
NOW = time_machine.travel(f"{ON}T03:00:00+00:00", tick=False)
"""20 November 2026, ten in the morning in Pontianak."""


def member(group: str, *areas: str, name: str = "pencetak") -> User:
    user = factories.user(name, *areas)
    user.groups.add(Group.objects.get(name=group))
    return user


def unregistered(agency: Agency | None, name: str = "Jembatan Contoh", **values: Any) -> Project:
    """Not registered 14 working days after its SPK, begun, worth Rp300 million: Rp620.000 by the rates."""
    known = {
        "contractor": records.Contractor.objects.get_or_create(name="PT Contoh Karya")[0],
        "spk_date": day("2026-07-06"),
        "start": day("2026-07-13"),
        "end": day("2026-11-30"),
        "maintenance_end": day("2027-05-31"),
        "contract_value": 300_000_000,
        "vat_included": False,
    }
    return records.project(name, agency=agency, **{**known, **values})


def in_arrears(agency: Agency, name: str = "Saluran Contoh", **values: Any) -> Project:
    """Registered and assessed at Rp620.000, all due on 20 September 2026, of which Rp100.000 was paid."""
    project = unregistered(agency, name, registered_on=day("2026-07-10"), **values)
    assessed = records.assessment(project, 620_000, assessed_on=day("2026-07-10"))
    assessed.instalments.create(number=1, due_on=day("2026-09-20"), amount=620_000)
    records.payment(project, "2026-07-20", 100_000)
    return project


def fine(agency: Agency, name: str = "Pasar Contoh", **values: Any) -> Project:
    project = unregistered(agency, name, registered_on=day("2026-07-10"), **values)
    records.payment(project, "2026-07-13", 620_000)
    return project


def overpaid(agency: Agency, name: str = "Waduk Contoh", **values: Any) -> Project:
    project = fine(agency, name, **values)
    records.payment(project, "2026-08-03", 500_000)
    return project
