"""What a worker list would do to the figures: to those that the dashboards show, and to the counted ones.

The dashboards show a counted figure only where a complete list covers the cell and no recap has it. The
counted figures of other cells change too; they are told with the official ones that stand before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Q

from coverage_portal.intake.kinds import Effect
from coverage_portal.lib.periods import Month
from regions.choices import written_segment
from regions.coverage import Observation
from regions.models import Membership, Province, Regency
from regions.selectors import coverage_register

from . import counting, resolving
from .counting import CellKey, Cells
from .models import CompleteList as CoveredCell
from .newcomers import IS_OTHER, MONTH_OF_END, MONTH_OF_START, NEWCOMERS
from .plan import Plan

MONTHS = 3
_FUTURE = "enrolling_future"
# A person whom nobody knows yet is told apart by the NIK: the number is negative, so it is nobody's.
_PERSON = "coalesce(r.known_worker, -abs(hash_record_extended(ROW(r.nik_sealed), 0) / 2) - 1)"
_ROWS = """
    SELECT coalesce(r.known_id, 1000000000000000 + r.row_number) AS id, {person} AS worker_id, r.segment,
        r.regency_id, r.project_id, r.start, {first} AS first_month, {end} AS end_month, {paid} AS paid_month
    FROM enrolling_resolved r WHERE (r.is_new OR r.is_changed) AND {which}
"""
_MONTHS_OF = {
    "first": MONTH_OF_START.format("r.start"),
    "end": MONTH_OF_END.format('r."end"'),
    "paid": MONTH_OF_END.format("r.paid_through"),
}
_FUTURE_ROWS = (
    f"""
    CREATE TEMPORARY TABLE {_FUTURE} ON COMMIT DROP AS
    SELECT e.id, e.worker_id, e.segment, e.regency_id, e.project_id, e.start, e.first_month,
        CASE WHEN x.id IS NULL THEN e.end_month ELSE {MONTH_OF_END.format("x.new_end")} END AS end_month,
        e.paid_month
    FROM projects_enrollment e JOIN {counting.AFFECTED} USING (worker_id)
    LEFT JOIN enrolling_ending x ON x.id = e.id
    WHERE NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_id = e.id AND r.is_changed)
    UNION ALL {_ROWS.format(person=_PERSON, which=IS_OTHER, **_MONTHS_OF)}
        AND (EXISTS (SELECT FROM enrolling_known) OR EXISTS (SELECT FROM enrolling_repeated))
    """,  # noqa: S608
)
_CORRECTED_ROWS = (
    f"DELETE FROM {_FUTURE} f USING correcting_removed x WHERE x.id = f.id",  # noqa: S608
    f"""
    UPDATE {_FUTURE} f SET regency_id = x.regency_id, end_month = {MONTH_OF_END.format('x."end"')},
        paid_month = {MONTH_OF_END.format("x.paid_through")}
    FROM correcting_back x WHERE x.id = f.id
    """,  # noqa: S608
)
_ANALYZE = (
    f"ANALYZE {counting.AFFECTED}",
    f"ANALYZE {_FUTURE}",
)


_TOUCHED = """
SELECT regency_id FROM enrolling_resolved UNION SELECT old_regency FROM enrolling_resolved
UNION SELECT e.regency_id FROM enrolling_ending x JOIN projects_enrollment e ON e.id = x.id
"""
_ALSO_TOUCHED = """
UNION SELECT regency_id FROM correcting_back
UNION SELECT e.regency_id FROM projects_enrollment e WHERE e.id IN (
    SELECT id FROM correcting_back UNION ALL SELECT id FROM correcting_removed
)
"""


class Told(NamedTuple):
    """What is told of a list: its effects, and the months of each regency whose counted cells change."""

    effects: list[Effect]
    touched: dict[str, list[str]]


def effects(plan: Plan, lost: CellKey | None = None) -> Told:
    """Coverage and counted figures before and after, in the latest months that change.

    `lost` is the cell that no list covers any more: unknown, unless a recap has it.
    """
    months = months_after(plan)
    if months is None:
        return Told([], {})
    before = counting.stored()
    after = becoming(plan, before, *months)
    home = Province.objects.get(code=settings.HOME_PROVINCE)
    regencies = list(Regency.objects.filter(province=home).by_code())
    names = {regency.code: regency.table_name for regency in regencies}
    reported = _reported()
    shown: dict[CellKey, int | None] = {
        cell: None if cell == lost else after.get(cell, 0) for cell in _shown_cells(plan) - reported.keys()
    }
    if lost is not None and lost not in reported:
        shown[lost] = None
    told = [
        *_of_coverage(home, regencies, names, shown),
        *_of_counted(plan, names, before, after, reported),
    ]
    return Told(told, _touched_months(before, after))


def _touched_months(before: Cells, after: Cells) -> dict[str, list[str]]:
    touched: dict[str, set[str]] = {}
    for cell in before.keys() | after.keys():
        if before.get(cell) != after.get(cell):
            touched.setdefault(cell.regency, set()).add(str(counting.month_of(cell.month)))
    return {regency: sorted(months) for regency, months in sorted(touched.items())}


def _of_coverage(
    home: Province, regencies: list[Regency], names: Mapping[str, str], becoming: Mapping[CellKey, int | None]
) -> Iterator[Effect]:
    """Of the province and of the regencies whose coverage changes."""
    if not becoming:
        return
    now = coverage_register(home, regencies)
    then = now.with_observations(
        Observation(key.regency, key.segment, counting.month_of(key.month), people)
        for key, people in becoming.items()
        if people is not None
    ).without(
        (key.regency, key.segment, counting.month_of(key.month))
        for key, people in becoming.items()
        if people is None
    )
    for month in _latest(becoming):
        yield Effect(home.name, str(month), now.whole(month).percent, then.whole(month).percent)
        for code, name in names.items():
            before, after = now.count(code, month).percent, then.count(code, month).percent
            if before != after:
                yield Effect(name, str(month), before, after)


def _of_counted(
    plan: Plan, names: Mapping[str, str], before: Cells, after: Cells, reported: Mapping[CellKey, int]
) -> Iterator[Effect]:
    """Of the cells within the user's areas in which another number of persons would be counted."""
    changing = {
        cell
        for cell in before.keys() | after.keys()
        if before.get(cell) != after.get(cell) and plan.scope.covers(cell.regency)
    }
    for month in _latest(changing):
        of_month = sorted(cell for cell in changing if cell.month == counting.number_of(month))
        for cell in of_month:
            name = names.get(cell.regency, cell.regency)
            figures = before.get(cell), after.get(cell, 0)
            yield Effect(
                name,
                str(month),
                *figures,
                segment=written_segment(cell.segment),
                official=reported.get(cell),
            )


