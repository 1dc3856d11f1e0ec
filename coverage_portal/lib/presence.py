"""Whether a worker is connected, wherever it runs: it gives its connections a name that others can see.

Nothing is stored and nothing expires: the name is there as long as the connection, and goes with its process.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

WORKER = "portal worker"


def announce(connection: BaseDatabaseWrapper) -> None:
    """Name all connections that this process will open."""
    connection.close()
    connection.settings_dict["OPTIONS"]["application_name"] = WORKER


def is_seen(connection: BaseDatabaseWrapper) -> bool:
    """Whether a worker is connected to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s)",
            [WORKER],
        )
        return bool(cursor.fetchone()[0])
