"""What the portal keeps for a time only, and letting go of it once that time is over."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from coverage_portal.accounts.models import AccessLink
from coverage_portal.intake import retention
from projects.models import Lookup

TASK_DAYS = 30
ATTEMPT_DAYS = 1
"""Much longer than any of them holds anyone up (`AXES_COOLOFF_TIME`)."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One sort of thing that is kept for a time.

    Attributes:
        name: in the plural, for a sentence.
        due: the things whose time is over.
        delete: deletes them; how many they were.
    """

    name: str
    due: Callable[[], QuerySet[Any]]
    delete: Callable[[], int]


def _sessions() -> QuerySet[Any]:
    return Session.objects.filter(expire_date__lt=timezone.now())


def _tasks() -> QuerySet[Any]:
    return DBTaskResult.objects.finished().filter(finished_at__lt=_ago(TASK_DAYS))


def _lookups() -> QuerySet[Any]:
    return Lookup.objects.filter(at__lt=_ago(settings.LOOKUP_KEEP_DAYS))


def _attempts() -> QuerySet[Any]:
    found: QuerySet[Any] = AccessAttempt.objects.filter(attempt_time__lt=_ago(ATTEMPT_DAYS))
    return found


def _links() -> QuerySet[Any]:
    return AccessLink.objects.filter(expires_at__lt=timezone.now())


def _ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def _rows_of(due: Callable[[], QuerySet[Any]]) -> Callable[[], int]:
    return lambda: due().delete()[0]


KEPT = (
    Kept("imports with uploads and staged rows", retention.due, retention.purge),
    Kept("sessions", _sessions, _rows_of(_sessions)),
    Kept("finished jobs", _tasks, _rows_of(_tasks)),
    Kept("lookups", _lookups, _rows_of(_lookups)),
    Kept("failed sign-ins", _attempts, _rows_of(_attempts)),
    Kept("links", _links, _rows_of(_links)),
)
