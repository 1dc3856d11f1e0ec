"""Inviting users, and links with which a password is set."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from coverage_portal.accounts import access, events, links, reaching, second_factor, sessions
from coverage_portal.accounts.forms import InviteForm, NewPasswordForm, ResetForm
from coverage_portal.accounts.models import AccessLink, Event, User

IN_SESSION = "link"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.holders("accounts.add_user")
def invite(request: HttpRequest) -> HttpResponse:
    """A new user with a role; the answer is the page with their link, which is shown this once."""
    actor = cast(User, request.user)
    form = InviteForm(request.POST if request.method == "POST" else None, actor=actor)
    if not form.is_valid():
        return render(request, "accounts/invite.html", {"form": form}, status=422 if form.is_bound else 200)
    with transaction.atomic():
        user, secret, link = links.invite(by=actor, **form.cleaned_data)
        reason = form.cleaned_data["reason"]
        areas = [form.cleaned_data["area_code"]]
        what = user.get_username()
        events.note(Event.Kind.INVITED, user=actor, request=request, areas=areas, what=what, reason=reason)
    return _shown(request, secret, link)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@access.holders("accounts.change_user")
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """A link for a user of one's own areas who has lost the password."""
    actor = cast(User, request.user)
    user = get_object_or_404(reaching.users(actor).filter(is_active=True), pk=pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "person": user}
        return render(request, "accounts/reset.html", context, status=422 if form.is_bound else 200)
    noted: dict[str, Any] = {
        "user": actor,
        "request": request,
        "areas": sorted(user.scope.widened.codes),
        "what": user.get_username(),
        "reason": form.cleaned_data["reason"],
    }
    with transaction.atomic():
        secret, link = links.make(user=user, by=actor, purpose=AccessLink.Purpose.RESET)
        events.note(Event.Kind.RESET_MADE, **noted)
        if form.cleaned_data["lost_phone"]:
            second_factor.remove(user=user)
            sessions.end_all(user)
            events.note(Event.Kind.SECOND_OFF, **noted)
    return _shown(request, secret, link)


def _shown(request: HttpRequest, secret: str, link: AccessLink) -> HttpResponse:
    address = request.build_absolute_uri(reverse("accounts:open_link", args=[secret]))
    return render(request, "accounts/link_made.html", {"link": link, "address": address})


@access.everyone
@never_cache
@require_safe
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes the secret out of the address, so that it stands in no history and no referrer.

    A session is begun for a good one only, and does not hold it either: guesses fill no table.
    """
    found = links.found(links.digest_of(secret))
    if found is None:
        request.session.pop(IN_SESSION, None)
    else:
        request.session[IN_SESSION] = found.digest
    return redirect("accounts:link")


@access.everyone
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def link(request: HttpRequest) -> HttpResponse:
    """Set the password that the link is for."""
    digest = request.session.get(IN_SESSION, "")
    found = links.found(digest)
    if found is None:
        return render(request, "accounts/link_gone.html", status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=found.user)
    if not form.is_valid():
        context = {"form": form, "person": found.user}
        return render(request, "accounts/link.html", context, status=422 if form.is_bound else 200)
    with transaction.atomic():
        user = links.use(digest=digest, password=form.cleaned_data["password"])
        if user is None:
            return render(request, "accounts/link_gone.html", status=410)
        events.note(Event.Kind.LINK_USED, user=user, request=request)
    request.session.flush()
    messages.success(request, _("Kata sandi disimpan. Silakan masuk."))
    return redirect("accounts:login")
