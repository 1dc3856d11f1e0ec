"""The archive: every release of every closed month, with the figures as they were published.

A reader who does not have a regency is not told small cells of it: neither those of a release itself, nor
what is hidden of the month today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from regions import coverage
from regions.models import Province, PublishedCell, Regency, Release

from .publishing import hidden_in
from .registers import register_in_full, small_cells

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
    wholes = _stored(user, asked).filter(segment__isnull=True)
    shown: Page[Any] = Paginator(wholes, ROWS_ON_A_PAGE).get_page(page)
    released = Release.objects.visible_to(user).filter(regency__in=Regency.objects.active())
    months = released.order_by("-month").values_list("month", flat=True).distinct()
    regencies = Regency.objects.active().visible_to(user).defer("boundary").by_code()
    return Archive(shown, tuple(_told_wholes(user, shown.object_list)), tuple(months), tuple(regencies))


def cells_of(user: User | Any, asked: Asked) -> list[PublishedCell]:
    """Every figure of the releases asked for, as the user is told them."""
    return list(_told(user, _stored(user, asked)))


def _stored(user: User | Any, asked: Asked) -> QuerySet[PublishedCell]:
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
    cells = _stored(user, Asked(month, regency)).filter(release__number=number)
    return tuple(_whole_first(_told(user, cells)))


def _whole_first(cells: Iterable[PublishedCell]) -> Iterator[PublishedCell]:
    order = (None, "PU", "BPU", "JAKON", "PMI")
    yield from sorted(cells, key=lambda cell: order.index(cell.segment))


def _told_wholes(user: User | Any, wholes: Iterable[PublishedCell]) -> Iterator[PublishedCell]:
    """Wholes as they are told where all figures of their releases are looked at."""
    shown = list(wholes)
    scope = scope_of(user)
    if all(scope.covers(whole.release.regency_id) for whole in shown):
        yield from shown
        return
    every = PublishedCell.objects.filter(release__in=[whole.release_id for whole in shown])
    related = (
        every.select_related("release__regency").defer("release__regency__boundary").order_by("release_id")
    )
    told = {cell.pk: cell for cell in _told(user, related) if cell.segment is None}
    yield from (told[whole.pk] for whole in shown)


def _told(user: User | Any, cells: Iterable[PublishedCell]) -> Iterator[PublishedCell]:
    """Figures, release by release and each release with all of its own, as a user is told them."""
    scope = scope_of(user)
    small: coverage.SmallCells | None = None
    for release, group in groupby(cells, key=lambda cell: cell.release):
        of_release = list(group)
        if not scope.covers(release.regency_id):
            small = small or small_cells(register_in_full(Province.objects.active().get())[0])
            today = {segment for code, segment in small.of(release.month) if code == release.regency_id}
            untold = hidden_in(of_release, today)
            for cell in of_release:
                if cell.segment in untold:
                    cell.hide()
        yield from of_release
