"""A portal of its own that tests may kill: a folder, an embedded server, and the real processes.

The test's own ORM is led to that server, so that it sees what the processes have written.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from coverage_portal import env
from coverage_portal.embedded import keys, server
from coverage_portal.embedded.server import DATABASE, USER, EmbeddedServer
from coverage_portal.intake.models import ImportBatch
from tests.serving import ROOT, free_port, readiness

READER = "coverage_portal.lib.spreadsheets.child"
SECONDS_TO_RECOVER = 60
"""Within so many seconds a waiting job goes on or is marked: what users are promised."""
SECONDS_TO_WAIT = 240
"""For everything else, the starts of processes above all: the machine may have other things to do."""


class Ground:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.uploads = folder / "uploads"
        self.tmp = folder / "tmp"
        self.port = free_port()
        self.log = folder / "processes.log"
        self._processes: list[subprocess.Popen[bytes]] = []

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        return kept | {"VAR_DIR": str(self.folder)} | extra

    def start(self, *command: str, **extra: str) -> psutil.Process:
        """A process of this portal, in a session of its own as the supervisor starts them."""
        with self.log.open("a") as log:
            started = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=self.environment(**extra),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(started)
        return psutil.Process(started.pid)

    def start_worker(self, *, without: str = "") -> psutil.Process:
        """A worker that looks for left work often; `without` is code that takes a protection away first."""
        if not without:
            return self.start("manage.py", "worker", "--sweep-seconds", "0.5")
        code = (
            "import django\ndjango.setup()\nfrom django.core.management import call_command\n"
            f"{without}\ncall_command('worker', sweep_seconds=0.5)"
        )
        return self.start("-c", code, DJANGO_SETTINGS_MODULE="coverage_portal.settings")

    def start_web(self, *, without: str = "", **extra: str) -> psutil.Process:
        """gunicorn with one process; returns its master, which replaces that process when it is killed.

        `without` is code that takes a protection away first, `extra` what the environment says beside.
        """
        code = f"{without}\nfrom gunicorn.app.wsgiapp import run\nrun()"
        master = self.start(
            *("-c", code, "coverage_portal.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--workers", "1", "--threads", "4", "--no-control-socket", "--log-level", "critical"),
            **extra,
        )
        self.wait(lambda: web_process(master) is not None)
        self.wait(self.answers)
        return master

    def answers(self) -> bool:
        return readiness(self.port).get("database", False)

    def replace_web(self, master: psutil.Process) -> None:
        """Kill the process that answers, and wait until gunicorn's next one does."""
        killed = web_process(master)
        assert killed is not None
        killed.kill()
        self.wait(lambda: web_process(master) not in {None, killed})
        self.wait(self.answers)

    def stop_database(self) -> None:
        """What an immediate stop does: no checkpoint, every session cut, a recovery at the next start.

        Whoever connects next through the embedded server starts it.
        """
        postmaster = psutil.Process(int((self.data / "postmaster.pid").read_text().splitlines()[0]))
        postmaster.send_signal(signal.SIGQUIT)
        connections.close_all()
        # Until then nobody may take the dying one for a live one.
        self.wait(lambda: not postmaster.is_running() or postmaster.status() == psutil.STATUS_ZOMBIE)

    def as_served(self) -> dict[str, str]:
        """The environment of processes to which the database is a server that others start and stop."""
        address = server.at(self.data).address()
        keys_kept = {name.upper(): (self.folder / name).read_text() for name in ("secret_key", "seal_key")}
        return {
            "DATABASE_URL": f"postgres://{USER}@:{address.port}/{DATABASE}?host={address.host}",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "REQUIRE_SECOND_FACTOR": "0",
            **keys_kept,
        }

    def kill_all(self) -> None:
        for started in self._processes:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()
        self._processes.clear()

    def reap(self, process: psutil.Process) -> None:
        """Collect a process that was killed, as its supervisor would."""
        for started in self._processes:
            if started.pid == process.pid:
                started.wait(timeout=20)

    @property
    def data(self) -> Path:
        return self.folder / "postgres"

    def wait(self, condition: Callable[[], object], seconds: float = SECONDS_TO_WAIT) -> float:
        """Wait until it holds; how long that took, seconds."""
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < seconds, self.log.read_text()[-4000:]
            time.sleep(0.02)
        return time.monotonic() - began

    def settled(self, batch: ImportBatch) -> float:
        """Wait until the batch, read anew, waits for a person; seconds."""

        def is_settled() -> bool:
            batch.refresh_from_db()
            return not batch.is_in_work

        return self.wait(is_settled)

    def leftovers(self) -> list[str]:
        """What lies on disk of uploads that are no batch, whole or not."""
        known = {str(pk) for pk in ImportBatch.objects.values_list("pk", flat=True)}
        found = [path for folder in (self.uploads, self.tmp) if folder.is_dir() for path in folder.iterdir()]
        return [path.name for path in found if not (path.suffix == ".sealed" and path.stem in known)]


