"""Guessing passwords: few are looked at, nobody else is locked out, and nobody learns which names exist."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from coverage_portal.accounts import addresses, events, throttling
from coverage_portal.accounts.models import Event, User
from tests import factories, soaking
from tests.accounts.guessing import WRONG, Counter, guess, is_in

pytestmark = pytest.mark.django_db

GUESSES = 300
FORGED = soaking.rounds(30, 1000)
OFFICE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def owner() -> User:
    return factories.user("pejabat", "61")


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch, owner: User) -> Counter:
    return Counter(monkeypatch)


def test_after_the_threshold_no_guess_reaches_the_hasher(counter: Counter) -> None:
    statuses = [guess("pejabat").status_code for _each in range(GUESSES)]

    assert counter.looked_at == 5
    assert statuses == [200] * 4 + [429] * (GUESSES - 4)
    assert Event.objects.filter(kind="failed").count() == 5


def test_right_password_is_refused_where_it_was_guessed_and_taken_elsewhere(counter: Counter) -> None:
    for _each in range(20):
        guess("pejabat")
    here, there = Client(), Client()

    guess("pejabat", factories.PASSWORD, OFFICE, here)
    guess("pejabat", factories.PASSWORD, ELSEWHERE, there)

    assert (is_in(here), is_in(there)) == (False, True)


def test_office_behind_one_address_is_not_locked_out_by_one_of_its_users(owner: User) -> None:
    factories.user("rekan", "61")
    for _each in range(20):
        guess("pejabat")
    colleague = Client()

    guess("rekan", factories.PASSWORD, OFFICE, colleague)

    assert is_in(colleague)


def test_control_arm_without_throttling_every_guess_is_looked_at(counter: Counter, settings: Any) -> None:
    settings.AXES_ENABLED = False

    for _each in range(40):
        guess("pejabat")

    assert counter.looked_at == 40


def test_guesses_from_ever_new_addresses_are_slowed_down(counter: Counter) -> None:
    for number in range(120):
        guess("pejabat", address=f"203.0.{number // 200}.{number % 200 + 1}")

    assert counter.looked_at == throttling.PER_NAME


def test_owner_gets_in_from_a_known_place_while_others_guess_from_everywhere(counter: Counter) -> None:
    guess("pejabat", factories.PASSWORD, ELSEWHERE)
    for number in range(throttling.PER_NAME + 10):
        guess("pejabat", address=f"203.0.113.{number + 1}")
    known, unknown = Client(), Client()

    guess("pejabat", factories.PASSWORD, ELSEWHERE, known)
    answer = guess("pejabat", factories.PASSWORD, "203.0.114.9", unknown)

    assert (is_in(known), is_in(unknown)) == (True, False)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 31


def test_above_the_ceiling_one_attempt_is_looked_at_after_a_pause(counter: Counter) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for number in range(throttling.PER_NAME + 5):
            guess("pejabat", address=f"203.0.113.{number + 1}")
        clock.shift(throttling.PAUSE)
        owner = Client()
        guess("pejabat", factories.PASSWORD, "203.0.114.9", owner)

        assert is_in(owner)


def test_ceiling_that_a_clock_ahead_has_seen_reached_asks_for_no_longer_pause(counter: Counter) -> None:
    start = timezone.now()
    with time_machine.travel(start + datetime.timedelta(hours=2), tick=False) as clock:
        for number in range(throttling.PER_NAME + 5):
            guess("pejabat", address=f"203.0.113.{number + 1}")
        clock.move_to(start)
        before = counter.looked_at
        answers = [guess("pejabat", address=f"203.0.114.{number + 1}") for number in range(5)]
        looked_at = counter.looked_at - before
        clock.shift(throttling.PAUSE)
        owner = Client()
        guess("pejabat", factories.PASSWORD, "203.0.115.9", owner)

        assert is_in(owner)
    assert (looked_at, answers[-1].status_code) == (1, 429)


def test_spray_of_many_names_from_one_address_is_slowed_down(counter: Counter) -> None:
    for number in range(120):
        guess(f"nama.{number}")

    assert counter.looked_at == throttling.PER_NETWORK


def test_control_arm_without_ceilings_a_spray_is_looked_at(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "pause", lambda **_named: 0)

    for number in range(throttling.PER_NETWORK + 20):
        guess(f"nama.{number}")

    assert counter.looked_at == throttling.PER_NETWORK + 20


def test_addresses_of_one_ipv6_network_count_as_one(counter: Counter) -> None:
    for number in range(FORGED):
        guess("pejabat", address=f"2001:db8:1:2::{number + 1:x}")

    soaking.say(f"one IPv6 network: {FORGED:,} guesses, {counter.looked_at} looked at")
    assert counter.looked_at == 5


def test_control_arm_addresses_of_one_ipv6_network_count_each(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "IPV6_NETWORK_BITS", 128)

    for number in range(30):
        guess("pejabat", address=f"2001:db8:1:2::{number + 1:x}")

    assert counter.looked_at == 30


def test_name_in_other_letters_is_the_same_name(counter: Counter) -> None:
    for name in ("pejabat", "PEJABAT", "Pejabat", "ｐejabat") * 5:
        guess(name)

    assert counter.looked_at == 5


def test_refusals_outlive_the_process_and_end_by_themselves(counter: Counter) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _each in range(6):
            guess("pejabat")
        assert counter.looked_at == 5
        clock.shift(datetime.timedelta(minutes=31))
        owner = Client()
        guess("pejabat", factories.PASSWORD, OFFICE, owner)

        assert is_in(owner)


def test_nobody_learns_which_names_exist(counter: Counter) -> None:
    answers = []
    for name in ("pejabat", "tidak.ada"):
        before = counter.looked_at
        answer = guess(name, address="192.0.2.50")
        answers.append((answer.status_code, counter.looked_at - before, answer.content.count(b"cocok")))

    assert answers[0] == answers[1] == (200, 1, 1)


def test_deactivated_user_is_answered_like_a_wrong_password(owner: User) -> None:
    User.objects.update(is_active=False)

    answer = guess("pejabat", factories.PASSWORD)

    assert answer.status_code == 200
    assert "tidak cocok" in answer.content.decode()


def test_what_was_typed_as_a_name_is_not_kept_where_nobody_has_it(owner: User) -> None:
    guess("kata-sandi-yang-salah-tempat")

    failed = Event.objects.get()
    assert (failed.kind, failed.actor, failed.user) == ("failed", "", None)
    assert failed.key == events.key_of("kata-sandi-yang-salah-tempat")
    from axes.models import AccessAttempt

    stored = " ".join(str(value) for row in AccessAttempt.objects.values() for value in row.values())
    assert "salah-tempat" not in stored
    assert WRONG not in stored


def test_sign_ins_are_written_down_with_their_address(owner: User) -> None:
    guess("pejabat")
    guess("pejabat", factories.PASSWORD)
    for _each in range(20):
        guess("pejabat", address=ELSEWHERE)

    seen = list(Event.objects.order_by("pk").values_list("kind", "actor", "address"))
    assert seen[:2] == [("failed", "pejabat", OFFICE), ("signed_in", "pejabat", OFFICE)]
    assert [kind for kind, _actor, address in seen if address == ELSEWHERE].count("throttled") == 1


def test_large_body_is_not_taken_in(owner: User) -> None:
    assert guess("pejabat", "x" * 30_000).status_code == 413


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("127.0.0.1", "127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("", "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "bukan alamat", None),
        ("127.0.0.1", "127.0.0.1", "::ffff:203.0.113.5", "203.0.113.5"),
    ],
)
def test_address_is_what_the_one_trusted_proxy_says(
    settings: Any, trusted: str, peer: str, forwarded: str, address: str | None
) -> None:
    settings.TRUSTED_PROXY = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"x-forwarded-for": forwarded})

    assert addresses.client_address(request) == address


def test_forged_addresses_do_not_help_a_guesser(counter: Counter, settings: Any) -> None:
    settings.TRUSTED_PROXY = "127.0.0.1"
    guess_through_the_proxy()

    soaking.say(f"forged addresses: {FORGED:,} guesses, {counter.looked_at} looked at")
    assert counter.looked_at == 5


def test_control_arm_forged_addresses_help_where_the_first_one_is_believed(
    counter: Counter, settings: Any
) -> None:
    settings.TRUSTED_PROXY = "127.0.0.1"
    settings.AXES_CLIENT_IP_CALLABLE = first_said

    guess_through_the_proxy(30)

    assert counter.looked_at == 30


def first_said(request: HttpRequest) -> str:
    return request.headers["x-forwarded-for"].partition(",")[0]


def guess_through_the_proxy(number: int = FORGED) -> None:
    """Guesses of one client, who writes ever other addresses into the header that the proxy adds to."""
    client = Client()
    for at in range(number):
        client.post(
            "/masuk/",
            {"username": "pejabat", "password": WRONG},
            REMOTE_ADDR="127.0.0.1",
            headers={"x-forwarded-for": f"198.51.{at // 200}.{at % 200 + 1}, 203.0.113.5"},
        )


def test_admin_is_behind_the_same_sign_in(client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/masuk/?next=/admin/"
