"""Links with which a user sets a password once: an invitation, or a new password."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from . import history, roles, sessions
from .history import Author
from .models import AccessLink, AreaGrant, Change, User

INVITATION_DAYS = 7
RESET_HOURS = 24
SECRET_BYTES = 32
"""256 bits: nobody guesses one, so guesses need no counting."""


@transaction.atomic
def invite(
    *, by: User, reason: str, role: str, area_code: str, **values: Any
) -> tuple[User, str, AccessLink]:
    """A new user without a password, with one role, and the secret of the link to set one."""
    until = values.pop("valid_until", None)
    agency = values.pop("agency_code", "")
    user = User(**values, is_staff=roles.BY_SLUG[role].uses_admin)
    user.set_unusable_password()
    user.save()
    grant = AreaGrant(user=user, role=role, area_code=area_code, agency_code=agency, valid_until=until)
    grant.full_clean()
    grant.save()
    author = Author(by, Change.Source.PAGE, reason, uuid.uuid4())
    history.record(
        author, [(user, None, history.snapshot_of_user(user)), (grant, None, history.snapshot(grant))]
    )
    secret, link = make(user=user, by=by, purpose=AccessLink.Purpose.INVITATION)
    return user, secret, link


@transaction.atomic
def make(*, user: User, by: User, purpose: str) -> tuple[str, AccessLink]:
    """A new link for a user; those before it are no longer good."""
    now = timezone.now()
    AccessLink.objects.filter(user=user, used_at=None).update(used_at=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    lasts = (
        datetime.timedelta(days=INVITATION_DAYS)
        if purpose == AccessLink.Purpose.INVITATION
        else datetime.timedelta(hours=RESET_HOURS)
    )
    link = AccessLink.objects.create(
        user=user, purpose=purpose, digest=digest_of(secret), made_by=by, made_at=now, expires_at=now + lasts
    )
    return secret, link


def found(digest: str) -> AccessLink | None:
    """The link of a secret's digest, if it is still good."""
    good = AccessLink.objects.filter(used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
    return good.filter(digest=digest).select_related("user").first()


@transaction.atomic
def use(*, digest: str, password: str) -> User | None:
    """Set the password that the link is for; None where it is no longer good. All sessions end."""
    link = AccessLink.objects.select_for_update(of=("self",)).filter(digest=digest).first()
    if link is None or found(digest) is None:
        return None
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    user = link.user
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user)
    return user


def digest_of(secret: str) -> str:
    """What is kept of a secret, and searched by: how long that takes tells a guesser nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()
