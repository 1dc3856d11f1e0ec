"""A whole portal as `manage.py serve` runs it, over a folder of its own."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil

from coverage_portal.embedded.server import EmbeddedServer

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_COME_UP = 180
"""It makes a database and loads an example: ten seconds of work, of which a busy machine makes many."""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def readiness(port: int, host: str = "127.0.0.1") -> dict[str, bool]:
    """What `/readyz` says of each thing; nothing while nobody answers."""
    address = f"http://127.0.0.1:{port}/readyz"
    request = urllib.request.Request(address, headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - our own address
            found = response.read()
    except urllib.error.HTTPError as error:
        found = error.read()
    except (OSError, http.client.HTTPException):  # whoever was answering may just have been killed
        return {}
    told: dict[str, bool] = json.loads(found)
    return told


class Portal:
    """One `serve` process over a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "serve.log"
        self.seen: set[psutil.Process] = set()

    def environment(self, **extra: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
        return kept | {"VAR_DIR": str(self.folder), "PORT": str(self.port)} | extra

    def start(self, *, seconds: float = SECONDS_TO_COME_UP) -> None:
        with self.log.open("a") as log:
            self.process = psutil.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait(self.answers, seconds)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return readiness(self.port).get("database", False)

    def child(self, word: str) -> psutil.Process | None:
        """The child of `serve` whose command line has `word` in it."""
        for child in self.process.children():
            with suppress(psutil.NoSuchProcess):  # a zombie counts as gone
                if word in child.cmdline():
                    return child
        return None

    def stop(self) -> None:
        """End whatever of it still runs, the database too."""
        self.snapshot()
        for process in self.left_over():
            process.kill()
        self.process.wait()
        self.database().stop()

    def snapshot(self) -> None:
        if self.process.is_running():
            self.seen |= {self.process, *self.process.children(recursive=True)}

    def left_over(self) -> list[psutil.Process]:
        return [
            process
            for process in self.seen
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        ]

    def wait(self, condition: Callable[[], object], seconds: float = SECONDS_TO_COME_UP) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def database(self) -> EmbeddedServer:
        return EmbeddedServer(self.folder / "postgres")
