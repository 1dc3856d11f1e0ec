"""Writing what workers are counted by, and counting all anew: each in one transaction, cells included."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from coverage_portal.accounts import generation, history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

from . import completeness, counting, horizon, joining
from .counting import Cells
from .joining import Overtaken
from .models import Enrollment, Project, RejectedMatch, Worker


@contextmanager
def enrollments_of(workers: Collection[int]) -> Iterator[None]:
    """A transaction in which the enrollments of these workers, by id, may be changed; the cells follow.

    Every way of changing an enrollment by hand goes through here: the workers are locked, in id order, so
    that nobody else counts or checks them at the same time.
    """
    with transaction.atomic():
        held = horizon.hold(None)
        list(Worker.objects.filter(pk__in=workers).order_by("pk").select_for_update().values_list("pk"))
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {counting.AFFECTED}")
            cursor.execute(
                f"CREATE TEMPORARY TABLE {counting.AFFECTED} ON COMMIT DROP AS"  # noqa: S608
                " SELECT DISTINCT worker_id FROM unnest(%s::bigint[]) AS named (worker_id)",
                [list(workers)],
            )
        before = horizon.count_affected(held)
        yield
        completeness.count(counting.difference(before, horizon.count_affected(held)))
        generation.move()


@contextmanager
def payments_of(projects: Collection[int]) -> Iterator[None]:
    """A transaction in which payments of these projects, by id, may be written; the cells follow.

    Workers of a project count from its first payment, a date that the database keeps (`first_paid_on`). Only
    where that date moves is there anything to count: then nobody may enroll workers in between.
    """
    with transaction.atomic():
        before = _first_payments(projects)
        yield
        after = _first_payments(projects)
        moved = [pk for pk in after if after[pk] != before.get(pk)]
        if moved:
            horizon.hold_all()
            # Both ways of counting read the stored date, so it is put back for the first.
            _set_first_payments({pk: before.get(pk) for pk in moved})
            enrolled = Enrollment.objects.filter(project__in=moved)
            with enrollments_of(set(enrolled.values_list("worker_id", flat=True))):
                _set_first_payments({pk: after[pk] for pk in moved})
        generation.move()


def _first_payments(projects: Collection[int]) -> dict[int, datetime.date | None]:
    """When each of the projects paid first, locked against other writers of their payments."""
    # Not FOR UPDATE: whoever enrolls a worker only needs the project to stay, and must not wait for us.
    rows = Project.objects.filter(pk__in=projects).order_by("pk").select_for_update(no_key=True)
    return dict(rows.values_list("pk", "first_paid_on"))


def _set_first_payments(dates: Mapping[int, datetime.date | None]) -> None:
    for pk, day in dates.items():
        Project.objects.filter(pk=pk).update(first_paid_on=day)


class Refused(Exception):
    """Some projects cannot be as asked for, and nothing was written; `sentences` say which and why."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(len(sentences))
        self.sentences = sentences


def edit_projects(*, projects: Collection[int], values: Mapping[str, Any], author: Author) -> int:
    """Set the same values in these projects, by id: in all or in none. Returns how many changed.

    Raises:
        Refused: what a project would become is not allowed.
    """
    with transaction.atomic():
        rows = list(Project.objects.filter(pk__in=projects).order_by("pk").select_for_update(no_key=True))
        sentences: list[str] = []
        traced: list[tuple[Project, dict[str, Any] | None, dict[str, Any] | None]] = []
        for project in rows:
            before = history.snapshot(project)
            for name, value in values.items():
                setattr(project, name, value)
            try:
                project.full_clean()
            except ValidationError as error:
                sentences += [f"{project}: {message}" for message in error.messages]
            after = history.snapshot(project)
            if after != before:
                traced.append((project, before, after))
        if sentences:
            raise Refused(sentences)
        for project, _before, _after in traced:
            project.save(update_fields=list(values))
        if traced:
            history.record(author, traced)
            generation.move()
        return len(traced)


def join_projects(*, package: int, registration: int, author: Author, seen: str = "") -> Project:
    """Make one project of a package and a registration at BPJS, by id. Returns it.

    `joining.Plan` says what happens; the counted cells follow, for workers count from their project's first
    payment.

    Args:
        seen: what the plan was when a person agreed to it; "" for whatever it is.

    Raises:
        Overtaken: one of the two is joined, registered, changed or gone since.
        Refused: what has to be mended first.
    """
    try:
        with transaction.atomic():
            # First as writers of payments lock projects, then those of enrollments, of whom nobody is left
            # when the registration is locked against anyone who would refer to it.
            _lock_pair(package, registration)
            horizon.hold_all()
            list(Project.objects.filter(pk=registration).select_for_update().values_list("pk"))
            planned = joining.plan(*joining.joinable(package, registration))
            if planned.problems:
                raise Refused(list(planned.problems))
            if seen and planned.seen != seen:
                text = _("Catatannya berubah sejak halaman itu dibuka. Tidak ada yang digabungkan.")
                raise Overtaken(text)
            enrolled = Enrollment.objects.filter(project__in=[package, registration])
            with enrollments_of(set(enrolled.values_list("worker_id", flat=True))):
                joining.carry_out(planned, author)
            return planned.package
    except IntegrityError as error:
        raise Refused(
            [_("Kedua catatan tidak dapat digabungkan begitu saja. Periksa keduanya di halaman admin.")]
        ) from error


def reject_match(*, package: int, registration: int, author: Author) -> bool:
    """Remember that the two are not one project. Returns whether that is new.

    Raises:
        Overtaken: one of the two is joined, registered or gone since.
    """
    with transaction.atomic():
        _lock_pair(package, registration)
        one, other = joining.joinable(package, registration)
        rejected, is_new = RejectedMatch.objects.get_or_create(
            package=one,
            registration=other,
            defaults={"user": author.user, "actor": author.name, "reason": author.reason[:300]},
        )
        if is_new:
            history.record(author, [(rejected, None, history.snapshot(rejected))])
            generation.move()
        return is_new


def reconsider_match(*, package: int, registration: int, author: Author) -> bool:
    """Forget that the two are not one project. Returns whether that was said of them."""
    with transaction.atomic():
        _lock_pair(package, registration)
        rejected = RejectedMatch.objects.filter(package=package, registration=registration).first()
        if rejected is None:
            return False
        history.record(author, [(rejected, history.snapshot(rejected), None)])
        rejected.delete()
        generation.move()
        return True


def _lock_pair(package: int, registration: int) -> None:
    rows = Project.objects.filter(pk__in=[package, registration]).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def recount(*, author: Author) -> Cells:
    """Count everyone from scratch and put the cells right; returns what had to be added to them.

    There is nothing to do unless there is a defect, or someone wrote past the services. Each cell that was
    wrong is left in the history.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE projects_enrollment, projects_worker IN SHARE MODE")
        changes = counting.mismatches()
        if not changes:
            return {}
        kept = counting.stored()
        completeness.count(changes)
        action = author.action or uuid.uuid4()
        Change.objects.bulk_create(
            Change(
                action=action,
                user=author.user,
                actor=author.name,
                source=author.source,
                model="regions.membership",
                object_id=f"{key.regency} {key.segment} {counting.month_of(key.month)}",
                summary=f"Peserta {key.regency} {key.segment} {counting.month_of(key.month)}",
                before={"counted": kept.get(key, 0)},
                after={"counted": kept.get(key, 0) + change},
                reason=author.reason[:300],
            )
            for key, change in sorted(changes.items())
        )
        generation.move()
        return changes
