"""`python -m benchmarks.guessing`: thousands of guesses at the sign-in, and how many reach the hasher.

Real requests through the whole stack in one process, with the settings and hasher of production, against a
portal that is thrown away. Prints its figures, and fails where one is above its ceiling.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from benchmarks.sandbox import ROOT, workshop

GUESSES, NAMES, DISGUISES = 10_000, 3_000, 1_000
OWNER, PASSWORD = "pejabat", "sandi-contoh-9001"
OFFICE, HOME, PROXY = "192.0.2.1", "198.51.100.7", "127.0.0.1"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guesses", type=int, default=GUESSES)
    parser.add_argument("--names", type=int, default=NAMES)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return _guess(given.guesses, given.names)
    with workshop() as sandboxes:
        portal = sandboxes.prepare("guessing")
        command = [sys.executable, "-m", "benchmarks.guessing", "--inside"]
        command += ["--guesses", str(given.guesses), "--names", str(given.names)]
        return subprocess.run(command, cwd=ROOT, env=sandboxes.environment(portal), check=False).returncode


def _guess(guesses: int, names: int) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.hashers import Argon2PasswordHasher
    from django.test import Client
    from django.test.utils import setup_test_environment

    from coverage_portal import assets, catalogs
    from coverage_portal.accounts import throttling
    from coverage_portal.accounts.models import Event, User

    catalogs.compile_stale(settings.LOCALE_PATHS)
    assets.collect_if_changed()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a line for each refused guess
    setup_test_environment()
    hashed = Counter[str]()
    phase = [""]
    encode: Any = Argon2PasswordHasher.encode
    verify: Any = Argon2PasswordHasher.verify

    def counted(hasher: Any, password: str, salt: str) -> Any:
        hashed[phase[0]] += 1
        return encode(hasher, password, salt)

    def verified(hasher: Any, password: str, encoded: str) -> Any:
        hashed[phase[0]] += 1
        return verify(hasher, password, encoded)

    User.objects.create_user(OWNER, password=PASSWORD)
    hasher: Any = Argon2PasswordHasher
    hasher.verify, hasher.encode = verified, counted

    client = Client()

    def attempt(name: str, password: str, address: str, forwarded: str = "") -> tuple[int, bool]:
        """By someone whom the browser does not know; a client of its own would load the middleware anew."""
        client.cookies.clear()
        fields = {"username": name, "password": password}
        headers = {"x-forwarded-for": forwarded}
        answer = client.post("/masuk/", fields, REMOTE_ADDR=address, headers=headers)
        has_session = settings.SESSION_COOKIE_NAME in client.cookies
        return answer.status_code, has_session and "_auth_user_id" in client.session

    def run(title: str, attempts: Iterable[tuple[str, ...]], ceiling: int) -> bool:
        phase[0] = title
        begun = time.perf_counter()
        statuses = Counter(attempt(name, "salah-sama-sekali", *where)[0] for name, *where in attempts)
        seconds = time.perf_counter() - begun
        number = sum(statuses.values())
        print(  # noqa: T201
            f"{title}: {number:,} guesses in {seconds:.0f} s, {hashed[title]} reached the hasher "
            f"(ceiling {ceiling}), statuses {dict(sorted(statuses.items()))}"
        )
        return hashed[title] <= ceiling

    limit = settings.AXES_FAILURE_LIMIT
    fine = attempt(OWNER, PASSWORD, HOME) == (302, True)
    fine &= run("one address", ((OWNER, OFFICE) for _each in range(guesses)), limit)
    fine &= run("one IPv6 network", ((OWNER, f"2001:db8:1:2::{n:x}") for n in range(1, DISGUISES + 1)), limit)
    settings.TRUSTED_PROXY = PROXY
    forged = (f"172.16.{n >> 8 & 255}.{n & 255}, 192.0.2.77" for n in range(DISGUISES))
    fine &= run("forged addresses", ((OWNER, PROXY, each) for each in forged), limit)
    settings.TRUSTED_PROXY = ""
    pauses = 1 + int(3600 / throttling.PAUSE.total_seconds())
    fine &= run(
        "ever new addresses",
        ((OWNER, f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}") for n in range(guesses)),
        throttling.PER_NAME + pauses,
    )
    fine &= run(
        "many names", ((f"nama.{n}", "192.0.2.9") for n in range(names)), throttling.PER_NETWORK + pauses
    )
    phase[0] = "the owner"
    here, there = attempt(OWNER, PASSWORD, OFFICE), attempt(OWNER, PASSWORD, HOME)
    print(f"the owner: from the guesser's address {here[0]}, from home {there[0]}")  # noqa: T201
    print(f"lines in the log: {Event.objects.count():,}")  # noqa: T201
    fine &= not here[1] and there[1]
    print("passed" if fine else "FAILED")  # noqa: T201
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
