"""What is published of a regency's month, what would be, and how the two differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings

from coverage_portal.accounts.models import Change
from coverage_portal.intake import kinds
from coverage_portal.intake.choices import State
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from regions import coverage
from regions.choices import Segment
from regions.coverage.suppression import Sum, hidden
from regions.models import Membership, Province, PublishedCell, Regency, Release

from .registers import counted_segments, coverage_register, targets_by_area

WHOLE_AND_SEGMENTS: tuple[str | None, ...] = (None, *Segment.values)


@dataclass(frozen=True, slots=True)
class Working:
    """The working figures of a province's regencies: what would be published of them now."""

    register: coverage.Register
    targets: Mapping[str, coverage.Targets]

    def figures(self, regency: str, month: Month) -> tuple[coverage.Published, ...]:
        """All that is published of a month: the whole first, then each segment."""
        own = self.targets[regency]
        applying = own.applying(month)
        is_own = applying is not None and applying != self.targets[self.register.province].applying(month)
        found = []
        for segment in WHOLE_AND_SEGMENTS:
            count = self.register.count(regency, month, segment)
            year, percent = applying if applying and segment is None else (None, None)
            found.append(
                coverage.Published(
                    area=regency,
                    month=month,
                    segment=segment,
                    members=count.members,
                    workforce=count.workforce,
                    workforce_year=count.workforce_year,
                    basis=count.basis,
                    complete=count.complete,
                    official=count.official,
                    target_year=year,
                    target_percent=percent,
                    target_is_own=bool(is_own and segment is None),
                )
            )
        return tuple(found)


def working(province: Province, regencies: Sequence[Regency]) -> Working:
    """Read the working figures of these regencies of a province."""
    register = coverage_register(province, regencies, is_working=True)
    return Working(register, targets_by_area(province, [regency.code for regency in regencies]))


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release of a regency's month with the whole that it published, and the one before it, if any."""

    release: Release
    whole: coverage.Published
    before: coverage.Published | None

    @property
    def members_gained(self) -> int | None:
        if self.before is None or self.before.members is None or self.whole.members is None:
            return None
        return self.whole.members - self.before.members


def as_published(cell: PublishedCell) -> coverage.Published:
    """A stored cell as the arithmetic has it; its release must be at hand."""
    return coverage.Published(
        area=str(cell.release.regency_id),
        month=cell.release.month,
        segment=cell.segment,
        members=cell.members,
        workforce=cell.workforce,
        workforce_year=cell.workforce_year,
        basis=coverage.Basis(cell.basis),
        complete=cell.complete,
        official=cell.official,
        target_year=cell.target_year,
        target_percent=cell.target_percent,
        target_is_own=cell.target_is_own,
    )


def release_lines(
    month: Month, regencies: Iterable[str], register: coverage.Register | None = None
) -> tuple[ReleaseLine, ...]:
    """Every release of these regencies in a month, by regency and number, in one query.

    With a register as its reader is told them: without the members of wholes that are hidden.
    """
    cells = (
        PublishedCell.objects.filter(release__month=month, release__regency_id__in=regencies)
        .select_related("release__regency")
        .defer("release__regency__boundary")
        .order_by("release__regency_id", "release__number", "segment")
    )
    if register is None or not register.is_hiding:
        cells = cells.filter(segment__isnull=True)
    lines: list[ReleaseLine] = []
    for release, group in groupby(cells, key=lambda cell: cell.release):
        of_release = list(group)
        whole = next(as_published(cell) for cell in of_release if cell.segment is None)
        if register is not None and register.is_hiding:
            today = {s for s in WHOLE_AND_SEGMENTS if register.count(whole.area, month, s).is_hidden}
            if None in hidden_in(of_release, today):
                whole = whole._replace(members=None, official=None)
        last = lines[-1] if lines else None
        is_next = last is not None and last.release.regency_id == release.regency_id
        lines.append(ReleaseLine(release, whole, last.whole if last and is_next else None))
    return tuple(lines)


def hidden_in(release: Iterable[PublishedCell], today: Collection[str | None]) -> frozenset[str | None]:
    """The segments (None: the whole) of a release, all of it, that are told only to those who have the area.

    Args:
        today: those that are hidden of the month as it stands.
    """
    values = {cell.segment: cell.members for cell in release if cell.members is not None}
    whole: Sum[str | None] = Sum(None, frozenset(counted_segments()))
    return hidden(values, [whole], [], settings.SMALL_CELLS_BELOW, today)


@dataclass(frozen=True, slots=True)
class Drift:
    """A closed month whose working figure is another than the published one by now."""

    regency: Regency
    published: coverage.Count
    working: coverage.Count

    @property
    def members_gained(self) -> int | None:
        if self.published.members is None or self.working.members is None:
            return None
        return self.working.members - self.published.members


@dataclass(frozen=True, slots=True)
class MonthClosing:
    """How far an area's month is closed, what was published of it, and where the working figures went on.

    The province's month is closed when those of all its regencies are; until then its figure is a draft.
    """

    is_closed: bool
    regencies_closed: int
    regencies_all: int
    lines: tuple[ReleaseLine, ...]
    drifts: tuple[Drift, ...]
    published: coverage.Count
    working: coverage.Count

    @property
    def revisions(self) -> tuple[ReleaseLine, ...]:
        return tuple(line for line in self.lines if line.release.number)

    @property
    def members_gained(self) -> int | None:
        """Members of the working figure beyond those that are shown."""
        if self.published.members is None or self.working.members is None:
            return None
        return self.working.members - self.published.members


def month_closing(
    register: coverage.Register,
    area: Province | Regency,
    regencies: Sequence[Regency],
    month: Month,
    segment: str | None = None,
) -> MonthClosing:
    """What is closed of an area's month, by the register of its page; one query where anything is."""
    closed = register.published_in(month)
    # What the working figures have become may be told of a month of which everything may.
    unpublished = register.working() if register.tells_all_of(month) else register
    drifts = []
    for regency in regencies if closed else ():
        shown, moved = (each.count(regency.code, month, segment) for each in (register, unpublished))
        if regency.code in closed and (shown.members, shown.workforce) != (moved.members, moved.workforce):
            drifts.append(Drift(regency, shown, moved))
    return MonthClosing(
        is_closed=register.is_published(area.code, month),
        regencies_closed=len(closed),
        regencies_all=len(regencies),
        lines=release_lines(month, closed, register) if closed else (),
        drifts=tuple(drifts),
        published=register.count(area.code, month, segment),
        working=unpublished.count(area.code, month, segment),
    )


def uploaders(regency: str, month: Month, *, is_counted: bool) -> set[int]:
    """The ids of the users whose hands the month's data came through, by the history.

    With `is_counted` figures rest on worker lists; then also those whose applied lists touched the regency.
    """
    cells = Membership.objects.filter(regency_id=regency, month=month).values_list("pk", flat=True)
    changes = Change.objects.filter(
        model=Membership._meta.label_lower,
        object_id__in=[str(pk) for pk in cells],
        user__isnull=False,
    )
    found = set(changes.values_list("user_id", flat=True))
    if is_counted:
        slugs = [kind.slug for kind in kinds.all_kinds() if kind.feeds_counts]
        lists = ImportBatch.objects.filter(
            kind__in=slugs, state=State.APPLIED, areas__contains=[regency], user__isnull=False
        )
        found |= set(lists.values_list("user_id", flat=True))
    return {pk for pk in found if pk is not None}
