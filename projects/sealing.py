"""The key that NIKs are sealed with, and that nobody writes workers with two keys at once.

Who is already stored is found by the sealed NIK. So whoever looks for existing workers by it, to write new
ones, first makes sure that all workers are sealed with the key at hand, and holds that until the end of the
transaction. While the key is being changed this is refused: a person would be stored, and counted, twice.
"""

from __future__ import annotations

import uuid
from functools import lru_cache

from django.conf import settings
from django.db import connection

from coverage_portal.lib.identity import NikSealer

_LOCK = "SELECT pg_advisory_xact_lock{how}(hashtextextended('seal key', 0))"
# The first and the last of the index: where both have the current prefix, all have.
_ENDS = """
(SELECT nik_sealed FROM projects_worker ORDER BY nik_sealed LIMIT 1)
UNION ALL (SELECT nik_sealed FROM projects_worker ORDER BY nik_sealed DESC LIMIT 1)
"""


class KeyIsChanging(Exception):
    """Some workers are sealed with another key than the current one."""


def nik_sealer() -> NikSealer:
    """Seals with the portal's key, opens with it and with the previous ones."""
    return _sealer(settings.SEAL_KEY, tuple(settings.SEAL_KEY_PREVIOUS))


@lru_cache(maxsize=2)
def _sealer(key: bytes, previous: tuple[bytes, ...]) -> NikSealer:
    return NikSealer(key, previous)


def hold_key(batch_id: uuid.UUID | None = None) -> None:
    """Keep the key of all workers as it is until the transaction ends. Taken before any lock on workers.

    Args:
        batch_id: a batch whose staged rows must be sealed with that key too.

    Raises:
        KeyIsChanging: not all are sealed with the current key.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(how="_shared"))
        cursor.execute(_ENDS)
        found = cursor.fetchall()
        if batch_id is not None:
            # All rows of a batch are staged by one process, with one key.
            cursor.execute(
                "SELECT nik_sealed FROM projects_stagedenrollment WHERE batch_id = %s LIMIT 1", [batch_id]
            )
            found += cursor.fetchall()
    is_current = nik_sealer().is_current
    if not all(is_current(sealed) for (sealed,) in found):
        raise KeyIsChanging


def change_key() -> None:
    """Wait for whoever holds the key, and keep others from it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(how=""))
