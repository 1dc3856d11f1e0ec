"""How coverage is counted."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coverage_portal.accounts import keeping
from regions import findings
from regions.choices import Segment
from regions.forms import OverviewForm
from regions.models import Province, Regency

from .access import aggregate_page
from .overview import overview_of


@aggregate_page
@keeping.kept_page(daily=False)
def method(request: HttpRequest) -> HttpResponse:
    """How coverage is counted, worked through with the figures of the largest area the reader may see."""
    shown = (
        Province.objects.active().visible_to(request.user).first()
        or Regency.objects.active().visible_to(request.user).by_code().first()
    )
    if shown is None:
        raise Http404
    overview = overview_of(shown, OverviewForm({}))
    return render(
        request,
        "regions/method.html",
        {"overview": overview, "findings": findings.of(overview), "segments": Segment.choices},
    )
