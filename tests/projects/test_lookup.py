"""A supervisor asks about a NIK: answered within their area, written down, and never carried anywhere."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from coverage_portal.accounts.models import User
from projects.models import Enrollment, Lookup, Project, Worker
from projects.sealing import nik_sealer
from tests import factories

pytestmark = pytest.mark.django_db
NIK = "6171011708909001"


@pytest.fixture
def enrolled() -> Enrollment:
    project = Project.objects.create(
        name="Jembatan Contoh", source="contoh", regency_id="61.71", first_paid_on=datetime.date(2025, 1, 2)
    )
    person = Worker.objects.create(nik_sealed=nik_sealer().seal(NIK), nik_last4="9001", name="CONTOH A")
    return Enrollment.objects.create(
        worker=person, segment="JAKON", regency_id="61.71", project=project, start=datetime.date(2025, 1, 1)
    )


def supervisor(*areas: str) -> User:
    user = factories.user("pengawas", *areas)
    user.user_permissions.add(Permission.objects.get(codename="look_up_worker"))
    return user


def ask(client: Client, user: User, nik: str) -> str:
    client.force_login(user)
    response = client.post("/pengawas/", {"nik": nik})
    return response.content.decode()


@pytest.mark.parametrize("typed", [NIK, " 6171.01.170890.9001 ", "'6171011708909001"])
def test_protected_person_is_found_with_the_project(client: Client, enrolled: Enrollment, typed: str) -> None:
    answer = ask(client, supervisor("61"), typed)

    assert "aktif di proyek Jembatan Contoh" in answer
    assert "berakhiran 9001" in answer
    assert NIK not in answer


@pytest.mark.parametrize("areas", [["61.04"], []], ids=["another area", "no area"])
def test_person_of_another_area_is_answered_like_a_stranger(
    client: Client, enrolled: Enrollment, areas: list[str]
) -> None:
    answer = ask(client, supervisor(*areas), NIK)

    assert "Tidak terdaftar" in answer
    assert enrolled.worker.name not in answer


def test_ended_and_unpaid_protection_is_none(client: Client, enrolled: Enrollment) -> None:
    Enrollment.objects.update(end=datetime.date(2025, 2, 1))
    assert "Tidak terdaftar" in ask(client, supervisor("61"), NIK)

    Enrollment.objects.update(end=None)
    Project.objects.update(first_paid_on=None)
    assert "Tidak terdaftar" in ask(client, User.objects.get(username="pengawas"), NIK)


def test_each_lookup_is_written_down_without_a_readable_nik(client: Client, enrolled: Enrollment) -> None:
    user = supervisor("61")

    ask(client, user, NIK)
    ask(client, user, "6171011708909002")

    kept = list(Lookup.objects.order_by("pk"))
    assert [(row.actor, row.found) for row in kept] == [("pengawas", 1), ("pengawas", 0)]
    assert nik_sealer().open(kept[0].nik_sealed) == NIK
    assert NIK.encode() not in bytes(kept[0].nik_sealed)


def test_damaged_nik_is_refused_and_not_repeated(client: Client) -> None:
    client.force_login(supervisor("61"))

    response = client.post("/pengawas/", {"nik": "6171011708909"})

    assert response.status_code == 422
    assert "6171011708909" not in response.content.decode()
    assert Lookup.objects.count() == 0


def test_page_needs_the_permission_and_takes_no_nik_by_address(client: Client, enrolled: Enrollment) -> None:
    client.force_login(factories.user("pembaca", "61"))
    assert client.get("/pengawas/").status_code == 403

    client.force_login(supervisor("61"))
    response = client.get("/pengawas/", {"nik": NIK})
    assert "Jembatan" not in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert client.head("/pengawas/").status_code == 200
