from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.asked import AskedAdmin

from .models import ImportBatch


@admin.register(ImportBatch)
class ImportBatchAdmin(AskedAdmin):
    """Looks at imports and changes none: they move on through their own pages only."""

    list_display = ("file_name", "kind", "state", "uploader", "created_at", "applied_at", "undone_at")
    list_filter = ("kind", "state", "created_at")
    list_select_related = ("user",)
    search_fields = ("file_name", "sha256", "user__username")
    date_hierarchy = "created_at"
    fields: ClassVar = (
        "page",
        "file_name",
        "kind",
        "state",
        "user",
        "created_at",
        "applied_at",
        "undone_at",
        "undone_by",
        "counts",
        "areas",
        "options",
        "good_rows_only",
        "size",
        "sha256",
    )
    readonly_fields = ("page",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("diunggah oleh"), ordering="user__username")
    def uploader(self, batch: ImportBatch) -> str:
        return batch.uploader

    @admin.display(description=_("halaman impor"))
    def page(self, batch: ImportBatch) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("intake:batch", args=[batch.pk]), batch.file_name)
