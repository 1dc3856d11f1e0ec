"""Who changed which record, when, from what to what, and why."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from coverage_portal.lib.periods import Month

from .models import Change, User

SYSTEM = "sistem"
Traced = tuple[models.Model, Mapping[str, Any] | None, Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Author:
    """Who acts, through what, and why; one action id binds all that they change in one go."""

    user: User | None
    source: str
    reason: str = ""
    action: uuid.UUID | None = None

    @property
    def name(self) -> str:
        return SYSTEM if self.user is None else self.user.get_username()


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return str(o) if isinstance(o, Month) else super().default(o)


def snapshot(instance: models.Model) -> dict[str, Any]:
    """The stored columns of a record as JSON values, keyed by column.

    What a model names in `derived_fields` follows from other records and is no part of its history.
    """
    import json

    derived = getattr(instance, "derived_fields", ())
    values = {
        field.attname: field.value_from_object(instance)
        for field in instance._meta.concrete_fields
        if field.name not in derived
    }
    result: dict[str, Any] = json.loads(json.dumps(values, cls=_Encoder))
    return result


PASSWORD_CHANGED = {"password": "********"}
NOT_OF_USER = ("password", "last_login", "session_stamp")


def snapshot_of_user(user: User) -> dict[str, Any]:
    """A user without the password's hash and the sign-ins, with the groups and the permissions by name."""
    values = {key: value for key, value in snapshot(user).items() if key not in NOT_OF_USER}
    values["groups"] = sorted(user.groups.values_list("name", flat=True))
    values["user_permissions"] = permission_names(user.user_permissions)
    return values


def permission_names(permissions: Any) -> list[str]:
    """Permissions as the code calls them."""
    return sorted(
        f"{app}.{code}" for app, code in permissions.values_list("content_type__app_label", "codename")
    )


def going_along(instances: Sequence[models.Model]) -> list[Traced]:
    """What happens to other records when these are deleted, for the history; to be called before.

    A model names those of them that have a history, in `history_goes_along`; the foreign key says what
    becomes of them.
    """
    traced: list[Traced] = []
    for label in getattr(instances[0], "history_goes_along", ()) if instances else ():
        model = apps.get_model(label)
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or not isinstance(instances[0], field.related_model):
                continue
            is_gone = field.remote_field.on_delete is models.CASCADE
            for row in model._base_manager.filter(**{f"{field.name}__in": instances}).order_by("pk"):
                before = snapshot(row)
                traced.append((row, before, None if is_gone else {**before, field.attname: None}))
    return traced


def record(
    author: Author,
    changes: Iterable[Traced],
    at: Callable[[models.Model], datetime.datetime | None] = lambda _instance: None,
) -> uuid.UUID:
    """Write the history of one action: (record, before, after) each; returns the action's id.

    Runs inside the transaction of the change itself, so that neither can be without the other. A record that
    its own text would say too much of has a `history_summary`. `at` tells when a record was changed, None
    for now: only an example has another past.
    """
    action = author.action or uuid.uuid4()
    Change.objects.bulk_create(
        Change(
            action=action,
            at=at(instance) or timezone.now(),
            user=author.user,
            actor=author.name,
            source=author.source,
            model=instance._meta.label_lower,
            object_id=str(instance.pk or (before or {}).get("id", "")),
            summary=str(getattr(instance, "history_summary", instance))[:200],
            before=before,
            after=after,
            reason=author.reason[:300],
        )
        for instance, before, after in changes
    )
    return action
