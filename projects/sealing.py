"""The key that NIKs are sealed with."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from coverage_portal.lib.identity import NikSealer


def nik_sealer() -> NikSealer:
    """Seals with the portal's key."""
    return _sealer(settings.SEAL_KEY)


@lru_cache(maxsize=2)
def _sealer(key: bytes) -> NikSealer:
    return NikSealer(key)
