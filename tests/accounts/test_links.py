"""Invitations and links for a new password: shown once, good once, within one's own areas."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import roles, second_factor
from coverage_portal.accounts.models import AccessLink, AreaGrant, Change, Event, User
from tests import factories
from tests.accounts.guessing import is_in

pytestmark = pytest.mark.django_db

NEW = "sandi-panjang-9002"
INVITATION = {
    "username": "petugas.baru",
    "first_name": "Petugas",
    "role": roles.IMPORTER,
    "area_code": "61.04",
    "reason": "Surat tugas 12",
}


def manager(area: str = "61", name: str = "admin") -> Client:
    user = factories.user(name, is_staff=True)
    AreaGrant.objects.create(user=user, role=roles.PORTAL_ADMIN, area_code=area)
    client = Client()
    client.force_login(user)
    return client


def link_of(answer: Any) -> str:
    found = re.search(r"http://testserver(/tautan/[\w-]+/)", answer.content.decode())
    assert found is not None
    return found[1]


def choose(link: str, password: str = NEW) -> Client:
    client = Client()
    client.get(link)
    client.post("/tautan/", {"password": password, "again": password})
    return client


def can_sign_in(name: str, password: str) -> bool:
    client = Client()
    client.post("/masuk/", {"username": name, "password": password})
    return is_in(client)


def test_invited_user_chooses_a_password_and_signs_in() -> None:
    answer = manager().post("/pengguna/undang/", INVITATION)

    choose(link_of(answer))

    user = User.objects.get(username="petugas.baru")
    assert can_sign_in("petugas.baru", NEW)
    assert list(user.grants.values_list("role", "area_code")) == [("importer", "61.04")]
    assert not user.is_staff
    assert Change.objects.filter(reason="Surat tugas 12").count() == 2
    assert list(Event.objects.filter(kind="invited").values_list("what", "areas")) == [
        ("petugas.baru", ["61.04"])
    ]


def test_invited_editor_may_open_the_admin() -> None:
    manager().post("/pengguna/undang/", {**INVITATION, "role": roles.EDITOR})

    assert User.objects.get(username="petugas.baru").is_staff


def test_link_is_good_once() -> None:
    link = link_of(manager().post("/pengguna/undang/", INVITATION))
    choose(link)

    again = choose(link, "sandi-kedua-9004")

    assert again.get("/tautan/").status_code == 410
    assert not can_sign_in("petugas.baru", "sandi-kedua-9004")


def test_newer_link_takes_the_place_of_the_older() -> None:
    client = manager()
    first = link_of(client.post("/pengguna/undang/", INVITATION))
    user = User.objects.get(username="petugas.baru")
    second = link_of(client.post(f"/pengguna/{user.pk}/tautan/", {"reason": "belum sampai"}))

    choose(first, "sandi-pertama-9004")
    choose(second)

    assert can_sign_in("petugas.baru", NEW)
    assert not can_sign_in("petugas.baru", "sandi-pertama-9004")


@pytest.mark.parametrize(("days", "is_good"), [(6, True), (8, False)])
def test_invitation_ends(days: int, is_good: bool) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        link = link_of(manager().post("/pengguna/undang/", INVITATION))
        clock.shift(datetime.timedelta(days=days))
        choose(link)

        assert can_sign_in("petugas.baru", NEW) is is_good


def test_secret_is_not_kept_and_leaves_the_address() -> None:
    link = link_of(manager().post("/pengguna/undang/", INVITATION))
    secret = link.split("/")[2]

    answer = Client().get(link)

    assert answer["Location"] == "/tautan/"
    assert secret not in str(list(AccessLink.objects.values()))
    assert secret not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    "changed",
    [
        {"area_code": "62"},
        {"area_code": "14.71"},
        {"role": "raja"},
        {"role": roles.AUDITOR},
        {"username": "ADMIN"},
        {"reason": ""},
        {"valid_until": "2020-01-01"},
    ],
)
def test_invitation_is_refused(changed: dict[str, str]) -> None:
    answer = manager().post("/pengguna/undang/", {**INVITATION, **changed})

    assert answer.status_code == 422
    assert not User.objects.filter(username="petugas.baru").exists()


@pytest.mark.parametrize("role", [roles.VIEWER, roles.IMPORTER, roles.EDITOR, roles.APPROVER])
def test_others_invite_nobody(role: str) -> None:
    user = factories.user("bukan-admin", is_staff=True)
    AreaGrant.objects.create(user=user, role=role, area_code="61")
    client = Client()
    client.force_login(user)

    assert client.post("/pengguna/undang/", INVITATION).status_code == 403


def test_regencys_manager_reaches_the_regencys_users_only() -> None:
    client = manager("61.04")
    here, there = factories.user("ketapang", "61.04"), factories.user("sambas", "61.01")
    stronger = factories.user("super", is_superuser=True)

    reached = [client.get(f"/pengguna/{user.pk}/tautan/").status_code for user in (here, there, stronger)]

    assert reached == [200, 404, 404]


def test_lost_phone_takes_the_second_factor_away_and_is_written_down() -> None:
    user = factories.user("ketapang", "61.04")
    device = second_factor.draft(user)
    device.confirmed = True
    device.save()

    manager().post(f"/pengguna/{user.pk}/tautan/", {"reason": "ponsel hilang", "lost_phone": "on"})

    assert second_factor.device_of(user) is None
    noted = Event.objects.get(kind="second_off")
    assert (noted.actor, noted.what, noted.reason) == ("admin", "ketapang", "ponsel hilang")


def test_link_and_its_use_are_written_down() -> None:
    user = factories.user("ketapang", "61.04")

    link = link_of(manager().post(f"/pengguna/{user.pk}/tautan/", {"reason": "lupa sandi"}))
    choose(link)

    made, used = Event.objects.get(kind="reset_made"), Event.objects.get(kind="link_used")
    assert (made.actor, made.what, made.reason, made.areas) == ("admin", "ketapang", "lupa sandi", ["61.04"])
    assert used.user == user


def test_nobody_changes_their_own_roles(client: Client) -> None:
    user = factories.user("admin", is_staff=True)
    grant = AreaGrant.objects.create(user=user, role=roles.PORTAL_ADMIN, area_code="61")
    client.force_login(user)

    client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        {
            "username": "admin",
            "is_active": "on",
            "is_staff": "on",
            "grants-TOTAL_FORMS": "2",
            "grants-INITIAL_FORMS": "1",
            "grants-0-id": grant.pk,
            "grants-0-user": user.pk,
            "grants-0-role": roles.PORTAL_ADMIN,
            "grants-0-area_code": "61",
            "grants-1-user": user.pk,
            "grants-1-role": roles.APPROVER,
            "grants-1-area_code": "61",
        },
    )

    assert list(user.grants.values_list("role", flat=True)) == [roles.PORTAL_ADMIN]
