"""Guessing the password at one's own account, with a session that was stolen: counted like a sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from coverage_portal.accounts import second_factor, throttling
from coverage_portal.accounts.models import Event, User
from tests import factories, soaking
from tests.accounts.guessing import WRONG, Counter, guess, is_in

pytestmark = pytest.mark.django_db

THIEF, ELSEWHERE = "203.0.113.9", "198.51.100.7"
NEW = "sandi-panjang-9002"
GUESSES = soaking.rounds(40, 1000)
Ask = Callable[[Client, str, str], Any]


def change(client: Client, password: str, address: str) -> Any:
    fields = {"old": password, "password": NEW, "again": NEW}
    return client.post("/akun/kata-sandi/", fields, REMOTE_ADDR=address)


def take_app_away(client: Client, password: str, address: str) -> Any:
    fields = {"lepas-password": password, "lepas-code": "123456"}
    return client.post("/akun/faktor-kedua/lepas/", fields, REMOTE_ADDR=address)


def make_codes(client: Client, password: str, address: str) -> Any:
    fields = {"kode-password": password, "kode-code": "123456"}
    return client.post("/akun/kode-pemulihan/", fields, REMOTE_ADDR=address)


PAGES = [change, take_app_away, make_codes]


@pytest.fixture
def owner() -> User:
    user = factories.user("pejabat", "61")
    device = second_factor.draft(user)
    device.confirmed = True
    device.save()
    return user


@pytest.fixture
def stolen(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch, stolen: Client) -> Counter:
    return Counter(monkeypatch)


@pytest.mark.parametrize("ask", PAGES)
def test_stolen_session_has_no_more_guesses_than_a_stranger(
    counter: Counter, stolen: Client, ask: Ask
) -> None:
    answers = [ask(stolen, WRONG, THIEF) for _each in range(GUESSES)]
    at_sign_in = guess("pejabat", address=THIEF)

    assert counter.looked_at == 5
    assert [each.status_code for each in answers] == [422] * 4 + [429] * (GUESSES - 4)
    assert answers[-1].context["sentence"] == at_sign_in.context["sentence"]
    assert int(answers[-1]["Retry-After"]) > 0
    noted = Event.objects.filter(kind__in=("failed", "throttled")).values_list("kind", flat=True)
    assert sorted(noted) == ["failed"] * 5 + ["throttled"]


def test_control_arm_without_throttling_every_guess_is_looked_at(
    counter: Counter, stolen: Client, settings: Any
) -> None:
    settings.AXES_ENABLED = False

    statuses = {change(stolen, WRONG, THIEF).status_code for _each in range(40)}

    assert (counter.looked_at, statuses) == (40, {422})


def test_guesses_at_all_pages_are_counted_together(counter: Counter, stolen: Client) -> None:
    for _each in range(5):
        guess("pejabat", address=THIEF)
        for ask in PAGES:
            ask(stolen, WRONG, THIEF)

    assert counter.looked_at == 5


def test_guesses_from_ever_new_addresses_are_slowed_down(counter: Counter, stolen: Client) -> None:
    answers = [change(stolen, WRONG, f"203.0.113.{number + 1}") for number in range(throttling.PER_NAME + 9)]

    assert counter.looked_at == throttling.PER_NAME
    assert [each.status_code for each in answers[-9:]] == [429] * 9
    assert 0 < int(answers[-1]["Retry-After"]) <= 31


def test_refusal_is_said_in_english_too(stolen: Client) -> None:
    stolen.post("/bahasa/", {"language": "en"})

    for _each in range(6):
        answer = change(stolen, WRONG, THIEF)

    assert "Too many attempts to sign in" in answer.content.decode()


def test_right_password_is_refused_where_it_was_guessed_and_taken_elsewhere(
    owner: User, stolen: Client
) -> None:
    for _each in range(6):
        change(stolen, WRONG, THIEF)

    assert change(stolen, factories.PASSWORD, THIEF).status_code == 429
    owner.refresh_from_db()
    assert owner.check_password(factories.PASSWORD)

    assert change(stolen, factories.PASSWORD, ELSEWHERE).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_admin_asks_for_no_password_of_its_own(counter: Counter, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(owner)

    for path in ("/admin/password_change/", "/admin/password_change/done/"):
        for answer in (client.get(path), client.post(path, {"old_password": WRONG})):
            assert (answer.status_code, answer["Location"]) == (302, "/akun/")

    assert counter.looked_at == 0
    assert is_in(client)
