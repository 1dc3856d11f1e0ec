"""A new key for everything that is sealed: `manage.py rotate_key`, and `--check` for what is left."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal.embedded import keys
from coverage_portal.env import key_bytes
from coverage_portal.intake import rotating as intake
from coverage_portal.lib.identity import NikSealer
from projects import rotating as projects

from .serve import only_one

SECONDS_BETWEEN_LINES = 5


class Command(BaseCommand):
    help = (
        "Seal with SEAL_KEY whatever is still sealed with a key of SEAL_KEY_PREVIOUS: NIKs, uploads, staged "
        "rows. It may be stopped and run again; imports of worker lists wait until it is through."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything has another key"
        )
        choice.add_argument(
            "--make-key", action="store_true", help="embedded PostgreSQL: make a new key, keep the old one"
        )
        choice.add_argument(
            "--forget-key", action="store_true", help="embedded PostgreSQL: delete the old keys when done"
        )

    def handle(self, *, check: bool, make_key: bool, forget_key: bool, **_options: Any) -> None:
        if make_key:
            self._make_key()
        elif forget_key:
            self._forget_key()
        elif check:
            if self._tell_left():
                raise SystemExit(1)
        else:
            self._rotate()

    def _rotate(self) -> None:
        done, broken = Counter[str](), Counter[str]()
        told = time.monotonic()
        for part in itertools.chain(projects.rotate(), intake.rotate()):
            done[part.sort] += part.done
            broken[part.sort] += part.broken
            if time.monotonic() - told > SECONDS_BETWEEN_LINES:
                told = time.monotonic()
                self.stdout.write(f"{part.sort}: {done[part.sort]} so far")
                self.stdout.flush()
        for sort, number in done.items():
            if number:
                self.stdout.write(f"{sort}: {number} sealed anew")
        unopened = {sort: number for sort, number in broken.items() if number}
        if unopened:
            listed = ", ".join(f"{number} {sort}" for sort, number in unopened.items())
            raise CommandError(f"Not sealed anew, for no key at hand opens them: {listed}")
        if self._tell_left():
            raise CommandError(
                "Something was sealed with an old key meanwhile: restart the portal, run again"
            )

    def _tell_left(self) -> int:
        """Say how much has another key than the current one; how much that is."""
        left = {**projects.left(), **intake.left()}
        for sort, number in left.items():
            if number:
                self.stdout.write(f"{sort}: {number} left")
        if not any(left.values()):
            self.stdout.write("Everything is sealed with the current key.")
        return sum(left.values())

    def _make_key(self) -> None:
        path = self._own_key()
        with only_one():
            keys.replace(path, fits=_fits, length=len(settings.SEAL_KEY))
        self.stdout.write(f"{path} holds a new key, {path}.previous the old one. Now run rotate_key.")

    def _forget_key(self) -> None:
        path = self._own_key()
        if self._tell_left():
            raise CommandError("The old keys are still needed: run rotate_key first")
        keys.forget_previous(path)
        self.stdout.write(
            "The old keys are deleted. Copies of the data made before cannot be opened any more."
        )

    def _own_key(self) -> Any:
        if not settings.EMBEDDED:
            raise CommandError("With DATABASE_URL the keys are yours: set SEAL_KEY and SEAL_KEY_PREVIOUS")
        return settings.VAR_DIR / "seal_key"


def _fits(key: str, earlier: list[str]) -> bool:
    length = len(settings.SEAL_KEY)
    return NikSealer.can_tell_apart(
        [key_bytes(each, name="SEAL_KEY", length=length, example="…") for each in (key, *earlier)]
    )
