"""`kill -9` of the worker, its reading process or the web server, at thirty moments of an import.

KILLS says how many, a hundred in the long form, and fifty more over a list of 200,000: a seeded sequence of
victims and moments, the latter as shares of what a step takes. All the while someone reads the dashboard.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil
import pytest
from django_tasks_db.models import DBTaskResult

from coverage_portal.accounts.models import Change, User
from coverage_portal.intake import retention, services
from coverage_portal.intake.models import ImportBatch
from projects.models import Enrollment, Worker
from tests.ground import SECONDS_TO_RECOVER, Ground, reader_of, web_process
from tests.imports import address
from tests.soaking import number, rounds, say

from . import lists
from .lists import Browser, is_counted_right, received, state_of_tables, traces
from .loads import Load

State = ImportBatch.State
KILLS = number("KILLS", 30, 100)
PLANS = [(lists.LISTED, KILLS)]
PLANS += rounds([], [(number("ROWS", 0, 200_000), number("KILLS", 0, 50))])
"""How many people the list has, and how many kills its imports meet."""
READS_A_SECOND = rounds(1, 8)
SECONDS_BACK = rounds(SECONDS_TO_RECOVER, 10)
"""Until the web answers again: what its unit promises, where the machine has nothing else to do."""
SEED = 61
DURING = {"preview": State.CHECKING, "confirm": State.APPLYING, "undo": State.UNDOING}
AFTERWARDS = {"preview": State.READY, "confirm": State.APPLIED, "undo": State.UNDONE}


LIMITS_OF_TIME = """
import functools
from coverage_portal.lib import spreadsheets
spreadsheets.Limits = functools.partial(spreadsheets.Limits, cpu_seconds=600, wall_seconds=600)
"""
"""They are tested elsewhere; here a busy machine would have files refused for being read too slowly."""


class Import:
    """One user's import over and over: preview, confirm, undo, each by a worker or asked for by the web."""

    def __init__(self, portal: Ground, length: int) -> None:
        self.portal = portal
        self.user = User.objects.create_superuser("admin.contoh")
        self.browser = Browser(self.user)
        self.workers = [portal.start_worker(without=LIMITS_OF_TIME) for _ in range(2)]
        self.web = portal.start_web()
        self.content = lists.list_of(length)
        first = received(lists.stored_list(), self.user)
        portal.settled(first)
        services.confirm(
            batch=first, preview=str(first.preview), user=self.user, good_rows_only=False, wake=True
        )
        portal.settled(first)
        self.slowest_back = 0.0
        self.before, self.traces = state_of_tables(), traces()
        self.batch = first
        self.durations = {step: self._undisturbed(step) for step in DURING}
        self.undisturbed = dict(self.durations)

    def _undisturbed(self, step: str) -> float:
        self.ask(step)
        self.begun(step)
        seconds = self.portal.settled(self.batch)
        assert self.batch.state == AFTERWARDS[step]
        if step == "confirm":
            self.after = state_of_tables()
        return max(seconds, 0.05)

    def ask(self, step: str) -> None:
        """Have a step done, as the views do."""
        if step == "preview":
            self.batch = received(self.content, self.user)
        elif step == "confirm":
            services.confirm(
                batch=self.batch, preview=str(self.batch.preview), user=self.user, good_rows_only=False
            )
        else:
            services.undo(batch=self.batch, user=self.user)

    def begun(self, step: str) -> bool:
        """Wait until the step is being done; False if it was over before we looked."""
        found = self.batch.state

        def has_begun() -> bool:
            nonlocal found
            found = ImportBatch.objects.values_list("state", flat=True).get(pk=self.batch.pk)
            return found in (DURING[step], AFTERWARDS[step], State.REFUSED)

        self.portal.wait(has_begun)
        return found == DURING[step]

    def working(self) -> psutil.Process:
        """The worker that has taken the last job."""
        task = DBTaskResult.objects.filter(started_at__isnull=False).order_by("-started_at").first()
        named = {f"worker-{worker.pid}": worker for worker in self.workers}
        names = task.worker_ids if task else []
        return next((named[name] for name in names if name in named), self.workers[0])

    def kill_worker(self, step: str, moment: float) -> None:
        self.ask(step)
        self.begun(step)
        time.sleep(moment * self.durations[step])
        victim = self.working()
        victim.kill()
        self.portal.reap(victim)
        self.is_all_or_nothing()
        self.workers.remove(victim)
        self.workers.append(self.portal.start_worker(without=LIMITS_OF_TIME))

    def met_at_work(self, step: str) -> bool:
        """Whether the kill came before the step was over; if not, the next ones shall come earlier.

        How long steps take was measured when the machine had more to do, or less, than now.
        """
        is_met = ImportBatch.objects.filter(pk=self.batch.pk, state=DURING[step]).exists()
        if not is_met:
            self.durations[step] /= 2
        return is_met

    def kill_reader(self, step: str, moment: float) -> None:
        self.ask(step)
        self.begun(step)
        time.sleep(moment * self.durations[step] / 2)
        victim = next((reader for worker in self.workers if (reader := reader_of(worker))), None)
        if victim is not None:
            with suppress(psutil.NoSuchProcess):
                victim.kill()

    def kill_web(self, step: str, moment: float) -> None:
        """Cut down the web process while it takes the request; then see to it that the step is asked for."""
        if step == "preview":
            request = self.browser.upload(self.content, self.portal.port)
        elif step == "confirm":
            fields = {"preview": str(self.batch.preview)}
            request = self.browser.request(address(self.batch, "konfirmasi/"), fields, self.portal.port)
        else:
            request = self.browser.request(address(self.batch, "urungkan/"), {}, self.portal.port)
        known = set(ImportBatch.objects.values_list("pk", flat=True))
        sending = threading.Thread(target=self._send, args=[request])
        sending.start()
        time.sleep(moment * 0.1)
        victim = web_process(self.web)
        if victim is not None:
            victim.kill()
        sending.join(timeout=60)
        self.is_all_or_nothing()
        self.slowest_back = max(self.slowest_back, self.portal.wait(self.portal.answers))
        made = ImportBatch.objects.exclude(pk__in=known).first()
        if step == "preview":
            if made is None:
                self.ask(step)
            else:
                self.batch = made
        else:
            with suppress(services.Conflict):  # then the request was taken before its process died
                self.ask(step)

    def _send(self, request: bytes) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.portal.port)) as sent:
            sent.sendall(request)
            while sent.recv(65536):
                pass

    def is_all_or_nothing(self) -> None:
        assert state_of_tables() in (self.before, self.after)

    def check(self, step: str, victim: str) -> float:
        """Whether the batch comes to an end, and the tables are as its state says; how long it took."""
        seconds = self.portal.settled(self.batch)
        if victim == "reader" and self.batch.state == State.REFUSED:
            assert [issue.code for issue in self.batch.issues.all()] == ["memory"]
            assert state_of_tables() == self.before
            services.answer(batch=self.batch, options={})
            self.portal.settled(self.batch)
        assert (step, victim, self.batch.state) == (step, victim, AFTERWARDS[step])
        assert state_of_tables() == (self.after if step == "confirm" else self.before)
        assert is_counted_right()
        if step == "undo":
            assert traces() == self.traces
        return seconds


