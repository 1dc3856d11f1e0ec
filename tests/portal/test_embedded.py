"""The embedded PostgreSQL: found or started by whoever needs it, stopped by the last who did."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from coverage_portal.embedded import keys
from coverage_portal.embedded.server import DATABASE, USER, EmbeddedServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data(var_dir: Path) -> Path:
    """A data folder that the tests of this module start and stop servers on."""
    return var_dir / "postgres"


@pytest.fixture
def server(data: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(data)
    yield server
    server.release()
    EmbeddedServer(data).stop()


def ask(server: EmbeddedServer, query: str, database: str = DATABASE) -> object:
    address = server.address()
    with (
        closing(
            psycopg2.connect(dbname=database, user=USER, host=address.host, port=address.port)
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(query)
        return cursor.fetchone()[0]


def command(data: Path, code: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        "import sys\nfrom pathlib import Path\nfrom coverage_portal.embedded.server import EmbeddedServer\n"
        f"server = EmbeddedServer(Path({str(data)!r}))\n{code}",
    ]


def postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().splitlines()[0]))


def test_address_starts_a_server_with_the_portals_database(server: EmbeddedServer) -> None:
    assert not server.is_running()

    assert ask(server, "SHOW server_version_num").startswith("18")  # type: ignore[attr-defined]

    assert server.is_running()
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SELECT datcollate FROM pg_database WHERE datname = current_database()") in {
        "C.UTF-8",
        "C",
    }


def test_release_by_the_last_user_stops_the_server(server: EmbeddedServer, data: Path) -> None:
    other = EmbeddedServer(data)
    server.address()
    other.address()

    server.release()

    assert other.is_running()
    other.release()
    assert not other.is_running()


def test_commands_at_once_share_one_server(server: EmbeddedServer, data: Path) -> None:
    code = "print(server.address()); print(Path(server.folder / 'postmaster.pid').read_text().split()[0])"

    def run(_number: int) -> str:
        return subprocess.run(
            command(data, code + "\nsys.stdin.read()"),
            cwd=ROOT,
            input="",
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    server.address()
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(run, range(4)))

    assert answers == {f"{server.address()}\n{postmaster(data).pid}\n"}


def test_commands_that_race_to_start_it_all_get_an_answer(data: Path) -> None:
    processes = [
        subprocess.Popen(
            command(data, "print(server.address().port)"), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]

    assert [process.communicate(timeout=240)[0] for process in processes] == ["5432\n"] * 4
    assert not EmbeddedServer(data).is_running()


def test_killed_user_does_not_keep_the_server_alive(server: EmbeddedServer, data: Path) -> None:
    user = subprocess.Popen(
        command(data, "print(server.address(), flush=True); sys.stdin.read()"),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert user.stdout is not None
    user.stdout.readline()
    user.kill()
    user.communicate()
    assert server.is_running()

    server.address()
    server.release()

    assert not server.is_running()


def test_killed_server_is_started_again_with_what_was_committed(server: EmbeddedServer, data: Path) -> None:
    ask(server, "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 61 AS code; COMMIT; SELECT 61")
    postmaster(data).kill()

    assert ask(server, "SELECT code FROM kept") == 61


def test_left_over_pid_file_that_names_another_process_is_no_server(
    server: EmbeddedServer, data: Path
) -> None:
    server.address()
    server.stop()
    (data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{data}\n{int(time.time())}\n5432\n{data}\n\n1 1\nready\n"
    )

    assert not server.is_running()
    assert ask(server, "SELECT 1") == 1


def test_interrupted_first_start_is_made_anew(var_dir: Path) -> None:
    half = var_dir / "half.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(var_dir / "half", durable=False)

    try:
        assert ask(server, "SELECT 1") == 1
        assert not half.exists()
    finally:
        server.release()


def test_forked_child_does_not_stop_the_server_of_its_parent(server: EmbeddedServer, data: Path) -> None:
    code = """
import os
server.address()
child = os.fork()
if child == 0:
    sys.exit(0)
os.waitpid(child, 0)
print(server.is_running())
"""

    result = subprocess.run(command(data, code), cwd=ROOT, capture_output=True, text=True, check=True)

    assert result.stdout == "True\n"
    assert not server.is_running()


@pytest.mark.parametrize("length", [48, 64])
def test_kept_key_is_made_once_and_for_its_owner_alone(tmp_path: Path, length: int) -> None:
    path = tmp_path / "key"

    first = keys.kept(path, length=length)

    assert keys.kept(path, length=length) == first
    assert len(base64.b64decode(first)) == length
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_kept_keys_made_at_once_agree(tmp_path: Path) -> None:
    path = str(tmp_path / "key")
    code = f"from coverage_portal.embedded import keys; print(keys.kept(Path({path!r}), length=64))"
    processes = [
        subprocess.Popen(command(tmp_path, code), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    assert len({process.communicate(timeout=240)[0] for process in processes}) == 1
