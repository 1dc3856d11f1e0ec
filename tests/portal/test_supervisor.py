"""Keeping children alive, and what is left of them after the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from coverage_portal import supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
WITH_A_CHILD_OF_ITS_OWN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
open("pid.new", "w").write(str(child.pid))
import os; os.rename("pid.new", "pid")
time.sleep(60)
"""


def supervise(child: supervisor.Child, until: Callable[[], object]) -> None:
    """Supervise one child until the condition holds, twenty seconds at most."""
    signals: Any = SimpleNamespace(stopping=False)
    deadline = time.monotonic() + 20

    def tend() -> None:
        signals.stopping = bool(until()) or time.monotonic() > deadline

    supervisor.supervise([child], signals, tend=tend)


def runs(number: int) -> bool:
    return psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE


def test_end_reaches_what_a_stubborn_child_has_started_in_another_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "SECONDS_TO_STOP", 0.5)
    child = supervisor.Child("test", [sys.executable, "-c", WITH_A_CHILD_OF_ITS_OWN], tmp_path)

    supervise(child, until=(tmp_path / "pid").exists)

    number = int((tmp_path / "pid").read_text())
    deadline = time.monotonic() + 5
    while runs(number) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not runs(number)
    assert child.has_ended()


def test_child_that_keeps_dying_is_started_ever_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(supervisor, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.05)
    code = "import time; open('starts', 'a').write(f'{time.monotonic()}\\n')"
    starts = tmp_path / "starts"
    starts.touch()

    supervise(
        supervisor.Child("The test", [sys.executable, "-c", code], tmp_path),
        until=lambda: starts.read_text().count("\n") == 4,
    )

    times = [float(line) for line in starts.read_text().split()]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert [pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.4), strict=True)] == [True] * 3
    assert caplog.messages[0] == "The test ended with code 0 and is started again"


def test_child_that_runs_is_left_alone(tmp_path: Path) -> None:
    child = supervisor.Child("test", SLEEP, tmp_path)
    seen = set()

    def look() -> bool:
        seen.update(process.pid for process in psutil.Process().children() if process.cmdline() == SLEEP)
        return time.monotonic() > end

    end = time.monotonic() + 1
    supervise(child, until=look)

    assert len(seen) == 1
