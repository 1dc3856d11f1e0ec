"""Worker lists and payments move only the working figure of a closed month, and name the month they touch."""

from __future__ import annotations

import pytest
from django.test import Client

from coverage_portal.intake import kinds
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects.models import CountingHorizon
from regions.models import Membership
from tests import factories
from tests.imports import address
from tests.projects import records
from tests.projects.people import member, send
from tests.regions.closed import closed, filled, published
from tests.sheets import confirm, csv_bytes, undo, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_read_in_process")]
PONTIANAK, JULY = "61.71", Month(2025, 7)
LINE = "Kota Pontianak: Juli 2025 (disetujui)"


def named(batch: ImportBatch) -> list[str]:
    return kinds.get(batch.kind).closed_months(batch)


def counted(segment: str = "PU") -> int | None:
    return Membership.objects.get(regency=PONTIANAK, month=JULY, segment=segment).counted


@pytest.fixture
def _closed_july(db: None) -> None:
    filled(PONTIANAK)
    closed(PONTIANAK)


@pytest.mark.usefixtures("_closed_july")
def test_worker_list_and_its_undo_name_the_closed_month_and_leave_it(client: Client) -> None:
    client.force_login(factories.user("super", is_staff=True, is_superuser=True))

    batch = send([member(1), member(2, regency="Kab. Sambas")])
    previewed = client.get(address(batch)).content.decode()
    confirm(batch)
    applied, working = client.get(address(batch)).content.decode(), counted()
    undo(batch)

    assert named(batch) == [LINE]
    assert (LINE in previewed, LINE in applied) == (True, True)
    assert (working, counted()) == (1, None)
    assert published(PONTIANAK, JULY) == {None: 300, "PU": 100, "BPU": 100, "JAKON": 100, "PMI": None}


@pytest.mark.usefixtures("_closed_july")
def test_list_of_other_months_names_none() -> None:
    batch = send([member(1, regency="Kab. Sambas")])

    assert named(batch) == []


@pytest.mark.usefixtures("_closed_july")
def test_payment_names_the_closed_month_and_leaves_it() -> None:
    CountingHorizon.objects.create(counted_to=JULY)
    project = records.project(
        bpjs_number="2500000000001", spk_date=records.day("2025-01-15"), regency=PONTIANAK
    )
    records.enrolled(project)
    heading = ["Nomor Proyek BPJS", "Tanggal Bayar", "Jumlah Dibayar", "Nomor Bukti"]

    batch = upload(
        "payment", csv_bytes([heading, ["2500000000001", "10-05-2025", "1.375.000", "B-1"]]), name="bayar.csv"
    )
    told = named(batch)
    confirm(batch)

    assert told == [LINE]
    assert published(PONTIANAK, JULY)["JAKON"] == 100
