"""Areas and their figures in the stock admin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coverage_portal.accounts.areas import permission_of, scope_of
from coverage_portal.accounts.audited import AuditedAdmin, AuditedForm, Snapshot
from regions import boundaries, resources, services
from regions.models import (
    Agency,
    AreaFigure,
    Baseline,
    Commitment,
    Membership,
    Province,
    QuotedFigure,
    Regency,
    Target,
    Workforce,
)
from regions.selectors.locks import Locks

from . import closing  # noqa: F401 - registers its records
from .filters import AreaFilter, MonthYearFilter, RegencyFilter, areas_of


class LockedForm(AuditedForm):
    """Refuses what would change a closed month, with the reason and who can open it."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        self._stored = None
        if self.instance.pk:
            self._stored = type(self.instance)._base_manager.filter(pk=self.instance.pk).first()
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        lock = Locks().between(self._stored, self.instance)
        if lock is not None:
            self.add_error(None, str(lock))


class AreaFigureAdmin(AuditedAdmin):
    """Figures of an area. What identifies a record is set once: another cell is another record."""

    form = LockedForm

    identity: ClassVar[tuple[str, ...]] = ("province", "regency")
    list_select_related = ("province", "regency")
    search_fields: ClassVar[Sequence[str]] = (
        "regency__name",
        "regency__code",
        "province__name",
        "province__code",
        "source",
    )
    search_help_text = _("Cari nama atau kode wilayah, atau sumber")

    def scoped(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        return queryset.inside(scope_of(request.user))

    def choices_for(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        if model in (Province, Regency):
            return areas_of(request, model, self.write_scope(request))
        return None

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return () if obj is None else self.identity

    def changeform_view(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return _checked_again(super().changeform_view, request, *arguments, **named)

    def delete_view(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return _checked_again(super().delete_view, request, *arguments, **named)

    def changelist_view(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return _checked_again(super().changelist_view, request, *arguments, **named)

    def get_deleted_objects(self, objs: Iterable[Any], request: HttpRequest) -> Any:
        """What deleting takes along; figures of closed months keep it from happening, with the reason."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        locks = Locks()
        found = (locks.between(figure, None) for figure in objs)
        return deleted, counts, needed, [*protected, *dict.fromkeys(str(lock) for lock in found if lock)]

    @admin.display(description=_("wilayah"), ordering="regency__code")
    def area(self, figure: AreaFigure) -> str:
        return f"{figure.area_code} {figure.regency or figure.province}"

    @admin.display(description=_("segmen"), ordering="segment", empty_value=_("belum dirinci"))
    def segment_shown(self, figure: Any) -> str | None:
        return figure.segment


def _checked_again(view: Callable[..., HttpResponse], *arguments: Any, **named: Any) -> HttpResponse:
    """A view's answer; asked once more where a month was closed between its check and its save.

    Nothing of the first time is saved, and the second check sees the closed month and gives the reason.
    """
    try:
        return view(*arguments, **named)
    except IntegrityError as error:
        refused = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if not refused.endswith("_of_closed_month"):
            raise
        return view(*arguments, **named)


@admin.register(Membership)
class MembershipAdmin(AreaFigureAdmin):
    resource_classes: ClassVar = [resources.MembershipResource]
    identity = ("province", "regency", "segment", "month")
    list_display = ("area", "segment_shown", "month", "reported", "counted", "source", "data_date")
    list_filter = (MonthYearFilter, "segment", AreaFilter)
    ordering = ("-month", "regency__code", "segment")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A cell that enrollments count in stays: only its reported figure can be cleared."""
        is_counted = obj is not None and obj.counted is not None
        return not is_counted and super().has_delete_permission(request, obj)


@admin.register(Workforce)
class WorkforceAdmin(AreaFigureAdmin):
    resource_classes: ClassVar = [resources.WorkforceResource]
    identity = ("province", "regency", "segment", "year")
    list_display = ("area", "segment_shown", "year", "people", "source", "data_date")
    list_filter = ("year", "segment", AreaFilter)
    ordering = ("-year", "regency__code", "segment")


@admin.register(Target)
class TargetAdmin(AreaFigureAdmin):
    resource_classes: ClassVar = [resources.TargetResource]
    identity = ("province", "regency", "year")
    list_display = ("area", "year", "percent", "legal_basis")
    list_filter = ("year", AreaFilter)
    search_fields = ("regency__name", "regency__code", "province__name", "province__code", "legal_basis")
    search_help_text = _("Cari nama atau kode wilayah, atau dasar hukum")
    ordering = ("-year", "province__code", "regency__code")


@admin.register(Baseline)
class BaselineAdmin(AreaFigureAdmin):
    resource_classes: ClassVar = [resources.BaselineResource]
    list_display = ("area", "month", "percent", "source")
    list_filter = (AreaFilter,)
    ordering = ("province__code", "regency__code")


@admin.register(QuotedFigure)
class QuotedFigureAdmin(AreaFigureAdmin):
    resource_classes: ClassVar = [resources.QuotedFigureResource]
    list_display = (
        "area",
        "segment_shown",
        "month",
        "quoted_percent",
        "own",
        "off",
        "source",
        "published_on",
    )
    list_filter = ("segment", AreaFilter)
    ordering = ("-published_on", "-pk")

    @admin.display(description=_("persentase dari jumlahnya"))
    def own(self, quote: QuotedFigure) -> str:
        return "–" if quote.own_percent is None else f"{quote.own_percent:.2f}"

    @admin.display(description=_("tidak cocok"), boolean=True)
    def off(self, quote: QuotedFigure) -> bool:
        return quote.is_off


class AreaAdmin(AuditedAdmin):
    """Areas come from the law: nobody adds or deletes one here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Province)
class ProvinceAdmin(AreaAdmin):
    resource_classes: ClassVar = [resources.ProvinceResource]
    list_display = ("code", "name", "bps_code")
    search_fields = ("code", "name")
    ordering = ("code",)

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(scope_of(request.user).condition("code"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class BoundaryForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas GeoJSON"),
        help_text=_(
            "FeatureCollection dalam derajat WGS84 dengan satu Polygon atau MultiPolygon per kabupaten/kota; "
            "kode Kemendagri sebagai id atau properti kode."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
    )


@admin.register(Regency)
class RegencyAdmin(AreaAdmin):
    """The home province's regencies: what may be edited changes no figure and no code."""

    resource_classes: ClassVar = [resources.RegencyResource]
    import_export_change_list_template = "admin/regions/regency/change_list.html"
    list_display = (
        "code",
        "bps_code",
        "__str__",
        "capital",
        "short_name",
        "tile_row",
        "tile_column",
        "has_boundary",
    )
    search_fields = ("code", "bps_code", "name", "capital")
    readonly_fields = ("code", "bps_code", "kind", "name", "province")
    ordering = ("code",)

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.active().filter(scope_of(request.user).condition("code"))

    def writable(self, request: HttpRequest, action: str) -> QuerySet[Any]:
        scope = scope_of(request.user, permission_of(Regency, action))
        return Regency.objects.active().filter(scope.condition("code"))

    def snapshot(self, instance: Model) -> Snapshot:
        return services.traced(instance) if isinstance(instance, Regency) else super().snapshot(instance)

    @admin.display(description=_("batas dimuat"), boolean=True)
    def has_boundary(self, regency: Regency) -> bool:
        return regency.boundary is not None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.boundaries)
        return [path("boundaries/", view, name="regions_regency_boundaries"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        shown = {**(extra_context or {}), "may_load_boundaries": self.may_load_boundaries(request)}
        return super().changelist_view(request, shown)

    def may_load_boundaries(self, request: HttpRequest) -> bool:
        """One file holds all regencies, so it takes the whole province."""
        scope = scope_of(request.user, permission_of(Regency, "change"))
        return self.has_change_permission(request) and areas_of(request, Province, scope).exists()

    def boundaries(self, request: HttpRequest) -> HttpResponse:
        """The page where a boundary file is uploaded: all of it is taken over, or nothing."""
        if not self.may_load_boundaries(request):
            raise PermissionDenied
        form = BoundaryForm(request.POST, request.FILES) if request.method == "POST" else BoundaryForm()
        if form.is_valid():
            content = form.cleaned_data["file"].read(boundaries.MAX_BYTES + 1)
            try:
                changed = services.load_boundaries(content=content, author=self.author(request))
            except boundaries.UnusableBoundaries as error:
                for problem in error.problems:
                    form.add_error("file", problem)
            else:
                text = ngettext("%(n)s batas wilayah diganti.", "%(n)s batas wilayah diganti.", changed)
                messages.success(request, text % {"n": changed})
                return HttpResponseRedirect(reverse("admin:regions_regency_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Muat batas wilayah"),
            "form": form,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/regions/regency/boundaries.html", context)


@admin.register(Agency)
class AgencyAdmin(AuditedAdmin):
    """Agencies. Those that may be chosen are shown; those of one's own areas may be changed."""

    resource_classes: ClassVar = [resources.AgencyResource]
    list_display = ("code", "name", "kind", "province", "regency")
    list_filter = ("kind",)
    list_select_related = ("province", "regency")
    search_fields = ("code", "name")
    search_help_text = _("Cari kode atau nama instansi")
    ordering = ("name", "code")

    def scoped(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        return queryset.visible_to(request.user)

    def choices_for(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        if model in (Province, Regency):
            return areas_of(request, model, self.write_scope(request))
        return None

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: deleting many at once asks for the permission, and not for each of them."""
        return {}


@admin.register(Commitment)
class CommitmentAdmin(AuditedAdmin):
    """Promises in one's own areas. The regency is set once: elsewhere it is another promise."""

    resource_classes: ClassVar = [resources.CommitmentResource]
    list_display = ("regency", "promise", "agency", "promised_members", "due_on", "status", "source")
    list_filter = ("status", RegencyFilter)
    list_select_related = ("regency", "agency")
    search_fields = ("promise", "agency__name", "regency__name", "regency__code", "source")
    search_help_text = _("Cari janji, instansi, nama atau kode wilayah, atau sumber")
    ordering = ("status", "due_on", "pk")

    def scoped(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        return queryset.visible_to(request.user)

    def choices_for(self, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
        scope = self.write_scope(request)
        if model is Agency:
            return Agency.objects.within(scope).order_by("name", "code")
        return areas_of(request, Regency, scope.widened) if model is Regency else None

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        return () if obj is None else ("regency",)
