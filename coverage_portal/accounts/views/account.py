"""One's own account: roles, sign-ins, second factor, password, sessions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coverage_portal.accounts import access, events, second_factor, sessions, signing_in
from coverage_portal.accounts.forms import ChangePasswordForm, CodeForm, PasswordAndCodeForm
from coverage_portal.accounts.models import Event, User

from . import codes
from .sign_in import render_enrol

EVENTS_SHOWN = 20
OWN = (
    Event.Kind.SIGNED_IN,
    Event.Kind.SIGN_IN_FAILED,
    Event.Kind.THROTTLED,
    Event.Kind.SECOND_FAILED,
    Event.Kind.SECOND_ON,
    Event.Kind.SECOND_OFF,
    Event.Kind.CODES_MADE,
    Event.Kind.PASSWORD_CHANGED,
    Event.Kind.SESSIONS_ENDED,
    Event.Kind.LINK_USED,
)


View = Callable[[HttpRequest], HttpResponse]


def asks_password(view: View) -> View:
    """For pages that ask for the password again: after too many wrong ones the answer is the sign-in's."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except signing_in.TooMany as refused:
            return signing_in.too_many(request, refused.seconds)

    return answered


@require_safe
@access.signed_in
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What one may do and where, and when and from where one has signed in."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **tried: object) -> HttpResponse:
    user = cast(User, request.user)
    today = timezone.localdate()
    context = {
        "grants": user.grants.valid_on(today).order_by("area_code", "role"),
        "past": user.grants.exclude(pk__in=user.grants.valid_on(today)).exists(),
        "events": user.events.filter(kind__in=OWN).order_by("-pk")[:EVENTS_SHOWN],
        "has_second": second_factor.device_of(user) is not None,
        "must_have_second": second_factor.is_required_of(user),
        "codes_left": user.recovery_codes.count(),
        "password_form": ChangePasswordForm(user=user),
        "remove_form": PasswordAndCodeForm(prefix="lepas"),
        "codes_form": PasswordAndCodeForm(prefix="kode"),
        **tried,
    }
    return render(request, "accounts/account.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
@never_cache
@sensitive_post_parameters("code")
def add_second_factor(request: HttpRequest) -> HttpResponse:
    """Add an app; who has one takes that away first."""
    user = cast(User, request.user)
    if second_factor.device_of(user) is not None:
        return redirect("accounts:account")
    form = CodeForm(request.POST if request.method == "POST" else None)
    recovery, sentence = codes.given(form, lambda code: second_factor.confirm(user=user, code=code))
    if recovery is not None:
        request.session[sessions.SECOND_FACTOR] = sessions.VERIFIED
        events.note(Event.Kind.SECOND_ON, user=user, request=request)
        return _codes(request, recovery)
    return render_enrol(request, user, form, sentence)


@require_POST
@access.signed_in
@never_cache
@sensitive_post_parameters()
@asks_password
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Take the app away: with the password and a code. All sessions end."""
    user = cast(User, request.user)
    form = PasswordAndCodeForm(request.POST, prefix="lepas")
    sentence = _refused(request, user, form)
    if sentence:
        return _page(request, 422, remove_form=form, remove_sentence=sentence)
    with transaction.atomic():
        second_factor.remove(user=user)
        sessions.end_all(user)
        events.note(Event.Kind.SECOND_OFF, user=user, request=request)
    logout(request)
    return redirect("accounts:login")


@require_POST
@access.signed_in
@never_cache
@sensitive_post_parameters()
@asks_password
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of those before, shown once."""
    user = cast(User, request.user)
    form = PasswordAndCodeForm(request.POST, prefix="kode")
    sentence = _refused(request, user, form)
    if sentence:
        return _page(request, 422, codes_form=form, codes_sentence=sentence)
    made = second_factor.new_codes(user=user)
    events.note(Event.Kind.CODES_MADE, user=user, request=request)
    return _codes(request, made)


def _codes(request: HttpRequest, made: list[str]) -> HttpResponse:
    """The recovery codes, shown this once, and the way back."""
    return render(request, "accounts/codes.html", {"codes": made, "next": reverse("accounts:account")})


@require_POST
@access.signed_in
@never_cache
@sensitive_post_parameters()
@asks_password
def change_password(request: HttpRequest) -> HttpResponse:
    """Set another password. Every other session ends."""
    user = cast(User, request.user)
    form = ChangePasswordForm(request.POST, user=user)
    if form.is_valid() and not signing_in.is_again(request, user, form.cleaned_data["old"]):
        form.add_error("old", _("Kata sandi sekarang tidak cocok."))
    if not form.is_valid():
        return _page(request, 422, password_form=form)
    with transaction.atomic():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        sessions.end_all(user)
        events.note(Event.Kind.PASSWORD_CHANGED, user=user, request=request)
    update_session_auth_hash(request, user)
    messages.success(request, _("Kata sandi diganti. Sesi di perangkat lain diakhiri."))
    return redirect("accounts:account")


@require_POST
@access.signed_in
@never_cache
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here as well."""
    user = cast(User, request.user)
    with transaction.atomic():
        sessions.end_all(user)
        events.note(Event.Kind.SESSIONS_ENDED, user=user, request=request)
    logout(request)
    return redirect("accounts:login")


def _refused(request: HttpRequest, user: User, form: PasswordAndCodeForm) -> str:
    """Why password and code do not do, if so. The code is only looked at after the right password."""
    if not form.is_valid():
        return _("Isi kata sandi dan kode.")
    if signing_in.is_again(request, user, form.cleaned_data["password"]):
        try:
            if second_factor.verify(user=user, code=form.cleaned_data["code"]):
                return ""
        except second_factor.Wait as wait:
            return codes.waiting(wait)
        events.note(Event.Kind.SECOND_FAILED, user=user, request=request)
    return _("Kata sandi atau kode tidak cocok.")
