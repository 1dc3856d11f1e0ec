"""By what lists of areas' records are filtered: only what lies within the user's areas."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import Scope, scope_of
from regions.models import Province, Regency


def areas_of(
    request: HttpRequest, model: type[Province] | type[Regency], scope: Scope | None = None
) -> QuerySet[Any]:
    """The active provinces or regencies within a scope, else the user's areas, public or not."""
    within = scope_of(request.user) if scope is None else scope
    return model.objects.active().filter(within.condition("code")).order_by("code")


class AreaFilter(admin.SimpleListFilter):
    """By area: only those that the user may work on."""

    title = _("wilayah")
    parameter_name = "wilayah"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        areas = [*areas_of(request, Province), *areas_of(request, Regency)]
        return [(area.code, str(area)) for area in areas]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        code = self.value()
        if not code:
            return queryset
        return queryset.filter(**{"regency_id" if "." in code else "province_id": code})


class MonthYearFilter(admin.SimpleListFilter):
    """By the year of the month."""

    title = _("tahun")
    parameter_name = "tahun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = (
            model_admin.get_queryset(request).order_by("-month__year").values_list("month__year", flat=True)
        )
        return [(str(year), str(year)) for year in years.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        year = self.value()
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(month__year=int(year)) if year in known else queryset


class RegencyFilter(AreaFilter):
    """By regency: only those that the user may work on."""

    title = _("kabupaten/kota")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(area.code, str(area)) for area in areas_of(request, Regency)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(regency=self.value()) if self.value() else queryset
