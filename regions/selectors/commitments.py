"""Reading promises: what stands open in an area as of a day, beside what is missing there."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet, prefetch_related_objects

from coverage_portal.accounts.areas import Scope, scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from regions import coverage, deadlines
from regions.deadlines import Stage
from regions.models import Commitment, Province, Regency

from .overview import Overview
from .registers import counted_segments
from .statements import AREAS_AT_MOST, Statement, statement_of

ROWS_ON_A_PAGE = 50
ALL_OPEN = "terbuka"
"""What asks for the open promises in any stage."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How an area's members went on from the month of a promise: context, and no proof of what it did.

    `until` is the latest complete month, None where there is none after `since`; `members` is None where one
    of the two months is not complete, or may not be told to the reader. Percentages are coverage at each.
    """

    since: Month
    until: Month | None
    members: int | None
    percent_then: Decimal | None
    percent_now: Decimal | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One promise as of a day. `days_left` is negative once it is past due; `gain` where it was asked for."""

    commitment: Commitment
    stage: Stage
    days_left: int
    gain: Gain | None = None

    @property
    def is_open(self) -> bool:
        return self.stage in deadlines.OPEN_STAGES

    @property
    def days_over(self) -> int:
        return max(-self.days_left, 0)


@dataclass(frozen=True, slots=True)
class Promised:
    """The open promises of one area, or of several, added up.

    `members` is what they promise in persons, None where none of them names a number; segments that do not
    count towards coverage are left out of it. `gap` is in persons too, None where it is not known.
    """

    open: int
    overdue: int
    due_soon: int
    members: int | None
    without_number: int
    gap: int | None


@dataclass(frozen=True, slots=True)
class RegencySum:
    regency: Regency
    promised: Promised


@dataclass(frozen=True, slots=True)
class Commitments:
    """The open promises of an area as of a day, the most urgent first; of a province also by regency.

    `whole` is False where the reader may see only some of the province's regencies; the sums are of those,
    and there is no gap to set them against. `month` is the month of the gap.
    """

    on: datetime.date
    month: Month | None
    rows: tuple[CommitmentRow, ...]
    total: Promised
    regencies: tuple[RegencySum, ...]
    whole: bool

    @property
    def overdue_rows(self) -> tuple[CommitmentRow, ...]:
        return tuple(row for row in self.rows if row.stage is Stage.OVERDUE)


