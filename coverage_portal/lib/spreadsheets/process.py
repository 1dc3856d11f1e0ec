"""Starts the reading process and listens to it, no longer and no more than the limits allow."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from coverage_portal.lib.spreadsheets.cells import decode, rows_of
from coverage_portal.lib.spreadsheets.limits import MEGABYTE, Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

logger = logging.getLogger(__name__)

_MODULE = "coverage_portal.lib.spreadsheets.child"
_ROOT = Path(__file__).resolve().parents[3]
PIPE_BYTES = 1024 * 1024
_PIECE = 256 * 1024
_LONGEST_LINE = 16 * MEGABYTE
_NO_MEMORY = (b"memory allocation of", b"MemoryError", b"annot allocate memory")


class ReadingProcess:
    """A child that reads one open file. `close` always reaps it; use it from one thread at a time.

    Its standard input is our lifeline: the kernel closes that with us, and ends the child.
    """

    def __init__(self, file: BinaryIO, size: int, limits: Limits, **request: Any) -> None:
        self._patience = limits.wall_seconds + limits.allowance(size)
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - close() closes it
        request |= {"fd": file.fileno(), "size": size, "limits": dataclasses.asdict(limits)}
        file.seek(0)
        its_end, our_end = os.pipe()
        self._lifeline = os.fdopen(our_end, "wb", buffering=0)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", _MODULE, json.dumps(request)],
                stdin=its_end,
                stdout=subprocess.PIPE,
                stderr=self._stderr,
                pass_fds=[file.fileno()],
                env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "RUST_BACKTRACE": "0"},
                cwd="/",
                start_new_session=True,
                pipesize=PIPE_BYTES,
            )
        except BaseException:
            self._lifeline.close()
            self._stderr.close()
            raise
        finally:
            os.close(its_end)
        self._output = cast(IO[bytes], self._process.stdout)

    def lines(self) -> Iterator[list[Any]]:
        """What the child writes, decoded, until "end" or "samples".

        Raises Unreadable: what the child refuses, timeout, memory, corrupt (it crashed).
        """
        for text in self._texts():
            try:
                line = decode(text.decode())
                kind = line[0]
                if kind == "columns":
                    line = ["rows", line[1], rows_of(line[2], line[3])]
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                raise Unreadable("corrupt") from error
            if kind == "refused":
                raise Unreadable(line[1], **line[2])
            yield line
            if kind in ("end", "samples"):
                return
        raise self._death()

    def _texts(self) -> Iterator[bytes]:
        descriptor = self._output.fileno()
        poller = select.poll()
        poller.register(descriptor, select.POLLIN | select.POLLHUP)
        rest: list[bytes] = []
        held = 0
        while True:
            started = time.monotonic()
            ready = poller.poll(max(0.0, self._patience) * 1000)
            self._patience -= time.monotonic() - started
            if not ready:
                raise Unreadable("timeout")
            piece = os.read(descriptor, _PIECE)
            if not piece:
                return
            *whole, last = piece.split(b"\n")
            if whole:
                yield b"".join(rest) + whole[0]
                yield from whole[1:]
                rest, held = [], 0
            rest.append(last)
            held += len(last)
            if held > _LONGEST_LINE:
                raise Unreadable("corrupt")

    def _death(self) -> Unreadable:
        """Why the child ended without a last word."""
        code = self._process.wait()
        self._stderr.seek(0)
        said = self._stderr.read(_PIECE)
        reason = "corrupt"
        if code in (-signal.SIGXCPU, -signal.SIGALRM):
            reason = "timeout"
        elif code == -signal.SIGKILL or any(phrase in said for phrase in _NO_MEMORY):
            reason = "memory"
        # Not what it said: a library's last words may quote a cell.
        logger.warning("The spreadsheet reader ended with code %d: %s", code, reason)
        return Unreadable(reason)

    def close(self) -> None:
        """End the child if it still runs, with whatever it started, and reap it."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._lifeline.close()
        self._output.close()
        self._stderr.close()
