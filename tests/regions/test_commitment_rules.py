"""What the database itself refuses of promises, and the sentences that say so first."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from regions.models import Agency, Commitment, Regency
from tests import factories

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 9, 1)
CLOSED: dict[str, Any] = {"status": "selesai", "closed_on": DAY, "closing_note": "9.120 terdaftar"}


@pytest.fixture
def sambas() -> Regency:
    return factories.regency("61.01")


def refusal(write: Callable[[], Any]) -> str:
    """The constraint that a write breaks; empty where it breaks none."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name or ""  # type: ignore[union-attr]
    return ""


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({}, ""),
        ({"promise": " "}, "commitment_says_something"),
        ({"source": ""}, "commitment_has_source"),
        ({"promised_members": 0}, "commitment_members_range"),
        ({"promised_members": 1}, ""),
        ({"promised_members": 300_000_000}, ""),
        ({"promised_members": 300_000_001}, "commitment_members_range"),
        ({"segment": "PNS"}, "commitment_segment_known"),
        ({"segment": "PMI"}, ""),
        ({"made_on": datetime.date(2025, 12, 31)}, ""),
        ({"made_on": datetime.date(2026, 1, 1)}, "commitment_due_after_made"),
        ({"made_on": datetime.date(1999, 12, 31)}, "commitment_dates_range"),
        ({"status": "tertunda", "closed_on": DAY, "closing_note": "x"}, "commitment_status_known"),
        (CLOSED, ""),
        (CLOSED | {"status": "batal"}, ""),
        (CLOSED | {"status": "berjalan"}, "commitment_closed_whole"),
        (CLOSED | {"closed_on": None}, "commitment_closed_whole"),
        (CLOSED | {"closing_note": " "}, "commitment_closed_whole"),
        ({"closed_on": DAY}, "commitment_closed_whole"),
        ({"closing_note": "x"}, "commitment_closed_whole"),
        (CLOSED | {"closed_on": datetime.date(2025, 8, 11)}, "commitment_closed_after_made"),
        (CLOSED | {"closed_on": datetime.date(2025, 8, 12)}, ""),
    ],
)
def test_promise_that_cannot_be(sambas: Regency, values: dict[str, Any], constraint: str) -> None:
    assert refusal(lambda: factories.commitment(sambas, **values)) == constraint


def test_due_date_beyond_all_reason_is_refused(sambas: Regency) -> None:
    assert refusal(lambda: factories.commitment(sambas, "2101-01-01")) == "commitment_dates_range"


OFFICES: dict[str, tuple[Callable[[], Agency], bool]] = {
    "of the regency": (lambda: factories.office(factories.regency("61.01")), True),
    "of its province": (lambda: factories.office(factories.province()), True),
    "of no area": (lambda: factories.office(), True),
    "of another regency": (lambda: factories.office(factories.regency("61.04")), False),
    "of another province": (lambda: factories.office(factories.province("62")), False),
}


@pytest.mark.parametrize(("make", "acts"), OFFICES.values(), ids=OFFICES)
def test_agency_has_to_act_in_the_regency(sambas: Regency, make: Callable[[], Agency], acts: bool) -> None:
    agency = make()

    written = refusal(lambda: factories.commitment(sambas, agency=agency))

    assert written == ("" if acts else "commitment_agency_acts")
    assert (agency in Agency.objects.acting_in("61.01")) is acts
    promise = Commitment(
        regency=sambas,
        agency=agency,
        promise="x",
        source="x",
        made_on=DAY,
        due_on=DAY + datetime.timedelta(1),
    )
    if acts:
        promise.full_clean()
    else:
        with pytest.raises(ValidationError, match="tidak bertugas di kabupaten/kota itu"):
            promise.full_clean()


def test_promise_cannot_be_handed_to_an_agency_from_elsewhere(sambas: Regency) -> None:
    held = factories.commitment(sambas)
    foreign = factories.office(factories.regency("61.04"))

    moved = refusal(lambda: Commitment.objects.filter(pk=held.pk).update(agency=foreign))

    assert moved == "commitment_agency_acts"


@pytest.mark.parametrize(
    ("area", "may"),
    [({"regency_id": "61.04"}, False), ({"regency_id": None, "province_id": "61"}, True)],
    ids=["another regency", "its province"],
)
def test_agency_with_promises_stays_where_they_are(sambas: Regency, area: dict[str, Any], may: bool) -> None:
    agency = factories.commitment(sambas).agency

    moved = refusal(
        lambda: Agency.objects.filter(pk=agency.pk).update(kind="desa" if not may else "opd_prov", **area)
    )

    assert moved == ("" if may else "commitment_agency_acts")


def test_agency_with_promises_elsewhere_says_so_before_the_database_does(sambas: Regency) -> None:
    agency = factories.commitment(sambas).agency
    agency.regency = factories.regency("61.04")

    with pytest.raises(ValidationError, match="memegang janji tindak lanjut di luar wilayah itu"):
        agency.full_clean()


def test_area_and_agency_with_promises_cannot_be_deleted(sambas: Regency) -> None:
    agency = factories.commitment(sambas).agency

    for row in (sambas, agency):
        with pytest.raises(ProtectedError):
            row.delete()


@pytest.mark.parametrize(
    ("values", "field"), [({"made_on": DAY}, "made_on"), (CLOSED, "closed_on")], ids=["made", "closed"]
)
def test_nothing_has_happened_tomorrow(sambas: Regency, values: dict[str, Any], field: str) -> None:
    promise = factories.commitment(sambas, **values)

    with (
        time_machine.travel("2025-08-31T12:00:00+07:00", tick=False),
        pytest.raises(ValidationError) as refused,
    ):
        promise.full_clean()
    with time_machine.travel("2025-09-01T00:30:00+07:00", tick=False):
        promise.full_clean()

    assert list(refused.value.message_dict) == [field]
