"""Signing in and out."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

sign_in = LoginView.as_view(template_name="accounts/sign_in.html")

_signed_out = LogoutView.as_view()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Asks first, and signs out on POST.

    The form stands on a page of its own, for it holds a CSRF token and the frame of kept pages must not.
    """
    if request.method == "POST":
        return _signed_out(request)
    return render(request, "accounts/sign_out.html")
