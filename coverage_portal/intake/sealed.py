"""What the engine keeps sealed in the database: JSON values of rows that speak of persons.

Sealed with the portal's key and bound to their place, so that none can be read in a dump or moved to another
row. Beside the sealed text stands the name of its key: by it a rotation finds what is left to do.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from coverage_portal.lib import sealing


def keys() -> tuple[bytes, ...]:
    """The portal's key, then the previous ones that may still open something."""
    return settings.SEAL_KEY, *settings.SEAL_KEY_PREVIOUS


def seal(content: Any, bound: list[bytes]) -> dict[str, str]:
    """The JSON value `content` as one that tells nothing."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return _sealed(plain, bound)


def opened(stored: Mapping[str, str], bound: list[bytes]) -> Any:
    """What `seal` was given.

    Raises:
        BrokenSeal: it was changed, moved to another place, or sealed with a key that is not at hand.
    """
    return json.loads(_opened(stored, bound))


def sealed_anew(stored: Mapping[str, str], bound: list[bytes]) -> dict[str, str]:
    """The same, sealed with the current key. Raises as `opened` does."""
    return _sealed(_opened(stored, bound), bound)


def current_key() -> str:
    """The name of the current key, as it stands beside what was sealed with it."""
    return sealing.key_name(settings.SEAL_KEY)


def sample(batch_id: uuid.UUID, row: int) -> list[bytes]:
    """The place of a sample that a preview shows."""
    return [b"sample", batch_id.bytes, str(row).encode()]


def is_sealed(stored: Any) -> bool:
    return isinstance(stored, dict) and "sealed" in stored


def _sealed(plain: bytes, bound: list[bytes]) -> dict[str, str]:
    text = base64.b64encode(AESSIV(settings.SEAL_KEY).encrypt(plain, bound)).decode()
    return {"sealed": text, "key": current_key()}


def _opened(stored: Mapping[str, str], bound: list[bytes]) -> bytes:
    return sealing.open_with_any(base64.b64decode(stored["sealed"]), keys(), bound)
