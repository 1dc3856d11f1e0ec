"""Delete uploads whose time is over: `manage.py purge_uploads`, or only count them with `--check`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coverage_portal.intake import retention


class Command(BaseCommand):
    help = (
        "Delete uploads, refused rows and samples of imports that have not moved for UPLOAD_KEEP_DAYS. The "
        "worker does so every hour by itself; --check only counts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="delete nothing; exit 1 if anything is due")
        parser.add_argument(
            "--days", type=int, default=None, help="instead of UPLOAD_KEEP_DAYS; 0 is at once"
        )

    def handle(self, *, check: bool, days: int | None, **_options: Any) -> None:
        if check:
            number = retention.due(days=days).count()
            self.stdout.write(f"{number} imports have uploads whose time is over.")
            if number:
                raise SystemExit(1)
        else:
            self.stdout.write(f"{retention.purge(days=days)} imports: uploads and staged rows deleted.")
