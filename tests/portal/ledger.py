"""What the database saw being written, beside what the history says: triggers for the time of a test."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model

from coverage_portal.accounts.audited import AuditedAdmin
from coverage_portal.accounts.history import NOT_OF_USER
from coverage_portal.accounts.models import AreaGrant, Change, User
from projects.models import Letter, RejectedMatch

_MAKE = """
CREATE TABLE write_ledger (id bigserial, name text, old jsonb, new jsonb);
CREATE FUNCTION write_ledger_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO write_ledger (name, old, new) VALUES (
        TG_TABLE_NAME,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    );
    RETURN NULL;
END $$;
"""
_WATCH = """
CREATE TRIGGER write_ledger AFTER INSERT OR UPDATE OR DELETE ON {}
FOR EACH ROW EXECUTE FUNCTION write_ledger_note()
"""
BESIDE: dict[str, tuple[type[Model], str, str]] = {
    "accounts_user_groups": (User, "user_id", "groups"),
    "accounts_user_user_permissions": (User, "user_id", "user_permissions"),
    "auth_group_permissions": (Group, "group_id", "permissions"),
}
"""Tables of many-to-many fields: whose history they belong to, by which column, under which name."""


def traced() -> dict[str, type[Model]]:
    """The tables of the records that have a history, row by row."""
    found: set[type[Model]] = {RejectedMatch, Letter, AreaGrant}
    for model, each in admin.site._registry.items():
        if isinstance(each, AuditedAdmin):
            found |= {model, *(inline.model for inline in each.inlines)}
    return {model._meta.db_table: model for model in found}


class Ledger:
    def __init__(self) -> None:
        self._tables = traced()
        self._since = 0
        with connection.cursor() as cursor:
            cursor.execute(_MAKE)
            for name in (*self._tables, *BESIDE):
                cursor.execute(_WATCH.format(name))

    def begin(self) -> None:
        """Forget what was written so far."""
        self._since = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM write_ledger")

    def written(self) -> dict[tuple[str, str], tuple[Any, Any]]:
        """Each record that is another than at the beginning, by model and id: as it was, and as it is."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, old::text, new::text FROM write_ledger ORDER BY id")
            rows = [
                (name, *(each and json.loads(each) for each in pair)) for name, *pair in cursor.fetchall()
            ]
        found: dict[tuple[str, str], tuple[Any, Any]] = {}
        for name, old, new in rows:
            if name in BESIDE:
                owner, column, field = BESIDE[name]
                key = (owner._meta.label_lower, str((old or new)[column]))
                was, now = found.get(key, ({}, {}))
                found[key] = ({**(was or {}), field: ""}, {**(now or {}), field: "changed"})
                continue
            model = self._tables[name]
            key = (model._meta.label_lower, str((old or new)[model._meta.pk.column]))
            found[key] = (found.get(key, (_kept(model, old), None))[0], _kept(model, new))
        return {key: pair for key, pair in found.items() if pair[0] != pair[1]}

    def unrecorded(self) -> dict[tuple[str, str], list[str]]:
        """Of these, the columns of which the history does not say that they are others, and by whom."""
        said: dict[tuple[str, str], set[str]] = defaultdict(set)
        for change in Change.objects.filter(pk__gt=self._since).exclude(actor=""):
            before, after = change.before or {}, change.after or {}
            key = (change.model, change.object_id)
            said[key] |= {name for name in {**before, **after} if before.get(name) != after.get(name)}
            said[key] |= {"made"} if change.before is None else set()
            said[key] |= {"gone"} if change.after is None else set()
        missing = {key: sorted(_different(*pair) - said[key]) for key, pair in self.written().items()}
        return {key: names for key, names in missing.items() if names}


def _kept(model: type[Model], row: dict[str, Any] | None) -> dict[str, Any] | None:
    out = {*getattr(model, "derived_fields", ()), *(NOT_OF_USER if model is User else ())}
    return None if row is None else {name: value for name, value in row.items() if name not in out}


def _different(old: dict[str, Any] | None, new: dict[str, Any] | None) -> set[str]:
    if old is None:
        return {"made"}
    if new is None:
        return {"gone"}
    return {name for name in {**old, **new} if old.get(name) != new.get(name)}
