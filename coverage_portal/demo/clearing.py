"""Taking the example out again, with all that its users did; what others entered stays."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import ProtectedError, Q, QuerySet
from django_tasks_db.models import DBTaskResult

from coverage_portal import demo
from coverage_portal.accounts import generation
from coverage_portal.accounts.models import AccessLink, Change, User
from coverage_portal.intake import storage
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects import services
from projects.models import (
    Addendum,
    Assessment,
    Contractor,
    Holiday,
    Instalment,
    Letter,
    Payment,
    Project,
    ProjectRegency,
)
from regions.models import (
    Agency,
    Baseline,
    Commitment,
    Membership,
    PeriodException,
    PeriodStatus,
    QuotedFigure,
    Release,
    Target,
    Workforce,
)

from . import closing, project_loading
from .loading import ACTION

FIGURES = (Workforce, Membership, Target, Baseline, QuotedFigure)
CLOSING = (PeriodStatus, Release, PeriodException)
RECORDS = (
    Agency,
    Commitment,
    Contractor,
    Holiday,
    Project,
    ProjectRegency,
    Addendum,
    Assessment,
    Instalment,
    Payment,
)
"""Each after those that it refers to."""


def clear() -> None:
    """Remove the example: users, figures, imports with their files, and history. It is not loaded again.

    A figure goes back to what someone outside the example made it last; one that only the example knew is
    deleted, and one that was there before it gets its old values.
    """
    demo.remember(demo.CLEARING)
    with transaction.atomic():
        users = list(User.objects.filter(username__in=[person.username for person in demo.PEOPLE]))
        _open_for_removal("yes")
        changes = Change.objects.filter(Q(action=ACTION) | Q(user__in=users))
        closing.remove(_closed_places(changes))
        project_loading.remove_workers()
        _give_back(set(changes.values_list("pk", flat=True)))
        _forget([user.pk for user in users])
        Letter.objects.filter(user__in=users).delete()
        batches = _remove_batches(users)
        _remove_sessions(users)
        AccessLink.objects.filter(made_by__in=users).delete()
        User.objects.filter(pk__in=[user.pk for user in users]).delete()
        _open_for_removal("")
        generation.move()
    for batch in batches:
        storage.delete(batch)
    demo.remember(demo.CLEARED)


def _open_for_removal(value: str) -> None:
    """Let the rest of the transaction delete what the database otherwise keeps as it was published."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.removing_example', %s, true)", [value])


def _closed_places(changes: QuerySet[Change]) -> set[tuple[str, Month]]:
    """The regencies' months that the example, or one of its users, has moved, published or opened."""
    labels = [model._meta.label_lower for model in CLOSING]
    sides = changes.filter(model__in=labels).values_list("after__regency_id", "after__month")
    return {(regency, Month.parse(month)) for regency, month in sides if regency and month}


def _forget(users: list[int]) -> None:
    """The history of the example, and of what its users did: the one part of it that may ever go."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_clear_example(%s, %s::bigint[])", [ACTION, users])


def _give_back(of_demo: set[int]) -> None:
    paying = set(Payment.objects.values_list("project_id", flat=True))
    with services.payments_of(paying):
        gone = [(model, _restored(model, of_demo)) for model in (*FIGURES, *RECORDS)]
        for model, keys in reversed(gone):
            for row in model._default_manager.filter(pk__in=keys):
                try:
                    row.delete()
                except ProtectedError:
                    continue  # Someone outside the example refers to it by now.


def _restored(model: Any, of_demo: set[int]) -> list[str]:
    """Give records back what others made them last; returns the ids of those that only the example knew."""
    trails: dict[str, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(model=model._meta.label_lower).order_by("pk"):
        trails[change.object_id].append(change)
    gone = []
    for key, trail in trails.items():
        if trail[-1].pk not in of_demo:
            continue
        others = [change.after for change in trail if change.pk not in of_demo]
        rest = others[-1] if others else trail[0].before
        if rest is None:
            gone.append(key)
        else:
            _restore(model, key, rest)
    return gone


def _restore(model: Any, key: str, values: dict[str, Any]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    # What follows from other records is in no history, and stays as it is.
    row = model._default_manager.filter(pk=key).first() or model()
    for name, value in values.items():
        if name in fields:
            setattr(row, name, fields[name].to_python(value))
    row.save()


def _remove_batches(users: list[User]) -> list[str]:
    """Delete the imports of these users; returns the names of their stored files."""
    ImportBatch.objects.filter(undone_by__in=users).exclude(user__in=users).update(undone_by=None)
    batches = [str(pk) for pk in ImportBatch.objects.filter(user__in=users).values_list("pk", flat=True)]
    DBTaskResult.objects.filter(args_kwargs__args__0__in=batches).delete()
    ImportBatch.objects.filter(pk__in=batches).delete()
    return batches


def _remove_sessions(users: list[User]) -> None:
    keys = {str(user.pk) for user in users}
    theirs = [s.pk for s in Session.objects.all() if s.get_decoded().get("_auth_user_id") in keys]
    Session.objects.filter(pk__in=theirs).delete()
