"""Which agencies have projects that need action, and what a work list or a letter says of one of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Max, Sum

from coverage_portal.accounts.areas import Scope, scope_of
from projects import letters, standings
from projects.compliance import Rule
from projects.letters import Item, WorkList
from projects.models import Letter, Project, ProjectRegency
from projects.selectors.facts import positions_of
from regions.models import Agency

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

ASKING = [rule.value for rule, _title in letters.GROUPS]
WARNING = [Rule.OVERPAID.value]


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with projects that need action; the last of its letters that the reader may see."""

    agency: Agency
    projects: int
    arrears: Decimal
    last_letter: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """Projects whose agency is only a name in their source."""

    owner: str
    projects: int
    arrears: Decimal


@dataclass(frozen=True, slots=True)
class Agencies:
    """As of a day. `at_rest` counts the agencies with projects of which none needs action."""

    on: datetime.date
    lines: tuple[AgencyLine, ...]
    owners: tuple[OwnerLine, ...]
    at_rest: int


@dataclass(frozen=True, slots=True)
class OfAgency:
    """The work list of one agency, the areas it speaks of, and the names of projects with warnings only."""

    todo: WorkList
    areas: frozenset[str]
    warned: tuple[str, ...]


def agencies(user: User | Any, on: datetime.date) -> Agencies:
    """The agencies that a user may see, those with most to do first. The same queries however many."""
    standing = standings.refresh(on).visible_to(user)
    asking = standing.filter(open_rules__overlap=ASKING)
    visible = Agency.objects.visible_to(user)
    found = {
        row["agency"]: row
        for row in asking.filter(agency__in=visible)
        .values("agency")
        .order_by()
        .annotate(projects=Count("pk"), owed=Sum("arrears"))
    }
    with_projects = standing.filter(agency__in=visible).aggregate(all=Count("agency", distinct=True))
    printed = dict(
        Letter.objects.visible_to(user)
        .filter(agency__in=found)
        .order_by()
        .values_list("agency")
        .annotate(last=Max("printed_at"))
    )
    lines = [
        AgencyLine(agency, row["projects"], row["owed"], printed.get(agency.pk))
        for agency in Agency.objects.filter(pk__in=found).select_related("regency", "province")
        for row in (found[agency.pk],)
    ]
    owners = (
        asking.filter(agency=None)
        .exclude(project__owner="")
        .values_list("project__owner")
        .order_by("project__owner")
        .annotate(projects=Count("pk"), owed=Sum("arrears"))
    )
    return Agencies(
        on,
        tuple(sorted(lines, key=lambda line: (-line.projects, line.agency.name, line.agency.pk))),
        tuple(OwnerLine(*row) for row in owners),
        with_projects["all"] - len(found),
    )


def of_agency(agency: Agency, user: User | Any, on: datetime.date) -> OfAgency:
    """What an agency's projects need as of a day, as far as the user may see them."""
    standing = standings.refresh(on).visible_to(user).filter(agency=agency)
    asking = set(standing.filter(open_rules__overlap=ASKING).values_list("project", flat=True))
    warned = standing.filter(open_rules__overlap=WARNING).exclude(project__in=asking)
    further: defaultdict[int, list[Any]] = defaultdict(list)
    for link in ProjectRegency.objects.filter(project__in=asking).select_related("regency").order_by("pk"):
        further[link.project_id].append(link.regency)
    rows = Project.objects.filter(pk__in=asking).select_related("contractor", "regency", "agency")
    positions = positions_of(asking, on)
    scope = scope_of(user)
    items, areas = [], set()
    for project in rows:
        places = [*([project.regency] if project.regency else []), *further[project.pk]]
        areas.add(_area([place.code for place in places], agency, scope))
        items.append(
            Item(
                project.pk,
                project.name,
                project.package_code,
                project.contract_number,
                project.contractor.name if project.contractor else "",
                ", ".join(place.full_name for place in places),
                project.data_date,
                positions[project.pk],
            )
        )
    return OfAgency(
        letters.work_list(agency.name, on, items),
        frozenset(areas),
        tuple(warned.order_by("project__name").values_list("project__name", flat=True)),
    )


def _area(codes: list[str], agency: Agency, scope: Scope) -> str:
    """The area that a project is in for the user: the first of its own that they were granted."""
    lies_in = codes or [agency.area_code or settings.HOME_PROVINCE]
    return next((code for code in lies_in if scope.covers(code)), lies_in[0])
