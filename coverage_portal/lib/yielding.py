"""Work that nobody is waiting for at a page gives way to what somebody is: by the kernel's niceness."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

NICENESS = 10
"""A tenth of the processor beside a process that does not give way; all of it beside none."""


def give_way(connection: Any) -> None:
    """Have this process, its children, and its sessions at the embedded server give way from here on.

    To be called once, by the main thread, before others are started: each thread has its own. It connects
    first, for a server that this process had to start would give way to nobody in particular ever after. At a
    server of one's own the sessions stay as they are.
    """
    connection.ensure_connection()
    os.nice(NICENESS)
    _as_we_do(connection=connection)
    connection_created.connect(_as_we_do, dispatch_uid="give_way")


def _as_we_do(*, connection: Any, **_signal: Any) -> None:
    if not settings.EMBEDDED:
        return
    session: int = connection.connection.info.backend_pid
    # The server may have been restarted, or belong to a user whose processes are not ours to change.
    with suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, session, os.getpriority(os.PRIO_PROCESS, 0))
