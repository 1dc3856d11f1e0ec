"""Portals that are thrown away: a folder each, with an embedded PostgreSQL of its own.

Every arm starts from a copy of one migrated data folder, so that none finds the caches, the dead rows or the
write-ahead log of another. The servers keep the portal's own settings: what is written is flushed to disk.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from coverage_portal.embedded.server import EmbeddedServer

ROOT = Path(__file__).resolve().parent.parent
MIGRATE = ("manage.py", "migrate", "--verbosity", "0")

# Settings that would lead to another database, or to other work than usual.
_FOREIGN = ("DATABASE_URL", "DATABASE_URL_FILE", "DEBUG", "HTTPS", "HOME_PROVINCE", "COUNT_FROM")


class Sandboxes:
    """Migrated portals below one temporary folder; `prepare` makes the one that the others are copies of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def environment(self, portal: Path) -> dict[str, str]:
        """The environment of a process that works on a portal; uploads of any size are taken in."""
        kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        return kept | {
            "VAR_DIR": str(portal),
            "DJANGO_SETTINGS_MODULE": "coverage_portal.settings",
            "UPLOAD_MAX_MB": "1000",
        }

    def prepare(self, name: str, *fill: str, source: Path | None = None) -> Path:
        """A portal to copy from: migrated, or a copy of `source` on which `python *fill` was run."""
        portal = self.folder / name
        if source is not None:
            _copy(source, portal)
        try:
            subprocess.run(
                [sys.executable, *(fill or MIGRATE)], cwd=ROOT, env=self.environment(portal), check=True
            )
        finally:
            EmbeddedServer(portal / "postgres").stop()
        return portal

    @contextmanager
    def fresh(self, source: Path) -> Iterator[Path]:
        """A copy of a prepared portal, removed afterwards with its server."""
        self._made += 1
        portal = self.folder / f"run-{self._made}"
        try:
            _copy(source, portal)
            yield portal
        finally:
            EmbeddedServer(portal / "postgres").stop()
            shutil.rmtree(portal, ignore_errors=True)

    def remove(self, portal: Path) -> None:
        """Let go of a prepared portal that is needed no more."""
        shutil.rmtree(portal)

    def stop(self) -> None:
        """Stop whatever server still runs below the folder."""
        for data in self.folder.glob("*/postgres"):
            EmbeddedServer(data).stop()


@contextmanager
def workshop() -> Iterator[Sandboxes]:
    """A temporary folder with portals and sheets; nothing is left of it, also after Ctrl-C or SIGTERM."""
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    sandboxes = Sandboxes(folder)
    with _terminated_like_interrupted():
        try:
            yield sandboxes
        finally:
            sandboxes.stop()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before: Callable[[int, FrameType | None], object] | int | None = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _copy(source: Path, target: Path) -> None:
    """With owners, which shutil leaves out: started by root, the server belongs to a user of its own."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # noqa: S607 - in every POSIX system
