"""Writing down what was done without changing a record: signing in, exporting, revealing, looking up."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from coverage_portal.lib.redaction import redact, redacted

from .addresses import client_address, network_of
from .models import Event, User

Kind = Event.Kind
NOBODY = ""


def note(
    kind: Event.Kind,
    *,
    user: User | Any | None = None,
    name: str = "",
    request: HttpRequest | None = None,
    areas: Iterable[str] | None = None,
    what: str = "",
    count: int | None = None,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """One more line of the log. It can be neither changed nor deleted.

    Args:
        name: as it was typed at a sign-in, where no user is known. Only a keyed hash of it is kept, for what
            is typed there may be a password.
        areas: what it is about; else the areas of the user.
    """
    known = user if isinstance(user, User) else None
    address = client_address(request) if request is not None else None
    found = sorted(areas) if areas is not None else sorted(known.scope.widened.codes if known else ())
    return Event.objects.create(
        kind=kind,
        user=known,
        actor=known.get_username() if known else NOBODY,
        key=key_of(known.get_username() if known else name),
        address=address,
        network=network_of(address),
        areas=found,
        what=redact(what)[:200],
        count=count,
        detail=redacted(dict(detail or {})),
        reason=redact(reason)[:300],
    )


def key_of(name: str) -> str:
    """A keyed hash of a user name, however it is written: what sign-ins are counted by."""
    if not name:
        return ""
    plain = unicodedata.normalize("NFKC", name).casefold().encode()[:1000]
    return hmac.new(settings.SECRET_KEY.encode(), plain, hashlib.sha256).hexdigest()[:40]


def typed_name(_request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The user name of an attempt to sign in, for django-axes: as a hash, like in the log."""
    return key_of(str((credentials or {}).get("username") or ""))
