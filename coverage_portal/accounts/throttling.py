"""How many wrong passwords a name and an address may try, beside what django-axes counts for both together.

Axes refuses a name at an address after a few wrong passwords, and so locks nobody else out: neither the
office behind that address nor the user elsewhere. Against many names from one address, and one name from many
addresses, there are two ceilings. Above them nobody is locked out: one attempt is looked at, then none for a
pause. Where a user has signed in before, the ceilings do not hold them up at all. Both read the log of
sign-ins, so a restart forgets nothing.
"""

from __future__ import annotations

import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from .models import Event

PER_NETWORK, NETWORK_WINDOW = 60, datetime.timedelta(hours=1)
PER_NAME, NAME_WINDOW = 50, datetime.timedelta(days=1)
PAUSE = datetime.timedelta(seconds=30)
KNOWN_FOR = datetime.timedelta(days=90)
NOTED_EVERY = datetime.timedelta(hours=1)


def pause(*, key: str, network: str) -> int:
    """How many seconds the next attempt of a name (its hash) from a network has to wait; 0 for none."""
    now = timezone.now()
    failed = Event.objects.filter(kind=Event.Kind.SIGN_IN_FAILED, at__gt=now - NAME_WINDOW)
    # What a clock that was ahead has written counts, but nobody waits until that moment is over.
    is_past = Q(at__lte=now)
    counted = failed.filter(Q(key=key) | Q(network=network)).aggregate(
        of_name=Count("pk", filter=Q(key=key)),
        last_of_name=Max("at", filter=Q(key=key) & is_past),
        of_network=Count("pk", filter=Q(network=network, at__gt=now - NETWORK_WINDOW)),
        last_of_network=Max("at", filter=Q(network=network) & is_past),
    )
    until = [
        last + PAUSE
        for number, ceiling, last in (
            (counted["of_name"], PER_NAME, counted["last_of_name"]),
            (counted["of_network"], PER_NETWORK, counted["last_of_network"]),
        )
        if number >= ceiling and last is not None
    ]
    wait = max(((end - now).total_seconds() for end in until), default=0.0)
    if wait <= 0 or _is_known(key, network, now):
        return 0
    return int(wait) + 1


def is_noted(*, key: str, network: str) -> bool:
    """Whether that this name was refused here is in the log already: one line an hour says enough."""
    since = timezone.now() - NOTED_EVERY
    refused = Event.objects.filter(kind=Event.Kind.THROTTLED, at__gt=since)
    return refused.filter(key=key, network=network).exists()


def _is_known(key: str, network: str, now: datetime.datetime) -> bool:
    since = now - KNOWN_FOR
    return Event.objects.filter(kind=Event.Kind.SIGNED_IN, key=key, network=network, at__gt=since).exists()
