"""What a page shows, as files: one panel as CSV, all of them as a workbook."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from coverage_portal.lib import exports
from regions import panels, selectors
from regions.forms import OverviewForm
from regions.models import Province, Regency

from .access import aggregate_page
from .overview import overview_of


@aggregate_page
def page_file(request: HttpRequest, code: str) -> HttpResponse:
    """The page of an area as XLSX: a sheet for each panel, and one that says what they are."""
    overview, shown = _panels(request, code)
    about = panels.about(overview, _page_address(request, code))
    return exports.xlsx_attachment(
        (panel.sheet for panel in (*shown, about)), f"{_named('cakupan', overview)}.xlsx"
    )


@aggregate_page
def panel_file(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One panel of the page of an area as CSV."""
    overview, shown = _panels(request, code)
    panel = next((panel for panel in shown if panel.key == key), None)
    if panel is None:
        raise Http404
    return exports.csv_attachment(panel.sheet, f"{_named(panel.key, overview)}.csv")


def _panels(request: HttpRequest, code: str) -> tuple[selectors.Overview, tuple[panels.Panel, ...]]:
    """The overview that the page of the same address and filters shows, and its panels."""
    areas = (
        Province.objects.active() if len(code) == 2 else Regency.objects.active().select_related("province")
    )
    area = get_object_or_404(areas.visible_to(request.user), code=code)
    overview = overview_of(area, request.user, OverviewForm(request.GET))
    if overview.month is None:
        raise Http404
    return overview, panels.of(overview)


def _page_address(request: HttpRequest, code: str) -> str:
    path = reverse("regions:province") if len(code) == 2 else reverse("regions:area", args=[code])
    query = request.GET.urlencode()
    return request.build_absolute_uri(f"{path}?{query}" if query else path)


def _named(name: str, overview: selectors.Overview) -> str:
    parts = [name, overview.area.code, str(overview.month), overview.segment]
    return "-".join(part for part in parts if part)
