"""What is published of a regency's month, what would be, and how the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from coverage_portal.accounts.models import Change
from coverage_portal.intake import kinds
from coverage_portal.intake.choices import State
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from regions import coverage
from regions.choices import Segment
from regions.models import Membership, Province, PublishedCell, Regency, Release

from .registers import coverage_register, targets_by_area

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


def release_lines(month: Month, regencies: Iterable[str]) -> tuple[ReleaseLine, ...]:
    """Every release of these regencies in a month, by regency and number, in one query."""
    cells = (
        PublishedCell.objects.filter(
            release__month=month, release__regency_id__in=regencies, segment__isnull=True
        )
        .select_related("release__regency")
        .defer("release__regency__boundary")
        .order_by("release__regency_id", "release__number")
    )
    lines: list[ReleaseLine] = []
    for cell in cells:
        last = lines[-1] if lines else None
        is_next = last is not None and last.release.regency_id == cell.release.regency_id
        lines.append(ReleaseLine(cell.release, as_published(cell), last.whole if last and is_next else None))
    return tuple(lines)


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
    unpublished = register.working()
    drifts = []
    for regency in regencies if closed else ():
        shown, moved = (each.count(regency.code, month, segment) for each in (register, unpublished))
        if regency.code in closed and (shown.members, shown.workforce) != (moved.members, moved.workforce):
            drifts.append(Drift(regency, shown, moved))
    return MonthClosing(
        is_closed=register.is_published(area.code, month),
        regencies_closed=len(closed),
        regencies_all=len(regencies),
        lines=tuple(_as_told(line, register) for line in release_lines(month, closed)) if closed else (),
        drifts=tuple(drifts),
        published=register.count(area.code, month, segment),
        working=unpublished.count(area.code, month, segment),
    )


def _as_told(line: ReleaseLine, register: coverage.Register) -> ReleaseLine:
    """A release as the register's reader is told it: small members not, nor any where today's are hidden."""
    if not register.is_hiding:
        return line
    is_hidden = register.count(line.whole.area, line.whole.month).is_hidden

    def told(figure: coverage.Published) -> coverage.Published:
        is_small = 0 < (figure.members or 0) < settings.SMALL_CELLS_BELOW
        return figure._replace(members=None, official=None) if is_hidden or is_small else figure

    return replace(line, whole=told(line.whole), before=line.before and told(line.before))


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
