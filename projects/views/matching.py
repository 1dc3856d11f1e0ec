"""Which registrations are which packages: proposed by the portal, decided by a person."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from projects import services
from projects.forms import DecisionForm, WorkListForm
from projects.joining import Overtaken
from projects.models import Project
from projects.selectors import matching

View = Callable[..., HttpResponse]


def decision(view: View) -> View:
    """For those who may change both projects of a pair: else 404, and 409 when over."""

    @access.holders("projects.change_project")
    @wraps(view)
    def answered(request: HttpRequest, package: int, registration: int) -> HttpResponse:
        user = cast(User, request.user)
        projects = Project.objects.editable_by(user)
        get_object_or_404(projects, pk=package)
        # A registration that was joined since is seen where it went.
        is_there = projects.filter(pk=registration).exists()
        if not is_there and matching.joined_with(user, registration) is None:
            raise Http404
        try:
            return view(request, package, registration)
        except Overtaken as overtaken:
            context = {"sentence": overtaken.sentence}
            return render(request, "projects/overtaken.html", context, status=409)

    return answered


@require_safe
@access.signed_in
def match_list(request: HttpRequest) -> HttpResponse:
    """Packages without a registration at BPJS, those with proposals first."""
    form = WorkListForm(request.GET)
    form.is_valid()
    search = form.cleaned_data.get("q") or ""
    found = matching.work_list(
        cast(User, request.user), search=search, page=form.cleaned_data.get("halaman") or 1
    )
    context = {"form": form, "search": search, "found": found, "kept_filters": {"q": search}}
    return render(request, "projects/matching.html", context)


@require_safe
@decision
def match(request: HttpRequest, package: int, registration: int) -> HttpResponse:
    """One pair: what joining would move and change, before anyone agrees to it."""
    return _match_page(request, package, registration)


@require_POST
@decision
def join(request: HttpRequest, package: int, registration: int) -> HttpResponse:
    """Make one project of both, as the person has seen it."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _match_page(request, package, registration, form=form)
    seen = form.cleaned_data["seen"] or "-"
    author = _author(request, form)
    try:
        joined = services.join_projects(package=package, registration=registration, author=author, seen=seen)
    except services.Refused as refusal:
        return _match_page(request, package, registration, sentences=refusal.sentences)
    text = _("“%(project)s” dan pendaftaran %(number)s kini satu proyek.")
    messages.success(request, text % {"project": joined, "number": joined.bpjs_number or "BPJS"})
    return redirect("projects:matching")


@require_POST
@decision
def reject_match(request: HttpRequest, package: int, registration: int) -> HttpResponse:
    """Remember that both are two projects, so that they are not proposed again."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _match_page(request, package, registration, form=form)
    author = _author(request, form)
    services.reject_match(package=package, registration=registration, author=author)
    messages.success(request, _("Dicatat: bukan proyek yang sama. Pasangan ini tidak diusulkan lagi."))
    return redirect("projects:matching")


@require_POST
@decision
def reconsider_match(request: HttpRequest, package: int, registration: int) -> HttpResponse:
    """Have a pair proposed again."""
    author = _author(request, DecisionForm(request.POST))
    services.reconsider_match(package=package, registration=registration, author=author)
    return redirect("projects:match", package, registration)


def _author(request: HttpRequest, form: DecisionForm) -> Author:
    reason = form.cleaned_data["alasan"] if form.is_valid() else ""
    return Author(cast(User, request.user), Change.Source.PAGE, reason, uuid.uuid4())


def _match_page(
    request: HttpRequest,
    package: int,
    registration: int,
    *,
    form: DecisionForm | None = None,
    sentences: Sequence[str] = (),
) -> HttpResponse:
    planned = matching.plan_of(package, registration)
    taken, different = matching.changes_of(planned)
    context = {
        "pair": matching.pair(planned.package, planned.registration),
        "plan": planned,
        "taken": taken,
        "different": different,
        "rejected": matching.rejected(package, registration),
        "form": form,
        "sentences": sentences or planned.problems,
    }
    return render(request, "projects/match.html", context, status=422 if form or sentences else 200)
