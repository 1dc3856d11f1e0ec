"""PostgreSQL stopped outright in the middle of a job, and started again."""

from __future__ import annotations

import time

import psutil
import pytest

from coverage_portal.intake import services
from coverage_portal.intake.models import ImportBatch
from tests.ground import SECONDS_TO_RECOVER, Ground
from tests.soaking import rounds, say

from . import lists
from .lists import is_counted_right, received, state_of_tables

State = ImportBatch.State


class Kept:
    """A worker that is started again when it has ended, as the supervisor does."""

    def __init__(self, portal: Ground) -> None:
        self.portal = portal
        self.process = portal.start_worker()
        self.starts = 1

    def tend(self) -> None:
        if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
            self.portal.reap(self.process)
            self.process = self.portal.start_worker()
            self.starts += 1

    def begun(self, batch: ImportBatch, during: str) -> None:
        """Wait until the step is being done, or was over before we looked."""

        def has_begun() -> bool:
            self.tend()
            batch.refresh_from_db()
            return batch.state == during or not batch.is_in_work

        self.portal.wait(has_begun)

    def settled(self, batch: ImportBatch) -> float:
        def is_settled() -> bool:
            self.tend()
            batch.refresh_from_db()
            return not batch.is_in_work

        return self.portal.wait(is_settled)


@pytest.mark.parametrize("moment", rounds([0.0, 0.1, 0.25], [0.0, 0.05, 0.1, 0.25]))
def test_database_stopped_during_an_import_leaves_all_rows_or_none(portal: Ground, moment: float) -> None:
    worker = Kept(portal)
    batch = received(lists.tested_list())
    before = state_of_tables()

    worker.begun(batch, State.CHECKING)
    time.sleep(moment)
    portal.stop_database()
    assert worker.settled(batch) < SECONDS_TO_RECOVER
    assert batch.state == State.READY
    assert state_of_tables() == before

    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False)
    worker.begun(batch, State.APPLYING)
    time.sleep(moment)
    portal.stop_database()
    assert worker.settled(batch) < SECONDS_TO_RECOVER
    if batch.state == State.READY:
        # The staged rows are not logged, so they went with the server: a new preview, which says so.
        assert state_of_tables() == before
        assert "stale_preview" in {issue.code for issue in batch.issues.all()}
        services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False)
        worker.settled(batch)
    assert batch.state == State.APPLIED
    assert batch.counts["new"] == lists.LISTED
    assert state_of_tables() != before
    assert is_counted_right()

    services.undo(batch=batch, user=None)
    worker.begun(batch, State.UNDOING)
    time.sleep(moment)
    portal.stop_database()
    assert worker.settled(batch) < SECONDS_TO_RECOVER
    assert batch.state == State.UNDONE
    assert state_of_tables() == before
    assert is_counted_right()
    say(f"3 restarts {moment} s into a step: 0 partial, {worker.starts} starts of the worker")


def test_preview_that_a_stop_has_emptied_is_not_confirmed_unseen(portal: Ground) -> None:
    worker = Kept(portal)
    batch = received(lists.tested_list())
    worker.settled(batch)
    before, shown = state_of_tables(), batch.preview

    portal.stop_database()
    services.confirm(batch=batch, preview=str(shown), user=None, good_rows_only=False)
    worker.settled(batch)

    assert batch.state == State.READY
    assert batch.preview != shown
    assert state_of_tables() == before
