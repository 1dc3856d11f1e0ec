"""What a worker list would do to coverage: to cells whose counted figure is shown.

That is where a complete list covers the cell and no recap has it. Elsewhere enrollments are counted too, and
change nothing that the dashboards show.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.db.models import Q

from coverage_portal.intake.kinds import Effect
from coverage_portal.lib.periods import Month
from regions.coverage import Observation
from regions.models import Membership, Province, Regency
from regions.selectors import coverage_register

from . import counting
from .counting import CellKey
from .models import CompleteList as CoveredCell
from .plan import Plan

MONTHS = 3
_FUTURE = "enrolling_future"
# A person whom nobody knows yet is told apart by the NIK: the number is negative, so it is nobody's.
_PERSON = "coalesce(r.known_worker, -abs(hash_record_extended(ROW(r.nik_sealed), 0) / 2) - 1)"
_MONTH = "(EXTRACT(YEAR FROM {0})::int * 12 + EXTRACT(MONTH FROM {0})::int)"
_LAST_MONTH = _MONTH.format("({0} + 1)") + " - 1"
_AFFECTED = f"""
CREATE TEMPORARY TABLE {counting.AFFECTED} ON COMMIT DROP AS
SELECT known_worker AS worker_id FROM enrolling_resolved
WHERE (is_new OR is_changed) AND known_worker IS NOT NULL UNION SELECT worker_id FROM enrolling_ending
"""  # noqa: S608
_ALSO_AFFECTED = """
UNION SELECT worker_id FROM correcting_removed UNION SELECT worker_id FROM correcting_back
"""
_FUTURE_ROWS = (
    f"""
    CREATE TEMPORARY TABLE {_FUTURE} ON COMMIT DROP AS
    SELECT e.id, e.worker_id, e.segment, e.regency_id, e.project_id, e.start, e.first_month,
        CASE WHEN x.id IS NULL THEN e.end_month ELSE {_LAST_MONTH.format("x.new_end")} END AS end_month,
        e.paid_month
    FROM projects_enrollment e JOIN {counting.AFFECTED} USING (worker_id)
    LEFT JOIN enrolling_ending x ON x.id = e.id
    WHERE NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_id = e.id AND r.is_changed)
    UNION ALL
    SELECT coalesce(r.known_id, 1000000000000000 + r.row_number), {_PERSON}, r.segment, r.regency_id,
        r.project_id, r.start, {_MONTH.format("r.start")}, {_LAST_MONTH.format('r."end"')},
        {_LAST_MONTH.format("r.paid_through")}
    FROM enrolling_resolved r WHERE r.is_new OR r.is_changed
    """,  # noqa: S608
)
_CORRECTED_ROWS = (
    f"DELETE FROM {_FUTURE} f USING correcting_removed x WHERE x.id = f.id",  # noqa: S608
    f"""
    UPDATE {_FUTURE} f SET regency_id = x.regency_id, end_month = {_LAST_MONTH.format('x."end"')},
        paid_month = {_LAST_MONTH.format("x.paid_through")}
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


def effects(plan: Plan) -> list[Effect]:
    """Coverage before and after, of the province and of the regencies touched, in the latest months."""
    cells = shown_cells(plan)
    if not cells:
        return []
    becoming = figures(plan, cells)
    home = Province.objects.get(code=settings.HOME_PROVINCE)
    regencies = list(Regency.objects.filter(province=home).by_code())
    now = coverage_register(home, regencies)
    then = now.with_observations(
        Observation(key.regency, key.segment, counting.month_of(key.month), people)
        for key, people in becoming.items()
    )
    names = {regency.code: regency.table_name for regency in regencies}
    found = []
    for month in sorted({counting.month_of(key.month) for key in becoming}, reverse=True)[:MONTHS]:
        found.append(Effect(home.name, str(month), now.whole(month).percent, then.whole(month).percent))
        for code, name in names.items():
            before, after = now.regency(code, month).percent, then.regency(code, month).percent
            if before != after:
                found.append(Effect(name, str(month), before, after))
    return found


def shown_cells(plan: Plan) -> set[CellKey]:
    """The cells that complete lists cover, this one included, where no recap stands before the count."""
    first = Month.parse(settings.COUNT_FROM)
    cells = {
        CellKey(cell.regency_id, cell.segment, counting.number_of(cell.month))
        for cell in CoveredCell.objects.filter(_touched(plan))
    }
    listed = plan.complete
    if listed is not None and listed.regency and listed.month >= first:
        cells.add(CellKey(listed.regency, listed.segment, counting.number_of(listed.month)))
    reported = Membership.objects.filter(regency__isnull=False, reported__isnull=False)
    for regency, segment, month in reported.values_list("regency_id", "segment", "month"):
        cells.discard(CellKey(regency or "", segment or "", counting.number_of(month)))
    return cells


def _touched(plan: Plan) -> Q:
    """The regencies in which anybody's enrollment would change."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED if plan.corrects is None else _TOUCHED + _ALSO_TOUCHED)
        return Q(regency__in=[code for (code,) in cursor.fetchall() if code])


def figures(plan: Plan, cells: set[CellKey]) -> dict[CellKey, int]:
    """How many would be counted in these cells."""
    first = counting.month_of(min(cell.month for cell in cells))
    last = counting.month_of(max(cell.month for cell in cells))
    with connection.cursor() as cursor:
        for statement in _tables(plan):
            cursor.execute(statement)
    before = counting.count(first, last, affected_only=True)
    change = counting.difference(before, counting.count(first, last, enrollments=_FUTURE))
    stored = counting.stored()
    months = counting.counted_range()
    if months is None or last > months[1]:
        stored |= counting.count(first if months is None else max(first, months[1] + 1), last)
    return {cell: stored.get(cell, 0) + change.get(cell, 0) for cell in cells}


def _tables(plan: Plan) -> Iterator[str]:
    """The statements that make the tables of whom the import touches and of what their enrollments become."""
    yield f"DROP TABLE IF EXISTS {counting.AFFECTED}, {_FUTURE}"
    yield _AFFECTED if plan.corrects is None else _AFFECTED + _ALSO_AFFECTED
    yield from _FUTURE_ROWS
    if plan.corrects is not None:
        yield from _CORRECTED_ROWS
    yield from _ANALYZE
