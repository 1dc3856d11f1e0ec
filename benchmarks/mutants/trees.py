"""Copies of the sources to break, and the database that each of them starts from."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.util import cache_from_source
from pathlib import Path

import psycopg2

from coverage_portal.embedded.server import USER, EmbeddedServer

from . import seen

_NOT_COPIED = {
    ".git",
    ".venv",
    "node_modules",
    "var",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".pytest_cache",
}
_LINKED = (".venv", "node_modules")
DATABASE = "test_coverage_portal"
_LOADED_ONCE = (
    *("django.test", "django.forms", "django.template", "django.db.models", "django.db.backends.postgresql"),
    *("django.core.management", "pytest_django.plugin", "hypothesis", "xdist.plugin", "plotly.graph_objects"),
    *("babel.messages.pofile", "tablib", "openpyxl", "python_calamine", "cryptography.fernet", "PIL.Image"),
    *("argon2", "segno", "rapidfuzz", "defusedxml.ElementTree", "pydantic", "schemathesis", "time_machine"),
    *("weasyprint", "psycopg2.extras", "brotli", "gunicorn", "whitenoise"),
)
_PREPARE = """
import tests.settings, django, pathlib
django.setup()
from django.conf import settings
from django.db import connection
from coverage_portal import assets, catalogs
settings.STATIC_ROOT = pathlib.Path(settings.STATIC_ROOT) / assets.fingerprint()[:16]
catalogs.compile_stale(settings.LOCALE_PATHS)
assets.collect_if_changed()
connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
connection.close()
"""


@dataclass(slots=True)
class Tree:
    """One copy of the sources. What is written into it is seen by the processes that tests start, too."""

    folder: Path
    name: str
    texts: dict[str, bytes] = field(default_factory=dict)

    def write(self, path: str, text: bytes) -> None:
        file = self.folder / path
        self.texts.setdefault(path, file.read_bytes())
        file.write_bytes(text)
        Path(cache_from_source(str(file))).unlink(missing_ok=True)

    def restore(self) -> None:
        for path, text in self.texts.items():
            self.write(path, text)
        self.texts.clear()


class Ground:
    """Sources and tests that need nothing else."""

    settings: tuple[str, ...] = ()
    loaded_once: tuple[str, ...] = ()

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.source = root

    def tree(self, name: str) -> Tree:
        """A copy beside which the shared examples lie, as they do beside the sources."""
        target = self.folder / name / "portal"
        target.mkdir(parents=True)
        kept = [str(path) for path in self.source.iterdir() if path.name not in _NOT_COPIED]
        subprocess.run(["cp", "-a", *kept, str(target)], check=True)  # noqa: S607 - in every POSIX system
        for link in _LINKED:
            if (self.root / link).exists():
                (target / link).symlink_to((self.root / link).resolve())
        if (self.root.parent / "shared").is_dir():
            (self.folder / name / "shared").symlink_to((self.root.parent / "shared").resolve())
        return Tree(target, name)

    def environment(self) -> dict[str, str]:
        return {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    def prepare(self) -> None:
        """What all copies share."""

    def renew(self, tree: Tree) -> None:
        """Have a tree start from where all do."""

    def close(self) -> None:
        """Leave nothing behind."""


class Portal(Ground):
    """The portal: a server of its own, and for each mutant a fresh copy of the migrated database."""

    settings = ("--ds=tests.settings", "--reuse-db", "--hypothesis-seed=0")
    loaded_once = _LOADED_ONCE

    def __init__(self, root: Path, folder: Path) -> None:
        super().__init__(root, folder)
        self._server = EmbeddedServer(folder / "var" / "postgres", durable=False)

    def environment(self) -> dict[str, str]:
        return {"TEST_VAR_DIR": str(self.folder / "var"), "DJANGO_SETTINGS_MODULE": "tests.settings"}

    def tree(self, name: str) -> Tree:
        tree = super().tree(name)
        kept = self.root / "var" / "static-of-tests"
        kept.mkdir(parents=True, exist_ok=True)
        (tree.folder / "var").mkdir()
        (tree.folder / "var" / "static-of-tests").symlink_to(kept.resolve())
        return tree

    def prepare(self) -> None:
        (self.folder / "var").mkdir()
        self._server.address()
        tree = self.tree("prepared")
        environment = {**os.environ, **self.environment()}
        subprocess.run([sys.executable, "-c", _PREPARE], cwd=tree.folder, env=environment, check=True)
        self.source = tree.folder  # with its catalogues and its compiled modules

    def renew(self, tree: Tree) -> None:
        name = f"{DATABASE}_{tree.name}"
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{DATABASE}"')

    def close(self) -> None:
        self._server.stop()
        self._server.release()

    def _execute(self, statement: str) -> None:
        address = self._server.address()
        host, port = address.host, address.port
        with closing(psycopg2.connect(dbname="postgres", user=USER, host=host, port=port)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)


def instrument(tree: Tree, paths: list[str]) -> Callable[[Sequence[int]], list[tuple[str, int]]]:
    """Have a tree note which lines of files it executes; returns what tells lines by the noted numbers."""
    at: list[tuple[str, int]] = [("", 0)]
    for path in paths:
        text = (tree.folder / path).read_text(encoding="utf-8")
        tree.write(path, seen.probed(text, len(at)).encode())
        at += [(path, number) for number in range(text.count("\n") + 2)]
    (tree.folder / "seen.bytes").write_bytes(bytes(len(at)))

    def lines(noted: Sequence[int]) -> list[tuple[str, int]]:
        return [at[number] for number in noted]

    return lines
