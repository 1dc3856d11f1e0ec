"""The rows of whole tables as checksums, to see what an action has changed, and whose it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import md5
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

Rows = dict[str, Counter[str]]


def checksums(*, without: Collection[str] = ()) -> Rows:
    """A checksum of every row of every table but those."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({table for (table,) in cursor.fetchall()} - set(without))
        each = (f"SELECT '{table}', array_agg(md5(t::text)) FROM \"{table}\" t" for table in tables)  # noqa: S608
        cursor.execute(" UNION ALL ".join(each))
        return {table: Counter(sums or ()) for table, sums in cursor.fetchall()}


def gone(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows of each table are no longer as they were."""
    lost = {table: (rows - after[table]).total() for table, rows in before.items()}
    return {table: number for table, number in lost.items() if number}


def come(before: Rows, after: Rows) -> dict[str, int]:
    """How many rows each table has that were not there, or not so."""
    return gone(after, before)


def of_area(code: str, seeds: Iterable[Model]) -> dict[str, str]:
    """Checksums of the rows of an area, by model and key: those that name it, `seeds`, and what is of either.

    A row that names an area belongs to that one, whatever it refers to: a person may be known in two areas.
    """
    tables = {
        model: list(model._base_manager.values())
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label not in PASSING
    }
    mine: dict[type[Model], set[Any]] = {type(row): set() for row in seeds} | {
        model: set() for model in tables
    }
    for row in seeds:
        mine[type(row)].add(row.pk)
    for model, rows in tables.items():
        if model._meta.app_label != "intake":
            mine[model] |= {_key(model, row) for row in rows if code in _areas(row)}
    while any(_follow(model, rows, mine) for model, rows in tables.items()):
        pass
    return {
        f"{model._meta.label}:{_key(model, row)}": md5(
            repr(_plain(row)).encode(), usedforsecurity=False
        ).hexdigest()
        for model, rows in tables.items()
        for row in rows
        if _key(model, row) in mine[model]
    }


PASSING = {"sessions", "django_tasks_database", "axes"}
_AREA = re.compile(r"\d\d\.\d\d(?=\.|$)")


def _plain(row: dict[str, Any]) -> list[Any]:
    return [bytes(value) if isinstance(value, memoryview) else value for value in row.values()]


def _key(model: type[Model], row: dict[str, Any]) -> Any:
    return row[model._meta.pk.attname]


def _areas(row: dict[str, Any]) -> set[str]:
    texts = [each for value in row.values() for each in (value if isinstance(value, list) else [value])]
    found = (_AREA.match(text) for text in texts if isinstance(text, str))
    return {match[0] for match in found if match}


def _follow(model: type[Model], rows: list[dict[str, Any]], mine: dict[type[Model], set[Any]]) -> bool:
    """Take in what refers to a row that is in; whether there was any."""
    keys = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.remote_field.model in mine
        and field.target_field.primary_key
    ]
    new = {
        _key(model, row)
        for row in rows
        if not (model._meta.app_label != "intake" and _areas(row))
        and any(row[field.attname] in mine[field.remote_field.model] for field in keys)
    } - mine[model]
    mine[model] |= new
    return bool(new)
