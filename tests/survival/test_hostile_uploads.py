"""Every hostile file through the web as people upload it: an answer each, and web and worker as before."""

from __future__ import annotations

import re
import socket
from collections import Counter
from pathlib import Path

import psutil
import pytest

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.ground import Ground, web_process
from tests.imports import address
from tests.intake.test_hostile_files import manifest
from tests.soaking import rounds, say

from .lists import Browser

MEGABYTE = 1024 * 1024
WARMING = 6
"""Files after which web and worker have imported all that they need for any."""
ROOM = 40 * MEGABYTE
"""What a process may grow by afterwards. The bombs among the files unfold to hundreds of megabytes."""
ENDED = {ImportBatch.State.REFUSED, ImportBatch.State.ASKING, ImportBatch.State.READY}


def chosen() -> list[Path]:
    """All of them in the long form; in the short one each tenth, and the bombs."""
    paths = [Path(path) for path, _expect in manifest()]
    step = rounds(10, 1)
    return [path for number, path in enumerate(paths) if number % step == 0 or "bomb" in path.name]


class Uploader:
    """Sends files to the portal one after the other, and looks at what has become of each."""

    def __init__(self, portal: Ground) -> None:
        self.portal = portal
        self.browser = Browser(User.objects.create_superuser("admin.contoh"))
        self.statuses = Counter[int]()

    def send(self, path: Path) -> None:
        before = set(ImportBatch.objects.values_list("pk", flat=True))
        self._ask(self._sheet(path))
        for batch in ImportBatch.objects.exclude(pk__in=before):
            self.portal.settled(batch)
            assert batch.state in ENDED, (path.name, batch.state)
            for ending in ("", "kemajuan/"):
                self._ask(self.browser.get(address(batch, ending), self.portal.port))

    def _sheet(self, path: Path) -> bytes:
        content, port = path.read_bytes(), self.portal.port
        return self.browser.upload(content, port, name=path.name, kind="membership")

    def _ask(self, request: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.portal.port), timeout=120) as sent:
            sent.sendall(request)
            answer = b"".join(iter(lambda: sent.recv(65536), b""))
        found = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
        assert found, answer[:200]
        self.statuses[int(found[1])] += 1


def growth(portal: Ground, *, without: str = "") -> dict[str, int]:
    """Send the files, and see that each is answered; bytes that each process has grown by, once warm."""
    worker, web = portal.start_worker(), portal.start_web(without=without)
    uploader, paths = Uploader(portal), chosen()
    answering = web_process(web)
    assert answering is not None
    processes = {"web": answering, "worker": worker}
    for path in paths[:WARMING]:
        uploader.send(path)
    before = {name: process.memory_info().rss for name, process in processes.items()}
    for path in paths[WARMING:]:
        uploader.send(path)
    grown = {name: process.memory_info().rss - before[name] for name, process in processes.items()}
    say(f"{len(paths)} files, statuses {dict(uploader.statuses)}, grown by {grown} bytes")
    assert set(uploader.statuses) <= {200, 302, 422}
    assert web_process(web) == answering
    assert worker.status() != psutil.STATUS_ZOMBIE
    assert portal.answers()
    return grown


@pytest.mark.usefixtures("shared_data")
def test_hostile_files_leave_web_and_worker_as_they_were(portal: Ground) -> None:
    grown = growth(portal)

    assert all(size < ROOM for size in grown.values()), grown


KEEPING = """
from django.core.handlers.wsgi import WSGIHandler
answer, kept = WSGIHandler.__call__, []
def answer_and_keep(handler, environ, start_response):
    kept.append(b"x" * 3 * 1024 * 1024)
    return answer(handler, environ, start_response)
WSGIHandler.__call__ = answer_and_keep
"""


@pytest.mark.usefixtures("shared_data")
def test_control_arm_a_web_process_that_keeps_something_of_each_request_is_found(portal: Ground) -> None:
    assert growth(portal, without=KEEPING)["web"] > ROOM
