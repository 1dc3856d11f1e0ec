"""The list of projects as of a day: filtered, sorted, paged, and added up by who builds what from what."""

from __future__ import annotations

import datetime
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OrderBy, Q, QuerySet, Sum
from django.db.models.functions import Greatest
from django.utils.translation import gettext_noop

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from projects import standings
from projects.choices import FundSource
from projects.compliance import State
from projects.models import Standing
from projects.standings import Kept
from regions.coverage import percent
from regions.models import Agency, Regency

PER_PAGE = 25
NONE = "-"
"""Asks for projects of which something is not known."""
ENDING_WITHIN = (30, 60, 90)


class Grouping(StrEnum):
    AGENCY = "instansi"
    FUND_SOURCE = "dana"
    REGENCY = "wilayah"


GROUPINGS: Mapping[Grouping, str] = {
    Grouping.AGENCY: gettext_noop("Instansi"),
    Grouping.FUND_SOURCE: gettext_noop("Sumber dana"),
    Grouping.REGENCY: gettext_noop("Kabupaten/kota"),
}
_GROUP_COLUMNS = {
    Grouping.AGENCY: "agency_id",
    Grouping.FUND_SOURCE: "fund_source",
    Grouping.REGENCY: "regency_code",
}
SORTS: Mapping[str, tuple[str, ...]] = {
    "mendesak": ("-open_rules__len", "-arrears"),
    "nama": ("project__name",),
    "nilai": ("value",),
    "iuran": ("due",),
    "dibayar": ("paid",),
    "tunggakan": ("arrears",),
    "selesai": ("last_day",),
    "perlindungan": ("cover_end",),
}
"""Columns that the list is sorted by; unknown values come last either way."""
DEFAULT_SORT = "mendesak"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the projects is asked for. Empty is everything; `NONE` is what has none."""

    search: str = ""
    regency: str = ""
    agency: str = ""
    fund_source: str = ""
    year: int | None = None
    state: str = ""
    rule: str = ""
    is_protected: bool | None = None
    ending_within: int | None = None
    by: Grouping = Grouping.AGENCY
    sort: str = DEFAULT_SORT
    page: str = "1"


@dataclass(frozen=True, slots=True)
class Tally:
    """Projects added up that are neither over nor cancelled.

    `planned` are the workers that are to be there where that is known (never fewer than are enrolled),
    `protected` those of them enrolled by name in a project whose cover holds on the day.
    """

    projects: int = 0
    registered: int = 0
    planned: int = 0
    protected: int = 0
    without_plan: int = 0
    due: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    arrears: Decimal = Decimal(0)

    @property
    def unregistered(self) -> int:
        return self.projects - self.registered

    @property
    def registered_percent(self) -> Decimal | None:
        return percent(self.registered, self.projects)

    @property
    def protected_percent(self) -> Decimal | None:
        return percent(self.protected, self.planned)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.projects + other.projects,
            self.registered + other.registered,
            self.planned + other.planned,
            self.protected + other.protected,
            self.without_plan + other.without_plan,
            self.due + other.due,
            self.paid + other.paid,
            self.arrears + other.arrears,
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The projects of one agency, fund source or regency. `key` is what the list is filtered by."""

    key: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Sums:
    """What the projects asked for add up to, all together and by group.

    `key` names these sums: what is made of them may be kept under it. `regencies` and `agencies` are those
    that the user may ask for.
    """

    total: Tally
    groups: tuple[Group, ...]
    key: str
    regencies: tuple[Regency, ...]
    agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class Listing(Sums):
    """A page of the projects, beside what all of them add up to."""

    on: datetime.date
    wanted: Wanted
    page: Page[Standing]


def listing(user: User, wanted: Wanted, on: datetime.date) -> Listing:
    """The projects that a user may see, as of a day. Its queries do not grow with them."""
    kept = standings.refresh(on)
    sums = _sums(kept, user, wanted)
    # Eight bytes a project: cheaper kept than sorted again for each page that is turned.
    order: Any = cache.get_or_set(
        f"order:{wanted.sort}:{sums.key}",
        lambda: array("q", _found(kept, user, wanted).values_list("pk", flat=True)),
    )
    return Listing(
        sums.total,
        sums.groups,
        sums.key,
        sums.regencies,
        sums.agencies,
        on,
        wanted,
        _page(order, wanted.page),
    )


def sums_of(user: User, wanted: Wanted, on: datetime.date) -> Sums:
    """What the projects asked for add up to, without a line of any of them."""
    return _sums(standings.refresh(on), user, wanted)


def _sums(kept: Kept, user: User, wanted: Wanted) -> Sums:
    agencies = tuple(Agency.objects.visible_to(user).order_by("name", "pk"))
    regencies = tuple(
        Regency.objects.active().filter(scope_of(user).condition("code")).defer("boundary").by_code()
    )
    narrowed = sha256(repr(replace(wanted, sort="", page="")).encode()).hexdigest()
    key = f"tallies:{kept.version}:{kept.on}:{kept.rules}:{scope_of(user).key}:{narrowed}"
    tallies: Any = cache.get_or_set(key, lambda: _tallies(_found(kept, user, wanted), wanted.by))
    groups = _groups(tallies, wanted.by, agencies, regencies)
    return Sums(sum((group.tally for group in groups), Tally()), groups, key, regencies, agencies)


