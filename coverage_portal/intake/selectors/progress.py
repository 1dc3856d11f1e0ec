"""How far the work on an import is, as its page shows it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from coverage_portal.intake import jobs
from coverage_portal.intake.choices import PROGRESSING, Stage, State
from coverage_portal.intake.models import ImportBatch

QUIET_AFTER = datetime.timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work on a batch is.

    `rows_total` is None where nobody knows yet. Rows that are compared or written all at once have no
    `rows_done`, and so neither rate nor time left: `elapsed` is how long that has been going on.
    """

    batch: ImportBatch
    rows_done: int
    rows_total: int | None
    elapsed: int
    is_quiet: bool

    @property
    def stage(self) -> str:
        """What is being done; before a worker takes the batch up, what it waits for."""
        return str(self.batch.get_stage_display() if self.is_begun else self.batch.get_state_display())

    @property
    def is_begun(self) -> bool:
        return self.batch.state in PROGRESSING and bool(self.batch.stage)

    @property
    def is_counted(self) -> bool:
        return self.batch.state == State.CHECKING and self.batch.stage == Stage.ROWS

    @property
    def rate(self) -> int | None:
        """Rows a second in this stage, once there is something to measure."""
        if not self.is_counted or not self.rows_done or not self.elapsed:
            return None
        return max(1, self.rows_done // self.elapsed)

    @property
    def seconds_left(self) -> int | None:
        """Until the last row of this stage, at the rate so far."""
        if self.rate is None or self.rows_total is None:
            return None
        return -(-max(self.rows_total - self.rows_done, 0) * self.elapsed // self.rows_done)


def progress(batch: ImportBatch) -> Progress:
    """Progress of a batch in work; `is_quiet` once nothing has moved for a while and nobody works on it."""
    now = timezone.now()
    elapsed = int((now - batch.stage_since).total_seconds()) if batch.stage_since else 0
    is_quiet = now - batch.changed_at > QUIET_AFTER and not jobs.is_held(batch.pk)
    return Progress(batch, batch.rows_done, batch.rows_total, max(elapsed, 0), is_quiet)
