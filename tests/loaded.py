"""What migrations have loaded, put back after each test that really commits, whatever test comes next.

Django flushes every table after such a test and, as JSON and object by object, loads what had been there
before the next such one: a second each, and whoever comes between them finds empty tables.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import TransactionTestCase


def allow_emptying() -> None:
    """Let a test that commits be followed by emptied tables: no one else may empty the history."""
    with connections["default"].cursor() as cursor:
        for table in ("accounts_change", "accounts_event"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")


def keep(patch: pytest.MonkeyPatch) -> None:
    """Take what the tables hold, and have it put back from now on."""
    creation = type(connections["default"].creation)
    loaded = _copied()
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_and_put_back(case: Any) -> None:
        flush(case)
        _put_back(loaded)

    patch.setattr(TransactionTestCase, "_fixture_teardown", flush_and_put_back)
    patch.setattr(creation, "deserialize_db_from_string", lambda _creation, _data: None)


def _copied() -> dict[str, bytes]:
    """Table and rows, of all that has any."""
    found = {}
    connection = connections["default"]
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            rows = io.BytesIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            if rows.getvalue():
                found[table] = rows.getvalue()
    return found


def _put_back(loaded: dict[str, bytes]) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        # Neither triggers nor the order of foreign keys matter to rows that were right before.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in loaded.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))
