"""Reported, counted, quoted: what is known of an area's members, set side by side in the open."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from coverage_portal.accounts import keeping
from coverage_portal.lib import exports
from regions import reconciliation_panels
from regions.forms import MonthForm
from regions.models import Province, Regency
from regions.selectors import open_data
from regions.selectors.reconciliation import Reconciliation, reconciliation

from .access import aggregate_page


@aggregate_page
@keeping.kept_page(asks=MonthForm, daily=False)
def reconciliation_home(request: HttpRequest) -> HttpResponse:
    """The home province; those who may only see some of it go to their own area."""
    areas = open_data.visible_areas(request.user)
    if areas and isinstance(areas[0], Province):
        return _page(request, areas[0])
    if len(areas) == 1:
        return redirect("regions:reconciliation_area", areas[0].code)
    return render(request, "regions/areas.html", {"areas": areas, "address": "regions:reconciliation_area"})


@aggregate_page
@keeping.kept_page(asks=MonthForm, daily=False)
def reconciliation_area(request: HttpRequest, code: str) -> HttpResponse:
    """One regency by its Kemendagri code; the home province's own code leads to its page."""
    if code == settings.HOME_PROVINCE:
        return redirect("regions:reconciliation")
    regencies = Regency.objects.active().visible_to(request.user).select_related("province")
    return _page(request, get_object_or_404(regencies, code=code))


def _page(request: HttpRequest, area: Province | Regency) -> HttpResponse:
    form = MonthForm(request.GET)
    form.is_valid()
    found = reconciliation(area, form.month, request.user)
    above = None
    if isinstance(area, Regency):
        above = Province.objects.visible_to(request.user).filter(code=area.province_id).first()
    context = {
        "found": found,
        "problems": form.messages,
        "kept_filters": {"bulan": form.month},
        "province": above,
    }
    return render(request, "regions/reconciliation.html", context)


@aggregate_page
def reconciliation_file(request: HttpRequest, code: str, key: str = "") -> HttpResponse:
    """The page of an area as a workbook, or one of its tables as CSV."""
    found = _asked(request, code)
    shown = reconciliation_panels.of(found)
    name = "-".join(filter(None, ("rekonsiliasi", key, code, str(found.month or ""))))
    if not key:
        path = reverse("regions:reconciliation_area", args=[code])
        address = request.build_absolute_uri(f"{path}?{request.GET.urlencode()}".rstrip("?"))
        about = reconciliation_panels.about(found, address)
        return exports.xlsx_attachment((panel.sheet for panel in (*shown, about)), f"{name}.xlsx")
    panel = next((panel for panel in shown if panel.key == key), None)
    if panel is None:
        raise Http404
    return exports.csv_attachment(panel.sheet, f"{name}.csv")


def _asked(request: HttpRequest, code: str) -> Reconciliation:
    areas = (
        Province.objects.active() if len(code) == 2 else Regency.objects.active().select_related("province")
    )
    area = get_object_or_404(areas.visible_to(request.user), code=code)
    form = MonthForm(request.GET)
    form.is_valid()
    return reconciliation(area, form.month, request.user)
