"""What the admin exports of projects and payments, the import takes back unchanged, in both languages."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from coverage_portal.lib.exports import CSV, XLSX
from projects.models import Instalment, Payment, Project, ProjectRegency
from projects.resources import PaymentResource, ProjectResource
from tests import factories
from tests.projects import records
from tests.projects.records import day
from tests.sheets import codes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _projects(db: None) -> None:
    full = records.project(
        "=Jembatan; Tahap 2",
        package_code="0012345",
        agency=records.agency(),
        contractor=records.contractor(npwp=records.NPWP, npp="AB123456"),
        contract_value=Decimal("123456789012345.67"),
        vat_included=True,
        vat_rate=Decimal("0.50"),
        wages_known=True,
        wages=Decimal("5000000.05"),
        contribution_base=Decimal("1.50"),
        spk_date=day("2025-01-15"),
        start=day("2025-01-20"),
        end=day("2025-08-20"),
        maintenance_end=day("2026-02-20"),
        planned_workers=1500,
        bpjs_number="2500000000001",
        registered_on=day("2025-02-01"),
        certified_on=day("2025-02-02"),
        cover_end=day("2026-02-20"),
        fund_source="apbd",
        work="pengawasan",
        budget_year=2025,
        ppk="Contoh, S.T.",
        district="Delta Pawan",
        contract_number="600/01/SPK",
        cancelled=True,
        cancelled_on=day("2025-09-01"),
    )
    for code in ("61.01", "64.74"):
        ProjectRegency.objects.create(project=full, regency_id=code)
    # Two of one name and without numbers, told apart by their id; two contractors of one name.
    for _time in range(2):
        records.project("Gedung", regency=None, contractor=records.contractor("CV Kembar"))
    records.project("Jalan", regency="64.74", has_maintenance=False, fund_source="apbd_kab")
    assessed = records.assessment(full, number="P-1")
    records.payment(full, amount=1_234_567, reference="B-1", assessment=assessed, note="termin 1")
    records.payment(full, amount=1_234_567, source="BPJS")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("file_format", [XLSX, CSV])
@pytest.mark.parametrize(
    ("kind", "resource", "model"),
    [("project", ProjectResource, Project), ("payment", PaymentResource, Payment)],
)
def test_export_imports_as_no_change(
    kind: str, resource: Any, model: Any, file_format: Any, language: str
) -> None:
    with translation.override(language):
        content = file_format().export_data(resource().export(model.objects.order_by("pk")))
        batch = upload(kind, content, name="ekspor")

    assert codes(batch) == []
    assert (batch.counts["same"], batch.counts["read"]) == (model.objects.count(), model.objects.count())
    assert batch.counts["new"] == batch.counts["changed"] == 0


@pytest.mark.parametrize("model", ["project", "assessment", "payment", "addendum"])
def test_export_takes_the_same_queries_however_many(
    model: str, client: Client, django_assert_num_queries: Any
) -> None:
    def add(number: int) -> None:
        project = records.project(f"Jembatan {number}", contractor=records.contractor(f"CV {number}"))
        ProjectRegency.objects.create(project=project, regency_id="61.01")
        assessed = records.assessment(project, number=f"P-{number}", amount=1_000)
        Instalment.objects.create(assessment=assessed, number=1, due_on=day("2025-03-01"), amount=400)
        records.payment(project, amount=400, assessment=assessed)
        records.addendum(project)

    def export() -> None:
        sent = client.post(f"/admin/projects/{model}/export/", {"format": "0", "resource": "0"})
        assert sent.status_code == 200

    keeper = factories.user("pengelola", "61", is_staff=True)
    keeper.groups.add(Group.objects.get(name="Pengelola data"))
    client.force_login(keeper)
    add(0)
    export()
    with CaptureQueriesContext(connection) as few:
        export()
    for number in range(1, 6):
        add(number)

    with django_assert_num_queries(len(few)):
        export()
