"""The reading process: pre-flight, then python-calamine or csv, rows out as JSON lines.

Started by `process.py` as `python -m coverage_portal.lib.spreadsheets.child REQUEST`, where REQUEST is
JSON and the file an inherited descriptor. It never sees a name or path of the user, has no secrets in
its environment and does not import Django. It ends with its reader, at once: standard input is a pipe
that nobody writes to, and the reader holds the other end. What it writes, one JSON array a line:

    ["workbook", {format, encoding, delimiter, notes, sheets: [[name, visible, rows], …]}]
    ["samples", {sheet: [[row number, cells], …]}]          when a choice of sheet is needed
    ["sheet", name, rows_total]
    ["rows", first row number or list of numbers, [cells, …]]
    ["columns", first row number, [cells, …], columns that hold dates]   the same by column, no row blank
    ["blank", first row number, how many]
    ["end", rows, control characters dropped]
    ["refused", code, params]
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import select
import signal
import sys
from typing import Any, BinaryIO

from coverage_portal.lib.spreadsheets.content import HEAD_BYTES, container_of
from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.output import write
from coverage_portal.lib.spreadsheets.refusal import Unreadable

STDERR_BYTES = 4_096


def main(request: dict[str, Any]) -> None:
    """Answer one request. Every refusal, and every failure that can still speak, becomes a line."""
    limits = Limits(**request["limits"])
    _end_with_the_reader()
    try:
        with os.fdopen(request["fd"], "rb", closefd=False) as file:
            _confine(limits, request["size"])
            _read(file, request, limits)
    except Unreadable as refusal:
        write("refused", refusal.code, refusal.params)
    except MemoryError:
        write("refused", "memory", {})
    except BrokenPipeError:
        # The reader went away; its descriptor must not be flushed again at exit.
        os._exit(0)
    except BaseException as error:
        # Also pyo3's PanicException, which is no Exception. Its text could quote a cell: drop it.
        sys.stderr.write(type(error).__name__)
        write("refused", "memory" if _out_of_memory(error) else "corrupt", {})


def _out_of_memory(error: BaseException) -> bool:
    """Whether a library could not be loaded for want of address space."""
    return isinstance(error, ImportError) and ("failed to map" in str(error) or "allocate" in str(error))


def _end_with_the_reader() -> None:
    """Have the kernel end this process, and what it forks, when the reader's end of standard input is closed.

    A killed reader says nothing, and a library that parses for a minute neither writes nor lets a thread
    look. A death signal of the parent (PR_SET_PDEATHSIG) would come when the *thread* that started us ends.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    pipe = sys.stdin.fileno()
    fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([pipe], [], [], 0)[0]:  # closed before we listened
        os._exit(0)


def _confine(limits: Limits, size: int) -> None:
    """Give up memory and time before the libraries are loaded and the first byte is looked at."""
    seconds = int(limits.cpu_seconds + limits.allowance(size)) + 1
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Off once rows flow, for they wait for the parent.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + limits.allowance(size) + 5)


def _write_no_files() -> None:
    """Give up writing files. Not before the imports: it would leave half a .pyc behind."""
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (STDERR_BYTES, STDERR_BYTES))


def _read(file: BinaryIO, request: dict[str, Any], limits: Limits) -> None:
    # Imported under the limits: loading a library is memory too.
    from coverage_portal.lib.spreadsheets.rows import read_delimited, read_workbook

    _write_no_files()
    head = file.read(HEAD_BYTES)
    container = container_of(head)
    if container == "text":
        if request["claims"]:
            raise Unreadable("disguised_text")
        read_delimited(file, request["sheet"], limits)
        return
    try:
        read_workbook(file, container, request["sheet"], limits, preflight=request["preflight"])
    except Unreadable as refusal:
        # An old-style container that calls itself .xlsx and cannot be opened is an encrypted one.
        if container == "ole" and request["claims"] == ".xlsx" and refusal.code == "corrupt":
            raise Unreadable("password") from refusal
        raise


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
