"""The second wall: the reading process, its limits, and that it never outlives its reader."""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import psutil
import pytest

from coverage_portal.lib.spreadsheets import Limits, Reading, Unreadable, process, read, reading
from coverage_portal.lib.spreadsheets.limits import DEFAULTS
from tests.lib.spreadsheet_files import (
    archive,
    number_cell,
    refusal_of,
    row,
    rows_of,
    text_cell,
    workbook_members,
    worksheet,
    xlsx,
)

ORDINARY = row(1, text_cell("A1", "x"))
LONG = "".join(row(n, number_cell(f"A{n}", n), text_cell(f"B{n}", f"{n:0200}")) for n in range(1, 20_001))
"""More than the pipe holds: a child that sends it lives until its reader has taken nearly all."""


@contextmanager
def without_preflight(content: bytes, limits: Limits = DEFAULTS) -> Iterator[Reading]:
    with reading._reading(io.BytesIO(content), None, limits, None, preflight=False) as opened:
        yield opened


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[process.ReadingProcess]:
    """Every reading process that the test starts."""
    processes: list[process.ReadingProcess] = []

    class Recorded(process.ReadingProcess):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            processes.append(self)

    monkeypatch.setattr(reading, "ReadingProcess", Recorded)
    return processes


def returncode(child: process.ReadingProcess) -> int | None:
    """None until the child was waited for."""
    return child._process.returncode


def test_child_is_reaped_when_all_rows_were_read(started: list[process.ReadingProcess]) -> None:
    assert len(rows_of(xlsx(LONG))) == 20_000

    assert returncode(started[0]) is not None
    assert not psutil.pid_exists(started[0]._process.pid)


def test_child_is_killed_and_reaped_when_rows_are_abandoned(started: list[process.ReadingProcess]) -> None:
    with read(io.BytesIO(xlsx(LONG))) as opened:
        first = next(opened.rows)

    assert first == (1, [1, f"{1:0200}"])
    assert returncode(started[0]) == -signal.SIGKILL
    assert not psutil.pid_exists(started[0]._process.pid)


def test_child_is_reaped_when_its_reader_fails(started: list[process.ReadingProcess]) -> None:
    with pytest.raises(ZeroDivisionError), read(io.BytesIO(xlsx(LONG))):
        raise ZeroDivisionError

    assert returncode(started[0]) is not None


@pytest.mark.parametrize(
    ("death", "code"),
    [
        (signal.SIGABRT, "corrupt"),
        (signal.SIGSEGV, "corrupt"),
        (signal.SIGKILL, "memory"),
        (signal.SIGXCPU, "timeout"),
        (signal.SIGALRM, "timeout"),
    ],
)
def test_death_of_the_child_is_a_refusal(
    death: signal.Signals, code: str, started: list[process.ReadingProcess]
) -> None:
    with read(io.BytesIO(xlsx(LONG))) as opened:
        os.kill(started[0]._process.pid, death)
        with pytest.raises(Unreadable) as caught:
            list(opened.rows)

    assert caught.value.code == code
    assert str(caught.value).endswith("lalu unggah lagi.")


def test_child_that_takes_too_long_is_a_refusal(started: list[process.ReadingProcess]) -> None:
    refusal = refusal_of(xlsx(ORDINARY), limits=Limits(wall_seconds=0.005))

    assert refusal.code == "timeout"
    assert returncode(started[0]) == -signal.SIGKILL


def test_time_its_reader_takes_does_not_count(started: list[process.ReadingProcess]) -> None:
    """A child that waits for a slow reader is not late: only the time it keeps the reader waiting counts."""
    with read(io.BytesIO(xlsx(ORDINARY)), limits=Limits(wall_seconds=5)) as opened:
        started[0]._process.wait(timeout=20)
        rows = list(opened.rows)

    assert rows == [(1, ["x"])]


@pytest.mark.parametrize("memory", [1_000_000, 25_000_000])
def test_too_little_memory_is_a_refusal(memory: int) -> None:
    cells = "".join(row(n, text_cell(f"A{n}", f"nama {n}")) for n in range(1, 150_001))

    assert refusal_of(xlsx(cells), limits=Limits(memory_bytes=memory)).code == "memory"