def projects_as_of(user: User, wanted: Wanted, on: datetime.date) -> QuerySet[Standing]:
    """The standings of the projects asked for, in the order asked for."""
    return _found(standings.refresh(on), user, wanted)


def _found(kept: Kept, user: User, wanted: Wanted) -> QuerySet[Standing]:
    return _ordered(kept.visible_to(user).filter(_condition(wanted, kept.on)), wanted.sort)


def _page(order: Sequence[int], wanted: str) -> Page[Any]:
    """A page of lines, of which only those shown are read whole."""
    page: Page[Any] = Paginator(order, PER_PAGE).get_page(wanted)
    lines = with_names(Standing.objects.all()).in_bulk(list(page.object_list))
    page.object_list = [lines[pk] for pk in page.object_list if pk in lines]
    return page


def with_names(found: QuerySet[Standing]) -> QuerySet[Standing]:
    """With what a line names beside the project itself."""
    named = found.select_related("project__agency", "project__contractor", "project__regency")
    return named.defer("project__regency__boundary")


def _condition(wanted: Wanted, on: datetime.date) -> Q:
    condition = Q()
    for word in wanted.search.split():
        condition &= Q(words__contains=word.casefold())
    if wanted.regency:
        lies_there = Q(areas__contains=[wanted.regency])
        condition &= Q(regency_code__isnull=True) if wanted.regency == NONE else lies_there
    if wanted.agency:
        condition &= Q(agency__isnull=True) if wanted.agency == NONE else Q(agency_id=wanted.agency)
    if wanted.fund_source:
        condition &= Q(fund_source="" if wanted.fund_source == NONE else wanted.fund_source)
    if wanted.year is not None:
        condition &= Q(project__budget_year=wanted.year)
    if wanted.state:
        condition &= Q(state=wanted.state)
    if wanted.rule:
        condition &= Q(open_rules__contains=[wanted.rule])
    if wanted.is_protected is not None:
        condition &= Q(is_protected=True) if wanted.is_protected else ~Q(is_protected=True) & RUNNING
    if wanted.ending_within is not None:
        last = on + datetime.timedelta(days=wanted.ending_within)
        condition &= Q(is_protected=True, cover_end__range=(on, last))
    return condition


RUNNING = Q(is_over=False) & ~Q(state=State.CANCELLED)
"""Projects whose workers are to be protected, or will be."""


def _ordered(found: QuerySet[Standing], sort: str) -> QuerySet[Standing]:
    is_descending = sort.startswith("-")
    columns = []
    for name in SORTS.get(sort.removeprefix("-"), SORTS[DEFAULT_SORT]):
        down = name.startswith("-") is not is_descending
        columns.append(OrderBy(F(name.removeprefix("-")), descending=down, nulls_last=True))
    return found.order_by(*columns, "project_id")


def _tallies(found: QuerySet[Standing], by: Grouping) -> dict[Any, Tally]:
    """What the projects asked for add up to, by the key of their group; None and "" have none."""
    column = _GROUP_COLUMNS[by]
    planned = Q(planned__isnull=False)
    rows = (
        found.filter(RUNNING)
        .order_by()
        .values(column)
        .annotate(
            projects=Count("pk"),
            registered=Count("pk", filter=Q(is_registered=True)),
            sum_planned=Sum(Greatest("planned", "enrolled"), filter=planned, default=0),
            sum_protected=Sum("enrolled", filter=planned & Q(is_protected=True), default=0),
            without_plan=Count("pk", filter=Q(planned__isnull=True)),
            sum_due=Sum("due", default=Decimal(0)),
            sum_paid=Sum("paid", default=Decimal(0)),
            sum_arrears=Sum("arrears", default=Decimal(0)),
        )
    )
    return {
        row[column]: Tally(
            row["projects"],
            row["registered"],
            row["sum_planned"],
            row["sum_protected"],
            row["without_plan"],
            row["sum_due"],
            row["sum_paid"],
            row["sum_arrears"],
        )
        for row in rows
    }


def _groups(
    tallies: Mapping[Any, Tally], by: Grouping, agencies: Iterable[Agency], regencies: Iterable[Regency]
) -> tuple[Group, ...]:
    """The groups by name, those with most unregistered projects first."""
    names: dict[Any, str] = {}
    if by is Grouping.AGENCY:
        names = {agency.pk: agency.name for agency in agencies}
    elif by is Grouping.REGENCY:
        names = {regency.code: str(regency) for regency in regencies}
    else:
        names = {value: str(label) for value, label in FundSource.choices}
    groups = [
        Group(str(key) if key else NONE, names.get(key, str(key)) if key else "", tally)
        for key, tally in tallies.items()
    ]
    return tuple(sorted(groups, key=lambda g: (-g.tally.unregistered, -g.tally.arrears, g.name, g.key)))
