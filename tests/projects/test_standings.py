"""What lists show of projects is what would be derived now, whatever was written and however."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from projects import standings
from projects.models import (
    Addendum,
    Assessment,
    Contractor,
    Enrollment,
    Holiday,
    Instalment,
    Payment,
    Project,
    ProjectRegency,
    Standing,
    Touched,
    Worker,
)
from projects.selectors.facts import enrolled_on, places_of, positions_of
from regions.models import Agency
from tests import factories

from . import records

pytestmark = pytest.mark.django_db

ON = datetime.date(2025, 6, 30)
DERIVED = (
    "state",
    "is_registered",
    "is_protected",
    "due",
    "paid",
    "arrears",
    "last_day",
    "value",
    "open_rules",
    "enrolled",
    "areas",
    "words",
    "agency_id",
    "planned",
)


def built(name: str = "Jembatan Contoh", **values: object) -> Project:
    """A project with a record of each kind."""
    dates = {"spk_date": "2025-01-06", "start": "2025-01-13", "end": "2025-09-30"}
    project = records.project(
        name,
        contractor=records.contractor(f"PT {name}"),
        **{key: records.day(text) for key, text in dates.items()},
        has_maintenance=False,
        contract_value=Decimal(1_000_000_000),
        planned_workers=5,
        **{"registered_on": records.day("2025-01-08"), **values},
    )
    records.addendum(project)
    assessed = records.assessment(project)
    Instalment.objects.create(
        assessment=assessed, number=1, due_on=records.day("2025-03-01"), amount=1_000_000
    )
    records.payment(project)
    ProjectRegency.objects.create(project=project, regency_id="61.71")
    project.refresh_from_db()
    return project


def kept(on: datetime.date = ON) -> dict[int, tuple[object, ...]]:
    rules = standings.refresh(on).rules
    rows = Standing.objects.filter(on=on, rules=rules, project__in=Project.objects.all())
    return {row.project_id: tuple(getattr(row, name) for name in DERIVED) for row in rows}


def derived(on: datetime.date = ON) -> dict[int, tuple[object, ...]]:
    ids = list(Project.objects.values_list("pk", flat=True))
    enrolled, places = enrolled_on(ids, on), places_of(ids)
    return {
        pk: (
            position.state,
            position.known_since is not None,
            position.is_protected,
            position.account.due,
            position.account.paid,
            position.arrears.total,
            position.last_day,
            position.value,
            sorted({finding.rule for finding in position.open_findings}),
            enrolled.get(pk, 0),
            list(places[pk].areas),
            places[pk].words,
            places[pk].agency,
            places[pk].planned,
        )
        for pk, position in positions_of(ids, on).items()
    }


def enroll(project: Project) -> None:
    records.enrolled(project, 9002)


def raw(statement: str) -> Callable[[Project], None]:
    def run(_project: Project) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


WRITES: dict[str, Callable[[Project], object]] = {
    "project": lambda p: Project.objects.filter(pk=p.pk).update(cancelled=True),
    "project's date": lambda p: Project.objects.filter(pk=p.pk).update(end=records.day("2025-05-31")),
    "new project": lambda _p: records.project("Pasar Contoh"),
    "gone project": lambda _p: Project.objects.filter(name="Lapangan Contoh").delete(),
    "addendum": lambda p: Addendum.objects.filter(project=p).update(end=records.day("2025-06-29")),
    "gone addendum": lambda p: Addendum.objects.filter(project=p).delete(),
    "assessment": lambda p: records.assessment(p, 9_000_000, "P-2", assessed_on=records.day("2025-03-03")),
    "instalment": lambda p: Instalment.objects.filter(assessment__project=p).update(
        due_on=records.day("2026-01-01")
    ),
    "gone instalment": lambda p: Instalment.objects.filter(assessment__project=p).delete(),
    "payment": lambda p: records.payment(p, "2025-04-01", 900_000),
    "gone payment": lambda p: Payment.objects.filter(project=p).delete(),
    "moved payment": lambda p: Payment.objects.update(
        project=Project.objects.exclude(pk=p.pk).order_by("pk")[0]
    ),
    "worker": enroll,
    "ended worker": lambda _p: Enrollment.objects.update(end=records.day("2025-02-01")),
    "regency": lambda p: (
        Project.objects.filter(pk=p.pk).update(regency=None),
        ProjectRegency.objects.filter(project=p).delete(),
    ),
    "in plain SQL": raw("UPDATE projects_payment SET amount = 5"),
    "further regency": lambda p: ProjectRegency.objects.create(project=p, regency_id="61.01"),
    "agency's area": lambda p: (
        Project.objects.filter(pk=p.pk).update(agency=records.agency(regency_id="61.05", kind="opd_kab")),
        Agency.objects.update(regency="61.06"),
    ),
    "contractor's name": lambda p: Contractor.objects.filter(projects=p).update(name="PT Lain"),
    "holiday": lambda _p: Holiday.objects.all().delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_standing_follows_whatever_is_written(write: Callable[[Project], object]) -> None:
    project = built()
    records.project("Lapangan Contoh")
    records.enrolled(project, 9001)
    assert kept() == derived()

    write(project)

    assert kept() == derived()


SHOWN = sorted(set(WRITES) - {"new project", "gone project", "holiday"})


@pytest.mark.parametrize("name", SHOWN)
def test_control_arm_without_the_triggers_it_does_not(name: str) -> None:
    project = built()
    records.project("Lapangan Contoh")
    records.enrolled(project, 9001)
    kept()
    tables = {
        model._meta.db_table
        for model in (Project, Agency, Contractor, Addendum, Assessment, Instalment, Payment, Enrollment)
    }
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in {*tables, ProjectRegency._meta.db_table}:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    WRITES[name](project)

    assert kept() != derived()


def test_untouched_projects_are_not_derived_again() -> None:
    first, second = built(), built("Pasar Contoh")
    kept()
    before = dict(Standing.objects.values_list("project_id", "pk"))

    Payment.objects.filter(project=first).update(amount=7)
    kept()

    after = dict(Standing.objects.values_list("project_id", "pk"))
    assert after[second.pk] == before[second.pk]
    assert after[first.pk] != before[first.pk]


def test_nothing_is_written_when_nothing_has_changed(django_assert_num_queries) -> None:
    built()
    kept()
    with django_assert_num_queries(2):
        standings.refresh(ON)


def test_same_queries_however_many_projects(django_assert_num_queries) -> None:
    def queries() -> int:
        with django_assert_num_queries(18, exact=False) as captured:
            standings.refresh(ON)
        return len(captured)

    for number in range(2):
        built(f"Jembatan {number}")
    few = queries()
    for number in range(10, 22):
        built(f"Jembatan {number}")

    assert queries() == few


def test_another_day_is_kept_beside_until_a_new_day_begins(monkeypatch) -> None:
    built()
    kept()
    past = datetime.date(2025, 1, 7)
    assert kept(past) == derived(past) != kept()
    assert set(Standing.objects.values_list("on", flat=True)) == {ON, past}

    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: tomorrow)
    kept(tomorrow)

    assert set(Standing.objects.values_list("on", flat=True)) == {tomorrow}


def test_only_so_many_days_are_kept(monkeypatch) -> None:
    monkeypatch.setattr(standings, "MOST_DAYS", 3)
    built()
    for day in range(1, 9):
        kept(datetime.date(2025, 6, day))

    assert Standing.objects.values("on").distinct().count() <= 4
    assert kept(datetime.date(2025, 6, 8)) == derived(datetime.date(2025, 6, 8))


def test_other_rules_make_other_standings(settings) -> None:
    late = built(registered_on=None)
    Instalment.objects.all().delete()
    Assessment.objects.all().delete()
    Payment.objects.all().delete()
    on = datetime.date(2025, 1, 10)
    assert kept(on)[late.pk][DERIVED.index("open_rules")] == []
    settings.REGISTRATION_WORKDAYS = 1

    assert kept(on) == derived(on)
    assert kept(on)[late.pk][DERIVED.index("open_rules")] == ["late_registration"]


SCOPES = (("61",), ("61.04",), ("61.71", "61.01"), ("62",), ("62.01",), ())


@pytest.mark.parametrize("areas", SCOPES, ids=lambda areas: " ".join(areas) or "none")
def test_standing_is_visible_to_whom_its_project_is(areas: tuple[str, ...]) -> None:
    factories.regency("62.01", "Kotawaringin Barat")
    province = records.agency("61.P", "Dinas Provinsi")
    office = records.agency("61.04.D", "Dinas Kabupaten", kind="opd_kab", regency_id="61.04")
    company = records.agency("BUMN", "Perusahaan", kind="bumn")
    for number, agency in enumerate((province, office, company, None)):
        for regency in (None, "61.04", "61.71", "62.01"):
            made = records.project(f"Contoh {number} {regency}", regency, agency=agency)
            if number == 1:
                ProjectRegency.objects.create(project=made, regency_id="61.01")
    user = factories.user("pembaca", *areas)

    standings.refresh(ON)

    visible = set(Project.objects.visible_to(user).values_list("pk", flat=True))
    assert set(Standing.objects.visible_to(user).values_list("project_id", flat=True)) == visible
    assert (len(visible) > 0) == bool(areas)


@pytest.mark.django_db(transaction=True)
def test_write_that_commits_while_others_derive_is_not_lost() -> None:
    first = built()
    kept()
    wrote, derive = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Payment.objects.filter(project=first).update(amount=1)
            wrote.set()
            derive.wait(20)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    wrote.wait(20)
    records.project("Pasar Contoh")
    before = kept()
    derive.set()
    writer.join(20)

    assert before[first.pk] != derived()[first.pk]
    assert kept() == derived()
    assert Touched.objects.count() == 0


def test_removing_a_worker_s_project_and_all_leaves_nothing_behind() -> None:
    project = built()
    records.enrolled(project)
    kept()

    Enrollment.objects.all().delete()
    Worker.objects.all().delete()
    for model in (Instalment, Payment, Assessment, Addendum, ProjectRegency):
        model.objects.all().delete()
    project.delete()

    assert kept() == {}
    assert Standing.objects.count() == 0
