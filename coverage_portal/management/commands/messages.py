"""Brings the translations up to date with the sources: `manage.py messages`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal import catalogs

FOLDERS = ("coverage_portal", "regions", "projects", "templates")


class Command(BaseCommand):
    help = "Collect the messages of the sources into locale/ and compile the catalogues."
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: CommandParser) -> None:
        wanted = "write nothing; fail if a message has no translation"
        parser.add_argument("--check", action="store_true", help=wanted)

    def handle(self, *, check: bool, **_options: Any) -> None:
        base = Path(settings.BASE_DIR)
        sources = [
            path
            for folder in FOLDERS
            for pattern in ("*.py", "*.html", "*.txt")
            for path in sorted((base / folder).rglob(pattern))
        ]
        template = catalogs.messages_in(base, sources)
        untranslated = []
        for language, _name in settings.LANGUAGES:
            if language != settings.LANGUAGE_CODE:
                target = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
                untranslated += catalogs.merge(template, target, language, write=not check)
        if not check:
            catalogs.compile_stale(settings.LOCALE_PATHS)
        for message in untranslated:
            self.stdout.write(f"not translated: {message}")
        if check and untranslated:
            raise CommandError(f"{len(untranslated)} messages have no translation")
