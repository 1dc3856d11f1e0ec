"""Everything that imports of worker lists write to, to be compared before and after."""

from __future__ import annotations

from typing import Any

from django.db import connection

TABLES = (
    "projects_worker",
    "projects_enrollment",
    "projects_completelist",
    "projects_countinghorizon",
    "projects_countingclaim",
    "projects_enrollmentimage",
    "projects_workerimage",
    "projects_removedenrollment",
    "regions_membership",
)
UNREFERENCED = {"regions_membership": "id", "projects_completelist": "id"}


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every table that an import writes to, whole."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            # A cell that came to nobody is deleted; made again it has another id, which nothing refers to.
            statement = f"SELECT (to_jsonb(t) - %s)::text FROM {table} t ORDER BY 1"  # noqa: S608
            cursor.execute(statement, [UNREFERENCED.get(table, "")])
            found[table] = cursor.fetchall()
    return found
