"""A regency's month with data, and its way to being closed, for tests."""

from __future__ import annotations

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Role, User
from coverage_portal.lib.periods import Month
from regions.choices import PeriodState
from regions.models import PeriodStatus, PublishedCell, Regency
from regions.services import closing
from tests import factories

JULY = Month(2025, 7)
KETAPANG = "61.04"


def filled(code: str = KETAPANG, month: str = "2025-07", members: int = 100) -> Regency:
    """A regency whose month has all segments, each with ten times as many who could be members."""
    regency = Regency.objects.get(code=code)
    for segment in ("PU", "BPU", "JAKON"):
        factories.membership(regency, members, month=month, segment=segment)
        if not factories.Workforce.objects.filter(regency=regency, segment=segment, year=2025).exists():
            factories.workforce(regency, members * 10, segment=segment)
    return regency


def author(user: User | None = None) -> Author:
    return Author(user, "page")


def closed(*codes: str, month: Month = JULY, is_locked: bool = False) -> None:
    """Submit and approve a month of these regencies, by the system."""
    closing.submit(month=month, regencies=codes, author=author())
    closing.approve(month=month, regencies=codes, author=author())
    if is_locked:
        closing.lock(month=month, regencies=codes, author=author())


def state_of(code: str = KETAPANG, month: Month = JULY) -> str:
    found = PeriodStatus.objects.filter(regency=code, month=month).first()
    return PeriodState.DRAFT if found is None else found.state


def published(code: str = KETAPANG, month: Month = JULY) -> dict[str | None, int | None]:
    """The members in force, by segment."""
    cells = PublishedCell.objects.in_force().filter(release__regency=code, release__month=month)
    return dict(cells.values_list("segment", "members"))


def officer(name: str, *areas: str) -> User:
    return factories.user(name, *(areas or ("61",)), role=Role.EDITOR)