def of_overview(overview: Overview, user: User | Any | None, on: datetime.date) -> Commitments | None:
    """The open promises of the area of an overview, beside the gap that the overview shows.

    None for whoever may not see them. Of one segment there is no gap: targets are set for all together.
    """
    area = overview.area
    scope = scope_of(user)
    if not (scope.covers(area.code) or any(code.startswith(area.code) for code in scope.codes)):
        return None
    rows = _open_rows(overview, user, on)
    if isinstance(area, Regency):
        rows = with_gains(rows, overview.register)
    gaps: dict[str, int | None] = {}
    if overview.segment is None:
        gaps = {row.regency.code: row.standing.gap for row in overview.rows}
        gaps[area.code] = overview.standing.gap if overview.standing else None
    whole = scope.covers(area.code)
    return Commitments(
        on=on,
        month=overview.month,
        rows=rows,
        total=promised(rows, gaps.get(area.code) if whole else None),
        regencies=by_regency(rows, gaps) if isinstance(area, Province) else (),
        whole=whole,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The promises asked for: those of a regency, in a stage or `ALL_OPEN`; blank for any."""

    regency: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the promises that a user may see, the most urgent first. `regencies` may be chosen from."""

    on: datetime.date
    wanted: Wanted
    page: Page[Any]
    rows: tuple[CommitmentRow, ...]
    regencies: tuple[Regency, ...]


def listing(user: User, wanted: Wanted, on: datetime.date, page: str = "1") -> Listing:
    """The promises that a user may see, as of a day, a page of them."""
    shown: Page[Any] = Paginator(wanted_of(user, wanted, on), ROWS_ON_A_PAGE).get_page(page)
    regencies = Regency.objects.active().filter(scope_of(user).condition("code")).defer("boundary").by_code()
    return Listing(
        on=on,
        wanted=wanted,
        page=shown,
        rows=tuple(row_of(commitment, on) for commitment in shown.object_list),
        regencies=tuple(regencies),
    )


def wanted_of(user: User, wanted: Wanted, on: datetime.date) -> QuerySet[Commitment]:
    """The promises asked for, with regency and agency, the most urgent first."""
    found = Commitment.objects.visible_to(user).filter(regency__in=Regency.objects.active())
    if wanted.regency:
        found = found.filter(regency__code=wanted.regency)
    if wanted.stage == ALL_OPEN:
        found = found.open()
    elif wanted.stage:
        found = found.in_stage(Stage(wanted.stage), on)
    related: QuerySet[Commitment] = _related(found)
    return related


def closed_rows(regency: Regency, user: User | Any | None, on: datetime.date) -> tuple[CommitmentRow, ...]:
    """The closed promises of a regency, the latest first."""
    here = Commitment.objects.visible_to(user).filter(_within(Regency, regency.code))
    return rows_of(here.filter(closed_on__isnull=False), on)


def _open_rows(overview: Overview, user: User | Any | None, on: datetime.date) -> tuple[CommitmentRow, ...]:
    """The open promises of the area of an overview, the most urgent first; agencies only if there are any."""
    area = overview.area
    known = {row.regency.code: row.regency for row in overview.rows}
    if isinstance(area, Regency):
        known[area.code] = area
    here = list(Commitment.objects.raw(*_open_of(scope_of(user), type(area), area.code)))
    related = ("agency",) if known else ("agency", "regency")
    prefetch_related_objects(here, *related)
    for commitment in here:
        if known:
            commitment.regency = known[commitment.regency_id]
    return tuple(row_of(commitment, on) for commitment in here)


@lru_cache(maxsize=AREAS_AT_MOST)
def _open_of(scope: Scope, kind: type[Province | Regency], code: str) -> Statement:
    found = Commitment.objects.inside(scope).filter(_within(kind, code)).open()
    return statement_of(found.order_by("due_on", "pk"))


def rows_of(commitments: Any, on: datetime.date) -> tuple[CommitmentRow, ...]:
    """Promises as of a day, the most urgent first: one query."""
    return tuple(row_of(commitment, on) for commitment in _related(commitments))


def row_of(commitment: Commitment, on: datetime.date) -> CommitmentRow:
    stage = deadlines.stage(commitment.status, commitment.due_on, on)
    return CommitmentRow(commitment, stage, (commitment.due_on - on).days)


def promised(rows: Iterable[CommitmentRow], gap: int | None) -> Promised:
    """Add up the open ones among the rows."""
    open_rows = [row for row in rows if row.is_open]
    counting = {"", *counted_segments()}
    numbered = [row.commitment for row in open_rows if row.commitment.promised_members is not None]
    numbers = [each.promised_members or 0 for each in numbered if each.segment in counting]
    return Promised(
        open=len(open_rows),
        overdue=sum(row.stage is Stage.OVERDUE for row in open_rows),
        due_soon=sum(row.stage is Stage.DUE_SOON for row in open_rows),
        members=sum(numbers) if numbers else None,
        without_number=len(open_rows) - len(numbered),
        gap=gap,
    )


def by_regency(rows: Sequence[CommitmentRow], gaps: Mapping[str, int | None]) -> tuple[RegencySum, ...]:
    """The regencies that have open promises, those with overdue ones first, then by code."""
    grouped: dict[Regency, list[CommitmentRow]] = {}
    for row in rows:
        grouped.setdefault(row.commitment.regency, []).append(row)
    sums = [RegencySum(regency, promised(own, gaps.get(regency.code))) for regency, own in grouped.items()]
    return tuple(sorted(sums, key=lambda each: (-each.promised.overdue, each.regency.code)))


def with_gains(rows: Iterable[CommitmentRow], register: coverage.Register) -> tuple[CommitmentRow, ...]:
    """The rows of one regency with what its members gained since, by its register."""
    return tuple(
        CommitmentRow(row.commitment, row.stage, row.days_left, _gain(register, row.commitment))
        for row in rows
    )


def _gain(register: coverage.Register, commitment: Commitment) -> Gain:
    since = Month.of(commitment.made_on)
    code, segment = commitment.regency_id, commitment.segment or None
    then = register.count(code, since, segment)
    later = (register.count(code, month, segment) for month in reversed(register.months()) if month > since)
    now = next((count for count in later if count.complete), None)
    gained = None
    if now is not None and then.complete and now.members is not None and then.members is not None:
        gained = now.members - then.members
    return Gain(
        since,
        now.month if now else None,
        gained,
        then.percent if then.complete else None,
        now.percent if now else None,
        then.is_hidden or (now is not None and now.is_hidden),
    )


def _related(commitments: Any) -> Any:
    return commitments.select_related("regency", "agency").defer("regency__boundary").most_urgent_first()


def _within(kind: type[Province | Regency], code: str) -> Q:
    return Q(regency__province=code) if kind is Province else Q(regency=code)
