"""The one project that a whole worker list may be of: only projects in reach are offered, and taken."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from coverage_portal.accounts.areas import EVERYTHING, of_codes
from coverage_portal.intake import answers, kinds
from coverage_portal.intake.models import ImportBatch
from projects.models import Enrollment
from tests.imports import address, staff
from tests.projects import records
from tests.projects.people import person, send
from tests.sheets import codes, confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_read_in_process")]

OWN, OTHER = "2500000000001", "2500000000002"
HEADING = ["NIK", "Nama", "Segmen", "Kabupaten/Kota", "Tanggal Mulai"]
LIST = [person(number, "Jakon", "Kab. Ketapang", "2025-01-15") for number in (1, 2)]


@pytest.fixture
def projects(db: None) -> SimpleNamespace:
    return SimpleNamespace(
        own=records.project("Jalan Sendiri", bpjs_number=OWN),
        other=records.project("Jalan Tetangga", regency="61.05", bpjs_number=OTHER),
    )


def of_project(pk: int, **options: str) -> ImportBatch:
    return send(LIST, heading=HEADING, user=staff("ketapang", "61.04"), project=str(pk), **options)


def test_projects_of_other_areas_are_not_offered(client: Client, projects: SimpleNamespace) -> None:
    batch = of_project(projects.own.pk)
    assert batch.user is not None
    client.force_login(batch.user)

    page = client.get(address(batch)).content.decode()

    assert ("Jalan Sendiri" in page, "Jalan Tetangga" in page) == (True, False)


@pytest.mark.parametrize("named_by", ["pk", "bpjs_number"])
def test_answer_names_a_project_in_reach(projects: SimpleNamespace, named_by: str) -> None:
    kind, here = kinds.get("enrollment"), of_codes(["61.04"])
    own, other = (str(getattr(project, named_by)) for project in (projects.own, projects.other))

    assert answers.read(kind, "project", own, here) == str(projects.own.pk)
    assert answers.read(kind, "project", other, EVERYTHING) == str(projects.other.pk)
    with pytest.raises(answers.BadAnswer, match="belum tercatat"):
        answers.read(kind, "project", other, here)


@pytest.mark.parametrize("options", [{}, {"mode": "daftar_lengkap"}], ids=["rows to add", "complete list"])
def test_list_of_a_project_out_of_reach_is_refused_row_by_row(
    projects: SimpleNamespace, options: dict[str, str]
) -> None:
    """However the answer got there: the area may have been taken from the user since."""
    batch = of_project(projects.other.pk, **options)

    assert codes(batch).count("project_unknown") == 2
    assert batch.counts["wrong"] == 2
    assert "Jalan Tetangga" not in "".join(issue.message for issue in batch.issues.all())


def test_list_of_a_project_in_reach_is_taken(projects: SimpleNamespace) -> None:
    confirm(of_project(projects.own.pk))

    assert set(Enrollment.objects.values_list("project", flat=True)) == {projects.own.pk}
