"""Counting enrollments: one person, one cell a month, kept up to date by difference.

Which cell a person counts in at the end of a month: of the enrollments that span it and are paid, the one
that started last; a tie goes PU, JAKON, BPU, PMI, then the lowest regency code, then the lowest enrollment
id. So the cells add up to distinct persons at every level. A change is counted by the workers it touches,
before and after it; counting all workers anew must always give the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from coverage_portal.lib.periods import Month
from regions.models import Membership

from .models import CountingHorizon

AFFECTED = "counting_affected"
"""The temporary table of the workers that a change touches."""


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """A regency's segment in a month; `month` is year x 12 + month."""

    regency: str
    segment: str
    month: int


Cells = dict[CellKey, int]

_BOUNDS = """
        GREATEST(%(first)s, e.first_month,
            EXTRACT(YEAR FROM p.first_paid_on)::int * 12 + EXTRACT(MONTH FROM p.first_paid_on)::int) AS first,
        LEAST(%(last)s, e.end_month,
            e.paid_month + CASE e.segment WHEN 'BPU' THEN %(grace)s ELSE 0 END) AS last
"""
SPAN = f"""
    SELECT e.id, e.worker_id, e.segment, e.regency_id, e.start, {_BOUNDS}
    FROM {{enrollments}} e
    {{affected}}
    LEFT JOIN projects_project p ON p.id = e.project_id
    WHERE e.project_id IS NULL OR p.first_paid_on IS NOT NULL
"""  # noqa: S608
CHOICE = (
    "span.start DESC, array_position(ARRAY['PU', 'JAKON', 'BPU', 'PMI'], span.segment::text),"
    " span.regency_id, span.id"
)
"""Which of a person's spans counts, as the order in which the first is taken."""
_COUNT = f"""
WITH span AS MATERIALIZED ({SPAN}), worker AS MATERIALIZED (
    SELECT worker_id, count(*) AS spans, min(segment) AS segment, min(regency_id) AS regency_id,
        min(first) AS first, min(last) AS last
    FROM span WHERE first <= last GROUP BY worker_id
), grouped AS (
    -- Nearly everyone has one span: those are counted by kind of span, and only then by month.
    SELECT segment, regency_id, first, last, count(*) AS persons
    FROM worker WHERE spans = 1 GROUP BY 1, 2, 3, 4
), chosen AS (
    SELECT DISTINCT ON (span.worker_id, month) span.segment, span.regency_id, month
    FROM worker JOIN span USING (worker_id), generate_series(span.first, span.last) AS month
    WHERE worker.spans > 1 AND span.first <= span.last
    ORDER BY span.worker_id, month, {CHOICE}
)
SELECT regency_id, segment, month, sum(persons)::int FROM (
    SELECT regency_id, segment, month, persons FROM grouped, generate_series(first, last) AS month
    UNION ALL
    SELECT regency_id, segment, month, count(*) FROM chosen GROUP BY 1, 2, 3
) AS counted GROUP BY 1, 2, 3
"""  # noqa: S608
_COUNT_ALIKE = f"""
WITH span AS MATERIALIZED (
    SELECT e.segment, e.regency_id, e.persons, {_BOUNDS} FROM {{enrollments}} e
    LEFT JOIN projects_project p ON p.id = e.project_id
    WHERE e.project_id IS NULL OR p.first_paid_on IS NOT NULL
), grouped AS (
    SELECT segment, regency_id, first, last, sum(persons) AS persons
    FROM span WHERE first <= last GROUP BY 1, 2, 3, 4
)
SELECT regency_id, segment, month, sum(persons)::int FROM grouped, generate_series(first, last) AS month
GROUP BY 1, 2, 3
"""  # noqa: S608

_INCOMING = """
CREATE TEMPORARY TABLE counting_incoming ON COMMIT DROP AS
SELECT * FROM unnest(
    %(regencies)s::varchar[], %(segments)s::varchar[], %(months)s::date[], %(changes)s::int[]
) AS incoming (regency_id, segment, month, change)
"""
_ADD = (
    """
    UPDATE regions_membership AS cell SET counted = coalesce(cell.counted, 0) + incoming.change
    FROM counting_incoming AS incoming
    WHERE (cell.regency_id, cell.segment, cell.month)
        = (incoming.regency_id, incoming.segment, incoming.month)
    """,
    """
    INSERT INTO regions_membership (regency_id, segment, month, counted, complete_list, source)
    SELECT regency_id, segment, month, change, false, '' FROM counting_incoming AS incoming
    WHERE NOT EXISTS (
        SELECT FROM regions_membership AS cell
        WHERE (cell.regency_id, cell.segment, cell.month)
            = (incoming.regency_id, incoming.segment, incoming.month)
    )
    """,
    """
    DELETE FROM regions_membership AS cell USING counting_incoming AS incoming
    WHERE (cell.regency_id, cell.segment, cell.month)
        = (incoming.regency_id, incoming.segment, incoming.month)
        AND cell.counted = 0 AND NOT cell.complete_list AND cell.reported IS NULL AND cell.source = ''
    """,
    """
    UPDATE regions_membership AS cell SET counted = NULL FROM counting_incoming AS incoming
    WHERE (cell.regency_id, cell.segment, cell.month)
        = (incoming.regency_id, incoming.segment, incoming.month)
        AND cell.counted = 0 AND NOT cell.complete_list
    """,
    "DROP TABLE counting_incoming",
)


