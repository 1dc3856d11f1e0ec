"""Completeness and timeliness of every regency's months, and closing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.areas import holds, scope_of
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.periods import Month
from regions.forms import ExceptionForm, MonthsForm, RegenciesForm, RevisionForm
from regions.models import FIRST_YEAR, PeriodException, PeriodStatus, Regency
from regions.selectors import board as boards
from regions.selectors.locks import Locks
from regions.selectors.publishing import release_lines, working
from regions.services import closing

STEPS: dict[str, tuple[tuple[str, ...], Callable[..., int]]] = {
    "ajukan": (("regions.submit_period",), closing.submit),
    "kembalikan": (("regions.submit_period", "regions.approve_period"), closing.return_to_draft),
    "setujui": (("regions.approve_period",), closing.approve),
    "kunci": (("regions.lock_period",), closing.lock),
}
"""The last word of an address, who may (any of these permissions), and the service."""
ANY_STEP = tuple(dict.fromkeys(permission for may, _service in STEPS.values() for permission in may))
EXCEPT, REVISE = "regions.grant_exception", "regions.publish_revision"
CONFIRMED = ("setujui", "kunci")
"""Steps that cannot be taken back: what they do is shown before."""


@require_safe
@access.signed_in
def completeness(request: HttpRequest) -> HttpResponse:
    """The board: regencies by months. `?sampai=` is the last month shown."""
    found = boards.board(cast(User, request.user), MonthsForm(request.GET).last)
    return render(request, "regions/completeness.html", {"board": found})


@require_safe
@access.signed_in
def period_month(request: HttpRequest, month: str) -> HttpResponse:
    """One month of all regencies, and what its reader may do with it."""
    return _month_page(request, _month(month))


@require_POST
@access.holders_of_any(*ANY_STEP)
def period_step(request: HttpRequest, month: str, step: str) -> HttpResponse:
    """Take a month of the chosen regencies a step further, or back; what is for good is confirmed first."""
    may, service = STEPS[step]
    if not any(request.user.has_perm(permission) for permission in may):
        raise PermissionDenied
    at = _month(month)
    form = RegenciesForm(request.POST, codes=_own_codes(request, *may))
    if not form.is_valid():
        return _month_page(request, at, form.errors["wilayah"])
    try:
        if step in CONFIRMED and not request.POST.get("yakin"):
            return _confirm_page(request, at, step, form.codes)
        seen = {"seen": request.POST.get("dilihat", "")} if step == "setujui" else {}
        done = service(month=at, regencies=form.codes, author=_author(request), **seen)
    except ValidationError as error:
        return _month_page(request, at, error.messages)
    text = ngettext("%(n)s kab/kota diproses.", "%(n)s kab/kota diproses.", done)
    messages.success(request, text % {"n": done})
    return redirect("regions:period_month", str(at))


@require_safe
@access.signed_in
def period(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """One regency's month: its steps, what was published of it, exceptions, and the forms for more."""
    return _period_page(request, _month(month), _own(request, code))


