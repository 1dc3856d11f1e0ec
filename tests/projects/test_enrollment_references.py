"""What an enrollment refers to exists and stays: the database sees to it, without foreign keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from projects.models import Enrollment, Project, Worker
from tests.projects.people import member, send
from tests.sheets import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment() -> Enrollment:
    confirm(send([member(1)]))
    found = Enrollment.objects.get()
    found.project = Project.objects.create(name="Contoh", source="contoh", regency_id="61.71")
    found.segment = "JAKON"
    found.save()
    return found


@pytest.mark.parametrize(
    ("column", "value"), [("worker_id", 999_999), ("regency_id", "61.98"), ("project_id", 999_999)]
)
@pytest.mark.parametrize("write", ["insert", "update"])
def test_reference_to_nothing_is_refused(enrollment: Enrollment, column: str, value: Any, write: str) -> None:
    if write == "insert":
        enrollment.pk, enrollment.employer_npp = None, "ZZ000000"
        enrollment.start = datetime.date(2030, 1, 1)
    setattr(enrollment, column, value)

    with pytest.raises(IntegrityError, match="that does not exist"), transaction.atomic():
        enrollment.save(force_insert=write == "insert")


REFERRED: dict[str, Callable[[Enrollment], tuple[str, str, Any]]] = {
    "worker": lambda e: ("projects_worker", "id", e.worker_id),
    "regency": lambda e: ("regions_regency", "code", e.regency_id),
    "project": lambda e: ("projects_project", "id", e.project_id),
}


@pytest.mark.parametrize("name", REFERRED)
@pytest.mark.parametrize("how", ["delete", "rename"])
def test_what_is_referred_to_stays(enrollment: Enrollment, name: str, how: str) -> None:
    table, key, value = REFERRED[name](enrollment)
    other = "61.98" if name == "regency" else 999_999
    statement = {
        "delete": f"DELETE FROM {table} WHERE {key} = %(value)s",  # noqa: S608
        "rename": f"UPDATE {table} SET {key} = %(other)s WHERE {key} = %(value)s",  # noqa: S608
    }[how]

    with (
        pytest.raises(IntegrityError, match=f"enrollments refer to this {name}|foreign key"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, {"value": value, "other": other})


def test_without_the_trigger_a_worker_could_be_lost(enrollment: Enrollment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE projects_worker DISABLE TRIGGER enrollment_keeps_worker")
        cursor.execute("DELETE FROM projects_worker WHERE id = %s", [enrollment.worker_id])

    assert not Worker.objects.exists()
    assert Enrollment.objects.count() == 1
