"""From a right password to a session: at once, or by way of the second factor.

Until the second factor was given the session is anonymous. It holds who may go on, for a few minutes and a
few wrong codes, and it is a new one, so that nobody shares it who knew the one before.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from . import events, second_factor, sessions
from .forms import SignInForm
from .models import BACKEND, Event, User

PENDING = "pending"
SECONDS_TO_GO_ON = 600
WRONG_CODES = 5


class TooMany(Exception):
    """Too many wrong passwords: the next one is looked at in so many seconds, 0 where nobody has said."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def begin(request: HttpRequest, user: User, going_to: str) -> str:
    """What comes after the password: the name of the page, or empty if the user is signed in now."""
    has_device = second_factor.device_of(user) is not None
    if not has_device and not second_factor.is_required_of(user):
        finish(request, user, sessions.NOT_NEEDED)
        return ""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": int(time.time()),
        "wrong": 0,
        "next": going_to,
    }
    return "accounts:second_step" if has_device else "accounts:enrol"


def pending(request: HttpRequest) -> tuple[User, str] | None:
    """Who has given the right password, and where they are going; None if nobody, or too long ago."""
    note: dict[str, Any] = request.session.get(PENDING) or {}
    if not note or time.time() - note["at"] > SECONDS_TO_GO_ON or note["wrong"] >= WRONG_CODES:
        return None
    user = User.objects.filter(pk=note["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != note["hash"]:
        return None
    return user, note["next"]


def count_wrong(request: HttpRequest, user: User) -> None:
    """A wrong code; after a few of them the password is asked for again."""
    request.session[PENDING] = {**request.session[PENDING], "wrong": request.session[PENDING]["wrong"] + 1}
    events.note(Event.Kind.SECOND_FAILED, user=user, request=request)


def is_again(request: HttpRequest, user: User, password: str) -> bool:
    """Whether a password is that of the user who has signed in: asked again before what weakens the sign-in.

    Looked at, counted and written down like an attempt to sign in, so that whoever has got hold of a session
    has no more guesses at the password than who has none.

    Raises:
        TooMany: it was not looked at.
    """
    form = SignInForm(request, {"username": user.get_username(), "password": password})
    is_good = form.is_valid()
    if form.wait or getattr(request, "axes_locked_out", False):
        raise TooMany(form.wait)
    return is_good


def finish(request: HttpRequest, user: User, factor: str) -> None:
    """Sign in, now that nothing is missing."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    request.session[sessions.SECOND_FACTOR] = factor


def note_success(request: HttpRequest | None = None, user: Any = None, **_named: Any) -> None:
    """Every sign-in is in the log, whatever page it came through."""
    events.note(Event.Kind.SIGNED_IN, user=user, request=request)


def refusal(request: HttpRequest, *_said: Any) -> HttpResponse:
    """Too many wrong passwords of this name at this address."""
    return too_many(request, 0)


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The answer while nothing is looked at: the same for a name that nobody has."""
    sentence = _(
        "Terlalu banyak percobaan masuk. Tunggu sebentar lalu coba lagi, atau masuk dari tempat lain. "
        "Bila lupa kata sandi, mintalah tautan kata sandi baru kepada admin portal."
    )
    response = render(request, "accounts/too_many.html", {"sentence": sentence}, status=429)
    response.headers["Retry-After"] = str(seconds or 1800)
    return response
