"""Closed months in the admin: read, and never written there."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.audited import AuditedAdmin
from regions import resources
from regions.models import PeriodException, PeriodStatus, PublishedCell, Release

from .filters import MonthYearFilter, RegencyFilter


class RecordAdmin(AuditedAdmin):
    """Records that only the pages of closing write: here they are read."""

    list_select_related = ("regency",)
    search_fields = ("regency__name", "regency__code")
    search_help_text = _("Cari nama atau kode wilayah")

    def scoped(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        return queryset.inside(scope_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(PeriodStatus)
class PeriodStatusAdmin(RecordAdmin):
    resource_classes: ClassVar = [resources.PeriodStatusResource]
    list_display = ("regency", "month", "state", "submitted_by", "approved_by", "locked_by", "release")
    list_filter = ("state", MonthYearFilter, RegencyFilter)
    list_select_related = ("regency", "submitted_by", "approved_by", "locked_by", "release")
    ordering = ("-month", "regency__code")


@admin.register(Release)
class ReleaseAdmin(RecordAdmin):
    resource_classes: ClassVar = [resources.ReleaseResource]
    list_display = ("regency", "month", "number", "published_at", "actor", "reason")
    list_filter = (MonthYearFilter, RegencyFilter)
    ordering = ("-month", "regency__code", "number")


@admin.register(PublishedCell)
class PublishedCellAdmin(RecordAdmin):
    resource_classes: ClassVar = [resources.PublishedCellResource]
    list_display = ("release", "segment", "members", "workforce", "workforce_year", "target_percent", "basis")
    list_filter = ("segment",)
    list_select_related = ("release",)
    search_fields = ("release__regency__name", "release__regency__code")
    ordering = ("-release__month", "release__regency__code", "release__number", "segment")


@admin.register(PeriodException)
class PeriodExceptionAdmin(RecordAdmin):
    resource_classes: ClassVar = [resources.PeriodExceptionResource]
    list_display = ("regency", "month", "reason", "actor", "granted_at", "valid_until")
    list_filter = (MonthYearFilter, RegencyFilter)
    ordering = ("-granted_at", "pk")
