"""The calendar of days that are no working days."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from coverage_portal.accounts.audited import AuditedAdmin
from projects import resources
from projects.models import Holiday


@admin.register(Holiday)
class HolidayAdmin(AuditedAdmin):
    resource_classes: ClassVar = [resources.HolidayResource]
    list_display = ("date", "name", "kind", "source")
    list_filter = ("kind", "date")
    search_fields = ("name", "source")
    date_hierarchy = "date"
    ordering = ("-date",)

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]
