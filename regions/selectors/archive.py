"""The archive: every release of every closed month, with the figures as they were published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from regions.models import PublishedCell, Regency, Release

ROWS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """Which releases: those of a month, of a regency by its code; None and blank for any."""

    month: Month | None = None
    regency: str = ""


@dataclass(frozen=True, slots=True)
class Archive:
    """A page of releases, the newest month first, each with the whole that it published."""

    page: Page[Any]
    wholes: tuple[PublishedCell, ...]
    months: tuple[Month, ...]
    regencies: tuple[Regency, ...]


def archive(user: User | Any, asked: Asked, page: str = "1") -> Archive:
    """The releases that a user may see, a page of them, in a fixed number of queries."""
    cells = cells_of(user, asked).filter(segment__isnull=True)
    shown: Page[Any] = Paginator(cells, ROWS_ON_A_PAGE).get_page(page)
    released = Release.objects.visible_to(user).filter(regency__in=Regency.objects.active())
    months = released.order_by("-month").values_list("month", flat=True).distinct()
    regencies = Regency.objects.active().visible_to(user).defer("boundary").by_code()
    return Archive(shown, tuple(shown.object_list), tuple(months), tuple(regencies))


def cells_of(user: User | Any, asked: Asked) -> QuerySet[PublishedCell]:
    """Every figure of the releases asked for: by month, regency, release, the whole before its segments."""
    found = PublishedCell.objects.visible_to(user).filter(release__regency__in=Regency.objects.active())
    if asked.month is not None:
        found = found.filter(release__month=asked.month)
    if asked.regency:
        found = found.filter(release__regency__code=asked.regency)
    ordered: QuerySet[PublishedCell] = (
        found.select_related("release__regency")
        .defer("release__regency__boundary")
        .order_by("-release__month", "release__regency__code", "release__number", "-segment")
    )
    return ordered


def release_of(user: User | Any, month: Month, regency: str, number: int) -> tuple[PublishedCell, ...]:
    """The figures of one release; none where it does not exist or the user may not see it."""
    cells = cells_of(user, Asked(month, regency)).filter(release__number=number)
    return tuple(_whole_first(cells))


def _whole_first(cells: QuerySet[PublishedCell]) -> Iterator[PublishedCell]:
    order = (None, "PU", "BPU", "JAKON", "PMI")
    yield from sorted(cells, key=lambda cell: order.index(cell.segment))
