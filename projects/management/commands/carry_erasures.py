"""Erasures and restrictions past a restored backup: `manage.py carry_erasures --to FILE`, then `--from`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from coverage_portal.lib.sealing import BrokenSeal
from projects import carrying
from projects.sealing import KeyIsChanging

MODE = 0o600


class Command(BaseCommand):
    help = (
        "Write down, sealed, whose data were erased or restricted (--to), before an older backup is "
        "restored; erase and restrict them again afterwards (--from). It may be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group(required=True)
        choice.add_argument("--to", type=Path, metavar="FILE", help="a file to be made")
        choice.add_argument("--from", type=Path, metavar="FILE", dest="source", help="a file of --to")

    def handle(self, *, to: Path | None, source: Path | None, **_options: Any) -> None:
        if to is not None:
            self._write(to)
        elif source is not None:
            self._give_back(source)

    def _write(self, to: Path) -> None:
        content = carrying.kept()
        try:
            with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "w") as file:
                json.dump(content, file)
        except OSError as error:
            raise CommandError(f"{to}: {error.strerror}") from None
        self.stdout.write(f"{len(content['erased'])} erased, {len(content['restricted'])} restricted")

    def _give_back(self, source: Path) -> None:
        try:
            content = json.loads(source.read_text())
            done = carrying.give_back(content)
        except OSError as error:
            raise CommandError(f"{source}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, BrokenSeal):
            raise CommandError(f"{source} is not what --to has written, or of another key") from None
        except carrying.OtherNumbers:
            raise CommandError("Persons were erased here since the restore: it has to come first") from None
        except KeyIsChanging:
            raise CommandError("The key is being changed: run rotate_key first") from None
        self.stdout.write(
            f"{done.erased} erased and {done.restricted} restricted again; "
            f"{done.awaited} in no list yet, to be recognised when one names them"
        )
