"""Who changed what in a project and in what belongs to it, in words.

Whoever may see a project may see its history. Records that are gone are found by what the history keeps of
them; persons are not part of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from coverage_portal.accounts.models import Change, User
from projects.models import Addendum, Assessment, Instalment, Payment, Project, ProjectRegency
from projects.wording import written

CHANGES_PER_PAGE = 30
RECORDS = (ProjectRegency, Addendum, Assessment, Payment)
PLACES = {label: model for model in (Project, *RECORDS, Instalment) for label in [model._meta.label_lower]}

CALLED = {
    ProjectRegency: ("regency",),
    Addendum: ("number",),
    Assessment: ("number",),
    Instalment: ("number", "due_on"),
    Payment: ("paid_on", "amount"),
}
"""The fields that a record is called by."""

Values = Mapping[str, Any]
Names = Mapping[tuple[type[models.Model], str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a record before and after, as they are read; empty where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One record changed in one action. `kind` and `name` are empty for the project itself."""

    change: Change
    kind: str
    name: str
    differences: tuple[Difference, ...]

    @property
    def is_new(self) -> bool:
        return self.change.before is None

    @property
    def is_gone(self) -> bool:
        return self.change.after is None


def changes_of(project: Project, user: User, page: str | None) -> Page[ChangeLine]:
    """The changes of a project that the user may see, newest first, a page of them."""
    # All of them first: with a limit the whole history would be walked through, newest first.
    found = Change.objects.filter(_belongs_to(project)).order_by().values_list("pk", flat=True)
    shown: Page[Any] = Paginator(sorted(found, reverse=True), CHANGES_PER_PAGE).get_page(page)
    rows = list(Change.objects.filter(pk__in=shown.object_list).order_by("-pk"))
    names = _names(rows, user)
    shown.object_list = [_line(change, names) for change in rows]
    return shown


def _belongs_to(project: Project) -> Q:
    of_records = Q(model__in=[model._meta.label_lower for model in RECORDS])
    records = of_records & (Q(before__project_id=project.pk) | Q(after__project_id=project.pk))
    once = Change.objects.filter(records, model=Assessment._meta.label_lower).values_list("object_id")
    assessments = {int(pk) for (pk,) in once}
    assessments |= set(Assessment.objects.filter(project=project).values_list("pk", flat=True))
    of_instalments = Q(model=Instalment._meta.label_lower)
    among = Q(before__assessment_id__in=assessments) | Q(after__assessment_id__in=assessments)
    own = Q(model=Project._meta.label_lower, object_id=str(project.pk))
    return own | records | (of_instalments & among)


def _line(change: Change, names: Names) -> ChangeLine:
    model = PLACES[change.model]
    before, after = change.before or {}, change.after or {}
    kind = "" if model is Project else str(model._meta.verbose_name)
    fields = {field.name: field for field in model._meta.concrete_fields}
    called = [fields[name] for name in CALLED.get(model, ())]
    values = after or before
    name = " · ".join(_read(field, values.get(field.attname), names) for field in called)
    return ChangeLine(change, kind, name, tuple(_differences(model, before, after, names)))


def _differences(
    model: type[models.Model],
    before: Values,
    after: Values,
    names: Names,
) -> Iterator[Difference]:
    for field in model._meta.concrete_fields:
        old, new = before.get(field.attname), after.get(field.attname)
        if old == new or field.primary_key or (_is_owner(field) and not (before and after)):
            continue
        yield Difference(str(field.verbose_name), _read(field, old, names), _read(field, new, names))


def _is_owner(field: models.Field[Any, Any]) -> bool:
    """Whether it says what the record belongs to, which is plain from where it is shown."""
    return field.name in ("project", "assessment") and not field.null


def _read(field: models.Field[Any, Any], value: Any, names: Names) -> str:
    """A stored value as the reader would write it; what can no longer be read, as it is."""
    if value is None or value == "":
        return ""
    if isinstance(field, models.ForeignKey):
        return names.get((field.related_model, str(value)), _("di luar wilayah Anda atau sudah dihapus"))
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.DateField):
        return written(datetime.date.fromisoformat(value))
    if isinstance(field, models.DecimalField):
        is_money = field.max_digits is not None and field.max_digits > 5
        return written(Decimal(value)) if is_money else f"{value} %"
    return str(value)


def _names(changes: Iterable[Change], user: User) -> dict[tuple[type[models.Model], str], str]:
    """What the records are called that the changes refer to, a query for each kind of them."""
    wanted: defaultdict[tuple[type[models.Model], str], set[str]] = defaultdict(set)
    for change in changes:
        for field in PLACES[change.model]._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                sides = (change.before or {}, change.after or {})
                values = {str(side.get(field.attname) or "") for side in sides} - {""}
                wanted[field.related_model, field.target_field.name] |= values
    found = {}
    for (model, key), values in wanted.items():
        if values:
            manager: Any = apps.get_model(model._meta.label)._default_manager
            rows = manager.visible_to(user) if hasattr(manager.all(), "visible_to") else manager.all()
            for row in rows.filter(**{f"{key}__in": values}):
                found[model, str(getattr(row, key))] = str(row)
    return found
