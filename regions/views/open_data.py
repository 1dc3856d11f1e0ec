"""What other programs may read, told to people."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coverage_portal.accounts import keeping
from regions import indicators, wording
from regions.selectors import open_data as figures

from .access import aggregate_page


@aggregate_page
@keeping.kept_page(daily=False)
def open_data(request: HttpRequest) -> HttpResponse:
    """The addresses of the open interface, and what each indicator is."""
    areas = figures.visible_areas(request.user)
    context = {
        "indicators": indicators.of(areas[0]) if areas else [],
        "addresses": wording.OPEN_ADDRESSES,
        "suppressed_below": settings.SMALL_CELLS_BELOW,
        "area": areas[0] if areas else None,
    }
    return render(request, "regions/open_data.html", context)
