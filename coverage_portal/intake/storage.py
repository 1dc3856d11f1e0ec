"""Uploaded files on disk: sealed, under a name of our own, in a private folder."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from coverage_portal.lib import sealing
from coverage_portal.lib.redaction import redact

from . import sealed

_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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

    _seal(name, measured(), ".part")
    return Stored(size, digest.hexdigest())


def _seal(name: str, parts: Iterable[bytes], suffix: str) -> None:
    """Write the sealed file beside its place first, then move it there."""
    path = _path(name)
    unfinished = path.with_suffix(suffix)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            sealing.seal_file(parts, target, key=settings.SEAL_KEY, name=name)
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The plain file, in an unlinked temporary file that no other process can open by name.

    Raises:
        FileNotFoundError: the upload was deleted, as after its retention.
        BrokenSeal: it was changed on disk.
    """
    with tempfile.TemporaryFile(dir=_path(name).parent) as plain:
        plain.writelines(_plain(name, sealed.keys()))
        plain.seek(0)
        yield plain


def _plain(name: str, keys: Sequence[bytes]) -> Iterator[bytes]:
    with _path(name).open("rb") as source:
        yield from sealing.open_sealed(source, keys=keys, name=name)


def delete(name: str) -> bool:
    """Delete an upload; whether there was one."""
    try:
        _path(name).unlink()
    except FileNotFoundError:
        return False
    return True


def names(*, older_than: float = 0) -> list[str]:
    """The names of all stored uploads; only those stored more than so many seconds ago."""
    return sorted(path.stem for path in _files("*.sealed", older_than) if _NAME.fullmatch(path.stem))


def delete_unfinished(*, older_than: float) -> None:
    """Delete what a killed process was writing, more than so many seconds ago."""
    for suffix in (".part", ".anew"):
        for path in _files(f"*{suffix}", older_than):
            path.unlink(missing_ok=True)


def _files(pattern: str, older_than: float) -> Iterator[Path]:
    before = time.time() - older_than
    for path in Path(settings.UPLOAD_DIR).glob(pattern):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime <= before:
                yield path


def is_current(name: str) -> bool:
    """Whether an upload is sealed with the current key, by its first part; one that is gone is."""
    try:
        next(_plain(name, [settings.SEAL_KEY]))
    except FileNotFoundError:
        return True
    except sealing.BrokenSeal:
        return False
    return True


def seal_anew(name: str) -> None:
    """Seal an upload with the current key. Either the old file is there afterwards or the new one.

    Raises:
        BrokenSeal: it was changed on disk, or sealed with a key that is not at hand.
        FileNotFoundError: it is gone.
    """
    _seal(name, _plain(name, sealed.keys()), ".anew")


def clean_file_name(name: str) -> str:
    """The user's file name to show: no path, no control or direction characters, no NIK, 150 at most."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in "<>\"'")
    return redact(shown).strip()[-150:] or "tanpa-nama"
