"""Sealing the NIKs of workers and lookups with a new key, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from coverage_portal.intake.rotating import Part
from coverage_portal.lib.identity import NikSealer
from coverage_portal.lib.sealing import BrokenSeal

from .sealing import change_key, nik_sealer

PART = 5000
TABLES = {
    "workers": "projects_worker",
    "lookups": "projects_lookup",
    "removed enrollments": "projects_removedenrollment",
    "persons handled": "projects_handling",
    "salt of erasures": "projects_erasuresalt",
}
# Rows with one key speak of one person, so that all of them take the same seal.
_KEYS = {"projects_removedenrollment": "enrollment_id"}
STAGED = "projects_stagedenrollment"

# By the first bytes, so that the index of the workers finds them.
_OLD = "(nik_sealed < %(from)s OR nik_sealed >= %(to)s)"
_PART = f"""
SELECT {{key}}, nik_sealed FROM {{table}} WHERE {{key}} > %(last)s AND {_OLD}
ORDER BY {{key}} LIMIT %(most)s FOR UPDATE
"""  # noqa: S608
_UPDATE = """
UPDATE {table} t SET nik_sealed = anew.sealed
FROM unnest(%(ids)s::bigint[], %(sealed)s::bytea[]) AS anew (id, sealed)
WHERE t.{key} = anew.id {unless}
"""
# The person is there with the new key already, which the locks prevent: it is said, and stays as it is.
_UNLESS = {
    "projects_worker": "AND NOT EXISTS (SELECT FROM projects_worker o WHERE o.nik_sealed = anew.sealed)"
}


def left() -> dict[str, int]:
    """How many NIKs of each sort are not sealed with the current key."""
    return {sort: _count(table) for sort, table in [*TABLES.items(), ("staged rows", STAGED)]}


def rotate() -> Iterator[Part]:
    """Seal every NIK with the current key.

    Staged rows are forgotten instead: a confirm that misses them has their file read again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {STAGED} WHERE {_OLD}", _bounds(nik_sealer()))  # noqa: S608
        if cursor.rowcount:
            yield Part("staged rows", cursor.rowcount)
    for sort, table in TABLES.items():
        last: int | None = 0
        while last is not None:
            last, part = _rotate_part(sort, table, last)
            yield part


def _rotate_part(sort: str, table: str, last: int) -> tuple[int | None, Part]:
    """Some NIKs behind the id `last`; returns the last id of them, None at the end."""
    sealer = nik_sealer()
    with transaction.atomic(), connection.cursor() as cursor:
        change_key()
        params = {**_bounds(sealer), "last": last, "most": PART}
        key = _KEYS.get(table, "id")
        cursor.execute(_PART.format(table=table, key=key), params)
        found = cursor.fetchall()
        if not found:
            return None, Part(sort, 0)
        anew = {}
        for pk, old in found:
            try:
                anew[pk] = sealer.seal(sealer.open(old))
            except BrokenSeal:
                continue
        statement = _UPDATE.format(table=table, key=key, unless=_UNLESS.get(table, ""))
        hexadecimal = [f"\\x{sealed.hex()}" for sealed in anew.values()]
        cursor.execute(statement, {"ids": list(anew), "sealed": hexadecimal})
        return found[-1][0], Part(sort, cursor.rowcount, max(len(found) - cursor.rowcount, 0))


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {_OLD}", _bounds(nik_sealer()))  # noqa: S608
        count: int = cursor.fetchone()[0]
        return count


def _bounds(sealer: NikSealer) -> dict[str, Any]:
    following = int.from_bytes(sealer.prefix, "big") + 1
    return {"from": sealer.prefix, "to": following.to_bytes(len(sealer.prefix), "big")}
