"""How coverage is counted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coverage_portal.accounts import keeping
from regions import findings, selectors
from regions.choices import Segment

from .access import aggregate_page


@aggregate_page
@keeping.kept_page(daily=False)
def method(request: HttpRequest) -> HttpResponse:
    """How coverage is counted, worked through with the figures of the largest area the reader may see."""
    shown = selectors.widest_area(request.user)
    if shown is None:
        raise Http404
    overview = selectors.area_overview(shown, reader=request.user)
    return render(
        request,
        "regions/method.html",
        {"overview": overview, "findings": findings.of(overview), "segments": Segment.choices},
    )
