"""Databases of every earlier state, with a row in every table, come through all later migrations unharmed.

One walk through all migrations shows it for each of them: a row is written as soon as its table is there, and
after each migration every row that was there before is compared, column by column.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from psycopg2 import sql

from coverage_portal.lib.fields import MonthField
from coverage_portal.lib.periods import Month
from tests import ground

OURS = ("accounts", "intake", "regions", "projects")
AREAS = ("regions", "0003_first_target")
"""The migration that the areas are there after: rows of `regions` are written then, not before it."""

REWRITTEN = {
    ("intake", "0003_forget_readable_samples"): {"intake_stagedrecord"},
}
"""The tables whose rows a migration is there to change or to delete."""

REGENCY = "61.04"
DAY = datetime.date(2025, 1, 15)
NOW = datetime.datetime(2025, 8, 1, 9, 0, tzinfo=datetime.UTC)
VALUES: dict[type[models.Field[Any, Any]], Any] = {
    MonthField: Month(2025, 7),
    models.CharField: "Contoh",
    models.TextField: "Contoh",
    models.SlugField: "contoh",
    models.BooleanField: False,
    models.DecimalField: Decimal(12),
    models.DateTimeField: NOW,
    models.DateField: DAY,
    models.UUIDField: uuid.UUID(int=7),
    models.BinaryField: b"\x00\x01\xff" * 10,
    ArrayField: [REGENCY],
    models.JSONField: {"a": [1, None, "é"]},
    models.IntegerField: 3,
}
LOADED = {"regions.province", "regions.regency"}
"""Models whose rows a migration brings."""
SPECIAL: dict[str, dict[str, Any]] = {
    "accounts.areagrant": {"area_code": REGENCY},
    "accounts.change": {"before": None, "after": {"name": "Contoh"}},
    "accounts.user": {"username": "contoh"},
    "intake.importbatch": {"state": "applied", "applied_at": NOW, "areas": [REGENCY]},
    "intake.issue": {"severity": "error"},
    "intake.stagedrow": {"outcome": "new"},
    "intake.stagedrecord": {"outcome": "new", "area": REGENCY},
    "regions.periodexception": {"granted_at": NOW, "valid_until": NOW + datetime.timedelta(days=1)},
    "regions.publishedcell": {"basis": "reported"},
    "regions.release": {"number": 0},
    "regions.target": {"year": 2026},
    "regions.workforce": {"year": 2026},
    "projects.addendum": {"end": DAY},
    "projects.letter": {"year": 2026, "number": 1, "sha256": "0" * 64},
    "projects.worker": {"nik_last4": "9001", "kpj": "12345678901", "sex": "P", "birth_date": DAY},
    "projects.enrollment": {"segment": "PU"},
    "projects.stagedenrollment": {"kpj": "", "sex": "", "segment": "PU", "nik_last4": "9001"},
}
"""Values that a table's rules ask for, by model."""


def row_of(model: type[models.Model], apps: Any) -> models.Model:
    """A row of a table as it is at this state, every column filled that a rule does not forbid."""
    special = SPECIAL.get(model._meta.label_lower, {})
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in special:
            values[field.name] = special[field.name]
        elif isinstance(field, models.ForeignKey):
            # Of the two sorts of area, or the two sides of an addendum, a row has the regency's.
            wanted = not field.null or field.name == "regency"
            values[field.attname] = _first(field, apps) if wanted else None
        elif not (field.primary_key and field.has_default()) and not field.generated and not field.null:
            if isinstance(field, models.AutoField) or field.has_default():
                continue
            values[field.name] = _value(field)
    return model._default_manager.create(**values)


def _first(field: models.ForeignKey[Any, Any], apps: Any) -> Any:
    target = apps.get_model(field.remote_field.model._meta.label)
    rows = target._default_manager.all()
    if target._meta.label_lower == "regions.regency":
        rows = rows.filter(code=REGENCY)
    row = rows.order_by("-pk" if field.name == "registration" else "pk").first()
    return getattr(row, field.target_field.attname)


def _value(field: models.Field[Any, Any]) -> Any:
    if field.choices:
        return field.choices[0][0]
    if getattr(field, "blank", False) and isinstance(field, models.CharField):
        return ""
    value = next((value for kind, value in VALUES.items() if isinstance(field, kind)), None)
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value


def stored() -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of our tables: by table, by its key, each column as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND split_part(relname, '_', 1) = ANY(%s)",
            [list(OURS)],
        )
        return {name: _rows(cursor, name) for (name,) in cursor.fetchall()}


