"""Giving back what an action changed, from its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

Place = tuple[str, str]
"""A record by its model and id, as the history has them."""
InUse = Callable[[Sequence[models.Model], set[Place]], set[Place]]
Held = Callable[[Sequence[Change]], dict[int, str]]


def restore(
    action: Any,
    author: Author,
    *,
    leave_out: bool,
    in_use: InUse = lambda _standing, _made: set(),
    held: Held = lambda _changes: {},
) -> list[str]:
    """Undo every change of an action whose record still is as the action left it.

    A record that the action made and that others refer to by now stays where it is; `in_use` names those
    whose staying the user is to be told.

    Args:
        leave_out: restore the others although some records were changed since.
        in_use: of the records that the action made and that still stand, those that others need than what
            the action made. Asked once, for all of them.
        held: which of the changes must not be given back now, by their ids, and why.

    Returns:
        The records that were changed since, are in use or held; without `leave_out` nothing is written when
        there are any.
    """
    changes = list(Change.objects.of_action(action))
    current = _current(changes)
    made = {(change.model, change.object_id) for change in changes if change.before is None}
    changed = {change.pk for change in changes if _stands(change, current) != change.after}
    standing = [
        current[change.model, change.object_id]
        for change in changes
        if change.before is None and change.pk not in changed
    ]
    needed = in_use(standing, made)
    kept = changed | {change.pk for change in changes if (change.model, change.object_id) in needed}
    locked = held(changes)
    kept |= locked.keys()
    conflicts = [_label(change, locked.get(change.pk, "")) for change in changes if change.pk in kept]
    if conflicts and not leave_out:
        return conflicts
    written: list[history.Traced] = []
    for change in reversed(changes):
        if change.pk in kept:
            continue
        model = apps.get_model(change.model)
        instance = current.get((change.model, change.object_id)) or model(pk=change.object_id)
        if change.before is None:
            along = history.going_along([instance])
            try:
                model._base_manager.filter(pk=change.object_id).delete()
            except models.ProtectedError:
                continue
            written += [*along, (instance, change.after, None)]
        else:
            _set(instance, change.before)
            instance.save(force_insert=change.after is None, force_update=change.after is not None)
            written.append((instance, change.after, change.before))
    if written:
        history.record(author, written)
    return conflicts


def _label(change: Change, reason: str) -> str:
    return f"{change.summary}: {reason}" if reason else change.summary


def _current(changes: list[Change]) -> dict[Place, models.Model]:
    """The records as they stand, locked in id order."""
    found: dict[Place, models.Model] = {}
    for label in sorted({change.model for change in changes}):
        ids = [change.object_id for change in changes if change.model == label]
        rows = apps.get_model(label)._base_manager.filter(pk__in=ids).order_by("pk").select_for_update()
        found.update({(label, str(row.pk)): row for row in rows})
    return found


def _stands(change: Change, current: dict[Place, models.Model]) -> dict[str, Any] | None:
    row = current.get((change.model, change.object_id))
    return None if row is None else history.snapshot(row)


def _set(instance: models.Model, values: dict[str, Any]) -> None:
    for field in instance._meta.concrete_fields:
        if field.attname in values:
            setattr(instance, field.attname, field.to_python(values[field.attname]))
