"""A package and a registration become one project: whole, with its history and the counted figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from coverage_portal.intake.restoring import restore
from coverage_portal.lib.periods import Month
from projects import counting, joining
from projects.models import (
    Addendum,
    Assessment,
    CountingHorizon,
    Enrollment,
    Instalment,
    Payment,
    Project,
    ProjectRegency,
)
from projects.services import Refused, payments_of
from tests.projects import records
from tests.projects.pairs import NUMBER, author, counted, join, projects
from tests.projects.people import send as send_workers
from tests.projects.records import day
from tests.sheets import codes, confirm, csv_bytes, undo, upload

pytestmark = pytest.mark.django_db


def test_package_stays_and_takes_what_it_does_not_know(package: Project, registration: Project) -> None:
    join(package, registration)

    joined = Project.objects.get()
    assert (joined.pk, joined.name, joined.package_code) == (package.pk, "Jembatan Contoh", "10012345")
    assert (joined.bpjs_number, joined.registered_on) == (NUMBER, day("2025-02-01"))
    assert (joined.certified_on, joined.cover_end) == (day("2025-02-12"), day("2025-12-31"))
    assert (joined.spk_date, joined.planned_workers) == (day("2025-01-15"), 10)
    assert joined.contract_value == Decimal("5000000.00")


def test_plan_says_what_is_taken_and_what_is_different(package: Project, registration: Project) -> None:
    planned = joining.plan(package, registration)

    assert planned.taken == (
        "spk_date",
        "planned_workers",
        "bpjs_number",
        "registered_on",
        "certified_on",
        "cover_end",
    )
    assert planned.different == ("name", "contract_value")
    assert (planned.problems, planned.moves_anything) == ((), False)


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        ({}, {"vat_rate", "vat_included", "wages", "wages_known"}),
        ({"vat_included": True, "wages_known": True}, {"vat_rate", "wages"}),
        ({"vat_included": False, "wages_known": False}, set()),
    ],
    ids=["nothing known", "the same known", "something else known"],
)
def test_values_that_go_together_are_not_torn_apart(
    package: Project, registration: Project, known: dict[str, Any], taken: set[str]
) -> None:
    told = {"vat_included": True, "vat_rate": 11, "wages_known": True, "wages": 1_000_000}
    Project.objects.filter(pk=registration.pk).update(**told)
    Project.objects.filter(pk=package.pk).update(**known)

    join(package, registration)

    joined = Project.objects.get()
    assert {
        name for name in told if getattr(joined, name) == told[name]
    } - known.keys() == taken - known.keys()


def test_all_that_belongs_to_the_registration_moves(package: Project, registration: Project) -> None:
    assessed = records.assessment(registration, 500_000)
    Instalment.objects.create(assessment=assessed, number=1, due_on=day("2025-03-01"), amount=500_000)
    records.payment(registration, "2025-02-10", 500_000, assessment=assessed, reference="A")
    records.payment(registration, "2025-02-11", 1)
    records.addendum(registration)
    records.enrolled(registration, 9001)
    ProjectRegency.objects.create(project=registration, regency_id="61.05")
    ProjectRegency.objects.create(project=registration, regency_id="61.04")
    ProjectRegency.objects.create(project=registration, regency_id="61.06")
    ProjectRegency.objects.create(project=package, regency_id="61.06")
    planned = joining.plan(package, registration)
    counts = (planned.payments, planned.assessments, planned.addenda, planned.regencies, planned.workers)
    assert counts == (2, 1, 1, 1, 1)

    join(package, registration)

    for model in (Assessment, Payment, Addendum, Enrollment, ProjectRegency):
        assert set(model._default_manager.values_list("project", flat=True)) == {package.pk}
    assert list(ProjectRegency.objects.order_by("regency").values_list("regency", flat=True)) == [
        "61.05",
        "61.06",
    ]
    assert Payment.objects.get(reference="A").assessment == assessed
    assert Instalment.objects.get().assessment == assessed
    assert Project.objects.get().first_paid_on == day("2025-02-10")


def test_counted_cells_follow_the_first_payment(package: Project, registration: Project) -> None:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    for serial in (9001, 9002):
        records.enrolled(registration, serial)
    records.enrolled(package, 9003)
    with payments_of([registration.pk]):
        records.payment(registration, "2025-05-20")
    assert counted() == {"2025-05": 2, "2025-06": 2}

    join(package, registration)

    assert counted() == {"2025-05": 3, "2025-06": 3}
    assert counting.mismatches() == {}


def test_control_arm_moving_past_the_service_miscounts(package: Project, registration: Project) -> None:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    records.enrolled(package, 9003)
    with payments_of([registration.pk]):
        records.payment(registration, "2025-05-20")

    with transaction.atomic():
        joining.carry_out(joining.plan(package, registration), author())

    assert sum(counting.mismatches().values()) == 2


def test_history_has_all_of_it_under_one_action_before_and_after(
    package: Project, registration: Project
) -> None:
    payment = records.payment(registration)
    enrollment = records.enrolled(registration, 9001)
    ProjectRegency.objects.create(project=registration, regency_id="61.04")
    before = projects()
    by = author()

    join(package, registration, author=by)

    changes = {(c.model, c.object_id): c for c in Change.objects.of_action(by.action)}  # type: ignore[arg-type]
    kept = changes["projects.project", str(package.pk)]
    gone = changes["projects.project", str(registration.pk)]
    assert (kept.before, gone.before, gone.after) == (*before, None)
    assert [kept.after] == projects()
    moved = changes["projects.payment", str(payment.pk)]
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before["project_id"], moved.after["project_id"]) == (registration.pk, package.pk)
    worker = changes["projects.enrollment", str(enrollment.pk)]
    assert worker.summary == "C… 9… · ************9001 · JAKON · 61.04 · 06-01-2025"
    assert {c.reason for c in changes.values()} == {"kontraknya sama"}
    assert len(changes) == Change.objects.filter(action=by.action).count() == 5
    assert Change.objects.exclude(action=by.action).count() == 0


def test_history_is_enough_to_take_it_back(package: Project, registration: Project) -> None:
    records.payment(registration)
    records.addendum(registration)
    records.assessment(registration)
    ProjectRegency.objects.create(project=registration, regency_id="61.05")
    before, by = projects(), author()
    join(package, registration, author=by)
    assert projects() != before

    assert restore(by.action, author("lain"), leave_out=False) == []

    assert projects() == before
    for model in (Payment, Addendum, Assessment, ProjectRegency):
        assert model._default_manager.get().project_id == registration.pk
    assert Project.objects.get(pk=registration.pk).first_paid_on == day("2025-02-10")


def test_data_version_moves_last_and_only_when_something_was_done(
    package: Project, registration: Project
) -> None:
    version = generation.current()
    records.payment(package, reference="A")
    records.payment(registration, reference="A")

    with pytest.raises(Refused):
        join(package, registration)
    assert generation.current() == version

    Payment.objects.filter(project=package).delete()
    join(package, registration, author=author("lain"))
    assert generation.current() != version


@pytest.mark.usefixtures("_read_in_process")
def test_importing_the_bpjs_list_again_finds_the_joined_project(
    package: Project, registration: Project
) -> None:
    heading = ["Nomor Proyek BPJS", "Nama Proyek", "Kabupaten/Kota", "Tanggal Pendaftaran"]
    content = csv_bytes([heading, [NUMBER, "JEMB. CONTOH", "Ketapang", "01-02-2025"]])
    join(package, registration)

    batch = upload("project", content, name="bpjs.csv")

    assert codes(batch) == []
    assert (batch.counts["new"], batch.counts["changed"]) == (0, 1)
    confirm(batch)
    assert Project.objects.get().package_code == "10012345"


@pytest.mark.usefixtures("_read_in_process")
def test_worker_list_can_still_be_undone(package: Project, registration: Project) -> None:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    heading = ["NIK", "Nama", "Segmen", "Nomor Proyek", "Kabupaten/Kota", "Tanggal Mulai"]
    row = ["6171011708909101", "CONTOH", "JAKON", NUMBER, "Ketapang", "2025-01-06"]
    batch = confirm(send_workers([row], heading=heading))
    join(package, registration)
    assert Enrollment.objects.get().project_id == package.pk

    undone = undo(batch)

    assert undone.state == undone.State.UNDONE
    assert (Enrollment.objects.count(), counting.mismatches()) == (0, {})
