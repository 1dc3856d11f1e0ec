"""Making a backup while the portal works: everything in it is of one moment."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from . import checksums, manifest, programs
from .manifest import DUMP, UPLOADS, Manifest

PREFIX = "portal-"
UNFINISHED = ".part"


def make(parent: Path, *, now: datetime | None = None) -> Path:
    """A new backup below `parent`; its folder has its name only once it is whole.

    Raises:
        CommandError: it could not be made; nothing of it is left.
    """
    stamp = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H%M%SZ")
    folder = parent / f"{PREFIX}{stamp}"
    draft = folder.with_suffix(UNFINISHED)
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
    except OSError as error:
        raise CommandError(f"{draft} cannot be made: {error.strerror}") from error
    try:
        _fill(draft, stamp)
        draft.rename(folder)
        _keep(parent)
    except OSError as error:
        raise CommandError(f"The backup could not be written: {error.strerror}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def prune(parent: Path, *, keep: int) -> list[Path]:
    """Delete all but the newest `keep` whole backups; which they were."""
    whole = sorted(path for path in parent.glob(f"{PREFIX}*Z") if (path / manifest.NAME).is_file())
    gone = whole[: max(len(whole) - keep, 0)]
    for folder in gone:
        shutil.rmtree(folder)
    return gone


def _fill(folder: Path, stamp: str) -> None:
    dump = folder / DUMP
    with checksums.one_moment() as snapshot:
        programs.run(
            "pg_dump", ["--format=custom", "--no-password", f"--snapshot={snapshot}", f"--file={dump}"]
        )
        tables = checksums.of_tables()
        migrations = _migrations()
        _copy_uploads(folder / UPLOADS)
    dump.chmod(0o600)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    for path in files:
        _keep(path)
    written = Manifest(
        at=stamp,
        province=settings.HOME_PROVINCE,
        postgresql=connection.pg_version // 10000,
        migrations=migrations,
        tables=tables,
        files={str(path.relative_to(folder)): checksums.of_file(path) for path in files},
    )
    manifest.write(folder, written)
    _keep(folder / manifest.NAME)


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def _copy_uploads(target: Path) -> None:
    """The sealed uploads. None is ever changed in place; one that is let go of meanwhile stays away."""
    target.mkdir(mode=0o700)
    for path in sorted(Path(settings.UPLOAD_DIR).glob("*.sealed")):
        with suppress(FileNotFoundError):
            shutil.copyfile(path, target / path.name)
            (target / path.name).chmod(0o600)


def _keep(path: Path) -> None:
    """See that it is on the disk before anybody relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
