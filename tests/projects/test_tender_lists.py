"""Lists of tenders as LPSE really gives them: what is taken, what is skipped, and what their sums are."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum

from coverage_portal.accounts.models import Change
from projects.models import Contractor, Project
from tests.sheets import codes, confirm, undo, upload

pytestmark = pytest.mark.django_db


def total() -> Decimal:
    return Project.objects.aggregate(total=Sum("contract_value"))["total"] or Decimal(0)


def test_packages_of_a_csv_list(shared_data: Path) -> None:
    content = (shared_data / "sheets/lpse_basarnas.csv").read_bytes()

    batch = upload("project", content, name="lpse_basarnas.csv")

    assert batch.counts == {
        "read": 1894,
        "new": 672,
        "changed": 0,
        "same": 0,
        "wrong": 0,
        "skipped": 1222,
    }
    note = batch.issues.get(code="projects_read")
    assert note.params == {"projects": 672, "valued": 304, "total": "Rp753.411.526.261"}
    assert set(batch.rows.filter(outcome="skipped").values_list("reason", flat=True)) == {
        "bukan paket konstruksi"
    }
    assert codes(batch, "warning").count("far_above_estimate") == 1
    assert codes(batch, "warning").count("zero_unknown") == 1

    confirm(batch)
    assert (Project.objects.count(), total()) == (672, Decimal("753411526261.00"))
    assert Project.objects.filter(contract_value=None).count() == 672 - 303
    doubled = Project.objects.filter(name="PEKERJAAN PEMBANGUNAN GEDUNG SIAGA POS SAR BENGKALIS")
    assert doubled.count() > 1
    typo = Project.objects.get(package_code="1578469")
    assert (typo.contract_value, typo.budget_year, typo.work) == (
        Decimal("437393000000.00"),
        2018,
        "pelaksanaan",
    )

    again = upload("project", content, name="lpse_basarnas.csv")
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (672, 0, 0)

    undone = undo(batch)
    assert (undone.state, Project.objects.count()) == ("undone", 0)


def test_packages_of_a_workbook_with_line_breaks_and_npwp(shared_data: Path) -> None:
    path = shared_data / "sheets/lpse_tender_rp.xlsx"
    told = io.StringIO()

    call_command("import_sheet", "project", str(path), "--json", "--confirm", stdout=told)

    answer = json.loads(told.getvalue())
    assert answer["counts"] == {"read": 9, "new": 6, "changed": 0, "same": 0, "wrong": 0, "skipped": 3}
    said = [issue["message"] for issue in answer["issues"] if issue["code"] == "projects_read"]
    assert said == [
        "Proyek konstruksi di berkas ini: 6, 6 dengan nilai kontrak, berjumlah Rp75.137.531.156,70."
    ]
    assert (Project.objects.count(), total()) == (6, Decimal("75137531156.70"))
    bontang = Project.objects.get(package_code="576312")
    assert (bontang.regency_id, bontang.fund_source, bontang.budget_year) == ("64.74", "apbd", 2018)
    assert bontang.contractor is not None
    assert (bontang.contractor.name, bontang.contractor.npwp) == ("PT. ARSS BARU", "0011368974541000")
    # Two packages were won by one firm.
    assert Contractor.objects.count() == 5
    assert Change.objects.filter(model="projects.contractor").count() == 5


def test_list_read_for_one_area_skips_the_others(shared_data: Path) -> None:
    content = (shared_data / "sheets/lpse_tender_rp.xlsx").read_bytes()

    batch = upload("project", content, area="61")

    assert (batch.counts["skipped"], batch.counts["new"], batch.counts["wrong"]) == (9, 0, 0)
    reasons = list(batch.rows.values_list("reason", flat=True))
    assert reasons.count("di luar wilayah yang dipilih") == 6
