"""`manage.py worker`: what keeps it going and what ends it."""

from __future__ import annotations

import threading
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django_tasks_db.management.commands.db_worker import Worker

from coverage_portal.intake import jobs, retention
from coverage_portal.management.commands import worker
from projects import groups, standings


class Pause(threading.Event):
    """Waits for nothing, and ends the sweeping after three rounds."""

    rounds = 0

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout == worker.SECONDS_BETWEEN_SWEEPS
        self.rounds += 1
        return self.rounds == 3


def test_sweep_goes_on_after_it_failed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes = [OperationalError("server closed the connection"), 0, 0]

    def sweep() -> int:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    purges: list[float] = []
    monkeypatch.setattr(jobs, "sweep", sweep)
    monkeypatch.setattr(retention, "purge", lambda: purges.append(1))
    derived: list[object] = []
    monkeypatch.setattr(standings, "refresh", derived.append)
    counted: list[int] = []
    monkeypatch.setattr(groups, "refresh", lambda: counted.append(1))
    monkeypatch.setattr(worker, "connections", mock.Mock())

    worker.sweep_for_ever(pause=Pause())

    assert outcomes == []
    assert len(derived) == len(counted) == 3
    assert len(purges) == 1  # and again in an hour
    assert [record.message for record in caplog.records] == ["Looking for interrupted imports failed"]


def test_worker_that_loses_the_database_ends_for_its_supervisor(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(_self: Worker) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(Worker, "run", lose)
    monkeypatch.setattr(worker, "sweep_for_ever", lambda _seconds: None)
    monkeypatch.setattr(worker.signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(worker.yielding, "give_way", lambda _connection: None)  # it would slow this process

    with pytest.raises(CommandError, match="The worker has lost the database: server closed"):
        call_command("worker")
