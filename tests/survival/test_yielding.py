"""Imports give way to pages: the worker and its sessions at the database, and nobody else."""

from __future__ import annotations

import psutil
import pytest
from django.db import connection

from coverage_portal.lib import presence, yielding
from tests.ground import Ground

LOOKING_FOR_JOBS = """
SELECT pid FROM pg_stat_activity WHERE application_name = %s AND query LIKE '%%dbtaskresult%%'
"""


def niceness_of_sessions(portal: Ground) -> set[int]:
    """Of the worker's sessions, once it looks for jobs."""
    found: list[int] = []

    def look() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(LOOKING_FOR_JOBS, [presence.WORKER])
            found[:] = [psutil.Process(pid).nice() for (pid,) in cursor.fetchall()]
        return bool(found)

    portal.wait(look)
    return set(found)


@pytest.mark.parametrize(
    ("without", "more"),
    [
        ("", yielding.NICENESS),
        (
            "from coverage_portal.lib import yielding\n"
            "yielding.give_way = lambda connection: connection.ensure_connection()",
            0,
        ),
    ],
    ids=["as the portal runs it", "control arm"],
)
def test_worker_and_its_sessions_give_way(without: str, more: int, portal: Ground) -> None:
    # Where an earlier test's worker has started the server, all of its sessions are as patient as that one.
    portal.stop_database()
    connection.ensure_connection()
    usual = psutil.Process().nice()
    worker = portal.start_worker(without=without)

    assert niceness_of_sessions(portal) == {usual + more}
    assert worker.nice() == usual + more
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert psutil.Process(cursor.fetchone()[0]).nice() == usual
