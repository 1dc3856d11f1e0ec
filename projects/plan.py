"""What holds for a whole worker list: the user's answers, as reading and merging use them."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from coverage_portal.accounts.areas import Scope
from coverage_portal.lib.periods import Month

ADD, COMPLETE = "tambahan", "daftar_lengkap"
NONE = "-"
"""The answer to an optional question that says: there is none."""


@dataclass(frozen=True, slots=True)
class CompleteList:
    """The file names everyone who is active on `day`, in a regency's segment or in a project."""

    day: datetime.date
    regency: str = ""
    segment: str = ""
    project: int | None = None

    @property
    def last_day(self) -> datetime.date:
        """The last day of protection of whoever the list does not name: on its day they are not active."""
        return self.day - datetime.timedelta(days=1)

    @property
    def month(self) -> Month:
        return Month.of(self.day)


@dataclass(frozen=True, slots=True)
class Plan:
    """One import of enrollments.

    Without `has_start` the sheet does not say when anybody's protection began: open periods are matched, and
    new ones begin on `start`. `counted_to` is the month that the counting has to reach. `corrects` is the
    applied import whose place this one takes.
    """

    batch_id: uuid.UUID
    scope: Scope
    has_start: bool
    start: datetime.date | None
    counted_to: Month | None
    complete: CompleteList | None
    corrects: uuid.UUID | None = None

    @property
    def enrollments(self) -> str:
        """The table that the rows are compared with: a correction's is as before the wrong import."""
        return "projects_enrollment" if self.corrects is None else "correcting_enrollment"

    @property
    def workers(self) -> str:
        return "projects_worker" if self.corrects is None else "correcting_worker"

    @property
    def keeps_every_row(self) -> bool:
        """Whether resolving gives a line for rows without any change too."""
        return self.complete is not None or self.corrects is not None

    @classmethod
    def of(cls, batch_id: uuid.UUID, options: Mapping[str, str], scope: Scope, *, has_start: bool) -> Plan:
        day = date_of(options, "data_date")
        return cls(
            batch_id=batch_id,
            scope=scope,
            has_start=has_start,
            start=date_of(options, "start_date"),
            counted_to=None if day is None else Month.of(day),
            complete=complete_list(options),
            corrects=uuid.UUID(options["corrects"]) if options.get("corrects") else None,
        )


def complete_list(options: Mapping[str, str]) -> CompleteList | None:
    """The complete list that the options describe; None for rows to add, or while an answer is missing."""
    day = date_of(options, "data_date")
    if options.get("mode") != COMPLETE or day is None:
        return None
    project = answered(options, "project")
    if project:
        return CompleteList(day, project=int(project))
    regency, segment = answered(options, "regency"), answered(options, "segment")
    return CompleteList(day, regency, segment) if regency and segment else None


def answered(options: Mapping[str, str], name: str) -> str:
    """An answer, "" where there is none or it says so."""
    value = options.get(name, "")
    return "" if value == NONE else value


def date_of(options: Mapping[str, str], name: str) -> datetime.date | None:
    text = options.get(name)
    return datetime.date.fromisoformat(text) if text else None
