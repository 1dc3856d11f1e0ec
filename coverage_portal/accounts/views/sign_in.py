"""Signing in, in one step or two, and out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coverage_portal.accounts import access, events, second_factor, sessions, signing_in
from coverage_portal.accounts.forms import CodeForm, SignInForm
from coverage_portal.accounts.models import Event

from . import codes

MOST_BYTES = 20_000
"""A name and a password are short; django-axes would keep the whole of what was sent."""


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if int(request.headers.get("content-length") or 0) > MOST_BYTES:
            return HttpResponse(status=413)
        return super().post(request, *args, **kwargs)  # type: ignore[return-value]

    def form_valid(self, form: Any) -> HttpResponse:
        page = signing_in.begin(self.request, form.get_user(), self.get_success_url())
        return redirect(page) if page else HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        if form.wait:
            return signing_in.too_many(self.request, form.wait)
        return super().form_invalid(form)


sign_in = access.everyone(SignIn.as_view())
_signed_out = LogoutView.as_view()


@access.everyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def second_step(request: HttpRequest) -> HttpResponseBase:
    """The code after the password. Without the password before it, this page leads to it."""
    found = signing_in.pending(request)
    if found is None:
        return redirect("accounts:login")
    user, going_to = found
    form = CodeForm(request.POST if request.method == "POST" else None)

    def verify(code: str) -> bool:
        is_good = second_factor.verify(user=user, code=code)
        if not is_good:
            signing_in.count_wrong(request, user)
        return is_good

    is_good, sentence = codes.given(form, verify)
    if is_good:
        signing_in.finish(request, user, sessions.VERIFIED)
        return HttpResponseRedirect(going_to)
    context = {"form": form, "sentence": sentence}
    return render(request, "accounts/second_step.html", context, status=422 if form.is_bound else 200)


@access.everyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def enrol(request: HttpRequest) -> HttpResponseBase:
    """Adding an app where the work takes one and the user has none yet: then they are signed in."""
    found = signing_in.pending(request)
    if found is None:
        return redirect("accounts:login")
    user, going_to = found
    if second_factor.device_of(user) is not None:
        return redirect("accounts:second_step")
    form = CodeForm(request.POST if request.method == "POST" else None)

    def confirm(code: str) -> list[str] | None:
        made = second_factor.confirm(user=user, code=code)
        if made is None:
            signing_in.count_wrong(request, user)
        return made

    recovery, sentence = codes.given(form, confirm)
    if recovery is not None:
        signing_in.finish(request, user, sessions.VERIFIED)
        events.note(Event.Kind.SECOND_ON, user=user, request=request)
        return render(request, "accounts/codes.html", {"codes": recovery, "next": going_to})
    return render_enrol(request, user, form, sentence)


def render_enrol(request: HttpRequest, user: Any, form: CodeForm, sentence: str) -> HttpResponse:
    """The page with the QR code of the app that is being added."""
    device = second_factor.draft(user)
    path, side = second_factor.qr_of(device)
    context = {
        "form": form,
        "sentence": sentence,
        "secret": second_factor.secret_of(device),
        "path": path,
        "side": side,
        "is_pending": not request.user.is_authenticated,
    }
    return render(request, "accounts/enrol.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Asks first, and signs out on POST.

    The form stands on a page of its own, for it holds a CSRF token and the frame of kept pages must not.
    """
    if request.method == "POST":
        return _signed_out(request)
    return render(request, "accounts/sign_out.html")
