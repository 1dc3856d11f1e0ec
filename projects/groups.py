"""Active persons by group of occupation: fishers and farmers, the village's own people, and the others.

The same person and the same cell as in counted membership, so that the groups add up to it. Counting looks at
every enrollment: the worker does it when figures have changed, and pages read what was counted.
"""

from __future__ import annotations

from django.db import connection, transaction

from coverage_portal.accounts import generation

from . import counting
from .models import GroupsCounted

_LOCK = 0x67726F757073
"""Names the lock of whoever counts. Nobody waits for it."""
_CLEAR = "DELETE FROM projects_groupcount"
_COUNT = f"""
WITH span AS MATERIALIZED ({counting.SPAN.format(enrollments="projects_enrollment", affected="")}),
chosen AS (
    SELECT DISTINCT ON (worker_id) id, regency_id FROM span WHERE first <= last
    ORDER BY worker_id, {counting.CHOICE}
)
INSERT INTO projects_groupcount (regency_id, occupation, funding, people)
SELECT chosen.regency_id, e.occupation, e.funding, count(*)
FROM chosen JOIN projects_enrollment e ON e.id = chosen.id GROUP BY 1, 2, 3
"""  # noqa: S608


def refresh() -> bool:
    """Count the groups at the end of the last counted month, where figures have changed since.

    Returns whether there was anything to do. Another process that counts already is left to it.
    """
    # Read before the figures: what is written meanwhile is counted the next time.
    version = generation.current()
    months = counting.counted_range()
    done = GroupsCounted.objects.filter(pk=1).first()
    if months is None or (done is not None and (done.version, done.month) == (version, months[1])):
        return False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_CLEAR)
        cursor.execute(_COUNT, counting.bounds(months[1], months[1]))
        GroupsCounted.objects.update_or_create(pk=1, defaults={"month": months[1], "version": version})
    return True