@pytest.mark.parametrize(("length", "kills_met"), PLANS)
def test_killed_at_thirty_moments_all_rows_are_there_or_none(
    portal: Ground, settings: Any, length: int, kills_met: int
) -> None:
    chance = random.Random(SEED)
    began = time.monotonic()
    tested = Import(portal, length)
    kills: dict[str, Callable[[str, float], None]] = {
        "worker": tested.kill_worker,
        "reader": tested.kill_reader,
        "web": tested.kill_web,
    }
    interrupted: Counter[str] = Counter()
    slowest = 0.0

    home = tested.browser.get("/", portal.port)
    with Load([home], portal.port, rate=READS_A_SECOND) as reading:
        for turn in range(kills_met):
            step = list(DURING)[turn % 3]
            victims = ["worker", "worker", "web"] + ["reader"] * (step == "preview")
            victim = chance.choice(victims)
            kills[victim](step, chance.random())
            if victim == "worker":
                interrupted[step] += tested.met_at_work(step)
            slowest = max(slowest, tested.check(step, victim))

    # Who asked while the web process was dead has no answer.
    statuses = Counter(answer.status for answer in reading.answers if answer.status)
    say(
        f"{kills_met} kills over {length} rows in {time.monotonic() - began:.0f} s, "
        f"{sum(interrupted.values())} in the middle of a step; slowest batch {slowest:.1f} s "
        f"(undisturbed {max(tested.undisturbed.values()):.1f} s), "
        f"web back after {tested.slowest_back:.1f} s at most; dashboard {dict(statuses)}"
    )
    assert set(statuses) == {200}
    assert tested.slowest_back < SECONDS_BACK
    # A step of many rows may have been nearly done, and is done again once somebody has taken it up.
    again = 2 * max(tested.undisturbed.values()) if length > lists.LISTED else 0
    assert slowest < SECONDS_TO_RECOVER + again
    assert sum(interrupted.values()) >= kills_met // 4, f"too few kills met a step at work: {interrupted}"
    # A web process that dies between file and batch leaves the sealed file, until its hour is over.
    assert all(name.endswith((".sealed", ".part")) for name in portal.leftovers())
    settings.UPLOAD_DIR = portal.uploads
    for path in portal.uploads.iterdir():
        os.utime(path, (0, 0))
    retention.purge()
    assert portal.leftovers() == []
    portal.wait(lambda: not any(reader_of(worker) for worker in tested.workers))
    # Each import was applied once, however often its worker died, and by one worker only.
    applied = ImportBatch.objects.filter(applied_at__isnull=False).count()
    assert Change.objects.filter(source=Change.Source.IMPORT).count() == applied


