"""Guessing codes at the second step, and the secrets of links: few codes are looked at, no secret is met."""

from __future__ import annotations

import base64
import hashlib
import math
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from coverage_portal.accounts import links, second_factor, signing_in
from coverage_portal.accounts.models import AccessLink, User
from tests import factories, soaking
from tests.accounts.guessing import guess, is_in

pytestmark = pytest.mark.django_db

GUESSES = soaking.rounds(60, 1000)
_ANYONE = Client()


@pytest.fixture
def owner() -> User:
    user = factories.user("pejabat", "61")
    second_factor.draft(user)
    TOTPDevice.objects.update(confirmed=True)
    return user


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that were compared with the app's."""
    seen: list[str] = []
    verify = TOTPDevice.verify_token

    def noted(device: TOTPDevice, code: str) -> bool:
        seen.append(code)
        return bool(verify(device, code))

    monkeypatch.setattr(TOTPDevice, "verify_token", noted)
    return seen


def code_of(device: TOTPDevice, wrong_by: int = 0) -> str:
    return f"{(totp(device.bin_key) + wrong_by) % 1_000_000:06d}"


def guess_codes(clock: Any, number: int) -> None:
    """One wrong code a second, by someone who knows the password and gives it whenever it is asked for."""
    device = TOTPDevice.objects.get()
    client = Client()
    for _each in range(number):
        if client.get("/masuk/kode/").status_code == 302:
            guess("pejabat", factories.PASSWORD, client=client)
        client.post("/masuk/kode/", {"code": code_of(device, wrong_by=7)})
        clock.shift(1)
    assert not is_in(client)


def test_codes_are_looked_at_ever_more_rarely(owner: User, looked_at: list[str]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess_codes(clock, GUESSES)
        soaking.say(f"second step: {GUESSES:,} wrong codes, {len(looked_at)} looked at")

        assert len(looked_at) == int(math.log2(GUESSES)) + 1

        clock.shift(GUESSES)
        client = Client()
        guess("pejabat", factories.PASSWORD, client=client)
        client.post("/masuk/kode/", {"code": code_of(TOTPDevice.objects.get())})
        assert is_in(client)


def test_control_arm_without_the_pauses_every_code_is_looked_at(
    owner: User, looked_at: list[str], settings: Any
) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0

    with time_machine.travel(timezone.now(), tick=False) as clock:
        guess_codes(clock, 60)

    assert len(looked_at) == 60


def test_five_codes_at_most_are_looked_at_for_one_password(
    owner: User, looked_at: list[str], settings: Any
) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    client = Client()
    guess("pejabat", factories.PASSWORD, client=client)

    for _each in range(GUESSES):
        client.post("/masuk/kode/", {"code": code_of(TOTPDevice.objects.get(), wrong_by=7)})

    assert len(looked_at) == signing_in.WRONG_CODES


@pytest.fixture
def secret(owner: User) -> str:
    made: str = links.make(user=owner, by=owner, purpose=AccessLink.Purpose.RESET)[0]
    return made


def opens(secret: str) -> Any:
    """What the page says where a link with a secret has led to."""
    _ANYONE.cookies.clear()
    answer = _ANYONE.get(f"/tautan/{secret}/")
    assert answer.status_code == 302
    return _ANYONE.get(answer["Location"])


def near(secret: str, number: int) -> str:
    """Another secret, which differs from this one in one letter."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789-_"
    at, shift = number % len(secret), 1 + number // len(secret) % (len(letters) - 2)
    other = letters[(letters.find(secret[at].lower()) + shift) % len(letters)]
    return f"{secret[:at]}{other}{secret[at + 1 :]}"


def test_guessed_secrets_open_nothing_and_leave_nothing(secret: str) -> None:
    digest = links.digest_of(secret)
    guesses = [near(secret, number) for number in range(GUESSES)]
    guesses += [secret[:-1], f"{secret}=", f"{secret}x", secret.swapcase(), digest, "x", "%00", "é"]
    before = Session.objects.count()

    answers = [opens(each) for each in guesses if each != secret]
    soaking.say(f"links: {len(answers):,} guessed secrets, 0 opened")

    assert {(each.status_code, each.context["user"].is_anonymous) for each in answers} == {(410, True)}
    assert Session.objects.count() == before
    assert opens(secret).status_code == 200


def test_control_arm_short_secret_is_guessed(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SECRET_BYTES", 1)
    links.make(user=owner, by=owner, purpose=AccessLink.Purpose.RESET)
    every = [base64.urlsafe_b64encode(bytes([number])).decode().rstrip("=") for number in range(256)]

    assert sum(links.found(links.digest_of(each)) is not None for each in every) == 1


def test_secret_is_of_256_bits_and_only_its_hash_is_kept_and_asked_for(owner: User, secret: str) -> None:
    made = {links.make(user=owner, by=owner, purpose=AccessLink.Purpose.RESET)[0] for _each in range(20)}
    assert len(made) == 20
    assert {len(base64.urlsafe_b64decode(f"{each}=")) for each in made} == {32}

    secret = links.make(user=owner, by=owner, purpose=AccessLink.Purpose.RESET)[0]
    with CaptureQueriesContext(connection) as queries:
        assert opens(secret).status_code == 200

    asked = " ".join(query["sql"] for query in queries)
    assert hashlib.sha256(secret.encode()).hexdigest() in asked
    assert secret not in asked
    stored = [each.get_decoded() for each in Session.objects.all()]
    assert stored != []
    assert secret not in str(stored)


def test_used_ended_and_unknown_links_are_answered_alike(owner: User) -> None:
    used, ended, of_gone = (
        links.make(user=user, by=owner, purpose=AccessLink.Purpose.RESET)[0]
        for user in (factories.user("satu"), factories.user("dua"), factories.user("tiga", is_active=False))
    )
    AccessLink.objects.filter(digest=links.digest_of(used)).update(used_at=timezone.now())
    AccessLink.objects.filter(digest=links.digest_of(ended)).update(expires_at=timezone.now())

    pages = {
        (answer.status_code, answer.content.replace(answer["X-Request-ID"].encode(), b""))
        for answer in map(opens, (used, ended, of_gone, "tidak-ada"))
    }

    assert len(pages) == 1
    assert {status for status, _page in pages} == {410}
