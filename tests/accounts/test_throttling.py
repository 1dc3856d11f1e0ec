"""The ceilings of wrong passwords to the digit: how many, for how long, and whom they do not hold up."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from coverage_portal.accounts import throttling
from coverage_portal.accounts.models import Event

pytestmark = pytest.mark.django_db

KEY, NETWORK = "nama", "192.0.2.1"
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC), tick=False):
        yield


def events(number: int, ago: datetime.timedelta, kind: str = "failed", **values: str) -> None:
    at = timezone.now() - ago
    Event.objects.bulk_create(Event(kind=kind, at=at, **values) for _each in range(number))


def wait() -> int:
    return throttling.pause(key=KEY, network=NETWORK)


@pytest.mark.parametrize(("number", "seconds"), [(49, 0), (50, 21)])
def test_name_has_fifty_wrong_passwords_a_day(number: int, seconds: int) -> None:
    events(number - 1, DAY - SECOND, key=KEY, network="elsewhere")
    events(1, 10 * SECOND, key=KEY, network="elsewhere")

    assert wait() == seconds


def test_wrong_passwords_of_the_day_before_are_forgotten() -> None:
    events(1, DAY + SECOND, key=KEY)
    events(49, 10 * SECOND, key=KEY)

    assert wait() == 0


@pytest.mark.parametrize(("number", "seconds"), [(59, 0), (60, 21)])
def test_address_has_sixty_wrong_passwords_an_hour(number: int, seconds: int) -> None:
    events(number - 1, HOUR - SECOND, key="another", network=NETWORK)
    events(1, 10 * SECOND, key="another", network=NETWORK)

    assert wait() == seconds


def test_wrong_passwords_of_the_hour_before_are_forgotten() -> None:
    events(1, HOUR + SECOND, key="another", network=NETWORK)
    events(59, 10 * SECOND, key="another", network=NETWORK)

    assert wait() == 0


def test_other_names_at_other_addresses_and_other_events_do_not_count() -> None:
    events(100, 10 * SECOND, key="another", network="elsewhere")
    events(100, 10 * SECOND, kind="signed_in", key=KEY, network="elsewhere")

    assert wait() == 0


@pytest.mark.parametrize(("ago", "seconds"), [(29, 2), (30, 0)])
def test_pause_is_of_thirty_seconds(ago: int, seconds: int) -> None:
    events(50, ago * SECOND, key=KEY)

    assert wait() == seconds


@pytest.mark.parametrize(
    ("values", "days", "seconds"),
    [
        ({"key": KEY, "network": NETWORK}, 89, 0),
        ({"key": KEY, "network": NETWORK}, 91, 21),
        ({"key": KEY, "network": "elsewhere"}, 1, 21),
        ({"key": "another", "network": NETWORK}, 1, 21),
    ],
    ids=["known", "too long ago", "known elsewhere", "another is known"],
)
def test_who_has_signed_in_here_is_not_held_up(values: dict[str, str], days: int, seconds: int) -> None:
    events(50, 10 * SECOND, key=KEY, network=NETWORK)
    events(1, days * DAY, kind="signed_in", **values)

    assert wait() == seconds


@pytest.mark.parametrize(
    ("values", "ago", "is_noted"),
    [
        ({"key": KEY, "network": NETWORK}, HOUR - SECOND, True),
        ({"key": KEY, "network": NETWORK}, HOUR + SECOND, False),
        ({"key": KEY, "network": "elsewhere"}, SECOND, False),
        ({"key": "another", "network": NETWORK}, SECOND, False),
    ],
    ids=["this hour", "the hour before", "elsewhere", "another"],
)
def test_refusal_is_noted_once_an_hour(
    values: dict[str, str], ago: datetime.timedelta, is_noted: bool
) -> None:
    events(1, ago, kind="throttled", **values)

    assert throttling.is_noted(key=KEY, network=NETWORK) is is_noted
