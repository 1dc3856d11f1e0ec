"""Runs chosen tests in a fork, which has loaded pytest and Django but nothing of the sources."""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import psutil
import pytest

from . import seen
from .trees import Ground, Tree

START_SECONDS = 90
"""To load everything and collect, on a busy machine."""


def load_once(names: Sequence[str]) -> None:
    """Load what no mutant changes; a fork has it for nothing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            with suppress(Exception):
                importlib.import_module(name)


class _Plugin:
    """Runs only the wanted tests, in their order, and tells of each as it comes."""

    def __init__(self, tree: Tree, wanted: Sequence[str], tell: Callable[..., None], noted: Any) -> None:
        self._tree, self._wanted, self._tell, self._noted = tree, wanted, tell, noted
        self._failed = False
        self._began = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: Any) -> None:
        config.workerinput = {"workerid": self._tree.name}  # a database of its own, the server is another's

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._wanted:
            there = {item.nodeid for item in items}
            order: dict[str, int] = {}
            for number, test in enumerate(self._wanted):
                order.setdefault(test if test in there else test.partition("[")[0], number)
            place = {i.nodeid: order.get(i.nodeid, order.get(i.nodeid.partition("[")[0], -1)) for i in items}
            items[:] = sorted((i for i in items if place[i.nodeid] >= 0), key=lambda i: place[i.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._tell(begins=item.nodeid)
        self._failed = False
        if self._noted is not None:
            self._noted[:] = bytes(len(self._noted))
        self._began = time.monotonic()
        done = yield
        if self._noted is not None and not self._failed:
            self._tell(
                passed=item.nodeid, seconds=time.monotonic() - self._began, noted=_numbers(self._noted[:])
            )
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._failed = True
        if report.failed:
            self._tell(failed=report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._tell(failed=f"{report.nodeid} (does not load)")


def _numbers(noted: bytes) -> list[int]:
    return [number for number, byte in enumerate(noted) if byte]


@dataclass(slots=True)
class Run:
    """One fork and what it tells; `patience` is how many seconds a test may take."""

    pid: int
    pipe: int
    patience: Callable[[str], float]
    rest: bytes = b""
    failed: str = ""
    ended: int | None = None
    late: bool = False
    deadline: float = 0.0

    def messages(self) -> Iterator[dict[str, Any]]:
        """What has come since; ends the fork where a test takes too long."""
        while select.select([self.pipe], [], [], 0)[0]:
            piece = os.read(self.pipe, 1 << 16)
            if not piece:
                self.ended = -1 if self.ended is None else self.ended
                break
            *whole, self.rest = (self.rest + piece).split(b"\n")
            for line in whole:
                message = json.loads(line)
                self.failed = self.failed or message.get("failed", "")
                self.ended = message.get("ended", self.ended)
                if "begins" in message:
                    self.deadline = time.monotonic() + self.patience(message["begins"])
                yield message
            if self.ended is not None:
                break
        if self.ended is None and time.monotonic() > self.deadline:
            self.late, self.ended = True, -1

    def close(self) -> None:
        """End whatever the fork has left running."""
        with suppress(psutil.Error):
            for process in psutil.Process(self.pid).children(recursive=True):
                with suppress(psutil.Error):
                    process.kill()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.pipe)


def start(
    ground: Ground,
    tree: Tree,
    files: Sequence[str],
    *,
    wanted: Sequence[str] = (),
    patience: Callable[[str], float],
    noting: bool = False,
) -> Run:
    """Run tests of files in a fork: only those wanted, until the first failure; or all of them, noting."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(out)
        _run(ground, tree, files, wanted, into, noting)
    os.close(into)
    return Run(pid, out, patience, deadline=time.monotonic() + START_SECONDS)


def _run(
    ground: Ground, tree: Tree, files: Sequence[str], wanted: Sequence[str], pipe: int, noting: bool
) -> NoReturn:
    code: int = -1
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        log = os.open(tree.folder.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(tree.folder)
        os.environ.pop("PYTEST_CURRENT_TEST", None)
        os.environ.update(ground.environment())
        _forget(tree)
        noted = None
        if noting:
            os.environ[seen.FILE] = str(tree.folder / "seen.bytes")
            noted = seen.shared(tree.folder / "seen.bytes")

        def tell(**message: Any) -> None:
            os.write(pipe, json.dumps(message).encode() + b"\n")

        options = ["-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=short"]
        options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # what is loaded once is not rewritten
        options += [
            "--rootdir",
            str(tree.folder),
            "-c",
            str(tree.folder / "pyproject.toml"),
            *ground.settings,
        ]
        options += [] if noting else ["-x"]
        code = pytest.main([*options, *files], plugins=[_Plugin(tree, wanted, tell, noted)])
        tell(ended=int(code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _forget(tree: Tree) -> None:
    """Nothing of the sources is loaded yet, and what will be comes from the tree."""
    tops = {path.stem for path in tree.folder.iterdir() if path.suffix == ".py" or path.is_dir()} - {
        "benchmarks"
    }
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]
    ours = str(Path(__file__).resolve().parents[2])
    sys.path[:] = [str(tree.folder), *(p for p in sys.path if p not in ("", ours))]
    importlib.invalidate_caches()
