"""What a person may ask of their own data (UU 27/2022): restricting, and erasing, with the counts kept.

Each act is one transaction with its reason in the history, which names the worker by number only.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from coverage_portal.accounts import history
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.identity import Nik

from . import erasing, images
from .models import Handled, Handling, Worker
from .sealing import hold_key, nik_sealer

_SUM = f"SELECT {images.worker_sum('w')} FROM projects_worker w WHERE w.id = %(worker)s"  # noqa: S608

# What an undo compares and gives back becomes the person as erased: it still works, and brings nobody back.
_IMAGES = (
    """
    UPDATE projects_workerimage SET
        before = jsonb_build_object('name', %(name)s, 'sex', '', 'birth_date', NULL, 'kpj', ''),
        after_sum = %(sum)s
    WHERE worker_id = %(worker)s
    """,
    """
    UPDATE projects_enrollmentimage SET worker_sum = %(sum)s
    WHERE worker_id = %(worker)s AND worker_sum IS NOT NULL
    """,
    """
    UPDATE projects_removedenrollment SET nik_sealed = %(number)s, nik_last4 = %(last4)s, name = %(name)s,
        sex = '', birth_date = NULL, kpj = ''
    WHERE worker_id = %(worker)s OR nik_sealed = ANY(%(niks)s::bytea[])
    """,
    """
    UPDATE projects_stagedenrollment SET nik_sealed = %(number)s, nik_last4 = %(last4)s, name = %(name)s,
        sex = '', birth_date = NULL, kpj = ''
    WHERE nik_sealed = ANY(%(niks)s::bytea[])
    """,
    "UPDATE projects_lookup SET nik_sealed = %(number)s WHERE nik_sealed = ANY(%(niks)s::bytea[])",
)


_REDACT = "SELECT accounts_redact(%s, %s, %s, %s, %s)"
_PERSONAL = ("nik_sealed", "nik_last4", "name", "sex", "birth_date", "kpj")


class Refused(Exception):
    """What was asked cannot be done to this person; the message is one of `WHY`."""


def find(nik: Nik, user: User) -> Worker | None:
    """The worker with this NIK, for a user whose areas cover all that is held of them; else None.

    Whoever is restricted is found too: this is where restrictions are lifted.
    """
    worker = Worker.objects.filter(nik_sealed__in=nik_sealer().seal_each(nik.digits)).first()
    if worker is None:
        return None
    scope = scope_of(user, "projects.answer_data_subject")
    regencies = worker.enrollments.values_list("regency_id", flat=True).distinct()
    is_whole = scope.everything or (bool(scope.codes) and all(scope.covers(str(code)) for code in regencies))
    return worker if is_whole else None


def handlings_of(worker: Worker) -> QuerySet[Handling]:
    """How a worker's data are handled: by the NIK as well, for a later list brings them under another id."""
    seals = nik_sealer().seal_each(nik_sealer().open(worker.nik_sealed))
    return Handling.objects.filter(Q(worker_id=worker.pk) | Q(nik_sealed__in=seals))


def is_restricted(worker: Worker) -> bool:
    return handlings_of(worker).filter(state=Handled.RESTRICTED).exists()


@transaction.atomic
def restrict(*, worker: Worker, user: User | None, reason: str) -> None:
    """Keep the person out of lists, lookups and exports. Counts stay. Doing it twice changes nothing.

    Args:
        user: who did it; None for a command.
    """
    handling, is_new = Handling.objects.get_or_create(
        nik_sealed=bytes(worker.nik_sealed), defaults={"worker_id": worker.pk, "state": Handled.RESTRICTED}
    )
    if is_new:
        _record(worker, user, reason, None, {"state": handling.state})


@transaction.atomic
def lift(*, worker: Worker, user: User, reason: str) -> None:
    """End a restriction. One who is not restricted stays as they are."""
    deleted, _each = handlings_of(worker).filter(state=Handled.RESTRICTED).delete()
    if deleted:
        _record(worker, user, reason, {"state": Handled.RESTRICTED}, None)


@transaction.atomic
def erase(*, worker: Worker, nik: str, user: User | None, reason: str) -> None:
    """Take name, NIK, KPJ, sex and date of birth away for good, wherever they stand in tables.

    What is counted stays: the worker and the periods of protection go on under a number that nobody can turn
    back into the NIK. Uploads and backups keep what they hold until their time is over. The history keeps
    that something was changed, and by whom, without what it tells of the person.

    Args:
        nik: the worker's sixteen digits.
        user: who did it; None for a command.
    """
    hold_key()
    locked = Worker.objects.select_for_update().get(pk=worker.pk)
    handlings_of(locked).delete()
    number = nik_sealer().seal(erasing.number_of(nik))
    niks = [f"\\x{each.hex()}" for each in nik_sealer().seal_each(nik)]
    with connection.cursor() as cursor:
        locked.nik_sealed, locked.nik_last4, locked.name = number, erasing.LAST4, erasing.NAME
        locked.sex, locked.birth_date, locked.kpj = "", None, ""
        locked.save()
        cursor.execute(_SUM, {"worker": locked.pk})
        values: dict[str, Any] = {
            "worker": locked.pk,
            "number": number,
            "niks": niks,
            "name": erasing.NAME,
            "last4": erasing.LAST4,
            "sum": cursor.fetchone()[0],
        }
        for statement in _IMAGES:
            cursor.execute(statement, values)
        periods = [str(pk) for pk in locked.enrollments.values_list("pk", flat=True)]
        for model, ids in (("projects.worker", [str(locked.pk)]), ("projects.enrollment", periods)):
            cursor.execute(_REDACT, [model, ids, list(_PERSONAL), None if user is None else user.pk, reason])
    Handling.objects.create(
        nik_sealed=number, worker_id=locked.pk, state=Handled.ERASED, since=timezone.now()
    )
    _record(locked, user, reason, None, {"state": Handled.ERASED})


def record_report(*, worker: Worker, user: User, reason: str) -> None:
    """Write down that a person's data were given out, to whom and why."""
    with transaction.atomic():
        _record(worker, user, reason, None, {"report": True})


def _record(worker: Worker, user: User | None, reason: str, before: Any, after: Any) -> None:
    source = Change.Source.COMMAND if user is None else Change.Source.PAGE
    author = Author(user, source, reason)
    history.record(author, [(worker, before, after)])
