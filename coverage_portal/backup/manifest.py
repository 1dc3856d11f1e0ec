"""What a backup says of itself, and whether that is still true of it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from . import checksums
from .checksums import Content

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
UPLOADS = "uploads"


class Unusable(Exception):
    """A backup is refused; the message says why, for whoever wants to restore it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the parts of a backup must be.

    Attributes:
        at: the moment that it shows, ISO 8601.
        postgresql: major version of the server that was dumped.
        migrations: those applied in it, as `app.name`.
        tables: what each table holds, by name.
        files: SHA-256 in hex of every file, by its path in the folder.
    """

    at: str
    province: str
    postgresql: int
    migrations: list[str]
    tables: dict[str, Content]
    files: dict[str, str]


def write(folder: Path, manifest: Manifest) -> None:
    """Put the signed manifest into the folder."""
    content = {"format": FORMAT, **asdict(manifest)}
    signed = {"content": content, "signature": _signature(content, settings.SEAL_KEY)}
    (folder / NAME).write_text(json.dumps(signed, indent=1, sort_keys=True), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup that this portal has made, or another one with the same key.

    Raises:
        Unusable: there is none, it is of a newer form, was changed, or is signed with an unknown key.
    """
    try:
        signed = json.loads((folder / NAME).read_text(encoding="utf-8"))
        content, signature = signed["content"], signed["signature"]
        version = int(content["format"])
    except FileNotFoundError:
        raise Unusable(f"{folder} is no backup of the portal: it has no {NAME}") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise Unusable(f"{folder / NAME} cannot be read: it is damaged") from None
    if version > FORMAT:
        raise Unusable("The backup was made by a newer version of the portal: install that version first")
    if not _is_signed(content, str(signature)):
        raise Unusable(
            f"{NAME} is not signed with a key at hand: it was changed, or is of another portal. "
            "If it was made under an earlier key, name that in SEAL_KEY_PREVIOUS"
        )
    fields = {name: value for name, value in content.items() if name != "format"}
    fields["tables"] = {name: Content(**value) for name, value in fields["tables"].items()}
    return Manifest(**fields)


def check(folder: Path, manifest: Manifest, *, postgresql: int) -> None:
    """See that the backup is whole and fits this portal and its server, of which the major version is given.

    Raises:
        Unusable: something is missing, damaged, too much, too new, or of another province.
    """
    check_files(folder, manifest.files)
    if manifest.province != settings.HOME_PROVINCE:
        raise Unusable(f"The backup is of province {manifest.province}, not of {settings.HOME_PROVINCE}")
    if manifest.postgresql > postgresql:
        raise Unusable(f"The backup was made with PostgreSQL {manifest.postgresql}; this is {postgresql}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise Unusable(
            f"The backup was made by a newer version of the portal, which has migration {unknown[0]}: "
            "install that version first"
        )


def check_files(folder: Path, files: Mapping[str, str]) -> None:
    """See that the files are the ones that the manifest names, and as it says. Raises Unusable."""
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {NAME}
    if missing := sorted(files.keys() - there):
        raise Unusable(f"{missing[0]} is missing from the backup")
    if further := sorted(there - files.keys()):
        raise Unusable(f"{further[0]} does not belong to the backup")
    for name, sha256 in files.items():
        if checksums.of_file(folder / name) != sha256:
            raise Unusable(f"{name} is damaged: it is not what was saved")


def _is_signed(content: Mapping[str, Any], signature: str) -> bool:
    keys = (settings.SEAL_KEY, *settings.SEAL_KEY_PREVIOUS)
    return any(hmac.compare_digest(_signature(content, key), signature) for key in keys)


def _signature(content: Mapping[str, Any], key: bytes) -> str:
    own = hmac.digest(key, b"signature of a backup", "sha256")
    return hmac.new(own, json.dumps(content, sort_keys=True).encode(), hashlib.sha256).hexdigest()
