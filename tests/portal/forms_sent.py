"""What a crawl sends to an address: fields that pages ask for, and for the admin a record's own values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db import models
from django.forms.models import _get_foreign_key, model_to_dict

from coverage_portal.accounts import roles
from coverage_portal.lib.fields import MonthField
from tests.portal.furnished import CANARY, OWN

COMMON = {
    "post": "yes",
    "reason": "uji",
    "alasan": "uji",
    "action": "delete_selected",
    "name": "Diambil",
    "promise": "Diambil",
    "status": "kept",
    "rows": "good",
    "role": roles.PORTAL_ADMIN,
    "username": "dicuri",
    "first_name": "x",
    "made_on": "2026-01-01",
    "due_on": "2026-12-31",
    "source": "Diambil",
    "act": "erase",
    "sure": "on",
    "lost_phone": "on",
    "yakin": "1",
    "sampai": "2099-12-31",
    "hingga_bulan": "2099-12",
    "closed_on": "2026-01-01",
    "closing_note": "Diambil",
}
OF_ADMIN = re.compile(r"admin/(\w+)/(\w+)/(add/|[^/]+/change/)?$")


def forms_for(objects: dict[str, Any]) -> Callable[[str], dict[str, Any]]:
    """The form for an address: in the admin, what would write the record of its model, or one like it."""

    def form(path: str) -> dict[str, Any]:
        batch = objects["intake.importbatch"]
        regency, person = objects["regions.regency"], objects["projects.enrollment"].worker
        found = {
            **COMMON,
            "preview": str(batch.preview or ""),
            "agency": objects["regions.agency"].pk,
            "wilayah": regency.code,
            "area_code": regency.code,
            "nik": f"617101170890{person.nik_last4}",
        }
        match = OF_ADMIN.match(path)
        row = objects.get(f"{match[1]}.{match[2]}") if match else None
        if match is None or row is None:
            return found
        if match[3] is None:
            return {**found, "_selected_action": row.pk}
        return record_form(row, is_new=match[3] == "add/")

    return form


def record_form(row: models.Model, *, is_new: bool) -> dict[str, Any]:
    """The values of a record as its page in the admin sends them; of another like it, if it is to be new."""
    sent: dict[str, Any] = {"reason": "uji"}
    for name, value in model_to_dict(row).items():
        field = row._meta.get_field(name)
        if isinstance(field, models.ManyToManyField) or value is None or value is False:
            continue
        sent[name] = _other(field, value) if is_new or name in CHANGED else _unread(value)
    model_admin = admin.site._registry.get(type(row))
    for inline in model_admin.inlines if model_admin else ():
        key = _get_foreign_key(type(row), inline.model, fk_name=inline.fk_name)
        prefix = key.remote_field.get_accessor_name(model=inline.model)
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return sent


CHANGED = {
    "note", "source", "promise", "first_name", "legal_basis", "reference", "capital", "amount", "people",
    "reported", "quoted_percent", "name",
}  # fmt: skip
"""What changes of a record that is there, so that to have stored the form is to be seen."""


def _unread(value: Any) -> Any:
    """A text of the scene is not sent: what comes back was known before."""
    is_of_the_scene = isinstance(value, str) and (CANARY in value.upper() or OWN in value.upper())
    return "Diambil" if is_of_the_scene else value


def _other(field: Any, value: Any) -> Any:
    """Another value of the same form, so that to have stored it is to be seen."""
    if isinstance(field, MonthField):
        return "2024-03"
    if isinstance(field, models.ForeignKey) or field.choices:
        return value
    if isinstance(field, (models.IntegerField, models.DecimalField)):
        return value + 1
    if isinstance(field, models.CharField):
        return f"{_unread(value)}X"[: field.max_length or 100]
    return _unread(value)
