"""Those of a worker list whom nobody knew and who stand in it once: counted from the list alone.

Nearly everyone in a first list is one of them. They have one enrollment, the one that their row becomes, so
there is nothing else of theirs to look at, before or after it is stored.
"""

from __future__ import annotations

from . import resolving

_MONTH = "(date_part('year', {0})::int * 12 + date_part('month', {0})::int)"
MONTH_OF_START = _MONTH.format("{0}")
MONTH_OF_END = _MONTH.format("({0} + 1)") + " - 1"
"""What `Enrollment` has as `first_month`, and as `end_month` or `paid_month`, of a date."""
IS_OTHER = "(r.known_worker IS NOT NULL OR r.nik_sealed IN (SELECT nik_sealed FROM enrolling_repeated))"
"""Whether a line `r` of `enrolling_resolved` speaks of others: stored already, or there more than once."""

# Many begin and end on the same days: their months are found once for all of them.
NEWCOMERS = f"""(
    SELECT r.segment, r.regency_id, r.project_id, r.persons,
        {MONTH_OF_START.format("r.start")} AS first_month,
        {MONTH_OF_END.format('r."end"')} AS end_month,
        {MONTH_OF_END.format("r.paid_through")} AS paid_month
    FROM (
        SELECT r.segment, r.regency_id, r.project_id, r.start, r."end", r.paid_through, count(*) AS persons
        FROM enrolling_resolved r WHERE r.is_new AND NOT {IS_OTHER} GROUP BY 1, 2, 3, 4, 5, 6
    ) AS r
)"""  # noqa: S608
"""Their enrollments, alike ones as one, for `counting.count_alike`."""
OTHER_NEW = f"{resolving.NEW_AFFECTED} AND nik_sealed IN (SELECT nik_sealed FROM enrolling_repeated)"  # noqa: S608
"""New workers that are none of them, once ids are allocated."""
