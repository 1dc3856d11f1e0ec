"""Payment lists: which project a row pays for, what is refused, and what counting makes of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from coverage_portal.lib.periods import Month
from projects import counting
from projects.models import CountingHorizon, Payment, Project
from regions.models import Membership
from tests.imports import staff
from tests.projects import records
from tests.sheets import codes, confirm, csv_bytes, undo, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_read_in_process")]

HEADING = ["Nomor Proyek BPJS", "Tanggal Bayar", "Jumlah Dibayar", "Nomor Bukti"]
NUMBER = "2500000000001"


def send(rows: list[list[Any]], *, heading: list[str] = HEADING, user: Any = None) -> Any:
    return upload("payment", csv_bytes([heading, *rows]), name="bayar.csv", user=user)


@pytest.fixture
def project(db: None) -> Project:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    stored = records.project(bpjs_number=NUMBER, spk_date=records.day("2025-01-15"))
    records.enrolled(stored)
    return stored


def counted() -> list[str]:
    cells = Membership.objects.filter(counted__gt=0).order_by("month")
    return [str(month) for month in cells.values_list("month", flat=True)]


def test_payments_are_taken_and_their_workers_counted_and_given_back(project: Project) -> None:
    batch = send([[NUMBER, "10-05-2025", "Rp 1.375.000,00", "B-1"], [NUMBER, "10-06-2025", "1,2 Jt", ""]])
    confirm(batch)

    assert list(Payment.objects.order_by("pk").values_list("amount", "reference", "source")) == [
        (Decimal(1_375_000), "B-1", "Berkas bayar.csv"),
        (Decimal(1_200_000), "", "Berkas bayar.csv"),
    ]
    assert counted() == ["2025-05", "2025-06"]
    assert counting.mismatches() == {}

    again = send([[NUMBER, "10-05-2025", "1.375.000", "B-1"], [NUMBER, "10-06-2025", "1.200.000", "-"]])
    assert again.counts["same"] == 2

    corrected = confirm(send([[NUMBER, "10-04-2025", "1.375.000", "B-1"]]))
    assert counted() == ["2025-04", "2025-05", "2025-06"]
    undo(corrected)
    assert counted() == ["2025-05", "2025-06"]
    undo(batch)
    assert (Payment.objects.count(), counted()) == (0, [])
    assert counting.mismatches() == {}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([NUMBER, "10-05-2025", "-5.000", ""], "negative"),
        ([NUMBER, "10-05-2025", "0", ""], "zero"),
        ([NUMBER, "10-05-2025", "99999999999999999999", ""], "too_big"),
        ([NUMBER, "10-05-2025", "", ""], "amount_missing"),
        ([NUMBER, "", "5.000", ""], "paid_on_missing"),
        ([NUMBER, "31-02-2025", "5.000", ""], "date_impossible"),
        ([NUMBER, "01-01-2099", "5.000", ""], "future_date"),
        (["2599999999999", "10-05-2025", "5.000", ""], "project_unknown"),
        (["", "10-05-2025", "5.000", ""], "project_missing"),
    ],
)
def test_row_that_cannot_be_taken(project: Project, row: list[str], code: str) -> None:
    batch = send([row])

    assert codes(batch) == [code]
    assert batch.counts["wrong"] == 1


def test_same_payment_twice_in_a_list_needs_a_reference(project: Project) -> None:
    row = [NUMBER, "10-05-2025", "5.000", ""]

    assert codes(send([row, row])) == ["duplicate_key", "duplicate_key"]
    assert codes(send([row, [*row[:3], "B-2"]])) == []


def test_project_of_another_area_is_unknown(project: Project) -> None:
    row = [NUMBER, "10-05-2025", "5.000", ""]

    assert codes(send([row], user=staff("sambas", "61.01"))) == ["project_unknown"]
    assert codes(send([row], user=staff("ketapang", "61.04"))) == []


def test_more_than_assessed_is_warned_of(project: Project) -> None:
    records.assessment(project, 1_000)
    rows = [[NUMBER, "10-05-2025", "600", ""], [NUMBER, "11-05-2025", "400", ""]]

    exact = send(rows)
    above = send([*rows, [NUMBER, "12-05-2025", "1", ""]])

    assert codes(exact, "warning") == []
    assert codes(above, "warning") == ["overpaid"]


def test_assessment_named_by_its_number(project: Project) -> None:
    assessed = records.assessment(project, number="P-7")
    heading = [*HEADING, "Nomor Penetapan"]

    unknown = send([[NUMBER, "10-05-2025", "600", "", "P-8"]], heading=heading)
    confirm(send([[NUMBER, "10-05-2025", "600", "", "P-7"]], heading=heading))

    assert codes(unknown) == ["assessment_unknown"]
    assert Payment.objects.get().assessment == assessed