WITHOUT_ONE_TRANSACTION = """
import time
from django.db import connection
from projects import horizon, merging
write = merging._write
def write_and_commit(plan, found, cursor):
    write(plan, found, cursor)
    cursor.execute("COMMIT")
    time.sleep(120)
merging._write = write_and_commit
"""


def test_control_arm_without_one_transaction_a_kill_leaves_half(portal: Ground) -> None:
    worker = portal.start_worker(without=WITHOUT_ONE_TRANSACTION)
    batch = received(lists.tested_list())
    portal.settled(batch)
    before = state_of_tables()
    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False)
    portal.wait(lambda: Enrollment.objects.exists())

    worker.kill()

    batch.refresh_from_db()
    assert batch.state == State.APPLYING
    assert state_of_tables() != before
    assert (Enrollment.objects.count(), Worker.objects.count()) == (lists.LISTED, lists.LISTED)
    assert traces()[2] == 0


HANGING = """
import pathlib, time
def hang(*_):
    pathlib.Path("{reached}").touch()
    time.sleep(600)
checking._save = hang
"""


def test_control_arm_without_sweeping_a_killed_job_waits_for_ever(portal: Ground) -> None:
    sleeping = "from coverage_portal.intake import applying, jobs, checking\njobs.sweep = lambda: 0\n"
    reached = portal.folder / "reached"
    worker = portal.start_worker(without=sleeping + HANGING.format(reached=reached))
    batch = received(lists.stored_list())
    portal.wait(reached.exists)
    worker.kill()

    other = portal.start_worker(without=sleeping)
    portal.wait(lambda: other.num_threads() > 1)
    time.sleep(3)

    batch.refresh_from_db()
    assert batch.state == State.CHECKING
    portal.start_worker()
    assert portal.settled(batch) < SECONDS_TO_RECOVER
    assert batch.state == State.READY
