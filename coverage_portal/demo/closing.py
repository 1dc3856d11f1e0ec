"""The example's closed months: three that were approved, two of them locked, one with a revision.

Who did it are the example's own users, and each text says that it is an example. The last month handed in
waits for its approval; the others are drafts. When the figures came in is invented too: nearly all in time.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import Model
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from regions.choices import PeriodState
from regions.coverage import Published
from regions.models import (
    Membership,
    PeriodException,
    PeriodStatus,
    Province,
    PublishedCell,
    Regency,
    Release,
)
from regions.selectors.publishing import Working, working

from .figures import INVENTED, PROVINCE

LOCKED = (Month(2025, 7), Month(2025, 8))
APPROVED = Month(2025, 9)
SUBMITTED = Month(2025, 10)
REVISED = ("61.04", Month(2025, 8), "BPU", 1_250)
"""Regency, month, segment, and the members that its first publication lacked."""
REASON = f"{INVENTED}: rekap BPU dikoreksi BPJS"
SUBMITTED_BY, APPROVED_BY = "demo.bpjs", "demo.admin"
LATE = {("61.05", Month(2025, 8)): 8, ("61.10", Month(2025, 8)): 3, ("61.07", Month(2025, 10)): 7}
"""Regencies' months that came in so many days after the tenth of the next month."""


def load() -> list[Model]:
    """Close the months, in the caller's transaction; returns what was written, for the history."""
    province = Province.objects.get(code=PROVINCE)
    regencies = list(Regency.objects.filter(province=province).select_related("province").by_code())
    users = {user.username: user for user in User.objects.filter(username__in=[SUBMITTED_BY, APPROVED_BY])}
    months = (*LOCKED, APPROVED, SUBMITTED)
    periods = PeriodStatus.objects.bulk_create(
        PeriodStatus(
            regency=regency,
            month=month,
            state=PeriodState.SUBMITTED,
            submitted_at=_on(month, 19),
            submitted_by=users[SUBMITTED_BY],
        )
        for month in months
        for regency in regencies
    )
    closed = [period for period in periods if period.month != SUBMITTED]
    found = working(province, regencies)
    firsts = _publish(found, closed, users[APPROVED_BY])
    _move(closed, PeriodState.APPROVED, users[APPROVED_BY])
    revision = _revise(found, closed, users[APPROVED_BY])
    _move([period for period in closed if period.month in LOCKED], PeriodState.LOCKED, users[APPROVED_BY])
    return [*firsts, revision, *periods]


def arrived_at(row: Model) -> datetime.datetime | None:
    """When the figure of a regency's month came in, for the history; None for any other record: now."""
    if not isinstance(row, Membership) or row.regency_id is None:
        return None
    code = str(row.regency_id)
    late = LATE.get((code, row.month))
    return _on(row.month, 2 + int(code[-2:]) % 7 if late is None else 10 + late)


def remove(places: Iterable[tuple[str, Month]]) -> None:
    """Delete all that was closed and published of these regencies' months, whoever did it."""
    for regency, month in places:
        of_place = {"regency": regency, "month": month}
        PeriodStatus.objects.filter(**of_place).delete()
        PublishedCell.objects.filter(release__regency=regency, release__month=month).delete()
        Release.objects.filter(**of_place).delete()
        PeriodException.objects.filter(**of_place).delete()


def _publish(found: Working, periods: Sequence[PeriodStatus], user: User) -> list[Release]:
    releases = Release.objects.bulk_create(
        Release(
            regency=period.regency,
            month=period.month,
            number=0,
            user=user,
            actor=user.get_username(),
            published_at=_on(period.month, 22),
        )
        for period in periods
    )
    PublishedCell.objects.bulk_create(
        _cell(release, _first(figure))
        for release in releases
        for figure in found.figures(release.regency_id, release.month)
    )
    for period, release in zip(periods, releases, strict=True):
        period.release = release
    return releases


def _revise(found: Working, periods: Iterable[PeriodStatus], user: User) -> Release:
    code, month, _segment, _people = REVISED
    (period,) = (each for each in periods if (each.regency_id, each.month) == (code, month))
    revision = Release.objects.create(
        regency=period.regency,
        month=month,
        number=1,
        reason=REASON,
        user=user,
        actor=user.get_username(),
        published_at=_on(month, 27),
    )
    PublishedCell.objects.bulk_create(_cell(revision, figure) for figure in found.figures(code, month))
    period.release = revision
    period.save(update_fields=["release"])
    return revision


def _first(figure: Published) -> Published:
    """A figure as it was published at first: without the members that the revision has brought."""
    code, month, segment, people = REVISED
    is_revised = (figure.area, figure.month) == (code, month) and figure.segment in (None, segment)
    if not is_revised or figure.members is None:
        return figure
    return figure._replace(members=figure.members - people)


def _cell(release: Release, figure: Published) -> PublishedCell:
    values = figure._asdict()
    del values["area"], values["month"]
    return PublishedCell(release=release, **values)


def _move(periods: Sequence[PeriodStatus], state: PeriodState, user: User) -> None:
    for period in periods:
        period.state = state
        if state == PeriodState.APPROVED:
            period.approved_at, period.approved_by = _on(period.month, 22), user
        else:
            period.locked_at, period.locked_by = _on(period.month, 28), user
    PeriodStatus.objects.bulk_update(
        periods, ["state", "release", "approved_at", "approved_by", "locked_at", "locked_by"]
    )


def _on(month: Month, day: int) -> datetime.datetime:
    """A morning of the month after, or now if that is still to come."""
    morning = datetime.datetime.combine((month + 1).first.replace(day=day), datetime.time(9))
    return min(timezone.make_aware(morning), timezone.now())
