"""Bring a backup back: `manage.py restore FOLDER`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from coverage_portal.backup import restoring
from coverage_portal.backup.manifest import Unusable


class Command(BaseCommand):
    help = (
        "Bring back the database and the uploads that `backup` has saved. The backup is checked first, every "
        "table afterwards; if anything is wrong, what was there stays. The portal must be stopped."
    )
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("folder", type=Path, nargs="?", help="the folder that backup has made")
        choice.add_argument(
            "--back", action="store_true", help="bring back what a restore that was killed has set aside"
        )
        parser.add_argument("--check", action="store_true", help="only check the backup, change nothing")
        parser.add_argument(
            "--replace", action="store_true", help="give up what is in the database and the uploads"
        )

    def handle(self, *, folder: Path | None, back: bool, check: bool, replace: bool, **_options: Any) -> None:
        connection.ensure_connection()
        if folder is None or back:
            done = restoring.bring_back()
            self.stdout.write("It is back as it was." if done else "No restore was interrupted.")
            return
        try:
            found = restoring.checked(folder) if check else restoring.restore(folder, replace=replace)
        except Unusable as error:
            raise CommandError(f"{error}. Nothing was changed") from None
        said = "The backup is whole" if check else "Restored, every table as it was saved"
        rows = sum(table.rows for table in found.tables.values())
        self.stdout.write(
            f"{said}: {len(found.tables)} tables with {rows} rows, {len(found.files) - 1} uploads, "
            f"as of {found.at}"
        )
        if not check:
            self.stdout.write("Now run migrate, or start serve, which does.")
