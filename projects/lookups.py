"""A supervisor on site asks about one person: is this NIK protected, and in which project?

The NIK comes by POST, is answered within the areas of whoever asks, and is kept sealed in the log of
lookups only. What lies outside those areas is answered like what is not registered.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest

from coverage_portal.accounts import events
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib.identity import Nik

from .models import Enrollment, Lookup
from .sealing import nik_sealer

LOOK_UP = "projects.look_up_worker"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a lookup says: the enrollments that are active on the day asked, the latest first."""

    last4: str
    on: datetime.date
    active: tuple[Enrollment, ...]

    @property
    def is_registered(self) -> bool:
        return bool(self.active)


@transaction.atomic
def look_up(*, nik: Nik, user: User, on: datetime.date, request: HttpRequest | None = None) -> Answer:
    """Who is protected on a day, by NIK, within the user's areas; writes the lookup down."""
    sealer = nik_sealer()
    active = tuple(
        Enrollment.objects.inside(scope_of(user, LOOK_UP))
        .filter(worker__nik_sealed__in=sealer.seal_each(nik.digits))
        .filter(Q(end=None) | Q(end__gte=on), start__lte=on)
        .exclude(project__isnull=False, project__first_paid_on=None)
        .select_related("worker", "regency", "project")
        .order_by(F("start").desc(), "pk")
    )
    Lookup.objects.create(
        user=user, actor=user.get_username(), nik_sealed=sealer.seal(nik.digits), found=len(active)
    )
    events.note(
        events.Kind.LOOKED_UP,
        user=user,
        request=request,
        what=f"NIK …{nik.last4}",
        count=len(active),
        areas=sorted({enrollment.regency_id for enrollment in active}) or None,
    )
    return Answer(nik.last4, on, active)
