"""That two records are not one project is remembered, once, and can be taken back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from projects import services
from projects.models import (
    Project,
    RejectedMatch,
)
from projects.services import reject_match
from tests.projects import records
from tests.projects.pairs import author, join

pytestmark = pytest.mark.django_db


def test_rejected_pair_is_remembered_once(package: Project, registration: Project) -> None:
    by, version = author(), generation.current()
    pair = {"package": package.pk, "registration": registration.pk}

    assert reject_match(**pair, author=by) is True
    assert reject_match(**pair, author=author("lain")) is False

    rejected = RejectedMatch.objects.get()
    assert (rejected.package, rejected.registration, rejected.user) == (package, registration, by.user)
    assert (rejected.actor, rejected.reason) == ("admin", "kontraknya sama")
    noted = Change.objects.get()
    assert (noted.model, noted.before) == ("projects.rejectedmatch", None)
    assert generation.current() != version

    assert services.reconsider_match(**pair, author=by) is True
    assert services.reconsider_match(**pair, author=by) is False
    assert (RejectedMatch.objects.count(), Change.objects.count()) == (0, 2)


def test_joining_takes_what_was_said_of_the_registration_with_it(
    package: Project, registration: Project
) -> None:
    other = records.project("Jembatan Lain", package_code="10012346")
    reject_match(package=other.pk, registration=registration.pk, author=author())
    by = author("lain")

    join(package, registration, author=by)

    assert not RejectedMatch.objects.exists()
    assert (
        Change.objects.filter(action=by.action, model="projects.rejectedmatch", after__isnull=True).count()
        == 1
    )


@pytest.mark.parametrize("same", [True, False])
def test_database_keeps_a_pair_once_and_of_two(package: Project, registration: Project, same: bool) -> None:
    RejectedMatch.objects.create(package=package, registration=registration, actor="a")

    with pytest.raises(IntegrityError), transaction.atomic():
        RejectedMatch.objects.create(
            package=package, registration=package if same else registration, actor="b"
        )
