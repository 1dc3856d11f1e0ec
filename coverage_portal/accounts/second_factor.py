"""The second factor: a code of an authenticator app (TOTP), or one of ten recovery codes, each good once.

Whoever has to give one is not signed in before they have: between password and code there is only a note in
an otherwise anonymous session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import roles
from .models import RecoveryCode, User

CODES = 10
CODE_BYTES = 10
"""80 bits: nobody guesses one, so a plain keyed hash is enough to keep."""


class Wait(Exception):
    """Too many wrong codes: the next one is looked at in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def device_of(user: Any) -> TOTPDevice | None:
    """The confirmed authenticator app of a user."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return found


def is_required_of(user: Any) -> bool:
    """Whether a user's work takes a second factor: importing, approving, revealing a NIK, or the admin."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    return user.is_staff or user.is_superuser or any(user.has_perm(code) for code in roles.GUARDED)


def draft(user: User) -> TOTPDevice:
    """The app that a user is about to add: the same secret until it is confirmed."""
    found: TOTPDevice = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "totp"}
    )[0]
    return found


def secret_of(device: TOTPDevice) -> str:
    """The secret as it is typed into an app, in groups of four."""
    plain = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def qr_of(device: TOTPDevice) -> tuple[str, int]:
    """The QR code of an app's address as the `d` of an SVG path, and the side of its square."""
    code = segno.make(device.config_url, error="m")
    rows: Sequence[Sequence[int]] = [list(row) for row in code.matrix_iter(border=2)]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return path, len(rows)


@transaction.atomic
def confirm(*, user: User, code: str) -> list[str] | None:
    """Take the drafted app for the user's, if the code is its; returns the new recovery codes.

    Raises:
        Wait: too many wrong codes.
    """
    drafts = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False)
    device = drafts.first()
    if device is None:
        return None
    _hold(device)
    if not device.verify_token(_digits(code)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    return new_codes(user=user)


@transaction.atomic
def verify(*, user: User, code: str) -> bool:
    """Whether a code is the app's, not used before, or a recovery code, which is used up by this.

    Raises:
        Wait: too many wrong codes; this one was not looked at.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return False
    _hold(device)
    plain = _digits(code)
    if plain.isascii() and plain.isdigit() and len(plain) == device.digits:
        return bool(device.verify_token(plain))
    if RecoveryCode.objects.filter(user=user, digest=_digest(user, plain)).delete()[0]:
        device.throttle_reset(commit=True)
        return True
    device.throttle_increment(commit=True)
    return False


@transaction.atomic
def new_codes(*, user: User) -> list[str]:
    """Ten fresh recovery codes; those before them are no longer good. They are shown once."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _each in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


@transaction.atomic
def remove(*, user: User) -> None:
    """Forget the app and the recovery codes."""
    TOTPDevice.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _hold(device: TOTPDevice) -> None:
    allowed, said = device.verify_is_allowed()
    if not allowed:
        locked = (said or {}).get("locked_until")
        raise Wait(1 if locked is None else max(1, int((locked - timezone.now()).total_seconds()) + 1))


def _digits(code: str) -> str:
    return code.strip().replace(" ", "").replace("-", "").lower()[:40]


def _digest(user: User, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{user.pk}:{code}".encode(), hashlib.sha256).hexdigest()
