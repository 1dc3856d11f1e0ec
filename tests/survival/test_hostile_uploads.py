"""Every hostile file through the web as people upload it: a reason each, and web and worker as before."""

from __future__ import annotations

import html
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from django.utils.translation import gettext

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.ground import Ground, web_process
from tests.imports import address
from tests.intake.test_hostile_files import manifest
from tests.soaking import rounds, say

from .lists import Browser
from .more_hostile import more_hostile

MEGABYTE = 1024 * 1024
WARMING = 6
"""Files after which web and worker have imported all that they need for any."""
ROOM = 40 * MEGABYTE
"""What a process may grow by afterwards. The bombs among the files unfold to hundreds of megabytes."""
PEAK = 300 * MEGABYTE
"""What web, worker and the reading process may together rise by while a file is read."""
SECONDS = 10
ENDED = {ImportBatch.State.REFUSED, ImportBatch.State.ASKING, ImportBatch.State.READY}
Files = list[tuple[str, Callable[[], bytes]]]


def everything() -> Files:
    corpus: Files = [(Path(path).name, Path(path).read_bytes) for path, _expect in manifest()]
    return corpus + list(more_hostile().items())


def chosen() -> Files:
    """All of them in the long form; in the short one each tenth, and the bombs."""
    step = rounds(10, 1)
    return [file for number, file in enumerate(everything()) if number % step == 0 or "bomb" in file[0]]


class Uploader:
    """Sends files to the portal one after the other, and looks at what has become of each."""

    def __init__(self, portal: Ground) -> None:
        self.portal = portal
        self.browser = Browser(User.objects.create_superuser("admin.contoh"))
        self.statuses = Counter[int]()
        self.seconds: dict[str, float] = {}
        self.without_reason: list[str] = []

    def send(self, name: str, content: bytes) -> None:
        before = set(ImportBatch.objects.values_list("pk", flat=True))
        began = time.monotonic()
        answer = self._ask(self.browser.upload(content, self.portal.port, name=name, kind="membership"))
        told = _form_error(answer)
        for batch in ImportBatch.objects.exclude(pk__in=before):
            self.portal.settled(batch)
            assert batch.state in ENDED, (name, batch.state)
            shown = self._ask(self.browser.get(address(batch), self.portal.port))
            self._ask(self.browser.get(address(batch, "kemajuan/"), self.portal.port))
            told = told or any(_shows(shown, sentence) for sentence in _sentences(batch))
        self.seconds[name] = time.monotonic() - began
        if not told:
            self.without_reason.append(name)

    def _ask(self, request: bytes) -> str:
        with socket.create_connection(("127.0.0.1", self.portal.port), timeout=120) as sent:
            sent.sendall(request)
            answer = b"".join(iter(lambda: sent.recv(65536), b""))
        found = re.match(rb"HTTP/1\.1 ([0-9]{3}) ", answer)
        assert found, answer[:200]
        self.statuses[int(found[1])] += 1
        return answer.decode("utf-8", "replace")


def _sentences(batch: ImportBatch) -> list[str]:
    """What is wrong with a file, and what is asked about it."""
    asked = [gettext(question["template"]) % question["params"] for question in batch.questions]
    return [*(issue.message for issue in batch.issues.all()), *asked]


def _form_error(answer: str) -> bool:
    """Whether the upload's own page says in words what is wrong."""
    found = re.search(r'class="notice notice--error" role="alert">([^<]{20,})<', answer)
    return answer.startswith("HTTP/1.1 422") and found is not None


def _shows(page: str, sentence: str) -> bool:
    return len(sentence) > 20 and html.escape(sentence) in page


@contextmanager
def highest(*roots: psutil.Process) -> Iterator[list[int]]:
    """Afterwards, the bytes that the processes and those they start held at most, beyond what they had."""
    done = threading.Event()
    held = [_resident(roots)]
    rise: list[int] = []

    def watch() -> None:
        while not done.wait(0.05):
            held.append(_resident(roots))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield rise
    finally:
        done.set()
        watching.join()
        rise.append(max(held) - held[0])


def _resident(roots: tuple[psutil.Process, ...]) -> int:
    found = 0
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    found += process.memory_info().rss
    return found


def growth(portal: Ground, *, without: str = "") -> dict[str, int]:
    """Send the files, and see that each is answered; bytes that each process has grown by, once warm."""
    worker, web = portal.start_worker(), portal.start_web(without=without)
    uploader, files = Uploader(portal), chosen()
    answering = web_process(web)
    assert answering is not None
    processes = {"web": answering, "worker": worker}
    for name, make in files[:WARMING]:
        uploader.send(name, make())
    before = {name: process.memory_info().rss for name, process in processes.items()}
    with highest(answering, worker) as rise:
        for name, make in files[WARMING:]:
            uploader.send(name, make())
    grown = {name: process.memory_info().rss - before[name] for name, process in processes.items()}
    slowest = sorted((seconds, name) for name, seconds in uploader.seconds.items())[-5:]
    say(f"{len(files)} files, statuses {dict(uploader.statuses)}, grown by {grown} bytes")
    say(f"highest rise {rise[0] / MEGABYTE:.0f} MB, slowest {slowest}, unreasoned {uploader.without_reason}")
    assert set(uploader.statuses) <= {200, 302, 422}
    assert uploader.without_reason == []
    assert web_process(web) == answering
    assert worker.status() != psutil.STATUS_ZOMBIE
    assert portal.answers()
    if rounds(0, 1):  # in the long form only: other tests run beside the short one
        assert slowest[-1][0] <= SECONDS
        assert without or rise[0] <= PEAK
    return grown


def test_corpus_has_a_hundred_workbooks_and_forty_csvs(shared_data: Path) -> None:
    kinds = Counter(
        "xlsx" if name.endswith((".xlsx", ".xlsm")) else name[-3:] for name, _make in everything()
    )

    assert kinds["xlsx"] >= 100
    assert kinds["csv"] >= 40
    assert sum(kinds.values()) - kinds["xlsx"] - kinds["csv"] >= 10


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
