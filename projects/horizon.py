"""How far the counting reaches: moved by the imports that are applied, and back by their undo.

The month is the latest of what the applied imports ask for and of where it stood before the first of them.
Whoever writes enrollments holds it still until their transaction ends.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from coverage_portal.lib.periods import Month

from . import counting
from .counting import Cells
from .models import CountingHorizon
from .staging import CountingClaim


class Moved(Exception):
    """The horizon was moved by another between looking and holding: begin again."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """The first month counted, and the last one before and after a transaction; None: nothing is counted."""

    first: Month
    before: Month | None
    after: Month | None


def hold(wanted: Month | None, *, is_undo: bool = False) -> Horizon:
    """Keep others from moving the horizon until the transaction ends, and, to move it, from counting.

    Raises:
        Moved: another was faster; what was done in the transaction has to be done again.
    """
    first = Month.parse(settings.COUNT_FROM)
    if wanted is not None and wanted < first:
        wanted = None
    moves = wanted is not None and (is_undo or _is_later(wanted, _stored()))
    with connection.cursor() as cursor:
        lock = "pg_advisory_xact_lock" if moves else "pg_advisory_xact_lock_shared"
        cursor.execute(f"SELECT {lock}(hashtextextended('counting horizon', 0))")
    before = _stored()
    if wanted is None or is_undo:
        return Horizon(first, before, before)
    if not moves and _is_later(wanted, before):
        raise Moved
    return Horizon(first, before, wanted if _is_later(wanted, before) else before)


def hold_all() -> None:
    """Keep everyone from writing enrollments and from counting until the transaction ends.

    For what changes the counting of workers without being told which: those of a whole project. Writers of
    enrollments hold the horizon before anything else, so this waits for them, and never they for us.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('counting horizon', 0))")


def claim(batch_id: uuid.UUID, horizon: Horizon, wanted: Month | None) -> CountingClaim:
    """Note what an import asks of the counting, and move the horizon where it has to. Not yet saved."""
    others = CountingClaim.objects.filter(month__isnull=False).first()
    base = horizon.before if others is None else others.base
    if horizon.after != horizon.before:
        _store(horizon.after)
    return CountingClaim(batch_id=batch_id, month=wanted, base=base)


def release(given_up: CountingClaim) -> Horizon:
    """Let go of a claim, and take the horizon back where no other import asks for as much.

    A horizon that was moved otherwise stays where it is. What the claim's import had corrected asks again.
    """
    silenced = CountingClaim.objects.filter(corrected_by=given_up.batch_id)
    corrected = silenced.first()
    wanted = given_up.month if corrected is None else Month.parse(settings.COUNT_FROM)
    horizon = hold(wanted, is_undo=True)
    given_up.delete()
    if given_up.month is None and corrected is None:
        return horizon
    others = _asked()
    silenced.update(corrected_by=None)
    return _moved(horizon, [given_up.base, given_up.month, *others], [given_up.base, *_asked()])


def exchange(corrected: CountingClaim, batch_id: uuid.UUID, wanted: Month | None) -> Horizon:
    """Have the claim of a corrected import ask for nothing, and what its correction asks for stand instead.

    The horizon is held against everybody else until the transaction ends.
    """
    horizon = hold(Month.parse(settings.COUNT_FROM), is_undo=True)
    asked = [corrected.base, *_asked()]
    CountingClaim.objects.filter(pk=corrected.pk).update(corrected_by=batch_id)
    if wanted is not None and wanted < horizon.first:
        wanted = None
    moved = _moved(horizon, asked, [corrected.base, *_asked(), wanted])
    if _is_later(wanted, moved.after):
        _store(wanted)
        return Horizon(horizon.first, horizon.before, wanted)
    return moved


def _asked() -> list[Month | None]:
    """The months that imports ask for, without those of corrected ones."""
    claims = CountingClaim.objects.filter(month__isnull=False, corrected_by__isnull=True)
    return list(claims.values_list("month", flat=True))


def _moved(horizon: Horizon, asked: list[Month | None], asking: list[Month | None]) -> Horizon:
    """The horizon moved from what was asked for to what is, unless it stood elsewhere anyway."""
    first = horizon.first
    if horizon.before != _latest([month for month in asked if month is not None and month >= first]):
        return horizon
    after = _latest([month for month in asking if month is not None and month >= first])
    if after != horizon.before:
        _store(after)
    return Horizon(horizon.first, horizon.before, after)


def count_affected(horizon: Horizon) -> Cells:
    """Persons by cell among the affected workers, in the months that are counted before and after."""
    if horizon.before is None or horizon.after is None:
        return {}
    return counting.count(horizon.first, min(horizon.before, horizon.after), affected_only=True)


def difference_by(horizon: Horizon, affected: str, write: Callable[[Any], None], *, also: str) -> Cells:
    """What has to be added to the cells after `write`, which is given a cursor and changes enrollments.

    Counted are the workers of `affected`, SQL that gives their ids before it, and of `also` after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {counting.AFFECTED}")
        cursor.execute(f"CREATE TEMPORARY TABLE {counting.AFFECTED} ON COMMIT DROP AS {affected}")
        cursor.execute(f"ANALYZE {counting.AFFECTED}")
        before = count_affected(horizon)
        write(cursor)
        cursor.execute(f"INSERT INTO {counting.AFFECTED} {also}")
        cursor.execute(f"ANALYZE {counting.AFFECTED}")
    return counting.difference(before, count_affected(horizon))


def growth_by(
    horizon: Horizon, affected: str, write: Callable[[Any], None], *, also: str, newcomers: str
) -> Cells:
    """What has to be added to the cells after `write`, in the months that come into the counting too.

    For a horizon that was moved forward or stands. Counted are everyone who is stored, in the months that
    come in; then what `write` changes in all months, as `difference_by` does it, of everyone but
    `newcomers`: a query for `counting.count_alike` of those whom it makes and of whom there is nothing else.
    """
    moved = count_moved(horizon)
    whole = Horizon(horizon.first, horizon.after, horizon.after)
    changes = counting.total(moved, difference_by(whole, affected, write, also=also))
    if horizon.after is None:
        return changes
    return counting.total(changes, counting.count_alike(horizon.first, horizon.after, newcomers))


def count_moved(horizon: Horizon) -> Cells:
    """What has to be added to the cells for the months that come into the counting or leave it."""
    before, after = horizon.before, horizon.after
    if after == before:
        return {}
    if after is not None and (before is None or after > before):
        return counting.count(horizon.first if before is None else before + 1, after)
    last = 0 if after is None else counting.number_of(after)
    return {key: -persons for key, persons in counting.stored().items() if key.month > last}


def _stored() -> Month | None:
    return CountingHorizon.objects.filter(pk=1).values_list("counted_to", flat=True).first()


def _store(month: Month | None) -> None:
    if month is None:
        CountingHorizon.objects.filter(pk=1).delete()
    else:
        CountingHorizon.objects.update_or_create(pk=1, defaults={"counted_to": month})


def _is_later(month: Month | None, than: Month | None) -> bool:
    return month is not None and (than is None or month > than)


def _latest(months: list[Month | None]) -> Month | None:
    known = [month for month in months if month is not None]
    return max(known) if known else None
