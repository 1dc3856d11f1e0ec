"""Uploaded files on disk: sealed, under a name of our own, in a private folder."""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from coverage_portal.lib import sealing


@dataclass(frozen=True, slots=True)
class Stored:
    """What was stored: bytes and hex SHA-256 of the plain file."""

    size: int
    sha256: str


def _path(name: str) -> Path:
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.sealed"


def store(name: str, parts: Iterable[bytes]) -> Stored:
    """Seal an upload under `name`. Either the whole file is there afterwards or nothing of it.

    Raises:
        OSError: the disk is full or not writable.
    """
    digest = hashlib.sha256()
    size = 0

    def measured() -> Iterator[bytes]:
        nonlocal size
        for part in parts:
            digest.update(part)
            size += len(part)
            yield part

    path = _path(name)
    unfinished = path.with_suffix(".part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            sealing.seal_file(measured(), target, key=settings.SEAL_KEY, name=name)
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Stored(size, digest.hexdigest())


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The plain file, in an unlinked temporary file that no other process can open by name.

    Raises:
        FileNotFoundError: the upload was deleted, as after its retention.
        BrokenSeal: it was changed on disk.
    """
    with tempfile.TemporaryFile(dir=_path(name).parent) as plain:
        with _path(name).open("rb") as source:
            for chunk in sealing.open_sealed(source, key=settings.SEAL_KEY, name=name):
                plain.write(chunk)
        plain.seek(0)
        yield plain


def delete(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def names(*, untouched_for: datetime.timedelta) -> set[str]:
    """The names under which something lies that nobody has written to for a while, whole or unfinished."""
    before = time.time() - untouched_for.total_seconds()
    found = set()
    for path in _path("x").parent.iterdir():
        with suppress(FileNotFoundError):
            if path.suffix in {".sealed", ".part"} and path.stat().st_mtime < before:
                found.add(path.stem)
    return found


def clear(name: str, *, keep_whole: bool) -> int:
    """Delete what was never finished of an upload and, unless told to keep it, the upload; how many files."""
    whole = _path(name)
    leftovers = [whole.with_suffix(".part"), *([] if keep_whole else [whole])]
    deleted = 0
    for path in leftovers:
        with suppress(FileNotFoundError):
            path.unlink()
            deleted += 1
    return deleted


def clean_file_name(name: str) -> str:
    """The user's file name as text to show: no path, no control or direction characters, 150 at most."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in "<>\"'")
    return shown.strip()[-150:] or "tanpa-nama"
