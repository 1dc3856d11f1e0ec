"""Times the steps of an arm, inside the arm's own process, and tells the one who started it line by line.

A line is JSON: `{"begin": step}`, then `{"end": step, "seconds": …, "cpu_seconds": …, …}`. Interpreter start
and connecting lie outside every step, so they weigh on no arm.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

Facts = dict[str, Any]


@contextmanager
def step(name: str) -> Iterator[Facts]:
    """Time what happens inside, in seconds of the wall clock and of all processors. What is put into the
    yielded dict is told along."""
    facts: Facts = {}
    _tell({"begin": name})
    cpu, started = _cpu_seconds(), time.perf_counter()
    yield facts
    seconds = time.perf_counter() - started
    _tell({"end": name, "seconds": seconds, "cpu_seconds": _cpu_seconds() - cpu, **facts})


def _tell(line: Facts) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _cpu_seconds() -> float:
    """Of this process, the children it has reaped, and the embedded server."""
    ours = os.times()
    return ours.user + ours.system + ours.children_user + ours.children_system + _server_cpu_seconds()


def _server_cpu_seconds() -> float:
    announced = Path(settings.VAR_DIR) / "postgres" / "postmaster.pid"
    server = psutil.Process(int(announced.read_text().split("\n", 1)[0]))
    spent = sum(server.cpu_times()[:4])
    for backend in server.children():
        with suppress(psutil.NoSuchProcess):
            spent += sum(backend.cpu_times()[:2])
    return float(spent)
