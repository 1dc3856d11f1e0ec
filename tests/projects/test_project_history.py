"""The history on the page of a project: who changed what, from what to what, and why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client

from coverage_portal.accounts import history
from coverage_portal.accounts.models import Change
from projects.models import Instalment, Payment
from projects.selectors import changes
from tests import factories

from . import records
from .project_pages import built, section, text_of, traced

pytestmark = pytest.mark.django_db


def test_history_says_who_changed_which_field_from_what_to_what_and_why(page: Any) -> None:
    project = built()
    other = records.agency("61.04.X", "Dinas Contoh")
    payment = records.payment(project, "2025-02-10", 1_750_000)
    before = history.snapshot(project)
    admin = factories.user("pengelola")
    traced(admin, payment, None, history.snapshot(payment))
    project.agency, project.end, project.vat_included = other, records.day("2025-10-31"), True
    project.contract_value = Decimal(2_000_000_000)
    traced(admin, project, before, history.snapshot(project), "salah ketik")

    lines = section(page(project), "history")

    assert lines.index("Proyek diubah") < lines.index("Pembayaran 10 Februari 2025 · Rp1.750.000 ditambahkan")
    assert "pengelola · Halaman admin" in lines
    assert "Alasan: salah ketik" in lines
    assert "instansi: – → Dinas Contoh" in lines
    assert "nilai kontrak: Rp1.000.000.000 → Rp2.000.000.000" in lines
    assert "nilai termasuk PPN: tidak → ya" in lines
    assert "selesai (PHO): 30 September 2025 → 31 Oktober 2025" in lines


def test_history_keeps_what_was_deleted_and_leaves_out_other_projects(page: Any) -> None:
    project, other = built(), built("Pasar Contoh")
    payment, foreign = records.payment(project), records.payment(other, amount=777_000)
    assessed = records.assessment(project)
    part = Instalment.objects.create(
        assessment=assessed, number=1, due_on=records.day("2025-03-01"), amount=1_000_000
    )
    for row in (payment, part, assessed):
        traced(None, row, None, history.snapshot(row))
    traced(None, foreign, None, history.snapshot(foreign))
    for row in (payment, part, assessed):
        traced(None, row, history.snapshot(row), None)
        row.delete()

    lines = section(page(project), "history")

    assert lines.count("dihapus") == lines.count("ditambahkan") == 3
    assert "Termin 1 · 1 Maret 2025 dihapus" in lines
    assert "777.000" not in lines


def test_record_moved_here_does_not_name_a_project_that_one_may_not_see(client: Client) -> None:
    here, secret = built(), built("Proyek Rahasia", regency="61.07")
    payment = records.payment(secret)
    before = history.snapshot(payment)
    Payment.objects.filter(pk=payment.pk).update(project=here)
    payment.refresh_from_db()
    traced(None, payment, before, history.snapshot(payment))
    client.force_login(factories.user("ketapang", "61.04"))

    shown = client.get(f"/proyek/{here.pk}/")

    assert "proyek: di luar wilayah Anda atau sudah dihapus → Jembatan Contoh" in section(shown, "history")
    assert "Rahasia" not in text_of(shown)


def test_history_comes_thirty_a_page(page: Any) -> None:
    project = built()
    for number in range(31):
        traced(None, project, {"ppk": f"P{number}"}, {"ppk": f"P{number + 1}"})

    assert section(page(project), "history").count("diubah") == 30
    assert "PPK: P0 → P1" in section(page(project, riwayat="2"), "history")


def test_what_belongs_to_a_project_is_found_by_indexes_however_long_the_history_is() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = {}
    for side in ("before", "after"):
        for key, wanted in (("project_id", 5), ("assessment_id__in", [5, 6])):
            name = f"change_{side}_{key.removesuffix('__in')}"
            found[name] = name in Change.objects.filter(Q(**{f"{side}__{key}": wanted})).explain()
    plan = Change.objects.filter(changes._belongs_to(built())).order_by().explain()

    assert found == dict.fromkeys(found, True)
    assert "change_after_project_id" in plan
