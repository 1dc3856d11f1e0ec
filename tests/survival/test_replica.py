"""Two real PostgreSQL servers: pages are read from the replica while that changes no answer."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client

from coverage_portal.accounts import generation, keeping, replicas
from coverage_portal.accounts.models import Generation
from coverage_portal.embedded import server
from coverage_portal.embedded.server import DATABASE, USER
from regions.models import Membership, Regency
from tests import factories
from tests.ground import Ground
from tests.soaking import rounds, say

PAGE = "/wilayah/61.04/"
PORT = 5433
SECONDS_TO_CATCH_UP = 60


class Standby:
    """A streaming replica of a portal's server, made by pg_basebackup, under the user of that server."""

    def __init__(self, portal: Ground, folder: Path) -> None:
        self.address = server.at(portal.data).address()
        owner = psutil.Process(int((portal.data / "postmaster.pid").read_text().splitlines()[0]))
        self.ids = (owner.uids().real, owner.gids().real)
        self.sockets, self.data = folder / "s", folder / "data"
        self.sockets.mkdir()
        for path in (folder, self.sockets):
            os.chown(path, *self.ids)
        self.source = f"host={self.address.host} port={self.address.port} user={USER}"
        self._run(
            "pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "-c", "fast", "-d", self.source
        )

    def _run(self, name: str, *arguments: str) -> None:
        as_owner: dict[str, Any] = {}
        if os.getuid() == 0:
            as_owner = {"user": self.ids[0], "group": self.ids[1], "extra_groups": []}
        subprocess.run(
            [str(server.program(name)), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **as_owner,
        )

    def start(self) -> None:
        options = f"-k {self.sockets} -p {PORT} -c unix_socket_permissions=0777"
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", f"{self.data}/log", "-o", options, "start"
        )

    def kill(self) -> None:
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        process.send_signal(signal.SIGQUIT)
        with suppress(psutil.NoSuchProcess, psutil.TimeoutExpired):
            process.wait(timeout=20)

    def stream_from(self, source: str) -> None:
        """Have it follow the primary, or nobody: then it answers, and falls behind."""
        session = psycopg2.connect(dbname=DATABASE, user=USER, host=str(self.sockets), port=PORT)
        session.autocommit = True
        with closing(session), session.cursor() as cursor:
            cursor.execute("ALTER SYSTEM SET primary_conninfo = %s", [source])
            cursor.execute("SELECT pg_reload_conf()")
            until(lambda: _follows(cursor) == bool(source))


def _follows(cursor: Any) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_wal_receiver)")
    return bool(cursor.fetchone()[0])


@pytest.fixture
def standby(portal: Ground) -> Iterator[Standby]:
    """A replica that follows, and the settings that name it."""
    made = tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True)
    with made as name:
        Path(name).chmod(0o755)
        standby = Standby(portal, Path(name).resolve())
        standby.start()
        description = {
            **connections.settings["default"],
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(standby.sockets),
            "PORT": str(PORT),
            "OPTIONS": {"options": "-c jit=off"},
        }
        connections.settings["replica"] = description
        settings.HAS_REPLICA = True
        try:
            yield standby
        finally:
            settings.HAS_REPLICA = False
            with suppress(Exception):
                connections["replica"].close()
            del connections.settings["replica"]
            with suppress(AttributeError):
                delattr(connections._connections, "replica")
            with suppress(FileNotFoundError, psutil.NoSuchProcess):
                standby.kill()


@pytest.fixture
def figures(portal: Ground) -> Regency:
    regency = Regency.objects.get(code="61.04")
    for segment in ("PU", "BPU", "JAKON"):
        factories.workforce(regency, 100_000, segment=segment)
        factories.membership(regency, 41_234, segment=segment)
    write(1)
    return regency


def write(members: int) -> None:
    """What an import does: a figure, and the data version as the last statement."""
    with transaction.atomic():
        Membership.objects.filter(segment="PU").update(reported=40_000 + members)
        generation.move()


def shows(members: int) -> str:
    return f"40.{members:03d}"


def asked(client: Client, members: int) -> bool:
    """Ask for the page, rendered anew; it must show the figure. Whether the replica has given it."""
    keeping.clear()
    response = client.get(PAGE)
    assert response.status_code == 200
    assert shows(members) in response.content.decode()
    return getattr(response.wsgi_request, "is_from_replica", False)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS_TO_CATCH_UP
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def visitor(portal: Ground, standby: Standby, figures: Regency, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(replicas, "SECONDS_LEFT_ALONE", 0.5)
    return Client()


def test_replica_cut_off_and_brought_back_changes_no_answer(visitor: Client, standby: Standby) -> None:
    until(partial(asked, visitor, 1))
    members, given, waited = 1, 0, []

    for _round in range(rounds(1, 20)):
        # Written, and read at once: right, whoever answers.
        for _time in range(10):
            members += 1
            write(members)
            given += asked(visitor, members)
        until(partial(asked, visitor, members))

        # It answers, and falls behind.
        standby.stream_from("")
        members += 1
        write(members)
        assert [asked(visitor, members) for _time in range(5)] == [False] * 5
        standby.stream_from(standby.source)
        until(partial(asked, visitor, members))

        # It is gone, in the middle of everything.
        standby.kill()
        began = time.monotonic()
        assert [asked(visitor, members) for _time in range(5)] == [False] * 5
        waited.append(time.monotonic() - began)
        members += 1
        write(members)
        assert asked(visitor, members) is False
        standby.start()
        until(partial(asked, visitor, members))
    say(
        f"{members} figures written and read at once, none old, {given} from the replica; "
        f"5 pages took {max(waited):.1f} s at most just after it was killed"
    )


def test_replica_that_fell_behind_would_show_old_figures(
    visitor: Client, standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control arm: without asking what it shows."""
    until(partial(asked, visitor, 1))
    standby.stream_from("")
    write(2)
    monkeypatch.setattr(replicas, "_shows_enough", lambda _request: True)
    keeping.clear()

    page = visitor.get(PAGE).content.decode()

    assert shows(1) in page
    assert shows(2) not in page


def test_reader_never_reads_behind_what_they_have_seen_of_the_primary(
    visitor: Client, standby: Standby
) -> None:
    """Nothing that moves the data version was written; still the page may show what the reader did."""
    reader = Client()
    reader.force_login(factories.user("pejabat", "61"))
    until(partial(asked, visitor, 1))
    standby.stream_from("")
    factories.user("lain")

    reader.get("/keluar/")

    assert (asked(reader, 1), asked(visitor, 1)) == (False, True)
    standby.stream_from(standby.source)
    until(partial(asked, reader, 1))


def test_version_is_read_where_the_figures_are(visitor: Client, standby: Standby) -> None:
    until(partial(asked, visitor, 1))
    standby.stream_from("")
    before = Generation.objects.get().value
    write(2)

    with replicas.reading_from(replicas.REPLICA):
        shown = generation.current()

    assert shown == before.hex
    assert generation.current() != shown


def test_rights_are_the_primarys(visitor: Client, standby: Standby) -> None:
    """A user whom only the primary knows is known, whatever the replica shows."""
    until(partial(asked, visitor, 1))
    standby.stream_from("")
    user = factories.user("baru", "61.07")

    with replicas.reading_from(replicas.REPLICA):
        assert sorted(user.scope.codes) == ["61.07"]
