"""The brief as a page, for screens and for printing, and as a PDF."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access, keeping
from coverage_portal.accounts.areas import scope_of
from coverage_portal.lib import pdf
from projects.filters import PositionDayForm, positions_version
from regions.forms import MonthForm
from regions.models import Province, Regency
from regions.selectors import area_overview
from regions.views.access import aggregate_page

from . import sheet
from .composing import compose


class BriefForm(MonthForm, PositionDayForm):
    """The month of the data, the day as of which projects are judged, and the area, a Kemendagri code."""

    wilayah = forms.RegexField(regex=r"^\d{2}(\.\d{2})?$", required=False)

    @property
    def area(self) -> str:
        """The code asked for; empty where none was. Raises Http404 where it is no code."""
        self.is_valid()
        if "wilayah" in self.errors:
            raise Http404
        code: str = self.cleaned_data["wilayah"]
        return code


@aggregate_page
@keeping.kept_page(asks=BriefForm, also=positions_version(BriefForm))
def page(request: HttpRequest) -> HttpResponse:
    """The brief of the province, or of the reader's one regency (`?wilayah=`, `?bulan=`, `?per=`).

    It says the day and not the hour, for it is kept as long as nothing that it shows has changed.
    """
    form = BriefForm(request.GET)
    area = _area(request.user, form.area)
    if area is None:
        areas = Regency.objects.active().visible_to(request.user).by_code()
        return render(request, "brief/choose.html", {"areas": areas})
    return _page(request, form, area)


@require_safe
@access.signed_in
@never_cache
def pdf_file(request: HttpRequest) -> HttpResponse:
    """The same as a PDF, for those who have signed in: making one takes a second of the server's time."""
    form = BriefForm(request.GET)
    area = _area(request.user, form.area)
    if area is None:
        raise Http404
    brief = compose(area_overview(area, form.month, reader=request.user), request.user, form.day)
    if brief is None:
        return _page(request, form, area, status=404)
    try:
        made = sheet.file(brief, timezone.now())
    except pdf.Unavailable:
        return _page(request, form, area, status=503, cannot_print=True)
    headers = {
        "Content-Disposition": f'attachment; filename="{brief.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def _page(
    request: HttpRequest,
    form: BriefForm,
    area: Province | Regency,
    *,
    status: int = 200,
    cannot_print: bool = False,
) -> HttpResponse:
    overview = area_overview(area, form.month, reader=request.user)
    brief = compose(overview, request.user, form.day)
    context: dict[str, Any] = {
        "overview": overview,
        "brief": brief,
        "sheet": sheet.html(brief, timezone.localdate()) if brief else "",
        "problems": form.messages,
        "kept_filters": {"bulan": form.month, "wilayah": form.area, "per": form.cleaned_data.get("per")},
        "cannot_print": cannot_print,
        "packages": " ".join(pdf.DEBIAN_PACKAGES),
    }
    return render(request, "brief/page.html", context, status=status)


def _area(user: Any, code: str) -> Province | Regency | None:
    """The area asked for, else the reader's own; None where they have none or several. Raises Http404."""
    provinces = Province.objects.active().visible_to(user)
    regencies = Regency.objects.active().visible_to(user).select_related("province").defer("boundary")
    if code:
        if code == settings.HOME_PROVINCE:
            return get_object_or_404(provinces, code=code)
        return get_object_or_404(regencies, code=code)
    scope = scope_of(user)
    if not scope.covers(settings.HOME_PROVINCE):
        own = list(regencies.filter(scope.condition("code"))[:2])
        if len(own) == 1:
            return own[0]
    return provinces.first()
