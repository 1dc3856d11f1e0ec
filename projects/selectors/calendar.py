"""The lapse calendar: which covers end soon, and what is left if nothing is renewed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth

from coverage_portal.accounts import generation, replicas
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from projects import lapses, standings
from projects.lapses import Base, MonthAhead
from projects.models import Standing
from regions import selectors as coverage
from regions.models import Province, Regency

from .listing import ENDING_WITHIN, with_names

SHOWN = 10
"""Projects that are listed of a span; the list of projects shows the rest."""

# A worker's cover ends with the enrollment where that ends before the project's does.
_WORKERS = """
SELECT date_trunc('month', last_cover)::date, count(*) FROM (
    SELECT e.worker_id, max(least(e."end", s.cover_end)) AS last_cover
    FROM ({standings}) AS s JOIN projects_enrollment e ON e.project_id = s.project_id
    WHERE e.start <= %s AND (e."end" IS NULL OR e."end" >= %s)
    GROUP BY e.worker_id
) AS covered WHERE last_cover IS NOT NULL GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Covers that end from one day to another. In `going_on` of them the work has not ended by then."""

    first: datetime.date
    last: datetime.date
    within: int
    projects: int
    going_on: int
    workers: int
    shown: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What lapses. `area` names the area whose coverage `base` is; both are None where that is not known."""

    on: datetime.date
    spans: tuple[Span, ...]
    months: tuple[MonthAhead, ...]
    area: Province | Regency | None
    base: Base | None


def calendar(user: User, on: datetime.date) -> Calendar:
    """What lapses of the projects that a user may see, as of a day. Its queries do not grow with them."""
    version = generation.current()
    kept = standings.refresh(on)
    mine = kept.visible_to(user).filter(is_protected=True, cover_end__gte=on)
    key = f"lapses:{version}:{kept.version}:{on}:{kept.rules}:{scope_of(user).key}"
    ending: Any = cache.get_or_set(key, lambda: (_projects_by_month(mine), _workers_by_month(mine, on)))
    area = _area(user)
    base = _kept_base(area, version)
    projects, workers = ending
    months = lapses.ahead(Month.of(on), projects, workers, base)
    return Calendar(on, _spans(mine, on), months, area, base)


def _spans(covered: QuerySet[Standing], on: datetime.date) -> tuple[Span, ...]:
    last = on + datetime.timedelta(days=ENDING_WITHIN[-1])
    ending: list[Any] = list(
        covered.filter(cover_end__lte=last)
        .order_by("cover_end", "-enrolled", "project_id")
        .values_list("pk", "cover_end", "last_day", "enrolled")
    )
    spans: list[tuple[Span, list[int]]] = []
    first = on
    for within in ENDING_WITHIN:
        last = on + datetime.timedelta(days=within)
        inside = [row for row in ending if first <= row[1] <= last]
        going_on = sum(last_day is not None and last_day > end for _pk, end, last_day, _workers in inside)
        workers = sum(enrolled for *_facts, enrolled in inside)
        shown = [pk for pk, *_facts in inside[:SHOWN]]
        spans.append((Span(first, last, within, len(inside), going_on, workers, ()), shown))
        first = last + datetime.timedelta(days=1)
    lines = with_names(Standing.objects.all()).in_bulk([pk for _span, shown in spans for pk in shown])
    return tuple(
        replace(span, shown=tuple(lines[pk] for pk in shown if pk in lines)) for span, shown in spans
    )


def _projects_by_month(covered: QuerySet[Standing]) -> dict[Month, int]:
    months = covered.order_by().values(month=TruncMonth("cover_end")).annotate(projects=Count("pk"))
    return {Month.of(row["month"]): row["projects"] for row in months}


def _workers_by_month(covered: QuerySet[Standing], on: datetime.date) -> dict[Month, int]:
    inner, params = covered.order_by().values("project_id", "cover_end").query.sql_with_params()
    with replicas.figures().cursor() as cursor:
        cursor.execute(_WORKERS.format(standings=inner), [*params, on, on])
        return {Month.of(month): people for month, people in cursor.fetchall()}


def _area(user: User) -> Province | Regency | None:
    """The one area whose coverage the user's projects are part of; None where there are several."""
    province: Province | None = Province.objects.active().filter(scope_of(user).condition("code")).first()
    if province is not None:
        return province
    regencies = Regency.objects.active().filter(scope_of(user).condition("code")).select_related("province")
    found = list(regencies.defer("boundary")[:2])
    return found[0] if len(found) == 1 else None


def _kept_base(area: Province | Regency | None, version: str) -> Base | None:
    """The area's coverage, counted once per data version; None where it is not known."""
    if area is None:
        return None
    kept: Any = cache.get_or_set(f"lapses-base:{version}:{area.code}", lambda: _base(area) or False)
    return kept if isinstance(kept, Base) else None


def _base(area: Province | Regency) -> Base | None:
    count = coverage.headline(area)
    if count is None or count.members is None or not count.workforce:
        return None
    return Base(count.month, count.members, count.workforce)
