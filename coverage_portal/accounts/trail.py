"""Reading the history: the changes of records and the log of events, as far as one may."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from .areas import Scope, of_codes, scope_of
from .models import Change, Event

READ_CHANGES, READ_EVENTS = "accounts.view_change", "accounts.view_event"
AREA_KEYS = ("province_id", "regency_id", "area_code", "code")
ROWS_IN_A_FILE = 20_000


def changes(user: Any) -> QuerySet[Change]:
    """The changes of records of the areas whose history one may read, and of those that lie where another
    record does."""
    scope = scope_of(user, READ_CHANGES).whole
    if scope.everything:
        return Change.objects.all()
    shown = _in(scope)
    for model in apps.get_models():
        if getattr(model, "history_by_visibility", False):
            rows: Any = model._default_manager
            visible = rows.within(scope) if hasattr(rows.all(), "within") else rows.visible_to(user)
            ids = visible.annotate(text=Cast("pk", CharField())).values("text")
            shown |= Q(model=model._meta.label_lower, object_id__in=ids)
    return Change.objects.filter(shown)


def events(user: Any) -> QuerySet[Event]:
    return Event.objects.visible_to(user)


def wanted_changes(user: Any, wanted: Mapping[str, Any]) -> QuerySet[Change]:
    """The changes asked for, the latest first."""
    found = _between(changes(user), wanted)
    if "jenis" in wanted:
        found = found.filter(model=wanted["jenis"])
    if "wilayah" in wanted:
        found = found.filter(_in(of_codes([wanted["wilayah"]])))
    return found.order_by("-pk")


def wanted_events(user: Any, wanted: Mapping[str, Any]) -> QuerySet[Event]:
    """The events asked for, the latest first."""
    found = _between(events(user), wanted)
    if "jenis" in wanted:
        found = found.filter(kind=wanted["jenis"])
    if "wilayah" in wanted:
        within = of_codes([wanted["wilayah"]]).expanded()
        found = found.filter(areas__overlap=within)
    return found.order_by("-pk")


def differences(change: Change) -> Iterator[tuple[str, Any, Any]]:
    """Column, value before and value after, of what differs."""
    before, after = change.before or {}, change.after or {}
    for column in {**before, **after}:
        old, new = before.get(column), after.get(column)
        if old != new:
            yield column, old, new


def models_of_changes() -> list[tuple[str, str]]:
    """The kinds of records that have a history, by label, with their names."""
    named = [(Group._meta.label_lower, str(Group._meta.verbose_name))]
    for app in ("accounts", "intake", "regions", "projects"):
        for model in apps.get_app_config(app).get_models():
            named.append((model._meta.label_lower, str(model._meta.verbose_name)))
    return sorted(named, key=lambda pair: pair[1])


def _between(found: QuerySet[Any], wanted: Mapping[str, Any]) -> QuerySet[Any]:
    if "dari" in wanted:
        found = found.filter(at__gte=_moment(wanted["dari"], datetime.time.min))
    if "sampai" in wanted:
        # Not before the next day's start: the last day that can be written has none.
        found = found.filter(at__lte=_moment(wanted["sampai"], datetime.time.max))
    if "pelaku" in wanted:
        found = found.filter(actor__icontains=wanted["pelaku"])
    if "alasan" in wanted:
        found = found.filter(reason__icontains=wanted["alasan"])
    return found


def _moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _in(scope: Scope) -> Q:
    return scope.condition(*(f"{side}__{key}" for side in ("before", "after") for key in AREA_KEYS))
