"""The pages of coverage: the province and a regency."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from coverage_portal.accounts import keeping
from coverage_portal.accounts.areas import scope_of
from coverage_portal.lib.addresses import query_of
from regions import charts, findings, first_steps, lines, maps, selectors
from regions.choices import Segment
from regions.coverage import Situation
from regions.forms import OverviewForm
from regions.models import Province, Regency
from regions.querysets import aggregate_scope
from regions.selectors import commitments

from .access import aggregate_page


@aggregate_page
@keeping.kept_page(asks=OverviewForm)
def province(request: HttpRequest) -> HttpResponse:
    """The home province. Who works in one regency comes to that first, and from there to the province."""
    own = _own_regency(request)
    if own is not None and not request.META.get("QUERY_STRING"):
        return redirect("regions:area", own)
    area = Province.objects.active().visible_to(request.user).first()
    if area is not None:
        return _overview_page(request, area)
    areas = Regency.objects.active().visible_to(request.user).by_code()
    if len(areas) == 1:
        return redirect("regions:area", areas[0].code)
    return render(request, "regions/areas.html", {"areas": areas})


@aggregate_page
@keeping.kept_page(asks=OverviewForm)
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One regency by its Kemendagri code; the home province's own code leads to its page."""
    if code == settings.HOME_PROVINCE:
        whole = Province.objects.active().visible_to(request.user).first()
        # Where the home page is the reader's own regency, this is the address of the province.
        if whole is not None and _own_regency(request) is not None:
            return _overview_page(request, whole)
        return redirect("regions:province")
    regencies = Regency.objects.active().visible_to(request.user).select_related("province")
    return _overview_page(request, get_object_or_404(regencies, code=code))


@aggregate_page
@keeping.kept_page(asks=OverviewForm, daily=False)
def trend_figure(request: HttpRequest, code: str) -> JsonResponse:
    """The trend of an area's page as plotly takes it, for the page's script to ask for when scrolled to."""
    areas = Province.objects if len(code) == 2 else Regency.objects.select_related("province")
    area = get_object_or_404(areas.active().visible_to(request.user), code=code)
    overview = overview_of(area, request.user, OverviewForm(request.GET))
    targets = overview.targets if overview.segment is None else None
    language = get_language() or settings.LANGUAGE_CODE
    return JsonResponse(charts.trend_figure(overview.trend, targets, language, overview.projection))


def _own_regency(request: HttpRequest) -> str | None:
    """The code of the one regency that the reader works in; None where it is several, or the province."""
    scope = scope_of(request.user).widened
    if scope.everything or scope.covers(settings.HOME_PROVINCE) or len(scope.codes) != 1:
        return None
    (code,) = scope.codes
    return code if code.startswith(f"{settings.HOME_PROVINCE}.") else None


def overview_of(area: Province | Regency, reader: Any, form: OverviewForm) -> selectors.Overview:
    form.is_valid()
    return selectors.area_overview(area, form.month, form.segment, form.order, form.comparison, reader=reader)


def _overview_page(request: HttpRequest, area: Province | Regency) -> HttpResponse:
    form = OverviewForm(request.GET)
    overview = overview_of(area, request.user, form)
    targets = overview.targets if overview.segment is None else None
    shapes = _shapes(area) if isinstance(area, Province) else None
    is_unready = overview.standing is None or overview.standing.situation is Situation.NO_WORKFORCE
    steps = first_steps.of(area) if isinstance(area, Province) and is_unready else ()
    if steps:
        keeping.forgo(request)  # whether there is an administrator is no figure, and moves no version
    found = findings.of(overview)
    drawn = lines.Drawings(
        trend=charts.trend_drawing(overview.trend, targets, overview.projection),
        columns=charts.segment_columns(overview.segment_course),
        years=charts.year_lines(overview.trend),
        tiles=maps.tile_map(overview.rows),
        outlines=maps.outlines(overview.rows, shapes) if shapes else (),
    )
    context = {
        "overview": overview,
        "findings": found,
        "problems": form.messages,
        "segments": Segment.choices,
        "kept_filters": form.kept,
        "query": query_of(form.kept),
        "orders": {order.name: order for order in selectors.Order},
        "tiles": drawn.tiles,
        "shapes": shapes,
        "trend": drawn.trend,
        "spark": charts.spark(overview.trend),
        "columns": drawn.columns,
        "years": drawn.years,
        "lines": lines.of(overview, found, drawn, form.kept),
        "steps": steps,
        "province": _province_above(request, area),
        "province_url": reverse("regions:province")
        if _own_regency(request) is None
        else reverse("regions:area", args=[settings.HOME_PROVINCE]),
        # What depends on the day: promises are overdue as of it.
        "commitments": commitments.of_overview(overview, request.user, on=timezone.localdate()),
    }
    return render(request, "regions/overview.html", context)


def _shapes(area: Province) -> maps.Shapes | None:
    """The drawn boundaries of a province, projected once for all readers; None where none are loaded."""
    versions = selectors.boundaries_as_of(area.code)
    if not versions:
        return None
    key = f"shapes:{area.code}:{sha256(versions.encode()).hexdigest()}"
    drawn: maps.Shapes | None = cache.get_or_set(key, lambda: maps.shapes(_boundaries(area)))
    return drawn


def _boundaries(area: Province) -> dict[str, Any]:
    loaded = Regency.objects.filter(province=area, boundary__isnull=False)
    return dict(loaded.values_list("code", "boundary"))


def _province_above(request: HttpRequest, area: Province | Regency) -> Province | None:
    """The province around a regency, where the reader may see it."""
    if isinstance(area, Province) or not aggregate_scope(request.user).covers(area.province_id):
        return None
    return area.province
