"""Count all enrollments from scratch: `manage.py recount`, or only compare with `--check`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from projects import counting, services

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Count enrollments from scratch and put the counted cells right; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if any cell is not as counted"
        )

    def handle(self, *, check: bool, **_options: Any) -> None:
        changes = self._compare() if check else services.recount(author=_author())
        for key, change in sorted(changes.items())[:MOST_SHOWN]:
            month = counting.month_of(key.month)
            self.stdout.write(f"{key.regency} {key.segment} {month}: {change:+d}")
        if len(changes) > MOST_SHOWN:
            self.stdout.write(_("… dan %(more)s sel lain") % {"more": len(changes) - MOST_SHOWN})
        if not changes:
            self.stdout.write(_("Semua sel sama dengan hitungan ulang."))
        elif check:
            raise SystemExit(1)
        else:
            self.stdout.write(_("%(count)s sel diperbaiki dan dicatat di riwayat.") % {"count": len(changes)})

    def _compare(self) -> counting.Cells:
        """Cells and enrollments as of one moment, while others go on writing."""
        with transaction.atomic():
            if connection.get_autocommit() is False and not connection.savepoint_ids:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return counting.mismatches()


def _author() -> Author:
    return Author(None, Change.Source.COMMAND, "recount")
