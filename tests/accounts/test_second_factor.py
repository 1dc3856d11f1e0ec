"""The second factor: asked where the work takes it, good once, and not to be got around."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from coverage_portal.accounts import roles, second_factor, signing_in
from coverage_portal.accounts.models import AreaGrant, Event, User
from tests import factories
from tests.accounts.guessing import guess, is_in

pytestmark = pytest.mark.django_db

ADDRESS = "192.0.2.1"


@pytest.fixture(autouse=True)
def _asked(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def person(role: str = roles.IMPORTER, name: str = "petugas") -> User:
    user = factories.user(name)
    AreaGrant.objects.create(user=user, role=role, area_code="61", valid_until="2099-12-31")
    return User.objects.get(pk=user.pk)


def code_of(user: User, offset: int = 0) -> str:
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=-30 * offset):06d}"


def enrolled(user: User) -> list[str]:
    """The user with an app; returns the recovery codes. The code that was used is used up."""
    device = second_factor.draft(user)
    codes = second_factor.confirm(user=user, code=f"{totp(device.bin_key, t0=30):06d}")
    assert codes is not None
    return codes


def after_password(user: User) -> Client:
    client = Client()
    guess(user.username, factories.PASSWORD, client=client)
    return client


def give(client: Client, code: str) -> Any:
    return client.post("/masuk/kode/", {"code": code})


@pytest.mark.parametrize("role", [roles.IMPORTER, roles.EDITOR, roles.APPROVER, roles.PORTAL_ADMIN])
def test_work_that_takes_it_leads_to_adding_one(role: str) -> None:
    user = person(role)
    client = Client()

    answer = guess(user.username, factories.PASSWORD, client=client)

    assert answer["Location"] == "/masuk/pasang/"
    assert not is_in(client)


@pytest.mark.parametrize("role", [roles.VIEWER, roles.SUPERVISOR, roles.AUDITOR])
def test_work_that_does_not_take_it_needs_none(role: str) -> None:
    assert is_in(after_password(person(role)))


def test_staff_and_superusers_need_one() -> None:
    for name, values in (("staf", {"is_staff": True}), ("super", {"is_superuser": True})):
        assert second_factor.is_required_of(factories.user(name, **values))


def test_try_out_does_without(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False

    assert is_in(after_password(person()))


def test_adding_an_app_signs_in_and_shows_ten_codes_once() -> None:
    user = person()
    client = after_password(user)
    page = client.get("/masuk/pasang/").content.decode()

    answer = client.post("/masuk/pasang/", {"code": code_of(user)})

    assert "<svg" in page
    assert "data:" not in page
    assert answer.content.count(b"<code>") == 10
    assert is_in(client)
    assert user.recovery_codes.count() == 10
    assert Event.objects.filter(kind="second_on", user=user).count() == 1


def test_code_of_the_app_signs_in() -> None:
    user = person()
    enrolled(user)
    client = after_password(user)
    assert not is_in(client)

    give(client, code_of(user))

    assert is_in(client)


def test_optional_one_is_asked_for_as_well() -> None:
    user = person(roles.VIEWER)
    enrolled(user)

    assert not is_in(after_password(user))


@pytest.mark.parametrize("path", ["/akun/", "/impor/", "/proyek/", "/admin/", "/riwayat/", "/cek-nik/"])
def test_step_cannot_be_skipped(path: str) -> None:
    user = person()
    enrolled(user)

    answer = after_password(user).get(path)

    assert answer.status_code in (302, 404)
    assert answer.status_code == 404 or "masuk" in answer["Location"] or "login" in answer["Location"]


def test_pages_of_the_step_are_for_those_who_gave_the_password() -> None:
    for path in ("/masuk/kode/", "/masuk/pasang/"):
        assert Client().get(path)["Location"] == "/masuk/"
        assert Client().post(path, {"code": "123456"})["Location"] == "/masuk/"


def test_whoever_has_an_app_cannot_add_another_instead() -> None:
    user = person()
    enrolled(user)

    assert after_password(user).get("/masuk/pasang/")["Location"] == "/masuk/kode/"


def test_newer_app_takes_the_place_of_the_older() -> None:
    user = person()
    enrolled(user)
    older = second_factor.device_of(user)

    newer = second_factor.draft(user)
    assert second_factor.confirm(user=user, code=f"{totp(newer.bin_key):06d}") is not None

    assert second_factor.device_of(user) == newer != older
    assert TOTPDevice.objects.filter(user=user).count() == 1


def test_code_is_good_once() -> None:
    user = person()
    enrolled(user)
    code = code_of(user)

    first, second = after_password(user), after_password(user)
    give(first, code)
    answer = give(second, code)

    assert (is_in(first), is_in(second)) == (True, False)
    assert answer.status_code == 422


def test_recovery_code_is_good_once() -> None:
    user = person()
    codes = enrolled(user)
    first, second = after_password(user), after_password(user)

    give(first, codes[0].upper())
    give(second, codes[0])

    assert (is_in(first), is_in(second)) == (True, False)
    assert user.recovery_codes.count() == 9


def test_old_recovery_codes_are_no_good_once_there_are_new_ones() -> None:
    user = person()
    codes = enrolled(user)
    second_factor.new_codes(user=user)

    client = after_password(user)
    give(client, codes[0])

    assert not is_in(client)


def test_new_recovery_codes_are_shown_once_and_written_down() -> None:
    user = person()
    codes = enrolled(user)
    client = after_password(user)
    give(client, code_of(user))

    answer = client.post(
        "/akun/kode-pemulihan/", {"kode-password": factories.PASSWORD, "kode-code": codes[0]}
    )

    assert answer.content.count(b"<code>") == 10
    assert codes[1].encode() not in answer.content
    assert Event.objects.filter(kind="codes_made", user=user).count() == 1


def test_recovery_code_of_another_is_no_good() -> None:
    user, other = person(), person(name="lain")
    enrolled(user)

    client = after_password(user)
    give(client, enrolled(other)[0])

    assert not is_in(client)


def test_guesses_are_held_up_and_lead_back_to_the_password() -> None:
    user = person()
    enrolled(user)
    client = after_password(user)
    for number in range(30):
        give(client, f"{number:06d}")

    assert 1 <= Event.objects.filter(kind="second_failed").count() <= signing_in.WRONG_CODES
    assert not is_in(client)
    assert TOTPDevice.objects.get(user=user).throttling_failure_count >= 1


def test_wrong_codes_end_the_step(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    user = person()
    enrolled(user)
    client = after_password(user)

    for number in range(signing_in.WRONG_CODES):
        give(client, f"{number:06d}")

    assert give(client, code_of(user))["Location"] == "/masuk/"
    assert Event.objects.filter(kind="second_failed", user=user).count() == signing_in.WRONG_CODES


def test_step_ends_after_some_minutes() -> None:
    user = person()
    enrolled(user)
    with time_machine.travel(time.time(), tick=False) as clock:
        client = after_password(user)
        clock.shift(signing_in.SECONDS_TO_GO_ON + 1)

        assert give(client, code_of(user))["Location"] == "/masuk/"


def test_step_is_over_once_it_is_done() -> None:
    user = person()
    enrolled(user)
    client = after_password(user)
    give(client, code_of(user))

    assert client.get("/masuk/kode/")["Location"] == "/masuk/"
    assert signing_in.PENDING not in client.session


def test_step_ends_when_the_password_changes_meanwhile() -> None:
    user = person()
    enrolled(user)
    client = after_password(user)
    user.set_password("sandi-yang-lain-9003")
    user.save()

    assert give(client, code_of(user))["Location"] == "/masuk/"


def test_session_is_another_after_the_password() -> None:
    user = person()
    enrolled(user)
    client = Client()
    client.get("/masuk/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["session"] = before

    guess(user.username, factories.PASSWORD, client=client)

    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("password", "code"),
    [("", True), ("salah-sama-sekali-1", True), (factories.PASSWORD, False)],
    ids=["no password", "wrong password", "wrong code"],
)
def test_app_is_not_taken_away_without_password_and_code(password: str, code: bool) -> None:
    user = person()
    enrolled(user)
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = "verified"
    session.save()

    given = code_of(user) if code else "000000"
    answer = client.post("/akun/faktor-kedua/lepas/", {"lepas-password": password, "lepas-code": given})

    assert answer.status_code == 422
    assert second_factor.device_of(user) is not None


def test_app_is_taken_away_with_both_and_every_session_ends() -> None:
    user = person()
    enrolled(user)
    client = after_password(user)
    give(client, code_of(user))
    codes = second_factor.new_codes(user=user)

    client.post("/akun/faktor-kedua/lepas/", {"lepas-password": factories.PASSWORD, "lepas-code": codes[0]})

    assert second_factor.device_of(user) is None
    assert not user.recovery_codes.exists()
    assert not is_in(client)


def test_session_without_the_step_is_no_session() -> None:
    client = Client()
    client.force_login(person())

    assert not is_in(client)


def test_control_arm_without_the_look_at_sessions_the_step_is_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(second_factor, "is_required_of", lambda _user: False)

    assert is_in(after_password(person()))


def test_secret_and_codes_are_not_in_the_log() -> None:
    user = person()
    codes = enrolled(user)
    client = after_password(user)
    give(client, codes[0])

    written = " ".join(str(row) for row in Event.objects.values())
    assert codes[0] not in written
    assert TOTPDevice.objects.get().key not in written
