"""Keys made at the first start, for an installation that was given none."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path


def kept(path: Path, *, length: int) -> str:
    """`length` random bytes in base64, made once and kept in `path`, which only its owner can read.

    Two processes that start at once agree: whoever comes second takes what the first has kept.
    """
    if not path.exists():
        draft = _draft(path, [_random(length)])
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def previous(path: Path) -> list[str]:
    """The keys that `path` held before, the latest first; nothing once they were forgotten."""
    try:
        earlier = _earlier(path).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    # A crash while the key was being replaced may have left the current one among them.
    current = path.read_text(encoding="ascii").strip()
    return [key for key in earlier if key != current]


def replace(path: Path, *, fits: Callable[[str, list[str]], bool], length: int) -> None:
    """Put a new key of `length` random bytes into `path` and keep the old one among the previous.

    At no moment is a key lost: the old one is written down before the new one takes its place.

    Args:
        fits: whether a key can be used together with the previous ones; another is made until one can.
    """
    earlier = [path.read_text(encoding="ascii").strip(), *previous(path)]
    while not fits(key := _random(length), earlier):
        continue
    _draft(_earlier(path), earlier).replace(_earlier(path))
    _draft(path, [key]).replace(path)


def forget_previous(path: Path) -> None:
    """Delete the previous keys: what only they open is lost from here on."""
    _earlier(path).unlink(missing_ok=True)


def _earlier(path: Path) -> Path:
    return path.with_name(f"{path.name}.previous")


def _random(length: int) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode()


def _draft(path: Path, keys: Iterable[str]) -> Path:
    """A file beside `path` that holds the keys, one a line, safe on disk."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.writelines(f"{key}\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    return draft
