"""Work lists of agencies, and the letters that are printed from them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib import pdf
from projects import issuing, letters, wording
from projects.filters import PositionDayForm
from projects.models import Letter
from projects.selectors import work_lists
from projects.selectors.work_lists import OfAgency
from regions.models import Agency

REFERENCE = re.compile(r"PJK-(20[0-9]{2})-([0-9]{4,9})")


@require_safe
@never_cache
@access.holders("projects.view_project")
def agencies(request: HttpRequest) -> HttpResponse:
    """The agencies with projects that need action."""
    form = PositionDayForm(request.GET)
    found = work_lists.agencies(request.user, form.day)
    return render(request, "projects/agencies.html", {"found": found, "form": form})


@require_safe
@never_cache
@access.holders("projects.view_project")
def work_list(request: HttpRequest, pk: int) -> HttpResponse:
    """What the projects of one agency need, as a page."""
    agency = get_object_or_404(Agency.objects.visible_to(request.user), pk=pk)
    form = PositionDayForm(request.GET)
    found = work_lists.of_agency(agency, request.user, form.day)
    return _work_list(request, agency, found, form)


@require_POST
@never_cache
@access.holders("projects.print_letter")
def print_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter to one agency as a PDF, with a number of its own and on record."""
    scope = scope_of(request.user, "projects.print_letter")
    agency = get_object_or_404(Agency.objects.within(scope), pk=pk)
    form = PositionDayForm(request.POST)
    found = work_lists.of_agency(agency, request.user, form.day)
    if form.errors or not found.todo.items:
        return _work_list(request, agency, found, form, status=422 if form.errors else 409)
    author = Author(cast(User, request.user), Change.Source.PAGE)
    try:
        printed = issuing.issue(agency=agency, todo=found.todo, areas=found.areas, author=author)
    except pdf.Unavailable:
        return _work_list(request, agency, found, form, status=503, cannot_print=True)
    return _file(printed.file, printed.letter)


@require_safe
@never_cache
@access.holders("projects.view_letter")
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """What a printed letter said."""
    return _letter(request, _found(request, reference))


@require_safe
@never_cache
@access.holders("projects.view_letter")
def letter_file(request: HttpRequest, reference: str) -> HttpResponse:
    """A printed letter once more, from what was kept of it."""
    found = _found(request, reference)
    try:
        return _file(issuing.print_again(found), found)
    except pdf.Unavailable:
        return _letter(request, found, status=503, cannot_print=True)


def _found(request: HttpRequest, reference: str) -> Letter:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise Http404
    year, number = map(int, match.groups())
    found = get_object_or_404(Letter.objects.visible_to(request.user), year=year, number=number)
    if found.reference != reference:
        raise Http404
    return found


def _work_list(
    request: HttpRequest,
    agency: Agency,
    found: OfAgency,
    form: PositionDayForm,
    *,
    status: int = 200,
    cannot_print: bool = False,
) -> HttpResponse:
    todo = found.todo
    said = todo.items and letters.content(
        todo,
        sender=issuing.sender(),
        town=issuing.town_of(agency),
        printed_on=timezone.localdate(),
        write=wording.sentence,
    )
    context: dict[str, Any] = {
        "agency": agency,
        "on": form.day,
        "form": form,
        "letter": said or None,
        "warned": found.warned,
        "printed": Letter.objects.visible_to(request.user).filter(agency=agency).order_by("-pk")[:20],
        "is_placeholder": not settings.LETTERHEAD_IS_SET,
        **_printing(cannot_print),
    }
    return render(request, "projects/work_list.html", context, status=status)


def _letter(
    request: HttpRequest, found: Letter, *, status: int = 200, cannot_print: bool = False
) -> HttpResponse:
    context = {"record": found, "letter": issuing.content_of(found), **_printing(cannot_print)}
    return render(request, "projects/letter_record.html", context, status=status)


def _printing(cannot_print: bool) -> Mapping[str, object]:
    return {"cannot_print": cannot_print, "packages": " ".join(pdf.DEBIAN_PACKAGES)}


def _file(file: bytes, of: Letter) -> HttpResponse:
    name = f"{of.reference}-{datetime.date.isoformat(of.on)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(file, content_type="application/pdf", headers=headers)
