"""How long a session lasts: so long after the last request, never longer than so long after the sign-in."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from . import second_factor
from .models import User, new_stamp

SIGNED_IN, SEEN, SECOND_FACTOR = "signed_in_at", "seen_at", "second_factor"
VERIFIED, NOT_NEEDED = "verified", "not needed"
SEEN_EVERY = 60
"""Seconds after which that someone is still there is written down again."""


class SessionLimits:
    """Ends a session that is idle for too long, too old, or without the second factor that it takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session and not _is_good(request):
            request.session.flush()
            request.user = AnonymousUser()
        return self.get_response(request)


def begin(request: HttpRequest, **_named: Any) -> None:
    """Start counting: a user has just signed in."""
    now = int(time.time())
    request.session[SIGNED_IN] = request.session[SEEN] = now


def _is_good(request: HttpRequest) -> bool:
    now = int(time.time())
    session = request.session
    begun, seen = session.get(SIGNED_IN), session.get(SEEN)
    if begun is None or seen is None:
        return False
    if now - seen > settings.SESSION_IDLE_MINUTES * 60 or now - begun > settings.SESSION_COOKIE_AGE:
        return False
    if settings.REQUIRE_SECOND_FACTOR and SECOND_FACTOR not in session:
        # Begun while none was asked for, or past the page that asks.
        if second_factor.is_required_of(request.user):
            return False
        session[SECOND_FACTOR] = NOT_NEEDED
    if now - seen > SEEN_EVERY:
        session[SEEN] = now
    return True


@transaction.atomic
def end_all(user: User) -> None:
    """End every session of a user, wherever it is."""
    user.session_stamp = new_stamp()
    User.objects.filter(pk=user.pk).update(session_stamp=user.session_stamp)
