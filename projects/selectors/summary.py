"""The projects of an area in a few figures, the same as the list's and the calendar's."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from coverage_portal.accounts.models import User
from projects import letters
from projects.compliance import Rule

from . import listing
from .listing import RUNNING, Tally, Wanted
from .work_lists import ASKING

LAPSES_WITHIN = (30, 60)


@dataclass(frozen=True, slots=True)
class Lapse:
    """Covers that end from `first` to `last`: in `going_on` of them the work has not ended by then."""

    first: datetime.date
    last: datetime.date
    projects: int
    going_on: int
    workers: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Projects as of a day.

    `total` adds up those that are neither over nor cancelled, and `unpaid` what is still to be paid for them,
    due already or not; `without_due` of them have a contribution that is not known. `asking` projects need
    action, over or not, as letters count them; `by_rule` has them by kind, each under each of its own.
    """

    on: datetime.date
    total: Tally
    unpaid: Decimal
    without_due: int
    has_estimates: bool
    asking: int
    by_rule: tuple[tuple[Rule, int], ...]
    lapses: tuple[Lapse, ...]

    @property
    def lapsing(self) -> int:
        return sum(lapse.projects for lapse in self.lapses)

    @property
    def lapsing_workers(self) -> int:
        return sum(lapse.workers for lapse in self.lapses)

    @property
    def lapsing_going_on(self) -> int:
        return sum(lapse.going_on for lapse in self.lapses)

    @property
    def is_empty(self) -> bool:
        return not (self.total.projects or self.asking or self.lapsing)


def summary(user: User, on: datetime.date, regency: str = "") -> Summary:
    """The projects that a user may see as of a day, of one regency where its code is given.

    The same filters as the list's make them up, so that both show the same figures.
    """
    wanted = Wanted(regency=regency)
    total = listing.sums_of(user, wanted, on).total
    found = listing.projects_as_of(user, wanted, on).order_by()
    sums = found.aggregate(
        unpaid=Sum("outstanding", filter=RUNNING, default=Decimal(0)),
        without_due=Count("pk", filter=RUNNING & Q(outstanding__isnull=True)),
        estimates=Count("pk", filter=RUNNING & Q(is_estimate=True, outstanding__gt=0)),
        asking=Count("pk", filter=Q(open_rules__overlap=ASKING)),
        **{rule: Count("pk", filter=Q(open_rules__contains=[rule])) for rule in ASKING},
        **_lapse_sums(on),
    )
    return Summary(
        on,
        total,
        sums["unpaid"],
        sums["without_due"],
        sums["estimates"] > 0,
        sums["asking"],
        tuple((rule, sums[rule.value]) for rule, _title in letters.GROUPS if sums[rule.value]),
        tuple(
            Lapse(first, last, *(sums[f"{what}_{last:%Y%m%d}"] for what in ("ending", "going_on", "workers")))
            for first, last in _spans(on)
        ),
    )


def _spans(on: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    spans, first = [], on
    for within in LAPSES_WITHIN:
        last = on + datetime.timedelta(days=within)
        spans.append((first, last))
        first = last + datetime.timedelta(days=1)
    return spans


def _lapse_sums(on: datetime.date) -> dict[str, Count | Sum]:
    sums: dict[str, Count | Sum] = {}
    for first, last in _spans(on):
        inside = Q(is_protected=True, cover_end__range=(first, last))
        sums[f"ending_{last:%Y%m%d}"] = Count("pk", filter=inside)
        sums[f"going_on_{last:%Y%m%d}"] = Count("pk", filter=inside & Q(last_day__gt=F("cover_end")))
        sums[f"workers_{last:%Y%m%d}"] = Sum("enrolled", filter=inside, default=0)
    return sums
