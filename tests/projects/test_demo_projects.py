"""The example's projects: in every situation, labelled, and gone with the rest."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from coverage_portal.demo.projects import SITUATIONS
from coverage_portal.lib.periods import Month
from projects import counting, issuing
from projects.models import (
    Addendum,
    Assessment,
    Contractor,
    CountingHorizon,
    Enrollment,
    Holiday,
    Instalment,
    Letter,
    Payment,
    Project,
    ProjectRegency,
    Worker,
)
from projects.selectors import matching, work_lists
from regions.models import Agency
from tests import factories
from tests.projects import records

pytestmark = pytest.mark.django_db
RECORDS = (
    Agency,
    Contractor,
    Project,
    ProjectRegency,
    Addendum,
    Assessment,
    Instalment,
    Payment,
    Worker,
    Enrollment,
)


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.UPLOAD_DIR = tmp_path / "uploads"


def test_every_situation_is_there_and_says_that_it_is_an_example() -> None:
    call_command("demo")

    projects = list(Project.objects.all())
    assert len(projects) == 43
    for situation in SITUATIONS:
        assert any(f"({situation.title})" in project.name for project in projects), situation.title
    assert {project.source for project in projects} == {"Contoh – ilustratif"}
    assert all(project.name.startswith("Contoh: ") for project in projects)
    assert all(model.objects.exists() for model in RECORDS)
    assert set(Worker.objects.values_list("name", flat=True)) == {
        f"CONTOH {worker.nik_last4}" for worker in Worker.objects.all()
    }
    assert Project.objects.exclude(first_paid_on=None).count() == (
        Payment.objects.values("project").distinct().count()
    )
    assert not Change.objects.filter(model__in=["projects.worker", "projects.enrollment"]).exists()
    reader = factories.user("pembaca", "61")
    pairs = [pair for line in matching.work_list(reader).lines for pair in line.pairs]
    assert [pair.registration.bpjs_number for pair in pairs] == ["CONTOH900001"]
    # Counting them is for whoever imports a list first.
    assert counting.mismatches() == {}


def test_clearing_takes_all_of_it_and_leaves_what_others_need() -> None:
    call_command("demo")
    CountingHorizon.objects.create(counted_to=Month(2025, 12))
    counting.add(counting.mismatches())
    holidays = Holiday.objects.count()
    used = Project.objects.exclude(contractor=None).exclude(agency=None).first()
    assert used is not None
    records.enrolled(used, 9900)

    call_command("demo", clear=True)

    left = {model.__name__: model.objects.count() for model in RECORDS}
    assert left == {
        **dict.fromkeys(left, 0),
        "Agency": 1,
        "Contractor": 1,
        "Project": 1,
        "Worker": 1,
        "Enrollment": 1,
    }
    assert Holiday.objects.count() == holidays
    assert Worker.objects.get().nik_last4 == "9900"


def test_every_agency_that_is_listed_has_that_many_projects_to_act_on() -> None:
    call_command("demo")
    reader, today = User.objects.get(username="demo.pejabat"), timezone.localdate()

    for day in (today, today - datetime.timedelta(days=20)):
        listed = {line.agency: line.projects for line in work_lists.agencies(reader, day).lines}

        found = {agency: work_lists.of_agency(agency, reader, day).todo for agency in Agency.objects.all()}
        assert {agency: len(todo.items) for agency, todo in found.items() if todo.items} == listed
        assert len(listed) > 3


def test_letters_that_its_users_printed_go_with_it() -> None:
    call_command("demo")
    printer, today = User.objects.get(username="demo.admin"), timezone.localdate()
    agency = work_lists.agencies(printer, today).lines[0].agency
    found = work_lists.of_agency(agency, printer, today)
    author = Author(printer, Change.Source.PAGE)
    issuing.issue(agency=agency, todo=found.todo, areas=found.areas, author=author)
    assert Letter.objects.get().agency == agency

    call_command("demo", clear=True)

    assert not Letter.objects.exists()
    assert not Agency.objects.exists()
