"""When a package and a registration cannot be joined: why not, and at one time with others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coverage_portal.accounts.models import Change
from coverage_portal.lib.periods import Month
from projects import counting, joining
from projects.joining import Overtaken
from projects.models import (
    CountingHorizon,
    Enrollment,
    Project,
    Worker,
)
from projects.services import Refused, payments_of
from tests.projects import records
from tests.projects.pairs import NUMBER, author, counted, join, projects
from tests.projects.people import send as send_workers
from tests.projects.records import day
from tests.projects.test_at_once import at_once
from tests.sheets import confirm

pytestmark = pytest.mark.django_db


def twice(package: Project, registration: Project, what: str) -> None:
    for project in (package, registration):
        if what == "payment":
            records.payment(project, reference="BUKTI-1")
        elif what == "payment without reference":
            records.payment(project, "2025-02-10", 100_000)
        elif what == "addendum":
            records.addendum(project)
        elif what == "assessment":
            records.assessment(project)
    if what == "addendum before the contract":
        records.addendum(package, "2025-01-14", "A-9")
    if what == "registered before the contract":
        Project.objects.filter(pk=package.pk).update(spk_date=day("2025-02-02"))
    if what in ("enrollment", "overlapping enrollment"):
        worker = records.enrolled(package, 9001).worker
        start = "2025-01-06" if what == "enrollment" else "2025-04-01"
        Enrollment.objects.create(
            worker=worker, segment="JAKON", regency_id="61.04", project=registration, start=day(start)
        )


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("payment", "Pembayaran dengan nomor bukti BUKTI-1 ada di kedua catatan."),
        ("payment without reference", "Pembayaran Rp100.000 pada 10 Februari 2025 ada di kedua catatan."),
        ("addendum", "Adendum A-1 ada di kedua catatan."),
        ("assessment", "Penetapan P-1 ada di kedua catatan."),
        (
            "addendum before the contract",
            "Adendum A-9 (14 Januari 2025) mendahului tanggal SPK 15 Januari 2025.",
        ),
        ("registered before the contract", "Tanggal pendaftaran mendahului tanggal SPK."),
        ("enrollment", "1 tenaga kerja tercatat di keduanya pada masa yang sama (C… 9… · ************9001)."),
        ("overlapping enrollment", "1 tenaga kerja tercatat di keduanya pada masa yang sama"),
    ],
)
def test_what_the_database_would_refuse_is_said_and_nothing_is_done(
    package: Project, registration: Project, what: str, sentence: str
) -> None:
    twice(package, registration, what)
    before = projects()

    with pytest.raises(Refused) as refusal:
        join(package, registration)

    assert len(refusal.value.sentences) == 1
    assert refusal.value.sentences[0].startswith(sentence)
    assert (projects(), Change.objects.count()) == (before, 0)


@pytest.mark.parametrize(
    "what",
    [
        "payment",
        "payment without reference",
        "addendum",
        "assessment",
        "enrollment",
        "overlapping enrollment",
    ],
)
def test_control_arm_without_the_check_the_database_refuses(
    package: Project, registration: Project, what: str
) -> None:
    twice(package, registration, what)

    with pytest.raises(IntegrityError), transaction.atomic():
        joining.carry_out(joining.plan(package, registration), author())


def test_worker_who_came_back_is_no_overlap(package: Project, registration: Project) -> None:
    records.enrolled(package, 9001)
    Enrollment.objects.update(end=day("2025-03-31"))
    Enrollment.objects.create(
        worker=Worker.objects.get(),
        segment="JAKON",
        regency_id="61.04",
        project=registration,
        start=day("2025-04-01"),
    )

    join(package, registration)

    assert Enrollment.objects.filter(project=package).count() == 2


def test_second_confirm_is_told_that_somebody_was_faster(package: Project, registration: Project) -> None:
    join(package, registration)

    with pytest.raises(Overtaken, match="sudah digabungkan oleh orang lain"):
        join(package, registration, author=author("lain"))

    other = records.project("Jembatan Lain", package_code="10012346")
    with pytest.raises(Overtaken, match="sudah digabungkan dengan paket lain"):
        join(other, registration, author=author("ketiga"))


def test_what_was_agreed_to_is_what_is_done(package: Project, registration: Project) -> None:
    seen = joining.plan(package, registration).seen
    records.payment(registration)

    with pytest.raises(Overtaken, match="berubah sejak halaman itu dibuka"):
        join(package, registration, seen=seen)
    join(package, registration, seen=joining.plan(package, registration).seen, author=author("lain"))

    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [{"cancelled": True}, {"bpjs_number": "1"}, {"registered_on": day("2025-02-02")}],
    ids=["cancelled", "numbered", "registered"],
)
def test_only_a_package_without_registration_can_be_joined(
    package: Project, registration: Project, values: dict[str, Any]
) -> None:
    Project.objects.filter(pk=package.pk).update(**values)

    with pytest.raises(Overtaken):
        join(package, registration)


def test_project_is_not_joined_with_itself(registration: Project) -> None:
    with pytest.raises(Overtaken):
        join(registration, registration)


@pytest.mark.django_db(transaction=True)
def test_two_joining_at_once_do_it_once(package: Project, registration: Project) -> None:
    other = records.project("Jembatan Lain", package_code="10012346")
    records.enrolled(registration, 9001)
    records.payment(registration)
    authors = [author(f"orang{n}") for n in range(4)]

    failures = at_once(
        *(
            lambda one=one, by=by: join(one, registration, author=by) and None  # type: ignore[misc]
            for one, by in zip((package, other, package, other), authors, strict=True)
        )
    )

    assert failures == ["Overtaken"] * 3
    assert Project.objects.count() == 2
    assert counting.mismatches() == {}


@pytest.mark.django_db(transaction=True)
def test_joining_while_workers_are_enrolled_and_payments_written(
    package: Project, registration: Project
) -> None:
    CountingHorizon.objects.create(counted_to=Month(2025, 6))
    heading = ["NIK", "Nama", "Segmen", "Nomor Proyek", "Kabupaten/Kota", "Tanggal Mulai"]
    rows = [
        [f"617101170890{serial}", "CONTOH BARU", "JAKON", NUMBER, "Ketapang", "2025-01-06"]
        for serial in range(9101, 9131)
    ]
    batch = send_workers(rows, heading=heading)
    by = author()

    def pay() -> None:
        with payments_of([package.pk]):
            records.payment(package, "2025-03-20")

    failures = at_once(
        lambda: join(package, registration, author=by) and None, pay, lambda: confirm(batch) and None
    )

    assert failures == []
    assert Enrollment.objects.filter(project=package).count() == 30
    assert counting.mismatches() == {}
    assert counted()["2025-06"] == 30
