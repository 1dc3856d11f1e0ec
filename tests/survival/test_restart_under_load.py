"""PostgreSQL stopped outright under its readers: they are told so while it is away, and never afterwards.

The database is a server of its own here, as in production: what it serves neither starts nor stops it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import psycopg2
import pytest

from coverage_portal.accounts.models import User
from coverage_portal.embedded import server
from coverage_portal.embedded.server import DATABASE, USER, Address
from tests.ground import Ground
from tests.soaking import number, rounds, say

from .lists import Browser
from .loads import SENDERS, Answer, Load, all_at_once

RESTARTS = number("RESTARTS", 2, 10)
RATE = number("RATE", 8, 20)
SECONDS_AWAY = 0.5
SECONDS_BETWEEN = rounds(1.0, 4.0)
SECONDS_TO_ANSWER_AGAIN = 2
PAGES = ("/", "/wilayah/61.71/", "/impor/riwayat/")

WITHOUT_HEALTH_CHECKS = """
from coverage_portal import settings
settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
"""


@dataclass(frozen=True, slots=True)
class Outage:
    """From when to when nobody could be sure of the database, by the monotonic clock."""

    gone: float
    back: float

    def met(self, answer: Answer) -> bool:
        return answer.began <= self.back and answer.ended >= self.gone


def restarted(portal: Ground) -> Outage:
    """PostgreSQL stopped outright, away for a while, and started by somebody else than its readers."""
    address = server.at(portal.data).address()
    gone = time.monotonic()
    portal.stop_database()
    time.sleep(SECONDS_AWAY)
    starting = threading.Thread(target=server.at(portal.data).address)
    starting.start()
    portal.wait(lambda: _answers(address))
    back = time.monotonic()
    starting.join()
    return Outage(gone, back)


def _answers(address: Address) -> bool:
    try:
        parameters = {"dbname": DATABASE, "user": USER, "host": address.host, "port": address.port}
        with closing(psycopg2.connect(**parameters)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except psycopg2.OperationalError:
        return False
    return True


def late_errors(answers: Sequence[Answer], outages: Sequence[Outage]) -> list[int]:
    """The statuses of errors that no outage explains."""
    return [
        answer.status
        for answer in answers
        if answer.is_error and not any(outage.met(answer) for outage in outages)
    ]


def seconds_to_recover(answers: Sequence[Answer], outage: Outage) -> float:
    """From when the database answered again until the first page did."""
    good = [answer.ended for answer in answers if answer.status == 200 and answer.ended > outage.back]
    return min(good) - outage.back


@pytest.fixture
def requests(portal: Ground) -> list[bytes]:
    browser = Browser(User.objects.create_superuser("admin.contoh"))
    return [browser.get(page, portal.port) for page in PAGES]


def test_readers_meet_errors_only_while_the_database_is_away(portal: Ground, requests: list[bytes]) -> None:
    portal.start_web(**portal.as_served())
    outages = []

    with Load(requests, portal.port, rate=RATE) as load:
        for _round in range(RESTARTS):
            time.sleep(SECONDS_BETWEEN)
            outages.append(restarted(portal))
            portal.wait(lambda: any(a.status == 200 and a.began > outages[-1].back for a in load.answers))
        time.sleep(SECONDS_BETWEEN)
    quiet = restarted(portal)
    afterwards = all_at_once(requests * SENDERS, portal.port)

    answers = [*load.answers, *afterwards]
    waited = [seconds_to_recover(load.answers, outage) for outage in outages]
    errors = [answer for answer in answers if answer.is_error]
    late = late_errors(answers, [*outages, quiet])
    say(
        f"{RESTARTS} restarts under {RATE} requests a second: {len(load.answers)} answers "
        f"{dict(Counter(answer.status for answer in load.answers))}, away {_span(outages)} s; first good "
        f"answer after {max(waited):.2f} s at most; {len(late)} late errors"
    )
    assert late == []
    assert max(waited) <= SECONDS_TO_ANSWER_AGAIN
    assert len(load.answers) > RATE * RESTARTS * SECONDS_BETWEEN / 2
    # The readers did meet the outages, and were told what it is and when to come again.
    assert all(any(outage.met(error) for error in errors) for outage in outages)
    assert {(error.status, error.says_when_again) for error in errors} == {(503, True)}


def test_control_arm_without_health_checks_readers_meet_them_afterwards(
    portal: Ground, requests: list[bytes]
) -> None:
    portal.start_web(without=WITHOUT_HEALTH_CHECKS, **portal.as_served())
    all_at_once(requests * SENDERS, portal.port)

    outage = restarted(portal)
    answers = all_at_once(requests * SENDERS, portal.port)

    extra = late_errors(answers, [outage])
    say(f"without health checks: {len(extra)} of {len(answers)} requests after a restart failed")
    assert extra


def _span(outages: Sequence[Outage]) -> str:
    seconds = [outage.back - outage.gone for outage in outages]
    return f"{min(seconds):.1f} to {max(seconds):.1f}"
