"""The admin's base class: it shows and offers what lies in one's areas, and every change leaves a trace."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import DecimalField, ForeignKey, Model, PositiveIntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from coverage_portal.lib import exports
from coverage_portal.lib.fields import MonthField
from coverage_portal.lib.inputs import AmountInput, CountInput, MonthInput

from . import events, generation, history
from .areas import Scope, permission_of, scope_of
from .asked import NUL, AskedAdmin
from .history import Author, Traced
from .models import Change

REASON = "reason"
EXPORT = "accounts.export_records"
MAX_SEARCH_LENGTH = 100
UNREADABLE_FILTERS = gettext_noop(
    "Saringan pada alamat ini tidak dapat dibaca. Pilih saringan di daftar ini, lalu ekspor lagi."
)

Snapshot = dict[str, Any]


class AuditedForm(forms.ModelForm):
    """A form that asks why. The answer goes to the history, not to the record."""

    reason = forms.CharField(
        label=_("Alasan perubahan"),
        max_length=300,
        required=False,
        help_text=_("Boleh kosong; disimpan di riwayat perubahan."),
    )

    def validate_unique(self) -> None:
        """Check every constraint, also those over fields that the form only shows."""
        super().validate_unique()
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as error:
            self.add_error(None, error)


class AuditedAdmin(ExportMixin, AskedAdmin):
    """Stock admin for records of areas.

    A subclass says in `scoped` which of its rows a user may work on, and in `choices_for` what its rows may
    belong to. Every save and deletion writes the record before and after in the transaction of the change,
    whose last statement moves the generation key (`moves_figures`). Export needs the permission to view;
    imports go through the portal's own import pages, where they are checked.
    """

    form = AuditedForm
    export_form_class = ExportForm
    export_formats = (exports.XLSX, exports.CSV)
    import_formats = ()
    formfield_overrides: ClassVar = {
        MonthField: {"form_class": MonthInput},
        PositiveIntegerField: {"form_class": CountInput},
        DecimalField: {"form_class": AmountInput},
    }
    list_per_page = 50
    moves_figures = True

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that the request's user may work on."""
        raise NotImplementedError

    def choices_for(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        """What a foreign key to this model may point to for the request's user; None for no restriction."""
        return None

    def writable(self, request: HttpRequest, action: str) -> QuerySet[Any]:
        """The rows that the request's user may `change` or `delete`, or may have added."""
        rows: Any = self.model._default_manager.all()
        found: QuerySet[Any] = (
            rows.editable_by(request.user, action)
            if hasattr(rows, "editable_by")
            else self.scoped(request, rows)
        )
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.scoped(request, super().get_queryset(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may(request, "delete", obj)

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the list and may take records away."""
        return bool(super().has_export_permission(request)) and request.user.has_perm(EXPORT)

    def _may(self, request: HttpRequest, action: str, obj: Model | None) -> bool:
        """Whether a role that allows it reaches the record; asked once a request."""
        if obj is None or obj.pk is None or request.user.is_superuser:
            return True
        known: dict[tuple[str, Any], bool] = request.__dict__.setdefault("_may_write", {})
        key = (f"{self.opts.label}.{action}", obj.pk)
        if key not in known:
            known[key] = self.writable(request, action).filter(pk=obj.pk).exists()
        return known[key]

    def write_scope(self, request: HttpRequest) -> Scope:
        """Where the user may write records of this kind: what a form may lead to."""
        match = request.resolver_match
        action = "change" if match and "object_id" in match.kwargs else "add"
        return scope_of(request.user, permission_of(self.model, action))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        choices = self.choices_for(request, db_field.remote_field.model)
        if choices is not None:
            kwargs["queryset"] = choices
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, search_term[:MAX_SEARCH_LENGTH])

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[Any]:
        fields = super().get_fields(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return fields if may_write else [field for field in fields if field != REASON]

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        """The file; that it was taken, and how many records are in it, is in the log."""
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        what = f"{self.opts.label_lower} ({file_format.get_extension()})"
        filters = {
            name.replace(NUL, ""): request.GET.get(name, "")[:100].replace(NUL, "")
            for name in list(request.GET)[:20]
        }
        events.note(
            events.Kind.EXPORTED,
            user=request.user,
            request=request,
            what=what,
            count=queryset.count(),
            detail=filters,
        )
        return data

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The form and the file; where its filters cannot be read, the way back to the list."""
        try:
            answer: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            messages.error(request, gettext(UNREADABLE_FILTERS))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return answer

    def get_valid_export_item_pks(self, request: HttpRequest) -> Sequence[int]:
        """None: what is exported is the filtered list, not a choice of rows."""
        return ()

    def snapshot(self, instance: Model) -> Snapshot:
        """What the history keeps of a record; a subclass leaves out what nobody should read there."""
        return history.snapshot(instance)

    def author(self, request: HttpRequest, reason: str = "") -> Author:
        """Who acts in this request. All that one request changes bears one action id and one reason."""
        author: Author | None = getattr(request, "_author", None)
        if author is None:
            author = Author(request.user, Change.Source.ADMIN, reason, uuid.uuid4())
            request._author = author
        return author

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        self.author(request, form.cleaned_data.get(REASON, ""))
        form.before = self._stored(obj) if change else None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not self.writable(request, "change" if change else "add").filter(pk=form.instance.pk).exists():
            # Whatever the form has let through: nobody writes a record out of their own reach.
            raise PermissionDenied
        changes: list[Traced] = [(form.instance, form.before, self._stored(form.instance))]
        history.record(self.author(request), changes)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Write what belongs to the record, with its history."""
        formset.save(commit=False)
        changed = [row for row, _fields in formset.changed_objects]
        before = {row.pk: self._stored(row) for row in (*changed, *formset.deleted_objects)}
        gone: list[Traced] = [(row, before[row.pk], None) for row in formset.deleted_objects]
        history.record(self.author(request), gone)
        formset.save()
        kept = [*formset.new_objects, *(row for row, _fields in formset.changed_objects)]
        written: list[Traced] = [(row, before.get(row.pk), self._stored(row)) for row in kept]
        history.record(self.author(request), written)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.delete_queryset(request, self.get_queryset(request).filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            # Locked by their ids: a list that counts something of each row cannot be locked itself.
            pks = list(queryset.values_list("pk", flat=True))
            chosen = queryset.model._base_manager.filter(pk__in=pks).order_by("pk")
            rows = list(chosen.select_for_update(of=("self",)))
            own = self.writable(request, "delete").filter(pk__in=[row.pk for row in rows])
            if own.count() != len(rows):
                raise PermissionDenied
            changes = [*history.going_along(rows), *((row, self.snapshot(row), None) for row in rows)]
            history.record(self.author(request), changes)
            queryset.model._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
            self._move()

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        entry = super().log_addition(request, obj, message)
        self._move()
        return entry

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        entry = super().log_change(request, obj, message)
        self._move()
        return entry

    def _stored(self, instance: Model) -> Snapshot:
        """The record as the database has it, locked until the change is through."""
        # Not FOR UPDATE: others may go on to refer to the record.
        rows = type(instance)._base_manager.select_for_update(of=("self",), no_key=True)
        return self.snapshot(rows.get(pk=instance.pk))

    def _move(self) -> None:
        # Called from the admin's own log, the last thing it writes in the transaction of a change.
        if self.moves_figures:
            generation.move()
