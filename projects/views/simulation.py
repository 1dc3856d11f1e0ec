"""The page that computes a contribution."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access
from projects import rulebook
from projects.forms import SimulationForm


@access.everyone
@require_safe
def simulation(request: HttpRequest) -> HttpResponse:
    """What a contract's contribution would be. All of it is in the address, and anyone may ask."""
    is_asked = not request.GET.keys().isdisjoint(SimulationForm.base_fields)
    form = SimulationForm(request.GET if is_asked else None)
    form.compute(base=rulebook.contribution_base())
    status = 422 if form.is_bound and form.estimate is None else 200
    return render(request, "projects/simulation.html", {"form": form}, status=status)
