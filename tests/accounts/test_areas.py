import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from coverage_portal.accounts.areas import EVERYTHING, NOTHING, of_codes, scope_of
from coverage_portal.accounts.models import AreaGrant, Role, User
from regions.models import Regency
from tests import factories


@pytest.mark.parametrize(
    ("granted", "area", "is_covered"),
    [
        (["61"], "61", True),
        (["61"], "61.04", True),
        (["61"], "62.04", False),
        (["61.04"], "61.04", True),
        (["61.04"], "61", False),
        (["61.04"], "61.08", False),
        ([], "61", False),
    ],
)
def test_scope_covers(granted: list[str], area: str, is_covered: bool) -> None:
    assert of_codes(granted).covers(area) is is_covered


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("granted", "count"),
    [(["61"], 14), (["61.04"], 1), (["61.04", "61.08"], 2), (["99"], 0), ([], 0)],
    ids=["province", "regency", "two regencies", "unknown", "none"],
)
def test_condition_finds_the_rows_within(granted: list[str], count: int) -> None:
    assert Regency.objects.filter(of_codes(granted).condition("code")).count() == count


@pytest.mark.django_db
def test_condition_of_everything_leaves_nothing_out() -> None:
    assert Regency.objects.filter(EVERYTHING.condition("code")).count() == 514


@pytest.mark.django_db
def test_scope_of_a_user_is_what_was_granted() -> None:
    assert scope_of(factories.user("petugas", "61.04", "61.08")) == of_codes(["61.04", "61.08"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "codes"),
    [("2026-06-30", ["61.04"]), ("2026-07-01", [])],
    ids=["last day", "day after"],
)
def test_grant_ends_with_its_last_day(today: str, codes: list[str]) -> None:
    user = factories.user("petugas")
    AreaGrant.objects.create(
        user=user, role=Role.IMPORTER, area_code="61.04", valid_until=datetime.date(2026, 6, 30)
    )

    with time_machine.travel(f"{today}T12:00:00+07:00", tick=False):
        assert scope_of(User.objects.get()) == of_codes(codes)


@pytest.mark.django_db
def test_superuser_covers_everything_and_a_stranger_nothing() -> None:
    admin = factories.user("admin", is_superuser=True)
    gone = factories.user("bekas", "61", is_active=False)

    assert scope_of(admin) == EVERYTHING
    assert [scope_of(user) for user in (None, AnonymousUser(), gone)] == [NOTHING] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["6104", "61.4", "", "61.0x", "Ketap"])
def test_database_refuses_a_grant_that_is_no_area_code(code: str) -> None:
    user = factories.user("petugas")

    with pytest.raises(IntegrityError, match="areagrant_area_code_form"), transaction.atomic():
        AreaGrant.objects.bulk_create([AreaGrant(user=user, role=Role.VIEWER, area_code=code)])


@pytest.mark.django_db
def test_database_refuses_the_same_grant_twice() -> None:
    user = factories.user("petugas", "61.04")

    with pytest.raises(IntegrityError, match="areagrant_once"), transaction.atomic():
        AreaGrant.objects.bulk_create([AreaGrant(user=user, role=Role.VIEWER, area_code="61.04")])
