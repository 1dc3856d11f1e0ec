"""What the database itself refuses of projects, shown by writes that go around every Python check."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from projects.models import Assessment, Contractor, Holiday, Instalment, Payment, Project, ProjectRegency
from regions.models import Agency
from tests.projects import records
from tests.projects.records import day

pytestmark = pytest.mark.django_db

TOO_BIG = Decimal(10) ** 15 + 1


def refusal(write: Callable[[], Any]) -> str:
    """The constraint that a write breaks, the deferred ones too; empty where it breaks none."""
    try:
        with transaction.atomic():
            write()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name or ""
    return ""


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({}, ""),
        ({"regency": None}, ""),
        ({"name": ""}, "project_named"),
        ({"source": ""}, "project_has_source"),
        ({"contract_value": 0}, "project_contract_value_range"),
        ({"contract_value": -1}, "project_contract_value_range"),
        ({"contract_value": TOO_BIG}, "project_contract_value_range"),
        ({"contract_value": TOO_BIG - 1}, ""),
        ({"contract_value": Decimal("0.01")}, ""),
        ({"contribution_base": 0}, "project_contribution_base_range"),
        ({"wages": 0, "wages_known": True}, "project_wages_range"),
        ({"wages": 5}, "project_wages_are_known"),
        ({"wages": 5, "wages_known": False}, "project_wages_are_known"),
        ({"wages": 5, "wages_known": True}, ""),
        ({"vat_rate": 101}, "project_vat_rate_range"),
        ({"planned_workers": 0}, "project_planned_workers_range"),
        ({"budget_year": 1999}, "project_budget_year_range"),
        ({"start": day("2025-02-01"), "end": day("2025-01-31")}, "project_end_after_start"),
        ({"start": day("2025-02-01"), "end": day("2025-02-01")}, ""),
        ({"end": day("2025-02-01"), "maintenance_end": day("2025-01-31")}, "project_maintenance_after_end"),
        (
            {"start": day("2025-02-01"), "maintenance_end": day("2025-01-31")},
            "project_maintenance_after_start",
        ),
        (
            {"registered_on": day("2025-02-01"), "certified_on": day("2025-01-31")},
            "project_certified_after_registered",
        ),
        (
            {"spk_date": day("2025-02-02"), "registered_on": day("2025-02-01")},
            "project_registered_after_contract",
        ),
        (
            {"spk_date": day("2025-02-02"), "cancelled": True, "cancelled_on": day("2025-02-01")},
            "project_cancelled_after_contract",
        ),
        ({"cancelled_on": day("2025-02-01")}, "project_cancelled_when"),
        ({"fund_source": "hibah"}, "project_fund_source_known"),
        ({"work": "lainnya"}, "project_work_known"),
    ],
)
def test_project_that_cannot_be(values: dict[str, Any], constraint: str) -> None:
    assert refusal(lambda: records.project(**values)) == constraint


def test_codes_of_projects_are_unique_and_may_be_unknown() -> None:
    for _time in range(2):
        records.project()
    records.project(package_code="123", bpjs_number="9")

    assert refusal(lambda: records.project(package_code="123")) == "project_package_code_unique"
    assert refusal(lambda: records.project(bpjs_number="9")) == "project_bpjs_number_unique"


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (lambda: records.contractor(npwp="123"), "contractor_npwp_form"),
        # Sixteen digits of a person would be a NIK.
        (lambda: records.contractor(npwp="6171011708909001"), "contractor_npwp_form"),
        (lambda: records.contractor(npwp=records.NPWP), ""),
        (lambda: records.contractor(npp="abc"), "contractor_npp_form"),
        (lambda: records.contractor(name=""), "contractor_named"),
        (lambda: records.agency(kind="opd_prov"), "agency_of_province"),
        (lambda: records.agency(kind="opd_kab", province_id="61"), "agency_of_regency"),
        (lambda: records.agency(kind="desa"), "agency_of_regency"),
        (lambda: records.agency(kind="bumn", province_id="61", regency_id="61.04"), "agency_one_area"),
        (lambda: records.agency(kind="yayasan"), "agency_kind_known"),
        (lambda: records.agency(code="a b"), "agency_code_form"),
        (lambda: Holiday.objects.create(date=day("2027-01-01"), name="", source="x"), "holiday_named"),
    ],
)
def test_contractor_agency_or_holiday_that_cannot_be(write: Callable[[], Any], constraint: str) -> None:
    assert refusal(write) == constraint


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (lambda p: records.payment(p, amount=0), "payment_amount_range"),
        (lambda p: records.payment(p, amount=-1), "payment_amount_range"),
        (lambda p: records.payment(p, amount=10**16), "payment_amount_range"),
        (lambda p: records.assessment(p, amount=-5), "assessment_amount_range"),
        (lambda p: records.addendum(p, contract_value=0), "addendum_contract_value_range"),
        (lambda p: records.addendum(p, note="tanpa isi"), "addendum_changes_something"),
        (
            lambda p: records.addendum(p, start=day("2025-07-01"), end=day("2025-06-01")),
            "addendum_end_after_start",
        ),
        (lambda p: records.addendum(p, signed_on="2025-01-14"), "addendum_after_contract"),
        (lambda p: records.addendum(p, signed_on="2025-01-15"), ""),
    ],
)
def test_record_of_a_project_that_cannot_be(write: Callable[[Project], Any], constraint: str) -> None:
    project = records.project(spk_date=day("2025-01-15"))

    assert refusal(lambda: write(project)) == constraint


def test_contract_cannot_be_dated_after_its_addendum() -> None:
    project = records.project()
    records.addendum(project, "2025-06-01")
    contracts = Project.objects.filter(pk=project.pk)

    assert refusal(lambda: contracts.update(spk_date=day("2025-06-02"))) == "addendum_after_contract"
    assert refusal(lambda: contracts.update(spk_date=day("2025-06-01"))) == ""


def test_payment_for_the_assessment_of_another_project() -> None:
    own, other = records.project(), records.project()
    assessed = records.assessment(own)
    paid = records.payment(own, assessment=assessed)

    assert refusal(lambda: records.payment(other, assessment=assessed)) == "payment_own_assessment"
    moving = Payment.objects.filter(pk=paid.pk)
    assert refusal(lambda: moving.update(project=other)) == "payment_own_assessment"
    handing_over = Assessment.objects.filter(pk=assessed.pk)
    assert refusal(lambda: handing_over.update(project=other)) == "payment_own_assessment"


def test_same_payment_twice_needs_a_reference() -> None:
    project = records.project()
    records.payment(project)
    records.payment(project, reference="B-1")

    assert refusal(lambda: records.payment(project)) == "payment_once"
    assert refusal(lambda: records.payment(project, amount=7, reference="B-1")) == "payment_reference_once"
    assert refusal(lambda: records.payment(project, reference="B-2")) == ""


def test_instalments_are_not_more_than_their_assessment() -> None:
    assessed = records.assessment(records.project(), 1_000)

    def instalments(*amounts: int) -> Callable[[], Any]:
        return lambda: Instalment.objects.bulk_create(
            Instalment(assessment=assessed, number=n, due_on=day("2025-03-01"), amount=amount)
            for n, amount in enumerate(amounts, 1)
        )

    assert refusal(instalments(400, 601)) == "instalments_within_assessment"
    assert refusal(instalments(400, 600)) == ""
    assert (
        refusal(lambda: Assessment.objects.filter(pk=assessed.pk).update(amount=999))
        == "instalments_within_assessment"
    )


def test_what_others_refer_to_stays() -> None:
    agency, contractor = records.agency(), records.contractor()
    project = records.project(agency=agency, contractor=contractor)
    ProjectRegency.objects.create(project=project, regency_id="61.05")
    assessed = records.assessment(project)
    records.payment(project, assessment=assessed)

    for kept in (agency, contractor, project, assessed):
        with pytest.raises(ProtectedError):
            kept.delete()
    # The database refuses it as well, by its foreign keys.
    for model, kept in ((Agency, agency), (Contractor, contractor), (Project, project)):
        raw = model.objects.filter(pk=kept.pk)
        assert "_fk_" in refusal(lambda raw=raw: raw._raw_delete(raw.db))