def web_process(master: psutil.Process) -> psutil.Process | None:
    """The one process of gunicorn that answers, once it is there."""
    children = [child for child in master.children() if child.status() != psutil.STATUS_ZOMBIE]
    return children[0] if children else None


def reader_of(worker: psutil.Process) -> psutil.Process | None:
    """The reading process that a worker has started, while it runs."""
    with suppress(psutil.NoSuchProcess):
        for child in worker.children():
            with suppress(psutil.Error):
                if READER in child.cmdline():
                    return child
    return None


@contextmanager
def prepared(folder: Path) -> Iterator[Ground]:
    """A server below a folder, with a migrated database to copy from; stopped afterwards."""
    portal = Ground(folder)
    portal.tmp.mkdir(mode=0o700)
    try:
        with _led_to(portal):
            call_command("migrate", interactive=False, verbosity=0)
        with _maintenance(portal) as run:
            run(f"ALTER DATABASE {DATABASE} RENAME TO pristine")
        yield portal
    finally:
        server.at(portal.data).release()
        EmbeddedServer(portal.data).stop()


@contextmanager
def opened(portal: Ground) -> Iterator[Ground]:
    """The portal with a fresh copy of its database, and the ORM led to it; its processes end afterwards."""
    with _maintenance(portal) as run:
        run(f"CREATE DATABASE {DATABASE} TEMPLATE pristine")
    try:
        with _led_to(portal):
            yield portal
    finally:
        portal.kill_all()
        with _maintenance(portal) as run:
            run(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        for path in (*portal.uploads.glob("*"), *portal.tmp.glob("*"), portal.log):
            path.unlink(missing_ok=True)


@contextmanager
def _led_to(portal: Ground) -> Iterator[None]:
    sealing = keys.kept(portal.folder / "seal_key", length=64)
    own = {
        "SECRET_KEY": keys.kept(portal.folder / "secret_key", length=48),
        "SEAL_KEY": env.key_bytes(sealing, name="SEAL_KEY", length=64, example=""),
        "UPLOAD_DIR": portal.uploads,
        "FILE_UPLOAD_TEMP_DIR": portal.tmp,
    }
    database: dict[str, Any] = settings.DATABASES["default"]
    before = {name: database[name] for name in ("HOST", "NAME")}
    connections.close_all()
    try:
        database |= {"HOST": str(portal.data), "NAME": DATABASE}
        with override_settings(**own):
            yield
    finally:
        connections.close_all()
        database |= before


@contextmanager
def _maintenance(portal: Ground) -> Iterator[Callable[[str], None]]:
    address = server.at(portal.data).address()
    connection = psycopg2.connect(dbname="postgres", user=USER, host=address.host, port=address.port)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor.execute
    finally:
        connection.close()


@contextmanager
def elsewhere(folder: Path, *, keys_of: Ground | None = None) -> Iterator[Ground]:
    """Another server with an empty database, under the keys of another portal, and the ORM led to it."""
    other = Ground(folder)
    other.tmp.mkdir(mode=0o700, exist_ok=True)
    if keys_of is not None:
        for name in ("seal_key", "secret_key"):
            shutil.copy(keys_of.folder / name, folder / name)
    try:
        with _led_to(other):
            yield other
    finally:
        server.at(other.data).release()
        EmbeddedServer(other.data).stop()
