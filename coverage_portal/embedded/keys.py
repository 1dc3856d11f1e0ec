"""Keys made at the first start, for an installation that was given none."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path


def kept(path: Path, *, length: int) -> str:
    """`length` random bytes in base64, made once and kept in `path`, which only its owner can read.

    Two processes that start at once agree: whoever comes second takes what the first has kept.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(base64.b64encode(secrets.token_bytes(length)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