def number_of(month: Month) -> int:
    """A month as the whole number that the database compares."""
    return month.year * 12 + month.month


def month_of(number: int) -> Month:
    """The month of such a number."""
    return Month((number - 1) // 12, (number - 1) % 12 + 1)


def counted_range() -> tuple[Month, Month] | None:
    """The months that are counted, both included; None before anything was."""
    horizon = CountingHorizon.objects.filter(pk=1).first()
    return None if horizon is None else (Month.parse(settings.COUNT_FROM), horizon.counted_to)


def bounds(first: Month, last: Month) -> dict[str, int]:
    """What `SPAN` is given: the months, and how long unpaid BPU members still count."""
    return {"first": number_of(first), "last": number_of(last), "grace": settings.BPU_UNPAID_MONTHS}


def count(
    first: Month, last: Month, *, affected_only: bool = False, enrollments: str = "projects_enrollment"
) -> Cells:
    """Persons by cell, of all workers or of those in the table of affected ones. No cell holds 0.

    `enrollments` may name another table, or a query, with the same columns: what would be, instead of what
    is.
    """
    affected = ""
    if affected_only:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(worker_id), max(worker_id) FROM {AFFECTED}")  # noqa: S608
            lowest, highest = cursor.fetchone()
        if lowest is None:
            return {}
        # Beside millions of others the planner has to be told that it is a stretch of ids.
        within = f"e.worker_id BETWEEN {lowest:d} AND {highest:d}"
        affected = f"JOIN {AFFECTED} ON {AFFECTED}.worker_id = e.worker_id AND {within}"
    return _counted(_COUNT.format(affected=affected, enrollments=enrollments), first, last)


def count_alike(first: Month, last: Month, enrollments: str) -> Cells:
    """Persons by cell, of whom nobody has two enrollments: much faster.

    `enrollments` is a query with a line for those alike, and in its column `persons` how many they are.
    """
    return _counted(_COUNT_ALIKE.format(enrollments=enrollments), first, last)


def _counted(statement: str, first: Month, last: Month) -> Cells:
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds(first, last))
        return {CellKey(*row[:3]): row[3] for row in cursor.fetchall()}


def difference(before: Mapping[CellKey, int], after: Mapping[CellKey, int]) -> Cells:
    """What must be added to the cells; cells that stay as they are left out."""
    changes = {key: after.get(key, 0) - before.get(key, 0) for key in before.keys() | after.keys()}
    return {key: change for key, change in changes.items() if change}


def total(one: Mapping[CellKey, int], other: Mapping[CellKey, int]) -> Cells:
    """Two changes of the cells together."""
    changes = {key: one.get(key, 0) + other.get(key, 0) for key in one.keys() | other.keys()}
    return {key: change for key, change in changes.items() if change}


def add(changes: Mapping[CellKey, int]) -> None:
    """Add to the counted cells, in key order, inside the caller's transaction.

    A cell that comes to nobody is counted 0 only where a complete list says so; else it is unknown again.
    """
    if not changes:
        return
    ordered = sorted(changes.items())
    with connection.cursor() as cursor:
        # Two writers of one cell that is not there yet would both insert it.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('counting', 0))")
        cursor.execute(
            _INCOMING,
            {
                "regencies": [key.regency for key, _change in ordered],
                "segments": [key.segment for key, _change in ordered],
                "months": [month_of(key.month).first for key, _change in ordered],
                "changes": [change for _key, change in ordered],
            },
        )
        for statement in _ADD:
            cursor.execute(statement)


def stored() -> Cells:
    """The counted cells as they are kept, without those of nobody."""
    cells = Membership.objects.filter(counted__gt=0).only("regency_id", "segment", "month", "counted")
    return {
        CellKey(cell.area_code, cell.segment or "", number_of(cell.month)): cell.counted or 0
        for cell in cells
    }


def mismatches() -> Cells:
    """By how much the kept cells are off from a count of everyone: nothing, unless there is a defect."""
    months = counted_range()
    return difference(stored(), count(*months) if months else {})
