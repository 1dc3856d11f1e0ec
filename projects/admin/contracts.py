"""Contractors and projects, with everything that belongs to a project on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, ForeignKey, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import permission_of, scope_of
from coverage_portal.accounts.audited import REASON
from projects import resources, services
from projects.models import Addendum, Assessment, Contractor, Enrollment, Payment, Project, ProjectRegency
from projects.persons import masked_person

from .records import (
    OfProjectAdmin,
    OfProjectFilter,
    RegencyFilter,
    ScopedAdmin,
    ScopedInline,
)
from .together import TogetherForm

WORKERS_SHOWN = 50
MOST_TOGETHER = 500


@admin.register(Contractor)
class ContractorAdmin(ScopedAdmin):
    resource_classes: ClassVar = [resources.ContractorResource]
    list_display = ("name", "npwp", "npp", "projects_number")
    search_fields = ("name", "npwp", "npp")
    search_help_text = _("Cari nama, NPWP, atau NPP")
    ordering = ("name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(number=Count("projects"))

    @admin.display(description=_("proyek"), ordering="number")
    def projects_number(self, contractor: Any) -> int:
        number: int = contractor.number
        return number


class FurtherInline(ScopedInline):
    model = ProjectRegency
    autocomplete_fields = ("regency",)


class AddendumInline(ScopedInline):
    model = Addendum
    ordering = ("signed_on", "number")


class AssessmentForm(forms.ModelForm):
    def clean_amount(self) -> Any:
        """Not below the instalments, which stand on the assessment's own page."""
        value = self.cleaned_data["amount"]
        if self.instance.pk and value is not None:
            parts = sum(part.amount for part in self.instance.instalments.all())
            if parts > value:
                raise forms.ValidationError(_("Jumlah termin lebih besar daripada penetapannya."))
        return value


class AssessmentInline(ScopedInline):
    model = Assessment
    form = AssessmentForm
    ordering = ("assessed_on", "number")
    show_change_link = True


