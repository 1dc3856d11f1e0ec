"""Save the database and the uploads as of one moment: `manage.py backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal.backup import manifest, writing


class Command(BaseCommand):
    help = (
        "Save the database and the uploads, as of one moment, into a new folder below BACKUP_DIR. The portal "
        "may run meanwhile. The keys are not part of it: without SEAL_KEY a backup cannot be restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=None, help="another folder than BACKUP_DIR")
        parser.add_argument(
            "--keep", type=int, default=None, help="then delete all but so many of the newest"
        )

    def handle(self, *, to: Path | None, keep: int | None, **_options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep must be 1 or more")
        parent = to or Path(settings.BACKUP_DIR)
        folder = writing.make(parent)
        written = manifest.read(folder)
        rows = sum(table.rows for table in written.tables.values())
        self.stdout.write(
            f"{folder}: {len(written.tables)} tables with {rows} rows, {len(written.files) - 1} uploads"
        )
        for gone in writing.prune(parent, keep=keep) if keep is not None else []:
            self.stdout.write(f"{gone} is deleted")
