"""The guide, one page a role, for anyone to read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts import guide as texts


@access.everyone
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The roles, those of the reader first."""
    own = {role for role, _area, _agency in request.user.held} if request.user.is_authenticated else set()
    pages = sorted(texts.PAGES, key=lambda page: page.role not in own)
    return render(request, "accounts/guide.html", {"pages": pages, "own": own})


@access.everyone
@require_safe
def guide_page(request: HttpRequest, role: str) -> HttpResponse:
    """What one role is for and how its work is done."""
    found = texts.BY_ROLE.get(role)
    if found is None:
        raise Http404
    return render(request, "accounts/guide_page.html", {"guide": found})
