"""Every figure of a brief, collected from the selectors of the pages that show the same figures.

A `Brief` holds values only, no records: whoever keeps one can show it again as it was.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from coverage_portal.accounts.areas import scope_of
from coverage_portal.lib.periods import Month
from projects.selectors.summary import Summary, summary
from regions import coverage, findings
from regions.models import Province, Regency, Target
from regions.selectors import AreaRow, Overview, Source, commitments
from regions.selectors.commitments import Promised
from regions.selectors.publishing import MonthClosing

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

MOST_HOLDING = 5
"""Regencies that are named for holding the province back."""
MOST_PROMISES = 3
"""Promises that are named: the most urgent ones."""


@dataclass(frozen=True, slots=True)
class Place:
    """A regency as the sheet names and draws it."""

    code: str
    name: str
    short_name: str
    tile_row: int | None
    tile_column: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One regency in the ranking; `rank` is None where its data are not in."""

    regency: Place
    standing: coverage.Standing
    rank: int | None
    has_own_target: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """A regency that holds the province back.

    `needed` are the members with which it would meet the *province's* target, ceil(target x workforce), and
    `missing` those of them that it has not. Where its target is the province's own, `missing` is its gap.
    """

    regency: Place
    count: coverage.Count
    needed: int
    missing: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that is named: who made it for which regency, and when it is, or was, due."""

    regency: str
    agency: str
    due_on: datetime.date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The open promises of the area as of a day, added up, and the most urgent of them."""

    on: datetime.date
    promised: Promised
    named: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision that the month's figure stands on: whose, which, why, and the members before and after."""

    regency: str
    name: str
    reason: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Approval:
    """How far the month is closed. Until all regencies are, the sheet is a draft.

    `moved` are the members by which the working figure has gone on since; None where that is unknown.
    """

    is_closed: bool
    regencies_closed: int
    revisions: tuple[Revision, ...]
    moved: int | None


@dataclass(frozen=True, slots=True)
class Brief:
    """All that the brief of one area says of one month.

    `lines` and `holding` are of the regencies of a province, `segments` of any area. `missing_everywhere`
    adds up what all regencies below the province's target have to go, not just those of `holding`.
    `construction` and `follow_up` are None for whoever may not see the area's projects and promises. Where it
    `hides` figures that its reader may not be told, nothing is said of all of them together.
    """

    code: str
    name: str
    is_province: bool
    month: Month
    standing: coverage.Standing
    pace: coverage.Pace | None
    surplus: int | None
    reached: int
    measured: int
    lines: tuple[Line, ...]
    holding: tuple[Holding, ...]
    missing_everywhere: int
    segments: tuple[coverage.Count, ...]
    weakest: coverage.Count | None
    sources: tuple[Source, ...]
    legal_basis: str
    construction: Summary | None
    follow_up: FollowUp | None
    approval: Approval | None = None
    hides: bool = False

    @property
    def missing_here(self) -> int:
        """Members missing in the regencies named, together."""
        return sum(holding.missing for holding in self.holding)

    @property
    def share_here(self) -> Decimal | None:
        """What the regencies named have of all that are missing, percent."""
        return coverage.percent(self.missing_here, self.missing_everywhere)

    @property
    def file_name(self) -> str:
        return f"ringkasan-{self.code}-{self.month}.pdf"


def compose(overview: Overview, user: User | Any, on: datetime.date) -> Brief | None:
    """The brief of an area that the user may see; None where the month has no coverage to speak of.

    Projects are judged as of `on`. They are for users whose scope holds the whole area.
    """
    area, standing = overview.area, overview.standing
    if standing is None or standing.count.percent is None:
        return None
    found = findings.of(overview)
    lines = tuple(_line(row) for row in overview.rows)
    behind = _holding(lines, standing.target_percent)
    return Brief(
        code=area.code,
        name=str(area),
        is_province=overview.is_province,
        month=standing.count.month,
        standing=standing,
        pace=standing.pace,
        surplus=found.surplus,
        reached=found.reached,
        measured=found.measured,
        lines=lines,
        holding=behind[:MOST_HOLDING],
        missing_everywhere=sum(holding.missing for holding in behind),
        segments=overview.segments,
        weakest=found.weakest,
        sources=overview.sources,
        legal_basis=_legal_basis(area, standing),
        construction=_construction(area, user, on),
        follow_up=_follow_up(overview, user, on),
        approval=_approval(overview.closing),
        hides=overview.hides,
    )


def _approval(closing: MonthClosing | None) -> Approval | None:
    if closing is None:
        return None
    revisions = (
        Revision(
            line.release.regency.table_name,
            line.release.name,
            line.release.reason,
            line.before.members if line.before else None,
            line.whole.members,
        )
        for line in closing.revisions
    )
    moved = closing.members_gained if closing.drifts else 0
    return Approval(closing.is_closed, closing.regencies_closed, tuple(revisions), moved)


def _line(row: AreaRow) -> Line:
    regency = row.regency
    place = Place(regency.code, regency.table_name, regency.short_name, regency.tile_row, regency.tile_column)
    return Line(place, row.standing, row.rank, row.has_own_target)


def _holding(lines: Iterable[Line], target: Decimal | None) -> tuple[Holding, ...]:
    """The regencies below the province's target, most missing members first."""
    behind = []
    for line in lines:
        count = line.standing.count
        if target is None or count.members is None or not count.workforce:
            continue
        needed = coverage.members_needed(target, count.workforce)
        if needed > count.members:
            behind.append(Holding(line.regency, count, needed, needed - count.members))
    return tuple(sorted(behind, key=lambda holding: (-holding.missing, holding.regency.code)))


def _legal_basis(area: Province | Regency, standing: coverage.Standing) -> str:
    """Where the target that applies is laid down: the area's own, else its province's."""
    if standing.target_year is None:
        return ""
    of_year = Target.objects.filter(year=standing.target_year)
    if isinstance(area, Regency):
        own = of_year.filter(regency=area).first()
        if own is not None:
            return own.legal_basis
        area = area.province
    found = of_year.filter(province=area).first()
    return "" if found is None else found.legal_basis


def _construction(area: Province | Regency, user: User | Any, on: datetime.date) -> Summary | None:
    if not scope_of(user).covers(area.code):
        return None
    return summary(cast("User", user), on, "" if isinstance(area, Province) else area.code)


def _follow_up(overview: Overview, user: User | Any, on: datetime.date) -> FollowUp | None:
    found = commitments.of_overview(overview, user, on)
    if found is None or not found.whole:
        return None
    named = tuple(
        Promise(
            row.commitment.regency.table_name,
            row.commitment.agency.name,
            row.commitment.due_on,
            row.days_left < 0,
        )
        for row in found.rows[:MOST_PROMISES]
    )
    return FollowUp(on, found.total, named)
