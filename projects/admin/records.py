"""What the admin pages of projects share: whose records they show, and what may be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import permission_of, scope_of
from coverage_portal.accounts.audited import AuditedAdmin
from projects.models import Assessment, Contractor, Project
from regions.models import Agency, Regency


def choices(request: HttpRequest, model: type[Model], written: type[Model]) -> QuerySet[Any] | None:
    """What a record that is `written` may point to for the request's user; None for no restriction."""
    permission = permission_of(written, "change")
    if model is Contractor:
        return Contractor.objects.visible_to(request.user)
    if model is Project:
        return Project.objects.kept_by(request.user, permission)
    if model is Assessment:
        return Assessment.objects.filter(project__in=Project.objects.kept_by(request.user, permission))
    scope = scope_of(request.user, permission)
    if model is Agency:
        return Agency.objects.within(scope)
    if model is Regency:
        return Regency.objects.filter(scope.widened.condition("code")).order_by("code")
    return None


class RegencyFilter(admin.SimpleListFilter):
    """By regency: those of one's areas, and projects without any."""

    title = _("kabupaten/kota")
    parameter_name = "wilayah"
    regency = "regency"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        regencies = Regency.objects.active().filter(scope_of(request.user).condition("code")).order_by("code")
        return [*((regency.code, str(regency)) for regency in regencies), ("-", _("belum diisi"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        code = self.value()
        if not code:
            return queryset
        wanted = {f"{self.regency}__isnull": True} if code == "-" else {f"{self.regency}_id": code}
        return queryset.filter(**wanted)


class OfProjectFilter(RegencyFilter):
    regency = "project__regency"


class ScopedAdmin(AuditedAdmin):
    """Records that say themselves to whom they are visible."""

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def choices_for(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        return choices(request, model, self.model)


class ScopedInline(admin.TabularInline):
    """Rows of one's areas on the page of another record, where the record's own are to be chosen from."""

    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: Any = super().get_queryset(request)
        return found.visible_to(request.user)  # type: ignore[no-any-return]

    def has_add_permission(self, request: HttpRequest, obj: Model | None) -> bool:
        return super().has_add_permission(request, obj) and self._may_write(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._may_write(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may_write(request, obj)

    def _may_write(self, request: HttpRequest, parent: Model | None) -> bool:
        """What belongs to a record that one may only look at is only looked at, too."""
        if parent is None:
            return True
        return self.admin_site.get_model_admin(self.parent_model).has_change_permission(request, parent)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        allowed = choices(request, db_field.remote_field.model, self.model)
        if allowed is not None:
            kwargs["queryset"] = allowed
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfProjectAdmin(ScopedAdmin):
    """Records of a project, whose project is set once."""

    autocomplete_fields: Sequence[str] = ("project",)
    list_select_related: Sequence[str] = ("project",)
    search_fields: Sequence[str] = (
        "project__name",
        "project__package_code",
        "project__bpjs_number",
        "number",
    )
    search_help_text = _("Cari nama, kode paket, atau nomor BPJS proyek, atau nomornya sendiri")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return () if obj is None else ("project",)
