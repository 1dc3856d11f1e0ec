"""Assessments with their instalments, and payments."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects import resources, services
from projects.models import Assessment, Instalment, Payment

from .records import OfProjectAdmin, OfProjectFilter, ScopedInline


class InstalmentFormSet(forms.BaseInlineFormSet):
    """The instalments of an assessment are not more than it."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.instance.amount is None:
            return
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        total = sum((part["amount"] for part in kept if part.get("amount")), Decimal(0))
        if total > self.instance.amount:
            raise forms.ValidationError(_("Jumlah termin lebih besar daripada penetapannya."))


class InstalmentInline(ScopedInline):
    model = Instalment
    formset = InstalmentFormSet
    ordering = ("number",)


@admin.register(Assessment)
class AssessmentAdmin(OfProjectAdmin):
    resource_classes: ClassVar = [resources.AssessmentResource]
    inlines = (InstalmentInline,)
    list_display = ("number", "project", "assessed_on", "amount", "is_additional")
    list_filter = ("assessed_on", "is_additional", OfProjectFilter)
    ordering = ("-assessed_on", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("instalments")


@admin.register(Payment)
class PaymentAdmin(OfProjectAdmin):
    """Payments. Writing one may move what its project's workers count from."""

    resource_classes: ClassVar = [resources.PaymentResource]
    list_display = ("paid_on", "project", "amount", "reference", "assessment", "source")
    list_filter = ("paid_on", OfProjectFilter)
    list_select_related = ("project", "assessment")
    search_fields = ("project__name", "project__package_code", "project__bpjs_number", "reference")
    search_help_text = _("Cari nama, kode paket, atau nomor BPJS proyek, atau nomor bukti")
    autocomplete_fields = ("project", "assessment")
    date_hierarchy = "paid_on"
    ordering = ("-paid_on", "-pk")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "assessment":
            field.help_text = _("Penetapan milik proyek yang sama.")
        return field

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        with services.payments_of([obj.project_id]):  # type: ignore[attr-defined]
            super().save_model(request, obj, form, change)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with services.payments_of(set(queryset.values_list("project_id", flat=True))):
            super().delete_queryset(request, queryset)
