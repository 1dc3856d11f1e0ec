"""Days that something is due on: a promise, the data of a month. Derived, never stored."""

from __future__ import annotations

import datetime
from enum import StrEnum

from coverage_portal.lib.periods import Month

from .choices import CommitmentStatus

DUE_SOON_DAYS = 30
"""So many days ahead of its due date, and less, a promise is due soon."""


class Stage(StrEnum):
    """What there is to say of a promise on a day. The values are what addresses name."""

    OVERDUE = "lewat"
    DUE_SOON = "segera"
    RUNNING = "berjalan"
    DONE = "selesai"
    CANCELLED = "batal"


OPEN_STAGES = (Stage.OVERDUE, Stage.DUE_SOON, Stage.RUNNING)


def stage(status: str, due_on: datetime.date, on: datetime.date) -> Stage:
    """The stage of a promise on a day. On its due date itself it is not overdue yet."""
    if status == CommitmentStatus.DONE:
        return Stage.DONE
    if status == CommitmentStatus.CANCELLED:
        return Stage.CANCELLED
    if due_on < on:
        return Stage.OVERDUE
    return Stage.DUE_SOON if due_on <= last_due_soon(on) else Stage.RUNNING


def last_due_soon(on: datetime.date) -> datetime.date:
    """The last due date that counts as soon on a day."""
    return on + datetime.timedelta(days=DUE_SOON_DAYS)


def entry_deadline(month: Month, day: int) -> datetime.date:
    """The last day on which the data of a month come in time: a day of the month after it."""
    return (month + 1).first.replace(day=day)


def days_late(arrived_on: datetime.date, deadline: datetime.date) -> int:
    """By how many days something came after its deadline; 0 on it and before."""
    return max((arrived_on - deadline).days, 0)
