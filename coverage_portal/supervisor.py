"""Keeping child processes alive, and leaving none behind."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import psutil

logger = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_TO_STOP = 5
SECONDS_BETWEEN_LOOKS = 0.2
FIRST_DELAY, LONGEST_DELAY = 0.2, 30.0
SECONDS_TO_BE_WELL = 30
_PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """A stop signal came in before the supervision began."""


class Signals:
    """Makes INT, TERM and HUP mean the same: stop, once. Later ones do not disturb the stopping."""

    def __init__(self) -> None:
        self.stopping = False
        self._interrupts = False
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Within the block a stop signal raises `Stopped`; outside it only sets `stopping`."""
        self._interrupts = True
        try:
            if self.stopping:
                raise Stopped
            yield
        finally:
            self._interrupts = False

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        already, self.stopping = self.stopping, True
        if self._interrupts and not already:
            raise Stopped


class Child:
    """One command in a session of its own, started again, ever later, as long as it keeps dying."""

    def __init__(self, name: str, command: Sequence[str], folder: Path) -> None:
        self.name = name
        self.command = list(command)
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._due = 0.0
        self._delay = FIRST_DELAY

    def tend(self) -> None:
        """Start the command if it does not run and it is time to."""
        now = time.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            self._kill_group()
            well = now - self._started > SECONDS_TO_BE_WELL
            self._delay = FIRST_DELAY if well else min(self._delay * 2, LONGEST_DELAY)
            self._due = now + self._delay
            self._process = None
            logger.error("%s ended with code %s and is started again", self.name, code)
        if now >= self._due:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=_end_with(os.getpid()),
            )
            self._started = now

    def ask_to_stop(self) -> None:
        self._signal_group(signal.SIGTERM)

    def has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def descendants(self) -> list[psutil.Process]:
        """Everything it has started, in whatever session, as long as it runs itself."""
        if self._process is None:
            return []
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def end(self) -> None:
        """Kill whatever of it is left."""
        if self._process is not None:
            self._kill_group()
            self._process.wait()
            self._process = None

    def _kill_group(self) -> None:
        self._signal_group(signal.SIGKILL)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def supervise(children: Sequence[Child], signals: Signals, *, tend: Callable[[], None]) -> None:
    """Keep the children running, and call `tend` in between, until a stop signal; then end them all."""
    try:
        while not signals.stopping:
            tend()
            for child in children:
                child.tend()
            time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        descendants = [process for child in children for process in child.descendants()]
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline and not all(child.has_ended() for child in children):
            time.sleep(0.05)
        descendants += [process for child in children for process in child.descendants()]
        for child in children:
            child.end()
        for process in descendants:
            with suppress(psutil.NoSuchProcess):
                process.kill()


def _end_with(parent: int) -> Callable[[], None]:
    """What a child does before its command starts: on Linux, ask to be ended if the supervisor is killed."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None

    def prepare() -> None:
        if libc is not None:
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return prepare
