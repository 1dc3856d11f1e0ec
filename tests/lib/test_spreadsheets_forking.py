"""Large workbooks are surveyed and parsed at one time: what either process says or suffers is passed on."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path

import psutil
import pytest

from coverage_portal.lib.spreadsheets import Limits, Unreadable, read
from coverage_portal.lib.spreadsheets.process import ReadingProcess
from tests.lib.spreadsheet_files import number_cell, row, rows_of, text_cell, xlsx
from tests.lib.test_spreadsheets_hostile import HOSTILE, SHARED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one after the other elsewhere")

FORKED = Limits(fork_bytes=-1)
LONG = "".join(row(n, number_cell(f"A{n}", n), text_cell(f"B{n}", f"{n:0200}")) for n in range(1, 20_001))
"""More than the pipe holds."""


def verdict(path: Path, limits: Limits) -> object:
    """What is said of a file: why it is refused, or its rows and sheets to choose from."""
    try:
        with path.open("rb") as file, read(file, name=path.name, limits=limits) as opened:
            return repr(list(opened.rows)), repr(opened.samples), opened.notes
    except Unreadable as refusal:
        return refusal.code


@pytest.mark.parametrize("name", [name for name, _expected in HOSTILE if name.endswith((".xlsx", ".ods"))])
def test_verdict_is_the_same_as_one_after_the_other(name: str) -> None:
    path = SHARED / name

    assert verdict(path, FORKED) == verdict(path, Limits())


def test_rows_come_whole() -> None:
    content = xlsx(LONG)

    assert rows_of(content, limits=FORKED) == rows_of(content)


def test_refusal_of_the_survey_stands_although_the_parsing_process_has_died() -> None:
    content = xlsx(
        "".join(row(n, number_cell(f"A{n}", n), number_cell(f"B{n}", n)) for n in range(1, 300_001))
    )
    # Enough for the survey, which streams and says so, and not for the sheet.
    tight = Limits(fork_bytes=-1, memory_bytes=60_000_000)

    with pytest.raises(Unreadable) as caught:
        rows_of(content, limits=tight)

    assert caught.value.code == "save_as_csv"


def test_parsing_process_that_runs_out_of_memory_is_a_refusal() -> None:
    large = "".join(row(n, number_cell(f"A{n}", n), number_cell(f"B{n}", n)) for n in range(1, 300_001))
    # The hidden sheet would fit, so the pre-flight lets the workbook pass.
    content = xlsx(large, row(1, number_cell("A1", 1)), states={2: "hidden"})
    # Enough for the survey, which streams, and not for the sheet.
    tight = Limits(fork_bytes=-1, memory_bytes=60_000_000)

    with pytest.raises(Unreadable) as caught:
        rows_of(content, limits=tight)

    assert caught.value.code == "memory"


def test_neither_process_outlives_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    pids: list[int] = []
    close = ReadingProcess.close

    def closed(self: ReadingProcess) -> None:
        first = psutil.Process(self._process.pid)
        pids.extend(process.pid for process in [first, *first.children(recursive=True)])
        close(self)

    monkeypatch.setattr(ReadingProcess, "close", closed)

    with read(io.BytesIO(xlsx(LONG)), limits=FORKED) as opened:
        next(iter(opened.rows))

    assert len(pids) == 2
    deadline = time.monotonic() + 5
    while any(map(psutil.pid_exists, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, pids))
