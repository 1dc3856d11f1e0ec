"""The law's arithmetic as this portal is set: what the settings decide where the law is unclear."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from . import rates
from .compliance import Rules
from .rates import Base, Limit
from .workdays import Holiday, WorkCalendar


def contribution_base() -> Base:
    """Whether contributions are computed on a contract's value before VAT or with it."""
    return Base.WITH_VAT if settings.CONTRIBUTION_BASE_HAS_VAT else Base.BEFORE_VAT


def registration_limit() -> Limit | None:
    """The portal's own limit of registration; None where it is the law's."""
    limit = rates.limit(rates.REGISTRATION, timezone.localdate())
    if limit.workdays == settings.REGISTRATION_WORKDAYS:
        return None
    return replace(limit, key="registration-setting", workdays=settings.REGISTRATION_WORKDAYS)


def compliance_rules(holidays: Iterable[Holiday]) -> Rules:
    """What positions are judged by, with the holidays that are known."""
    return Rules(
        WorkCalendar(holidays, works_on_collective_leave=settings.COLLECTIVE_LEAVE_IS_WORKED),
        registration_limit(),
        contribution_base(),
    )
