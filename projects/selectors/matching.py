"""The work list of packages without a registration, with what they may be; and one pair side by side."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.core.paginator import Page, Paginator
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coverage_portal.accounts import generation
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import Change, User
from coverage_portal.lib.numbers import format_percent
from coverage_portal.lib.periods import format_date
from projects import joining, matching
from projects.joining import Plan
from projects.matching import Candidate, Proposal
from projects.models import Project, ProjectRegency, RejectedMatch
from projects.wording import MATCH_FACTS, sentence

LINES_ON_A_PAGE = 25

Ranking = tuple[tuple[int, tuple[int, ...]], ...]
"""Packages by id in the order of the work list, each with the ids of what is proposed for it."""

_SIDE_BY_SIDE = (
    "name",
    "package_code",
    "bpjs_number",
    "contract_number",
    "contractor",
    "regency",
    "agency",
    "owner",
    "contract_value",
    "spk_date",
    "start",
    "end",
    "registered_on",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of a package and a registration; `differs` where both say something and not the same."""

    label: str
    package: str
    registration: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A package and a registration beside each other. `reasons` are sentences with their signed points."""

    package: Project
    registration: Project
    score: int | None
    is_certain: bool
    reasons: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A package of the work list, the best pair first, and the registrations that were ruled out by hand."""

    package: Project
    pairs: tuple[Pair, ...]
    rejected: tuple[RejectedMatch, ...]


@dataclass(frozen=True, slots=True)
class WorkList:
    """A page of the work list. `packages` counts all that the search finds, `proposed` those with pairs."""

    page: Page[Any]
    lines: tuple[Line, ...]
    packages: int
    proposed: int


def work_list(user: User, *, search: str = "", page: int = 1) -> WorkList:
    """The packages without a registration that a user may see, those with proposals first, by score."""
    ranking = _ranking(user)
    if search:
        found = set(_searched(user, search).values_list("pk", flat=True))
        ranking = tuple(line for line in ranking if line[0] in found)
    shown = Paginator(ranking, LINES_ON_A_PAGE).get_page(page)
    return WorkList(
        page=shown,
        lines=tuple(_lines(user, shown.object_list)),
        packages=len(ranking),
        proposed=sum(1 for _package, others in ranking if others),
    )


def pair(package: Project, registration: Project) -> Pair:
    """Two projects side by side, with the score that they have, if they are ones that may be proposed."""
    further = _further([package.pk, registration.pk])
    proposal = matching.compare(_candidate(package, further), _candidate(registration, further))
    return _pair(package, registration, proposal)


def changes_of(planned: Plan) -> tuple[list[Row], list[Row]]:
    """What the package would take, and where both differ and its own stands."""
    package, registration = planned.package, planned.registration
    return (
        [_row(name, package, registration) for name in planned.taken],
        [_row(name, package, registration) for name in planned.different],
    )


def visible(user: User) -> Any:
    """The projects of a user with what pairs show of them."""
    return Project.objects.visible_to(user).select_related("agency", "contractor", "regency")


def rejected(package: int, registration: int) -> RejectedMatch | None:
    """What was said against the two being one."""
    return RejectedMatch.objects.filter(package=package, registration=registration).first()


def joined_with(user: User, registration: int) -> Project | None:
    """The project that a registration, which is gone, was joined with, where the user may see that one."""
    label = Project._meta.label_lower
    gone = Change.objects.filter(model=label, object_id=str(registration), after__isnull=True)
    kept = Change.objects.filter(model=label, action__in=gone.values("action"), after__isnull=False)
    ids = [int(pk) for pk in kept.values_list("object_id", flat=True)]
    found: Project | None = Project.objects.visible_to(user).filter(pk__in=ids).first()
    return found


def _searched(user: User, search: str) -> Any:
    return Project.objects.visible_to(user).filter(
        Q(name__icontains=search) | Q(package_code__icontains=search) | Q(contractor__name__icontains=search)
    )


def _ranking(user: User) -> Ranking:
    """The whole work list, made once a data version and scope: what is proposed follows from both alone."""
    # Read before the records, so that nothing made of older ones is kept under a newer version.
    key = f"matching:{generation.current()}:{scope_of(user).key}"
    ranking: Ranking | None = cache.get_or_set(key, lambda: _ranked(user))
    return ranking or ()


