"""Loads the boundaries drawn on the map: `manage.py load_boundaries FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from regions import boundaries, services


class Command(BaseCommand):
    help = (
        "Load the boundaries of the home province's regencies from a GeoJSON file: a FeatureCollection in "
        "WGS84 with one Polygon or MultiPolygon a regency, its Kemendagri code as id or as the property kode."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            with file.open("rb") as source:
                content = source.read(boundaries.MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        author = Author(None, Change.Source.COMMAND, file.name)
        try:
            changed = services.load_boundaries(content=content, author=author)
        except boundaries.UnusableBoundaries as error:
            raise CommandError("\n".join(error.problems)) from error
        self.stdout.write(f"{changed} boundaries changed")
