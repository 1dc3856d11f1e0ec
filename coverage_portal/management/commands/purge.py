"""Delete all that is kept no longer: `manage.py purge`, or only count it with `--check`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coverage_portal import expiry


class Command(BaseCommand):
    help = (
        "Delete what is kept for a time only, once that time is over: uploads and staged rows, sessions, "
        "finished jobs, lookups, failed sign-ins, links. For a daily timer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="delete nothing; exit 1 if anything is due")

    def handle(self, *, check: bool, **_options: Any) -> None:
        total = 0
        for kept in expiry.KEPT:
            number = kept.due().count() if check else kept.delete()
            total += number
            self.stdout.write(f"{kept.name}: {number} {'due' if check else 'deleted'}")
        if check and total:
            raise SystemExit(1)