def _rows(cursor: Any, table: str) -> dict[str, dict[str, Any]]:
    cursor.execute(
        "SELECT attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        " AND a.attnum = ANY(i.indkey) WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    key = [name for (name,) in cursor.fetchall()]
    cursor.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table)))
    rows = [json.loads(row, parse_float=str) for (row,) in cursor.fetchall()]
    return {repr([row[name] for name in key]): row for row in rows}


def changes(before: dict[str, Any], after: dict[str, Any], *, but: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """What of the rows before is not in the rows after: `table key column`, or `table key` of a lost row."""
    found = []
    for table, rows in before.items():
        if table in but or table not in after:
            continue
        for key, row in rows.items():
            now = after[table].get(key)
            if now is None:
                found.append(f"{table} {key}")
            else:
                found += [
                    f"{table} {key} {name}" for name in row.keys() & now.keys() if row[name] != now[name]
                ]
    return found


def fill(executor: MigrationExecutor, step: tuple[str, str], filled: set[str]) -> None:
    """Write a row into each table that is new, once the areas are there."""
    apps = executor.loader.project_state([*executor.loader.applied_migrations]).apps
    has_areas = AREAS in executor.loader.applied_migrations
    for app in OURS:
        if app in ("regions", "projects") and not has_areas:
            continue
        waiting = [m for m in _models(apps, app) if m._meta.label_lower not in filled]
        for model in waiting:
            # Two projects, for what is said of a pair.
            for _time in range(2 if model._meta.label_lower == "projects.project" else 1):
                row_of(model, apps)
            filled.add(model._meta.label_lower)


def _models(apps: Any, app: str) -> list[type[models.Model]]:
    """The models of an app at this state, those that others refer to first."""
    found = [m for m in apps.get_models() if m._meta.app_label == app and m._meta.managed]
    return sorted(found, key=lambda m: (_depth(m, ()), m._meta.model_name))


def _depth(model: type[models.Model], seen: tuple[str, ...]) -> int:
    referred = [
        f.remote_field.model
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey)
        and not f.null
        and f.remote_field.model._meta.label not in (*seen, model._meta.label)
    ]
    return 1 + max((_depth(each, (*seen, model._meta.label)) for each in referred), default=0)


@pytest.fixture
def empty(var_dir: Path, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), ground.elsewhere(var_dir):
        yield


def test_rows_of_every_earlier_state_come_through_and_back_one_step(empty: None) -> None:
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _back in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    filled = set(LOADED)
    harmed: dict[str, list[str]] = {}

    for migration in plan:
        step = (migration.app_label, migration.name)
        before = stored()
        executor = MigrationExecutor(connection)
        executor.migrate([step])
        if found := changes(before, stored(), but=REWRITTEN.get(step, set())):
            harmed[".".join(step)] = found
        executor.loader.build_graph()
        fill(executor, step, filled)

    last = stored()
    for leaf in MigrationExecutor(connection).loader.graph.leaf_nodes():
        executor, before = MigrationExecutor(connection), stored()
        parents = [node for node in executor.loader.graph.node_map[leaf].parents if node[0] == leaf[0]]
        if leaf[0] in OURS and all(_is_reversible(o) for o in executor.loader.graph.nodes[leaf].operations):
            executor.migrate([parent.key for parent in parents])
            there = {table: before[table] for table in stored()}
            MigrationExecutor(connection).migrate([leaf])
            if found := changes(there, stored()):
                harmed[f"back from {leaf[0]}.{leaf[1]}"] = found

    assert harmed == {}
    # Who has which group or permission is nobody's in a new portal.
    empty_tables = {table for table, rows in last.items() if not rows}
    assert empty_tables == {"accounts_user_groups", "accounts_user_user_permissions"}
    assert len(filled) > 30


def test_lost_row_and_changed_column_would_be_noticed() -> None:
    """The control arm."""
    before = {"a": {"[1]": {"x": 1, "gone": 2}, "[2]": {"x": 1}}}
    after = {"a": {"[1]": {"x": 5, "new": 3}}}

    assert changes(before, after) == ["a [1] x", "a [2]"]
    assert changes(before, after, but={"a"}) == []


def _is_reversible(operation: Operation) -> bool:
    if isinstance(operation, RunSQL | RunPython):
        return bool(operation.reversible)
    return True
