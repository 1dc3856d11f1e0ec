"""Runs queued jobs until it is told to stop: `manage.py worker`."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection, connections
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from coverage_portal.lib import presence, yielding

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_SWEEPS = 15
SECONDS_BETWEEN_PURGES = 60 * 60
SECONDS_BETWEEN_LOOKS = 0.5


class Command(BaseCommand):
    help = "Run queued jobs, and take up those that a killed worker has left."
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--sweep-seconds",
            type=float,
            default=SECONDS_BETWEEN_SWEEPS,
            help="How often to look for what a killed worker has left (default: %(default)s).",
        )

    def handle(self, *, sweep_seconds: float, **_options: Any) -> None:
        presence.announce(connection)
        yielding.give_way(connection)
        threading.Thread(target=sweep_for_ever, args=[sweep_seconds], name="sweep", daemon=True).start()
        worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=SECONDS_BETWEEN_LOOKS,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"worker-{os.getpid()}",
        )
        worker.configure_signals()
        try:
            worker.run()
        except Error as error:
            # Whoever supervises us starts another, which connects afresh.
            raise CommandError(f"The worker has lost the database: {error}") from error
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)  # it ends already, and may have a server to stop


def sweep_for_ever(seconds: float = SECONDS_BETWEEN_SWEEPS, pause: threading.Event | None = None) -> None:
    """Look for interrupted work now and every few seconds, whatever goes wrong in between.

    What lists show of projects is derived where it has to be, and groups of workers are counted. Once an
    hour, uploads whose time is over and files that no import came of are deleted.
    """
    from coverage_portal.intake import jobs, retention
    from projects import groups, standings

    pause = pause or threading.Event()
    purge_at = 0.0
    while True:
        _tend("Looking for interrupted imports failed", jobs.sweep)
        _tend("Deriving the standings of projects failed", lambda: standings.refresh(timezone.localdate()))
        _tend("Counting groups of workers failed", groups.refresh)
        if time.monotonic() >= purge_at and _tend("Deleting old uploads failed", retention.purge):
            purge_at = time.monotonic() + SECONDS_BETWEEN_PURGES
        connections.close_all()
        if pause.wait(seconds):
            return


def _tend(complaint: str, chore: Callable[[], object]) -> bool:
    """Do one thing; what goes wrong with it is written down, and keeps nothing else from being done."""
    try:
        chore()
    except Exception:
        logger.exception(complaint)
        # The next one gets a connection that works.
        connections.close_all()
        return False
    return True
