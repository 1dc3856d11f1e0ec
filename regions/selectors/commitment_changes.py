"""Who changed what in a promise, in words: a due date that was moved is plain to see."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coverage_portal.accounts.models import Change
from coverage_portal.lib.numbers import format_number
from coverage_portal.lib.periods import format_date
from regions.models import Agency, Commitment

MOST = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, as they are read; empty where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of a promise; without differences it is the one that wrote it down."""

    change: Change
    differences: tuple[Difference, ...]


def changes_of(commitment: Commitment) -> tuple[ChangeLine, ...]:
    """The latest changes of a promise, newest first, in two queries."""
    label = Commitment._meta.label_lower
    found = list(Change.objects.filter(model=label, object_id=str(commitment.pk)).order_by("-pk")[:MOST])
    sides = [side for change in found for side in (change.before, change.after) if side]
    agencies = Agency.objects.filter(pk__in={int(side["agency_id"]) for side in sides})
    names = {agency.pk: agency.name for agency in agencies}
    return tuple(ChangeLine(change, tuple(_differences(change, names))) for change in found)


def _differences(change: Change, names: Mapping[int, str]) -> Iterator[Difference]:
    if not change.before or not change.after:
        return
    for field in Commitment._meta.concrete_fields:
        old, new = change.before.get(field.attname), change.after.get(field.attname)
        if old != new:
            yield Difference(str(field.verbose_name), _read(field, old, names), _read(field, new, names))


def _read(field: models.Field[Any, Any], value: Any, names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return ""
    if field.name == "agency":
        return names.get(value, _("sudah dihapus"))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return format_date(datetime.date.fromisoformat(value), get_language() or "id")
    if isinstance(value, int):
        return format_number(value, get_language() or "id")
    return str(value)
