"""A reading process that aborts, loops, stalls, eats or babbles: a refusal, and a worker that goes on."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.spreadsheets import Limits, Unreadable, process
from tests.ground import SECONDS_TO_WAIT, Ground
from tests.serving import ROOT

from . import lists
from .lists import received

State = ImportBatch.State
MODULE = "tests.misbehaving"
MEGABYTE = 1024 * 1024
REFUSALS = {
    "abort": "corrupt",
    "loop": "timeout",
    "stall": "timeout",
    "eat": "memory",
    "babble": "corrupt",
}
HURRIED = {"loop": {"cpu_seconds": 1}, "stall": {"wall_seconds": 5}}
GONE_WRONG = f"""
import dataclasses, functools
from django.conf import settings
from coverage_portal.lib import spreadsheets
from coverage_portal.lib.spreadsheets import process
process._MODULE = {MODULE!r}
settings.IMPORT_MEMORY_MB = 300
spreadsheets.Limits = functools.partial(spreadsheets.Limits, cpu_seconds=60, wall_seconds=120)
start = process.ReadingProcess.__init__
def start_limited(reading, file, size, limits, **request):
    # A busy machine must not run out of time where another limit is what stops it.
    own = {HURRIED!r}.get(request.get("sheet"), {{}})
    start(reading, file, size, dataclasses.replace(limits, **own), **request)
process.ReadingProcess.__init__ = start_limited
"""
READ = """
import json, sys, tempfile, time
from coverage_portal.lib.spreadsheets import Limits, process
process._MODULE = sys.argv[1]
with tempfile.TemporaryFile() as file:
    asked = dict(sheet="loop", claims=None, preflight=True, **json.loads(sys.argv[2]))
    reading = process.ReadingProcess(file, 0, Limits(cpu_seconds=600, wall_seconds=600), **asked)
    print(reading._process.pid, flush=True)
    time.sleep(120)
"""


def test_worker_refuses_in_words_and_does_the_next_job(portal: Ground) -> None:
    worker = portal.start_worker(without=GONE_WRONG)
    wrong = {behaviour: received(lists.stored_list()) for behaviour in REFUSALS}
    for behaviour, batch in wrong.items():
        ImportBatch.objects.filter(pk=batch.pk).update(options={"sheet": behaviour, **batch.options})
    honest = received(lists.tested_list())
    most = 0

    def is_done() -> bool:
        nonlocal most
        most = max(most, worker.memory_info().rss)
        return not ImportBatch.objects.in_work().exists()

    portal.wait(is_done)

    for behaviour, batch in wrong.items():
        batch.refresh_from_db()
        said = [(issue.code, issue.severity) for issue in batch.issues.all()]
        assert (behaviour, batch.state, said) == (
            behaviour,
            State.REFUSED,
            [(REFUSALS[behaviour], "error")],
        )
        assert len(batch.issues.get().message) > 40
    honest.refresh_from_db()
    assert (honest.state, honest.counts["new"]) == (State.READY, lists.LISTED)
    assert worker.is_running()
    assert most < 250 * MEGABYTE
    assert not worker.children()


@pytest.mark.parametrize(("memory", "code"), [(300, "memory"), (1_500, None)], ids=["limit", "control arm"])
def test_limit_of_memory_is_what_stops_an_eater(
    memory: int, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_MODULE", MODULE)
    limits = Limits(memory_bytes=memory * MEGABYTE)

    assert refusal("eat", limits) == code


def test_control_arm_without_a_limit_of_time_a_loop_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_MODULE", MODULE)
    limits = Limits(cpu_seconds=600, wall_seconds=600)
    with tempfile.TemporaryFile() as file:
        reading = process.ReadingProcess(file, 0, limits, sheet="loop", claims=None, preflight=True)
        try:
            child = psutil.Process(reading._process.pid)
            deadline = time.monotonic() + SECONDS_TO_WAIT
            while sum(child.cpu_times()[:2]) < 3:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            assert reading._process.poll() is None
        finally:
            reading.close()


@pytest.mark.parametrize("outlives", [False, True], ids=["held by a lifeline", "control arm"])
def test_reading_process_ends_at_once_with_a_killed_worker(outlives: bool) -> None:
    extra = '{"outlives": true}' if outlives else "{}"
    worker = subprocess.Popen(
        [sys.executable, "-c", READ, MODULE, extra], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    with worker.stdout as said:
        child = psutil.Process(int(said.readline()))
    while child.cpu_times().user < 1:  # it computes, and writes nothing
        time.sleep(0.05)

    worker.kill()
    worker.wait()
    deadline = time.monotonic() + 3
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)

    try:
        assert is_alive(child) == outlives
    finally:
        if is_alive(child):
            child.kill()


def test_batch_whose_file_cannot_be_read_again_can_be_tried_again(portal: Ground) -> None:
    batch = received(lists.stored_list())
    ImportBatch.objects.filter(pk=batch.pk).update(options={"sheet": "abort", **batch.options})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(process, "_MODULE", MODULE)
        assert jobs.advance(batch.pk).state == State.REFUSED

    services.answer(batch=batch, options={"sheet": ""}, wake=False)

    assert jobs.advance(batch.pk).state == State.READY


def is_alive(child: psutil.Process) -> bool:
    return child.is_running() and child.status() != psutil.STATUS_ZOMBIE


def refusal(behaviour: str, limits: Limits) -> str | None:
    with tempfile.TemporaryFile() as file:
        reading = process.ReadingProcess(file, 0, limits, sheet=behaviour, claims=None, preflight=True)
        try:
            list(reading.lines())
        except Unreadable as error:
            return error.code
        finally:
            reading.close()
    return None
