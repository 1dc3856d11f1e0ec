"""What a table holds, as one number: SHA-256 over all its rows in the order of its key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2 import sql

# A value must be written the same way by every server and for every user.
_SAME_EVERYWHERE = (
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC';"
    "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8';"
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)

_TABLES = (
    "SELECT c.relname, (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i,"
    " unnest(i.indkey) WITH ORDINALITY AS k(number, place), pg_attribute a"
    " WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number)"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname"
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a table holds: number of rows, SHA-256 of them in hex."""

    rows: int
    sha256: str


class _Digest:
    """A file to write to, of which the number of lines and the SHA-256 are kept."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.lines = 0

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        self.lines += data.count(b"\n")
        return len(data)


@contextmanager
def one_moment() -> Iterator[str]:
    """A transaction that sees the database as it is now, whatever is written meanwhile; its snapshot's name.

    As long as it lasts, pg_dump can see the very same.
    """
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute(_SAME_EVERYWHERE)
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def of_tables() -> dict[str, Content]:
    """The content of every table as the current moment sees it. Runs within `one_moment`."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables: list[tuple[str, list[str] | None]] = cursor.fetchall()
        return {name: _of_table(cursor, name, key) for name, key in tables}


def _of_table(cursor: Any, name: str, key: list[str] | None) -> Content:
    """A table without a key in the order of its rows as text. COPY writes one line a row."""
    order = sql.SQL(", ").join(map(sql.Identifier, key)) if key else sql.SQL('t::text COLLATE "C"')
    table = sql.Identifier("public", name)
    query = sql.SQL("COPY (SELECT * FROM {} AS t ORDER BY {}) TO STDOUT").format(table, order)
    digest = _Digest()
    cursor.copy_expert(query, digest)
    return Content(digest.lines, digest.sha256.hexdigest())


def of_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