def _ranked(user: User) -> Ranking:
    packages = Project.objects.visible_to(user).unregistered()
    registrations = Project.objects.visible_to(user).without_package()
    order = packages.order_by(F("spk_date").desc(nulls_last=True), "pk").values_list("pk", flat=True)
    further = _further(None)
    ruled_out = set(RejectedMatch.objects.values_list("package", "registration"))
    found = matching.proposals(
        _candidates(packages, further), _candidates(registrations, further), rejected=ruled_out
    )
    lines = [(pk, tuple(p.registration for p in found.get(pk, ()))) for pk in order]
    lines.sort(key=lambda line: -found[line[0]][0].score if line[1] else 1)
    return tuple(lines)


def _candidates(projects: Any, further: dict[int, set[str]]) -> Iterator[Candidate]:
    for project in projects.select_related("contractor").iterator():
        yield _candidate(project, further)


def _candidate(project: Project, further: dict[int, set[str]]) -> Candidate:
    contractor = project.contractor
    own = {project.regency_id} if project.regency_id else set()
    return Candidate(
        id=project.pk,
        name=project.name,
        package_code=project.package_code,
        bpjs_number=project.bpjs_number,
        contract_number=project.contract_number,
        contractor=contractor.name if contractor else "",
        npwp=contractor.npwp if contractor else "",
        regencies=frozenset(own | further.get(project.pk, set())),
        value=project.contract_value,
        spk_date=project.spk_date,
        registered_on=project.registered_on,
    )


def _further(projects: list[int] | None) -> dict[int, set[str]]:
    """The further regencies of these projects, or of all."""
    rows = ProjectRegency.objects.all()
    if projects is not None:
        rows = rows.filter(project__in=projects)
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in rows:
        found[row.project_id].add(row.regency_id)
    return found


def _lines(user: User, ranked: Any) -> Iterator[Line]:
    ids = [pk for line in ranked for pk in (line[0], *line[1])]
    projects = {project.pk: project for project in visible(user).filter(pk__in=ids)}
    further = _further(ids)
    ruled_out: defaultdict[int, list[RejectedMatch]] = defaultdict(list)
    said = RejectedMatch.objects.visible_to(user).filter(package__in=[line[0] for line in ranked])
    for one in said.select_related("registration").order_by("pk"):
        ruled_out[one.package_id].append(one)
    for pk, others in ranked:
        # Removed since the ranking was made: then there is nothing to show of it.
        package = projects.get(pk)
        if package is None:
            continue
        pairs = [
            _pair(package, other, matching.compare(_candidate(package, further), _candidate(other, further)))
            for other in (projects.get(other) for other in others)
            if other is not None
        ]
        yield Line(package, tuple(pairs), tuple(ruled_out[pk]))


def _pair(package: Project, registration: Project, proposal: Proposal | None) -> Pair:
    rows = [_row(name, package, registration) for name in _SIDE_BY_SIDE]
    one, other = (
        project.contractor.npwp if project.contractor else "" for project in (package, registration)
    )
    rows.append(Row("NPWP", one, other, differs=bool(one and other and one != other)))
    reasons = proposal.reasons if proposal else ()
    return Pair(
        package=package,
        registration=registration,
        score=proposal.score if proposal else None,
        is_certain=proposal is not None and proposal.is_certain,
        reasons=tuple(
            (sentence(MATCH_FACTS[reason.fact], {"alike": reason.alike}), _signed(reason.points))
            for reason in reasons
        ),
        rows=tuple(row for row in rows if row.package or row.registration),
    )


def _signed(points: int) -> str:
    return f"−{-points}" if points < 0 else f"+{points}"


def _row(name: str, package: Project, registration: Project) -> Row:
    one, other = _shown(package, name), _shown(registration, name)
    label = Project._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return Row(capfirst(str(label)), one, other, differs=bool(one and other and one != other))


def _shown(project: Project, name: str) -> str:
    """A field as one reads it; "" where it says nothing."""
    value = getattr(project, name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if name == "vat_rate":
        return format_percent(value, get_language() or "id")
    if isinstance(value, datetime.date):
        return format_date(value, get_language() or "id")
    if isinstance(value, Decimal):
        return sentence("%(value)s", {"value": value})
    if name in ("fund_source", "work"):
        return str(getattr(project, f"get_{name}_display")())
    return str(value)


def plan_of(package: int, registration: int) -> Plan:
    """What joining the two would do.

    Raises:
        joining.Overtaken: they cannot be joined any more.
    """
    return joining.plan(*joining.joinable(package, registration))
