"""When a session is over: idle, old, signed out, or with rights that have changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import roles, sessions
from coverage_portal.accounts.models import AreaGrant, Event, User
from tests import factories
from tests.accounts.guessing import guess, is_in

pytestmark = pytest.mark.django_db

NEW = "sandi-panjang-9002"


@pytest.fixture
def user() -> User:
    return factories.user("pejabat", "61")


def signed_in(user: User) -> Client:
    client = Client()
    guess(user.username, factories.PASSWORD, client=client)
    return client


def test_session_key_is_another_after_signing_in(user: User) -> None:
    client = Client()
    client.get("/masuk/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key

    guess(user.username, factories.PASSWORD, client=client)

    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(("seconds", "is_kept"), [(30 * 60, True), (30 * 60 + 1, False)])
def test_idle_session_ends(user: User, seconds: int, is_kept: bool) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(user)
        clock.shift(datetime.timedelta(seconds=seconds))

        assert is_in(client) is is_kept


def test_session_that_is_used_ends_after_twelve_hours(user: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(user)
        lasted = 0
        for _each in range(40):
            clock.shift(datetime.timedelta(minutes=20))
            if not is_in(client):
                break
            lasted += 20

    assert lasted == 12 * 60


def test_limits_are_settings(user: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(user)
        clock.shift(datetime.timedelta(minutes=6))

        assert not is_in(client)


def test_control_arm_without_the_limits_a_session_lasts(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_is_good", lambda _request: True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(user)
        clock.shift(datetime.timedelta(minutes=31))

        assert is_in(client)


def test_old_key_is_dead_after_signing_out(user: User) -> None:
    client = signed_in(user)
    key = client.cookies["session"].value

    client.post("/keluar/")
    client.cookies["session"] = key

    assert not is_in(client)


def deactivated(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def new_password(user: User) -> None:
    user.set_password(NEW)
    user.save()


@pytest.mark.parametrize("change", [deactivated, new_password, sessions.end_all])
def test_every_session_ends_with(user: User, change: Callable[[User], None]) -> None:
    one, two = signed_in(user), signed_in(user)

    change(user)

    assert (is_in(one), is_in(two)) == (False, False)


def test_signing_out_everywhere(user: User) -> None:
    one, two = signed_in(user), signed_in(user)

    one.post("/akun/keluar-semua/")

    assert (is_in(one), is_in(two)) == (False, False)
    assert Event.objects.filter(kind="sessions_ended", user=user).count() == 1


def test_changed_password_ends_the_other_sessions_only(user: User) -> None:
    here, there = signed_in(user), signed_in(user)

    here.post("/akun/kata-sandi/", {"old": factories.PASSWORD, "password": NEW, "again": NEW})

    assert (is_in(here), is_in(there)) == (True, False)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert Event.objects.filter(kind="password", user=user).count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"old": "salah", "password": NEW, "again": NEW},
        {"old": factories.PASSWORD, "password": NEW, "again": "lain"},
        {"old": factories.PASSWORD, "password": "pendek", "again": "pendek"},
    ],
    ids=["wrong old one", "not the same", "too short"],
)
def test_password_is_not_changed(user: User, given: dict[str, str]) -> None:
    client = signed_in(user)

    assert client.post("/akun/kata-sandi/", given).status_code == 422
    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)


def test_changed_role_ends_the_sessions(user: User) -> None:
    theirs = signed_in(user)
    manager = Client()
    manager.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    grant = user.grants.get()
    data = {
        "username": user.username,
        "is_active": "on",
        "grants-TOTAL_FORMS": "1",
        "grants-INITIAL_FORMS": "1",
        "grants-0-id": grant.pk,
        "grants-0-user": user.pk,
        "grants-0-role": roles.VIEWER,
        "grants-0-area_code": "61",
    }
    url = f"/admin/accounts/user/{user.pk}/change/"

    manager.post(url, {**data, "first_name": "Nama"})
    is_kept = is_in(theirs)
    manager.post(url, {**data, "first_name": "Nama", "grants-0-role": roles.IMPORTER})

    assert (is_kept, is_in(theirs)) == (True, False)
    assert user.grants.get().role == roles.IMPORTER


def test_withdrawn_grant_is_heeded_at_once_without_any_session_ending(user: User) -> None:
    client = signed_in(user)
    AreaGrant.objects.all().delete()

    assert client.get("/konstruksi/").status_code in (200, 404)
    assert is_in(client)


def test_own_sign_ins_are_shown(user: User) -> None:
    guess(user.username, address="192.0.2.77")
    page = signed_in(user).get("/akun/").content.decode()

    assert "192.0.2.77" in page
    assert "gagal masuk" in page
