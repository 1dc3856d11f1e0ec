"""What is stored of projects, as the facts that contributions and compliance are derived from."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from projects import compliance, rulebook
from projects.choices import HolidayKind
from projects.compliance import Position, ProjectFacts, Rules
from projects.contributions import Addendum
from projects.models import (
    Addendum as AddendumRecord,
)
from projects.models import (
    Assessment,
    Enrollment,
    Holiday,
    Instalment,
    Payment,
    Project,
    ProjectRegency,
)
from projects.workdays import Holiday as DayOff

LONG_AGO = datetime.date.min
"""The day of a cancellation of which no day is known."""
_COLUMNS = (
    "id",
    "spk_date",
    "start",
    "end",
    "maintenance_end",
    "has_maintenance",
    "contract_value",
    "vat_included",
    "vat_rate",
    "wages",
    "registered_on",
    "certified_on",
    "cover_end",
    "planned_workers",
    "cancelled",
    "cancelled_on",
    "regency_id",
    "contractor_id",
    "contribution_base",
)


NAMES = ("name", "package_code", "bpjs_number", "contract_number", "contractor__name")
"""What a project is looked for by."""


def holidays() -> list[DayOff]:
    """The stored holidays, oldest first."""
    days = Holiday.objects.order_by("date", "kind").values_list("date", "kind")
    return [DayOff(day, kind == HolidayKind.JOINT_LEAVE) for day, kind in days]


def rules() -> Rules:
    """What positions are judged by here: the settings and the stored holidays."""
    return rulebook.compliance_rules(holidays())


def positions_of(
    projects: Collection[int], on: datetime.date, judged_by: Rules | None = None
) -> dict[int, Position]:
    """The position of each project, by id, as of a day. The same queries however many they are."""
    judged_by = judged_by or rules()
    return {
        pk: compliance.position(facts, on=on, rules=judged_by) for pk, facts in facts_of(projects, on).items()
    }


def facts_of(projects: Collection[int], on: datetime.date) -> dict[int, ProjectFacts]:
    """The facts of each project, by id. Workers are counted on the day; what else is dated comes whole."""
    addenda = _by_project(AddendumRecord, projects, _addendum, _ADDENDUM)
    payments = _by_project(Payment, projects, _payment, ("project_id", "paid_on", "amount", "reference"))
    assessments = _assessments(projects)
    enrolled = enrolled_on(projects, on)
    further = ProjectRegency.objects.filter(project=OuterRef("pk"))
    rows = Project.objects.filter(pk__in=projects).values(*_COLUMNS, is_elsewhere=Exists(further))
    return {
        row["id"]: _facts(
            row,
            tuple(addenda[row["id"]]),
            tuple(assessments[row["id"]]),
            tuple(payments[row["id"]]),
            enrolled.get(row["id"], 0),
        )
        for row in rows
    }


def enrolled_on(projects: Collection[int], on: datetime.date) -> dict[int, int]:
    """How many workers are enrolled in each project on a day; projects without any are left out."""
    running = Enrollment.objects.filter(Q(end__isnull=True) | Q(end__gte=on), start__lte=on)
    counted = running.filter(project__in=projects).values("project_id").order_by("project_id")
    return {
        row["project_id"]: row["people"] for row in counted.annotate(people=Count("worker_id", distinct=True))
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project lies, whose it is, and what it is looked for by.

    `areas` are Kemendagri codes, each with its province's, `words` its names and numbers in lower case.
    """

    project: int
    areas: tuple[str, ...]
    agency: int | None
    regency: str | None
    fund_source: str
    planned: int | None
    words: str


def places_of(projects: Collection[int]) -> dict[int, Place]:
    """Where each project lies, by id: in each of its regencies; without any, where its agency is, else in
    the home province. The same rule as `ProjectQuerySet.within`."""
    further: defaultdict[int, list[str]] = defaultdict(list)
    others: Any = ProjectRegency.objects.filter(project__in=projects).values_list("project_id", "regency_id")
    for project, code in others:
        further[project].append(code)
    found = {}
    rows: Any = Project.objects.filter(pk__in=projects).values_list(
        "pk",
        "regency_id",
        "agency_id",
        "agency__province_id",
        "agency__regency_id",
        "fund_source",
        "planned_workers",
        *NAMES,
    )
    for pk, regency, agency, of_province, of_regency, fund_source, planned, *names in rows:
        codes = {regency} if regency else {of_province, of_regency} - {None} or {settings.HOME_PROVINCE}
        codes |= set(further[pk])
        areas = sorted({*codes, *(code[:2] for code in codes)})
        words = "\n".join(filter(None, names)).casefold()
        found[pk] = Place(pk, tuple(areas), agency, regency, fund_source, planned, words)
    return found


def _facts(
    row: dict[str, Any],
    addenda: tuple[Addendum, ...],
    assessments: tuple[compliance.Assessment, ...],
    payments: tuple[compliance.Payment, ...],
    enrolled: int,
) -> ProjectFacts:
    return ProjectFacts(
        spk_on=row["spk_date"],
        start=row["start"],
        end=row["end"],
        maintenance_end=row["maintenance_end"],
        has_maintenance=row["has_maintenance"],
        value=row["contract_value"],
        vat_included=row["vat_included"],
        vat_percent=row["vat_rate"],
        wages=row["wages"],
        addenda=addenda,
        assessments=assessments,
        payments=payments,
        registered_on=row["registered_on"],
        certificate_on=row["certified_on"],
        cover_end=row["cover_end"],
        planned_workers=row["planned_workers"],
        enrolled_workers=enrolled,
        cancelled_on=(row["cancelled_on"] or LONG_AGO) if row["cancelled"] else None,
        has_area=row["regency_id"] is not None or row["is_elsewhere"],
        has_contractor=row["contractor_id"] is not None,
        base=row["contribution_base"],
    )


_ADDENDUM = (
    "project_id",
    "signed_on",
    "contract_value",
    "end",
    "maintenance_end",
    "number",
    "start",
    "contribution_base",
)


def _addendum(*values: Any) -> Addendum:
    return Addendum(*values)


def _payment(*values: Any) -> compliance.Payment:
    return compliance.Payment(*values)


def _by_project(
    model: Any, projects: Collection[int], make: Any, columns: Iterable[str]
) -> defaultdict[int, list[Any]]:
    """Records made of the columns after the first, which is the project's id."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for project, *values in model.objects.filter(project__in=projects).order_by("pk").values_list(*columns):
        found[project].append(make(*values))
    return found


def _assessments(projects: Collection[int]) -> defaultdict[int, list[compliance.Assessment]]:
    instalments: defaultdict[int, list[compliance.Instalment]] = defaultdict(list)
    for assessment, due_on, amount in (
        Instalment.objects.filter(assessment__project__in=projects)
        .order_by("pk")
        .values_list("assessment_id", "due_on", "amount")
    ):
        instalments[assessment].append(compliance.Instalment(due_on, amount))
    found: defaultdict[int, list[compliance.Assessment]] = defaultdict(list)
    for pk, project, on, amount, number, is_additional in (
        Assessment.objects.filter(project__in=projects)
        .order_by("pk")
        .values_list("pk", "project_id", "assessed_on", "amount", "number", "is_additional")
    ):
        found[project].append(
            compliance.Assessment(on, amount, tuple(instalments[pk]), number, is_additional)
        )
    return found