def _latest(cells: Iterable[CellKey]) -> list[Month]:
    months = sorted({cell.month for cell in cells}, reverse=True)
    return [counting.month_of(number) for number in islice(months, MONTHS)]


def months_after(plan: Plan) -> tuple[Month, Month] | None:
    """The months that are counted once the list is applied."""
    first, counted, wanted = Month.parse(settings.COUNT_FROM), counting.counted_range(), plan.counted_to
    ends = [end for end in (counted[1] if counted else None, wanted) if end is not None and end >= first]
    return (first, max(ends)) if ends else None


def _reported() -> Cells:
    """The figures of official recaps."""
    rows = Membership.objects.filter(regency__isnull=False, segment__isnull=False, reported__isnull=False)
    return {
        CellKey(str(regency), str(segment), counting.number_of(month)): people or 0
        for regency, segment, month, people in rows.values_list("regency_id", "segment", "month", "reported")
    }


def _shown_cells(plan: Plan) -> set[CellKey]:
    """The cells that complete lists cover, this one included."""
    cells = set()
    if CoveredCell.objects.exists():
        cells = {
            CellKey(cell.regency_id, cell.segment, counting.number_of(cell.month))
            for cell in CoveredCell.objects.filter(_touched(plan))
        }
    listed = plan.complete
    if listed is not None and listed.regency and listed.month >= Month.parse(settings.COUNT_FROM):
        cells.add(CellKey(listed.regency, listed.segment, counting.number_of(listed.month)))
    return cells


def _touched(plan: Plan) -> Q:
    """The regencies in which anybody's enrollment would change."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED if plan.corrects is None else _TOUCHED + _ALSO_TOUCHED)
        return Q(regency__in=[code for (code,) in cursor.fetchall() if code])


def becoming(plan: Plan, stored: Cells, first: Month, last: Month) -> Cells:
    """The counted cells as they would be, from the first month that is counted to the last."""
    with connection.cursor() as cursor:
        for statement in _tables(plan):
            cursor.execute(statement)
    before = counting.count(first, last, affected_only=True)
    change = counting.total(
        counting.difference(before, counting.count(first, last, enrollments=_FUTURE)),
        counting.count_alike(first, last, NEWCOMERS),
    )
    counted = counting.counted_range()
    kept = dict(stored)
    if counted is None or last > counted[1]:
        # Months that nobody was counted in yet come in with everyone.
        kept |= counting.count(first if counted is None else max(first, counted[1] + 1), last)
    return counting.total(kept, change)


def _tables(plan: Plan) -> Iterator[str]:
    """The statements that make the tables of whom the import touches and of what their enrollments become."""
    yield f"DROP TABLE IF EXISTS {counting.AFFECTED}, {_FUTURE}"
    affected = resolving.KNOWN_AFFECTED + ("" if plan.corrects is None else resolving.CORRECTED_AFFECTED)
    yield f"CREATE TEMPORARY TABLE {counting.AFFECTED} ON COMMIT DROP AS {affected}"
    yield from _FUTURE_ROWS
    if plan.corrects is not None:
        yield from _CORRECTED_ROWS
    yield from _ANALYZE
