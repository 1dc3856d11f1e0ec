"""The example data: `manage.py demo`, `demo --if-new`, `demo --clear`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal import demo
from coverage_portal.demo import clearing, loading


class Command(BaseCommand):
    help = (
        "Load the example data into the embedded database while it is empty, or remove them with --clear. "
        "Once removed they are not loaded again, unless --force is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--if-new", action="store_true", help="load if the database is new, else do nothing"
        )
        choice.add_argument("--clear", action="store_true", help="remove the example and all its users did")
        choice.add_argument("--force", action="store_true", help="load although it was removed before")

    def handle(self, *, if_new: bool, clear: bool, force: bool, **_options: Any) -> None:
        if clear:
            self._clear()
            return
        was_cleared = demo.state() in (demo.CLEARING, demo.CLEARED)
        if if_new and (was_cleared or loading.reason_against()):
            return
        if was_cleared and not force:
            raise CommandError("The example was removed here. Load it again with --force.")
        try:
            loading.load()
        except loading.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("The example is loaded. Remove it with: manage.py demo --clear")

    def _clear(self) -> None:
        if not demo.state():
            raise CommandError("The example was never loaded here.")
        clearing.clear()
        self.stdout.write("The example is removed.")
