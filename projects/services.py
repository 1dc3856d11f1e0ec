"""Writing enrollments one by one, and counting everything anew: each in one transaction, cells included."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from coverage_portal.accounts import generation
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

from . import completeness, counting, horizon
from .counting import Cells
from .models import Worker


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
