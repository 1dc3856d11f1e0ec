"""Runs one arm in a process of its own and watches how much memory it takes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.sandbox import ROOT, Sandboxes

SAMPLE_SECONDS = 0.02
_FAMILY_SECONDS = 0.1  # looking for children costs milliseconds, reading one's memory microseconds
_MEGABYTE = 1024 * 1024


class ArmFailed(Exception):
    """The arm ended with an error or ran out of time; the text is its last words."""


@dataclass(slots=True)
class Step:
    """One timed step. Peaks of resident memory in MB: of the process that works, of the children it reads
    sheets in."""

    name: str
    seconds: float
    cpu_seconds: float
    worker_mb: float
    child_mb: float
    facts: dict[str, Any] = field(default_factory=dict)


def run(
    module: str, arguments: Sequence[str], *, sandboxes: Sandboxes, source: Path, limit: float
) -> list[Step]:
    """The steps of `python -m module arguments` on a copy of the portal `source`, in order.

    Raises:
        ArmFailed: it returned an error, or `limit` seconds were over and it was killed.
    """
    with sandboxes.fresh(source) as portal, _started(module, arguments, sandboxes, portal) as process:
        watch = _Watch(process.pid)
        timer = threading.Timer(limit, _kill, [process.pid])
        words: list[str] = []
        listener = threading.Thread(target=lambda: words.extend(process.stderr or ()), daemon=True)
        try:
            for thread in (watch, timer, listener):
                thread.start()
            steps = list(_steps(process, watch))
            code = process.wait()
        finally:
            expired = timer.finished.is_set()
            timer.cancel()
            watch.end()
            _kill(process.pid)
        listener.join()
    if code:
        reason = f"ended after {limit:g} s" if expired else "".join(words[-12:]).strip()
        raise ArmFailed(reason or f"exit code {code}")
    return steps


def _started(
    module: str, arguments: Sequence[str], sandboxes: Sandboxes, portal: Path
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=sandboxes.environment(portal),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Its own group: Ctrl-C reaches us alone, and we end the arm with its children.
        start_new_session=True,
    )


def _steps(process: subprocess.Popen[str], watch: _Watch) -> list[Step]:
    steps = []
    for text in process.stdout or ():
        line = json.loads(text)
        if "begin" in line:
            watch.clear()
            continue
        name, seconds, cpu = line.pop("end"), line.pop("seconds"), line.pop("cpu_seconds")
        steps.append(Step(name, seconds, cpu, watch.worker / _MEGABYTE, watch.child / _MEGABYTE, line))
    return steps


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


class _Watch(threading.Thread):
    """Samples the resident memory of a process and of its children, without the database server's."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self.worker = self.child = 0

    def clear(self) -> None:
        """Forget the peaks so far; a step shorter than a sample has at least what it began with."""
        self.worker, self.child = self._process.memory_info().rss, 0

    def end(self) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        children: list[psutil.Process] = []
        looked = 0.0
        with suppress(psutil.NoSuchProcess):
            while not self._over.wait(SAMPLE_SECONDS):
                if time.monotonic() - looked > _FAMILY_SECONDS:
                    children, looked = self._readers(), time.monotonic()
                self.worker = max(self.worker, self._process.memory_info().rss)
                for child in children:
                    with suppress(psutil.NoSuchProcess):
                        self.child = max(self.child, child.memory_info().rss)

    def _readers(self) -> list[psutil.Process]:
        found = []
        for child in self._process.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if child.name() != "postgres":
                    found.append(child)
        return found
