"""Follow-up: what was promised in a regency, and all of it in the province."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.areas import of_codes, scope_of
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib import exports
from regions import selectors, services
from regions.choices import CommitmentStatus
from regions.forms import ClosingForm, CommitmentFilterForm, CommitmentForm, ReasonForm
from regions.models import Commitment, Province, Regency
from regions.resources import CommitmentResource
from regions.selectors import commitments as promises
from regions.selectors.commitment_changes import changes_of


@require_safe
@access.signed_in
def commitment_list(request: HttpRequest) -> HttpResponse:
    """The promises in all of one's areas, the most urgent first. All filters are in the address."""
    user, on = cast(User, request.user), timezone.localdate()
    form = CommitmentFilterForm(request.GET)
    province = get_object_or_404(Province.objects.active())
    context = {
        "form": form,
        "listing": promises.listing(user, form.wanted, on, request.GET.get("halaman") or "1"),
        "commitments": promises.of_overview(selectors.area_overview(province, reader=user), user, on),
        "province": province,
        "kept_filters": form.kept,
    }
    return render(request, "regions/commitment_list.html", context)


@require_safe
@access.signed_in
def commitment_list_file(request: HttpRequest) -> HttpResponse:
    """The promises that the list shows, those of all its pages: `?bentuk=csv`, else a workbook."""
    on = timezone.localdate()
    found = promises.wanted_of(cast(User, request.user), CommitmentFilterForm(request.GET).wanted, on)
    written_as = exports.CSV() if request.GET.get("bentuk") == "csv" else exports.XLSX()
    name = f"tindak-lanjut-{on:%Y-%m-%d}.{written_as.get_extension()}"
    data = CommitmentResource(on).export(found)
    return exports.attachment(written_as.export_data(data), written_as.get_content_type(), name)


@require_safe
@access.signed_in
def commitments(request: HttpRequest, code: str) -> HttpResponse:
    """What was promised in one regency, and where more is written down."""
    return _regency_page(request, _regency(request, code))


@require_POST
@access.holders("regions.add_commitment")
def add_commitment(request: HttpRequest, code: str) -> HttpResponse:
    """Write down one more promise in a regency."""
    regency = _regency(request, code, "regions.add_commitment")
    form = CommitmentForm(request.POST, regency=regency)
    if not form.is_valid():
        return _regency_page(request, regency, form)
    services.add_commitment(regency=regency, values=form.values, author=_author(request))
    messages.success(request, _("Janji dicatat."))
    return redirect("regions:commitments", regency.code)


@require_safe
@access.signed_in
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """One promise: how it stands, what was changed in it, and for those who may, changing and closing it."""
    return _commitment_page(request, _visible(request, pk))


@require_POST
@access.holders("regions.change_commitment")
def change_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a promise says. Its regency stays."""
    found = _editable(request, pk)
    form = CommitmentForm(request.POST, instance=found, regency=found.regency)
    reason = ReasonForm(request.POST)
    if not (form.is_valid() & reason.is_valid()):
        return _commitment_page(request, _editable(request, pk), form=form, reason=reason)
    try:
        author = _author(request, reason.reason)
        changed = services.change_commitment(commitment=pk, values=form.values, author=author)
    except ValidationError as error:
        form.add_error(None, error)
        return _commitment_page(request, _editable(request, pk), form=form, reason=reason)
    messages.success(request, _("Perubahan disimpan.") if changed else _("Tidak ada yang berubah."))
    return redirect("regions:commitment", pk)


@require_POST
@access.holders("regions.change_commitment")
def close_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what became of a promise."""
    found = _editable(request, pk)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _commitment_page(request, found, closing=form)
    given = form.cleaned_data
    try:
        services.close_commitment(
            commitment=pk,
            status=CommitmentStatus(given["status"]),
            on=given["closed_on"],
            note=given["closing_note"],
            author=_author(request),
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _commitment_page(request, _editable(request, pk), closing=form)
    messages.success(request, _("Janji ditutup."))
    return redirect("regions:commitments", found.regency_id)


@require_POST
@access.holders("regions.change_commitment")
def reopen_commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that a promise was closed."""
    found = _editable(request, pk)
    reason = ReasonForm(request.POST)
    if not reason.is_valid():
        return _commitment_page(request, found, reason=reason)
    services.reopen_commitment(commitment=pk, author=_author(request, reason.reason))
    messages.success(request, _("Janji dibuka kembali."))
    return redirect("regions:commitment", pk)


def _regency(request: HttpRequest, code: str, *permissions: str) -> Regency:
    """A regency of the home province in which the user holds the permissions, public or not."""
    scope = scope_of(request.user, *permissions).widened
    own = Regency.objects.active().filter(scope.condition("code"))
    return get_object_or_404(own.select_related("province"), code=code)


def _visible(request: HttpRequest, pk: int) -> Commitment:
    found = Commitment.objects.visible_to(request.user).select_related("agency", "regency__province")
    return get_object_or_404(found, pk=pk)


def _editable(request: HttpRequest, pk: int) -> Commitment:
    found = Commitment.objects.editable_by(request.user).select_related("agency", "regency__province")
    return get_object_or_404(found, pk=pk)


def _author(request: HttpRequest, reason: str = "") -> Author:
    return Author(cast(User, request.user), Change.Source.PAGE, reason)


def _regency_page(request: HttpRequest, regency: Regency, form: CommitmentForm | None = None) -> HttpResponse:
    user, on = cast(User, request.user), timezone.localdate()
    context = {
        "regency": regency,
        "commitments": promises.of_overview(selectors.area_overview(regency, reader=user), user, on),
        "closed": promises.closed_rows(regency, user, on),
        "form": form or CommitmentForm(regency=regency),
        "is_open": form is not None,
        "may_add": bool(scope_of(user, "regions.add_commitment") & of_codes([regency.code])),
    }
    return render(request, "regions/commitments.html", context, status=200 if form is None else 422)


def _commitment_page(request: HttpRequest, found: Commitment, **tried: Form) -> HttpResponse:
    row = promises.row_of(found, timezone.localdate())
    forms: dict[str, Any] = {
        "form": CommitmentForm(instance=found, regency=found.regency),
        "reason": ReasonForm(),
        "closing": ClosingForm(),
        **tried,
    }
    context = {
        "row": promises.with_gains([row], selectors.register_of(found.regency, request.user)[0])[0],
        "commitment": found,
        "changes": changes_of(found),
        "may_change": Commitment.objects.editable_by(request.user).filter(pk=found.pk).exists(),
        **forms,
    }
    return render(request, "regions/commitment.html", context, status=422 if tried else 200)
