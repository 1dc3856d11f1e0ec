"""The whole portal in one command: `manage.py serve`."""

from __future__ import annotations

import fcntl
import logging
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection, connections

from coverage_portal import assets, catalogs, env, supervisor
from coverage_portal.embedded import server

logger = logging.getLogger(__name__)

OLDEST_POSTGRESQL = 150000
SECONDS_FOR_THE_PORT = 3  # the web process of a killed portal needs a moment to let go of it
SECONDS_FOR_THE_WEB = 30
SECONDS_BETWEEN_DATABASE_STARTS = 5
WEB_PROCESSES = 2
THREADS_PER_PROCESS = 4


class Command(BaseCommand):
    help = "Set up and run the portal: database, migrations, static files, web server and worker."
    requires_migrations_checks = False
    requires_system_checks: ClassVar[list[str]] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--set-up",
            action="store_true",
            help="only bring database and static files up to date: the parts run as services of their own",
        )

    def handle(self, *, set_up: bool, **_options: Any) -> None:
        if set_up:
            self._set_up()
            return
        host = env.text("HOST", default="127.0.0.1")
        port = env.integer("PORT", default=8000, minimum=1, maximum=65535)
        signals = supervisor.Signals()
        try:
            with only_one():
                _wait_for_port(host, port)
                if settings.EMBEDDED:
                    _server().address()
                with signals.interrupting():
                    self._set_up()
                self._run(signals, host, port)
        except supervisor.Stopped:
            pass

    def _set_up(self) -> None:
        """Everything the children find ready. Raises CommandError with one sentence where it cannot be."""
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(
                f"The database that DATABASE_URL names cannot be reached: {str(error).strip()}"
            ) from error
        version = connection.pg_version
        if version < OLDEST_POSTGRESQL:
            raise CommandError(f"DATABASE_URL names PostgreSQL {version // 10000}, but 15 or newer is needed")
        self.check()
        call_command("migrate", interactive=False, verbosity=0)
        catalogs.compile_stale(settings.LOCALE_PATHS)
        try:
            assets.collect_if_changed()
        except assets.MissingPackages as error:
            raise CommandError(str(error)) from error
        if settings.EMBEDDED and "demo" in get_commands():
            call_command("demo", if_new=True)
        connections.close_all()

    def _run(self, signals: supervisor.Signals, host: str, port: int) -> None:
        folder = Path(settings.BASE_DIR)
        children = [
            supervisor.Child("The web server", _web_command(host, port), folder),
            supervisor.Child("The worker", [sys.executable, "manage.py", "worker"], folder),
        ]
        database = _Database()
        until = time.monotonic() + SECONDS_FOR_THE_WEB
        is_announced = False

        def tend() -> None:
            nonlocal is_announced
            if settings.EMBEDDED:
                database.tend()
            if not is_announced and (_answers(host, port) or time.monotonic() > until):
                self._announce(host, port)
                is_announced = True

        supervisor.supervise(children, signals, tend=tend)
        with suppress(OSError):  # the terminal may be gone
            self.stdout.write("The portal has stopped.")

    def _announce(self, host: str, port: int) -> None:
        self.stdout.write(f"\nThe portal is at http://{f'[{host}]' if ':' in host else host}:{port}/\n")
        for name, password in _demo_sign_ins():
            self.stdout.write(f"  sign in as {name} with {password}")
        self.stdout.write("Stop it with Ctrl-C.")
        self.stdout.flush()


class _Database:
    """The embedded server, started again when it has died, and not more often than makes sense."""

    def __init__(self) -> None:
        self._due = 0.0

    def tend(self) -> None:
        if _server().is_running() or time.monotonic() < self._due:
            return
        self._due = time.monotonic() + SECONDS_BETWEEN_DATABASE_STARTS
        logger.error("The embedded PostgreSQL has ended and is started again")
        try:
            _server().address()
        except server.EmbeddedServerError as error:
            logger.error("%s", error)


def _server() -> server.EmbeddedServer:
    return server.at(Path(settings.DATABASES["default"]["HOST"]))


def _web_command(host: str, port: int) -> list[str]:
    in_memory = Path("/dev/shm")  # noqa: S108 - a heartbeat file belongs on no disk
    heartbeat = in_memory if os.access(in_memory, os.W_OK) else Path(settings.FILE_UPLOAD_TEMP_DIR)
    return [
        *(sys.executable, "-m", "gunicorn", "coverage_portal.wsgi"),
        *("--bind", f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
        *("--workers", str(WEB_PROCESSES), "--threads", str(THREADS_PER_PROCESS)),
        *("--worker-tmp-dir", str(heartbeat), "--no-control-socket"),
        *("--logger-class", "coverage_portal.weblog.RedactingLogger"),
        *("--timeout", "60", "--graceful-timeout", "3", "--log-level", "warning"),
    ]


@contextmanager
def only_one() -> Iterator[None]:
    """Refuse to run beside another `serve` of the same folder. The kernel frees the lock with the process."""
    descriptor = os.open(settings.VAR_DIR / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            number = os.read(descriptor, 20).decode() or "?"
            raise CommandError(
                f"The portal already runs here, as process {number}: stop it, or set VAR_DIR to another"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _wait_for_port(host: str, port: int) -> None:
    deadline = time.monotonic() + SECONDS_FOR_THE_PORT
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > deadline:
                    raise CommandError(
                        f"Port {port} of {host} cannot be used ({error.strerror}): "
                        f"set PORT to another, for example PORT={port + 1 if port < 65535 else 8000}"
                    ) from error
            else:
                return
        time.sleep(0.1)


def _answers(host: str, port: int) -> bool:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((reachable, port), timeout=1):
            return True
    except OSError:
        return False


def _demo_sign_ins() -> list[tuple[str, str]]:
    """The demo's users and passwords, while the demo is loaded."""
    if not settings.EMBEDDED:
        return []
    try:
        demo = import_module("coverage_portal.demo")
    except ModuleNotFoundError:
        return []
    return list(demo.SIGN_INS) if demo.is_loaded() else []