@require_POST
@access.holders(EXCEPT)
def grant_exception(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Give leave to change a closed month until a day."""
    at, regency = _month(month), _own(request, code, EXCEPT)
    form = ExceptionForm(request.POST)
    if not form.is_valid():
        return _period_page(request, at, regency, exception=form)
    given = form.cleaned_data
    try:
        closing.grant_exception(
            month=at,
            regencies=[regency.code],
            reason=given["alasan"],
            valid_until=form.valid_until,
            through=given["hingga_bulan"],
            author=_author(request),
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _period_page(request, at, regency, exception=form)
    messages.success(request, _("Pengecualian diberikan."))
    return redirect("regions:period", str(at), regency.code)


@require_POST
@access.holders(EXCEPT)
def end_exception(request: HttpRequest, month: str, code: str, pk: int) -> HttpResponse:
    """Let an exception end now."""
    at, regency = _month(month), _own(request, code, EXCEPT)
    get_object_or_404(PeriodException, pk=pk, regency=regency, month=at)
    try:
        closing.end_exception(exception=pk, author=_author(request))
    except ValidationError as error:
        return _period_page(request, at, regency, problems=error.messages)
    messages.success(request, _("Pengecualian diakhiri."))
    return redirect("regions:period", str(at), regency.code)


@require_POST
@access.holders(REVISE)
def publish_revision(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Publish the working figures in place of those in force."""
    at, regency = _month(month), _own(request, code, REVISE)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _period_page(request, at, regency, revision=form)
    try:
        reason = form.cleaned_data["alasan"]
        release = closing.publish_revision(
            month=at, regency=regency.code, reason=reason, author=_author(request)
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _period_page(request, at, regency, revision=form)
    messages.success(request, _("%(release)s diterbitkan.") % {"release": release.name})
    return redirect("regions:period", str(at), regency.code)


def _month(text: str) -> Month:
    """A month of an address, between the first year that is kept and now. Raises Http404."""
    try:
        at = Month.parse(text)
    except ValueError:
        raise Http404 from None
    if not Month(FIRST_YEAR, 1) <= at <= Month.of(timezone.localdate()):
        raise Http404
    return at


def _own_codes(request: HttpRequest, *any_of: str) -> list[str]:
    """The regencies of the user's own areas; of those permissions, where they hold any."""
    scopes = [scope_of(request.user, permission) for permission in any_of] or [scope_of(request.user)]
    inside = Q(pk__in=[])
    for scope in scopes:
        inside |= scope.condition("code") if not scope.everything else Q(pk__isnull=False)
    return list(Regency.objects.active().filter(inside).values_list("code", flat=True))


def _own(request: HttpRequest, code: str, *permissions: str) -> Regency:
    """A regency within the user's own areas, public or not, where they hold the permissions."""
    own = Regency.objects.active().filter(scope_of(request.user, *permissions).condition("code"))
    return get_object_or_404(own.select_related("province").defer("boundary"), code=code)


def _author(request: HttpRequest) -> Author:
    return Author(cast(User, request.user), Change.Source.PAGE)


def _month_page(request: HttpRequest, at: Month, problems: Any = ()) -> HttpResponse:
    context = {
        "month": at,
        "column": boards.board_month(cast(User, request.user), at),
        "own": _own_codes(request),
        "may": _may(request),
        "problems": problems,
        "chosen": request.POST.getlist("wilayah"),
    }
    return render(request, "regions/period_month.html", context, status=422 if problems else 200)


def _may(request: HttpRequest) -> dict[str, bool]:
    """Which steps the reader may take anywhere."""
    return {
        step: any(request.user.has_perm(permission) for permission in may)
        for step, (may, _service) in STEPS.items()
    }


def _confirm_page(request: HttpRequest, at: Month, step: str, codes: list[str]) -> HttpResponse:
    regencies = list(
        Regency.objects.active().filter(code__in=codes).select_related("province").defer("boundary").by_code()
    )
    found = working(regencies[0].province, regencies)
    context = {
        "month": at,
        "step": step,
        "rows": [(regency, _cells(found.figures(regency.code, at))) for regency in regencies],
        "seen": closing.fingerprint(found, at, codes),
    }
    return render(request, "regions/period_confirm.html", context)


def _cells(figures: Any) -> dict[str, Any]:
    return {"whole": figures[0], "segments": figures[1:]}


def _period_page(
    request: HttpRequest,
    at: Month,
    regency: Regency,
    *,
    exception: ExceptionForm | None = None,
    revision: RevisionForm | None = None,
    problems: Any = (),
) -> HttpResponse:
    status = (
        PeriodStatus.objects.filter(regency=regency, month=at)
        .select_related("submitted_by", "approved_by", "locked_by", "release")
        .first()
    )
    published = closing.in_force(status) if status is not None and status.release is not None else ()
    would = working(regency.province, [regency]).figures(regency.code, at)
    now = timezone.now()
    exceptions = PeriodException.objects.filter(regency=regency, month=at).order_by("-granted_at", "-pk")
    is_tried = exception is not None or revision is not None or bool(problems)
    context = {
        "month": at,
        "regency": regency,
        "status": status,
        "lock": Locks(now).membership(regency.code, at),
        "figures": list(zip(published, would, strict=True)) if published else [(None, w) for w in would],
        "differs": bool(published) and published != would,
        "lines": release_lines(at, [regency.code]),
        "exceptions": [(each, each.valid_until > now) for each in exceptions],
        "exception_form": exception or ExceptionForm(),
        "revision_form": revision or RevisionForm(),
        "problems": problems,
        "may_except": holds(request.user, EXCEPT, regency.code),
        "may_revise": holds(request.user, REVISE, regency.code),
    }
    return render(request, "regions/period.html", context, status=422 if is_tried else 200)
