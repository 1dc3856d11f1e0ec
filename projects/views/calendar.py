"""The lapse calendar."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.models import User
from projects.filters import PositionDayForm
from projects.selectors.calendar import calendar


@require_safe
@access.signed_in
def lapse_calendar(request: HttpRequest) -> HttpResponse:
    """What ends within 30, 60 and 90 days, and the coverage of each coming month if nothing is renewed."""
    form = PositionDayForm(request.GET)
    context = {"form": form, "calendar": calendar(cast(User, request.user), form.day)}
    return render(request, "projects/calendar.html", context)