def test_too_much_computing_is_a_refusal() -> None:
    noise = random.Random(1)
    some = [noise.random() for _each in range(1_000)]
    cells = "".join(
        row(n, "".join(number_cell(f"{column}{n}", some[n % 1_000]) for column in "ABCD"))
        for n in range(1, 400_001)
    )

    refusal = refusal_of(xlsx(cells), limits=Limits(cpu_seconds=0, seconds_per_megabyte=0))

    assert refusal.code == "timeout"


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ('<c r="A1"><f>1+1</f></c><c r="B1"><v>1</v></c>', None),
        ('<c r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c>', None),
    ],
    ids=["formula without value", "error"],
)
def test_library_alone_shows_nothing_where_something_is_wrong(cells: str, value: object) -> None:
    """A control arm: with the pre-flight off, the bad cell is a blank one."""
    with without_preflight(xlsx(row(1, cells))) as opened:
        assert list(opened.rows) == [(1, [value, 1])]


@pytest.mark.parametrize(
    "sheet",
    [
        ORDINARY + row(2, text_cell("ZZZZZZZ2", "x")),
        ORDINARY + row(2_000_000_000, text_cell("B2000000000", "x")),
    ],
    ids=["column", "row"],
)
def test_library_alone_aborts_its_process(sheet: str) -> None:
    """A control arm: why the reading is done in a process of its own."""
    with pytest.raises(Unreadable) as caught, without_preflight(xlsx(sheet)):
        pass

    assert caught.value.code == "memory"


def test_library_alone_loses_one_of_two_rows() -> None:
    """A control arm: two rows of one number, and the first is gone."""
    with without_preflight(xlsx(row(1, text_cell("A1", "x")) + row(1, text_cell("A1", "y")))) as opened:
        assert list(opened.rows) == [(1, ["y"])]


def test_child_gets_neither_secrets_nor_names(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    popen = subprocess.Popen

    def recorded(command: list[str], **options: Any) -> Any:
        seen.update(options, command=command)
        return popen(command, **options)

    monkeypatch.setattr(process.subprocess, "Popen", recorded)
    monkeypatch.setenv("SECRET_KEY", "rahasia")

    rows_of(xlsx(ORDINARY), name="data peserta Budi.xlsx")

    assert set(seen["env"]) == {"PYTHONPATH", "LC_ALL", "RUST_BACKTRACE"}
    assert (seen["cwd"], seen["start_new_session"], len(seen["pass_fds"])) == ("/", True, 1)
    assert not re.search("rahasia|Budi", json.dumps(seen["command"]))


def test_child_loads_neither_django_nor_the_portal() -> None:
    script = (
        "import sys, coverage_portal.lib.spreadsheets.child, coverage_portal.lib.spreadsheets.rows; "
        "print(sorted(n for n in sys.modules if n.startswith(('django', 'coverage_portal.'))))"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "django" not in ran.stdout
    assert {name.split(".")[1] for name in re.findall(r"coverage_portal[\w.]+", ran.stdout)} == {"lib"}


class Sealed(io.BytesIO):
    """A file whose descriptor leads to other bytes than it reads, as a decrypting one's does."""

    def __init__(self, content: bytes, behind: BinaryIO) -> None:
        super().__init__(content)
        self._behind = behind

    def fileno(self) -> int:
        return self._behind.fileno()


def test_what_a_file_reads_counts_and_not_its_descriptor() -> None:
    with tempfile.TemporaryFile() as behind:
        behind.write(xlsx(row(1, text_cell("A1", "tersegel"))))
        with read(Sealed(xlsx(ORDINARY), behind)) as opened:
            rows = list(opened.rows)

    assert rows == [(1, ["x"])]


def test_reading_opens_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/evil.dtd"
        members = workbook_members("")
        members["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE worksheet SYSTEM "{address}">' + worksheet(ORDINARY)
        refused = refusal_of(archive(members))
        with without_preflight(archive(members)) as opened:
            believed = list(opened.rows)

        with pytest.raises(TimeoutError):
            listener.accept()

    assert refused.code == "xml_entities"
    assert believed == [(1, ["x"])]


def test_several_files_are_read_at_once() -> None:
    contents = [xlsx("".join(row(n, number_cell(f"A{n}", n * k)) for n in range(1, 3001))) for k in (1, 2, 3)]
    sums: dict[int, int] = {}

    def total(k: int, content: bytes) -> None:
        sums[k] = sum(cells[0] for cells in rows_of(content) if isinstance(cells[0], int))

    threads = [threading.Thread(target=total, args=(k, c)) for k, c in enumerate(contents, start=1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sums == {1: 4_501_500, 2: 9_003_000, 3: 13_504_500}
