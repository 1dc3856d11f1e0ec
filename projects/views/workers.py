"""The page on which a supervisor asks about one person."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coverage_portal.accounts import access
from coverage_portal.accounts.models import User
from projects import lookups
from projects.forms import LookupForm


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("nik")
@never_cache
@access.holders("projects.look_up_worker")
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask about one NIK. The answer is the page itself: no address leads back to it."""
    form = LookupForm(request.POST if request.method == "POST" else None)
    answer = None
    if form.is_valid():
        answer = lookups.look_up(
            nik=form.cleaned_data["nik"],
            user=cast(User, request.user),
            on=timezone.localdate(),
            request=request,
        )
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "projects/lookup.html", {"form": form, "answer": answer}, status=status)