class PaymentInline(ScopedInline):
    model = Payment
    ordering = ("paid_on", "pk")
    fields = ("paid_on", "amount", "reference", "assessment", "note")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "assessment":
            match = request.resolver_match
            pk = match.kwargs.get("object_id", "") if match else ""
            field.queryset = field.queryset.filter(project=pk if str(pk).isdigit() else None)
        return field


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    """Projects with their addenda, assessments, payments and workers."""

    resource_classes: ClassVar = [resources.ProjectResource]
    inlines = (FurtherInline, AddendumInline, AssessmentInline, PaymentInline)
    autocomplete_fields = ("agency", "contractor", "regency")
    list_display = (
        "name",
        "package_code",
        "regency",
        "agency_shown",
        "contractor",
        "contract_value",
        "spk_date",
        "bpjs_number",
        "first_paid_on",
        "cancelled",
    )
    list_filter = (
        RegencyFilter,
        "fund_source",
        "work",
        "budget_year",
        "cancelled",
        ("spk_date", admin.EmptyFieldListFilter),
        ("registered_on", admin.EmptyFieldListFilter),
        ("first_paid_on", admin.EmptyFieldListFilter),
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("regency", "agency", "contractor")
    search_fields = (
        "name",
        "package_code",
        "bpjs_number",
        "contract_number",
        "contractor__name",
        "agency__name",
        "owner",
    )
    search_help_text = _("Cari nama, kode paket, nomor BPJS, nomor kontrak, penyedia, atau instansi")
    ordering = ("-spk_date", "-pk")
    actions = ("edit_together",)
    fieldsets: ClassVar = (
        (None, {"fields": ("name", "package_code", "source", "data_date")}),
        (
            _("Siapa dan di mana"),
            {"fields": ("agency", "owner", "ppk", "contractor", "regency", "district", "work")},
        ),
        (
            _("Kontrak"),
            {
                "fields": (
                    "contract_number",
                    "spk_date",
                    "contract_value",
                    "vat_included",
                    "vat_rate",
                    "fund_source",
                    "budget_year",
                    "start",
                    "end",
                    "has_maintenance",
                    "maintenance_end",
                    "cancelled",
                    "cancelled_on",
                )
            },
        ),
        (
            _("BPJS Ketenagakerjaan"),
            {
                "fields": (
                    "bpjs_number",
                    "registered_on",
                    "certified_on",
                    "cover_end",
                    "contribution_base",
                    "wages_known",
                    "wages",
                    "planned_workers",
                    "first_paid_on",
                    "workers",
                )
            },
        ),
        (_("Riwayat"), {"fields": ("changes", REASON)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("further__regency")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Without the question why for those who may only look, and what a new project has none of."""
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        hidden = ([] if may_write else [REASON]) + ([] if obj else ["first_paid_on", "workers", "changes"])
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in hidden]})
            for title, options in self.fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        """The main regency too, where it is another's: the project is seen through a further one."""
        derived = ("first_paid_on", "workers", "changes")
        regency = getattr(obj, "regency_id", None)
        scope = scope_of(request.user, permission_of(Project, "change")).widened
        return derived if not regency or scope.covers(regency) else (*derived, "regency")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        with services.payments_of([form.instance.pk]):
            super().save_related(request, form, formsets, change)

    @admin.display(description=_("instansi"), ordering="agency__name")
    def agency_shown(self, project: Project) -> str:
        return str(project.agency or project.owner or "–")

    @admin.display(description=_("tenaga kerja"))
    def workers(self, project: Project) -> SafeString | str:
        """Who is enrolled: initials and the last four digits of the NIK."""
        everyone = Enrollment.objects.filter(project=project)
        total = everyone.count()
        enrolled = everyone.showable().select_related("worker").order_by("start", "pk")
        if not total:
            return gettext("Belum ada tenaga kerja yang terdaftar.")
        rows = [
            (masked_person(row.worker.name, row.worker.nik_last4), f"{row.start:%d-%m-%Y}", row.regency_id)
            for row in enrolled[:WORKERS_SHOWN]
        ]
        more = ngettext("%(n)s orang terdaftar.", "%(n)s orang terdaftar.", total) % {"n": total}
        return format_html("<p>{}</p><ul>{}</ul>", more, format_html_join("", "<li>{} · {} · {}</li>", rows))

    @admin.display(description=_("perubahan"))
    def changes(self, project: Project) -> SafeString:
        address = reverse("admin:accounts_change_changelist")
        query = f"?model={Project._meta.label_lower}&object_id={project.pk}"
        return format_html('<a href="{}{}">{}</a>', address, query, gettext("Lihat sebelum dan sesudahnya"))

    @admin.action(description=_("Ubah bersama-sama"), permissions=["change"])
    def edit_together(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Set the same values in all chosen projects, for a reason: all of it, or nothing."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = TogetherForm(request.POST if "apply" in request.POST else None, user=request.user)
        own = self.writable(request, "change").filter(pk__in=queryset.values("pk"))
        pks = list(own.order_by("pk").values_list("pk", flat=True))
        if len(pks) > MOST_TOGETHER:
            text = gettext("Paling banyak %(most)s proyek dapat diubah bersama-sama.")
            messages.error(request, text % {"most": MOST_TOGETHER})
            return None
        if form.is_bound and form.is_valid():
            author = self.author(request, form.cleaned_data["reason"])
            try:
                changed = services.edit_projects(projects=pks, values=form.values, author=author)
            except services.Refused as refusal:
                for sentence in refusal.sentences:
                    form.add_error(None, sentence)
            else:
                text = ngettext("%(n)s proyek diubah.", "%(n)s proyek diubah.", changed) % {"n": changed}
                messages.success(request, text)
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Ubah bersama-sama"),
            "form": form,
            "opts": self.opts,
            "pks": pks,
        }
        return TemplateResponse(request, "admin/projects/project/edit_together.html", context)


@admin.register(Addendum)
class AddendumAdmin(OfProjectAdmin):
    resource_classes: ClassVar = [resources.AddendumResource]
    list_display = ("number", "project", "signed_on", "contract_value", "end", "maintenance_end")
    list_filter = ("signed_on", OfProjectFilter)
    ordering = ("-signed_on", "-pk")
