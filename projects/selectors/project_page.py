"""All that the page of a project shows, as of a day. The same queries however much belongs to it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from projects import compliance, contributions, rulebook
from projects.compliance import Assessment, Finding, Payment, Position, ProjectFacts, Rule, Status
from projects.compliance.account import in_effect
from projects.contributions import BadFacts, Estimate, Step
from projects.models import Enrollment, Project
from projects.timeline import Course, course

from .changes import ChangeLine, changes_of
from .facts import facts_of, rules

WORKERS_PER_PAGE = 50
SEE_NAMES = "projects.reveal_nik"
"""Who may have whole NIKs may have names; for others initials have to do."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What the law's rates give for a project, and how it came to be.

    `first` is the estimate without addenda, `steps` what each addendum changes, `last` the one that holds.
    `fault` says why there is none.
    """

    first: Estimate | None
    steps: tuple[Step, ...]
    fault: BadFacts | None

    @property
    def last(self) -> Estimate | None:
        return self.steps[-1].estimate if self.steps else self.first


@dataclass(frozen=True, slots=True)
class SetAmount:
    """An assessment; `holds` where no later one has taken its place."""

    assessment: Assessment
    holds: bool


@dataclass(frozen=True, slots=True)
class Crew:
    """The workers of a project who had been enrolled by the day, a page of them.

    `count` are those enrolled on the day itself, wherever; the list has those of the user's areas.
    """

    count: int
    planned: int | None
    names_shown: bool
    page: Page[Enrollment]


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A project as of `on`. What is dated later is left out; what is stored now is what counts."""

    project: Project
    regencies: tuple[str, ...]
    on: datetime.date
    facts: ProjectFacts
    position: Position
    sum: Sum
    assessments: tuple[SetAmount, ...]
    course: Course
    crew: Crew
    changes: Page[ChangeLine]

    @property
    def to_do(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.position.open_findings if not finding.is_warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.position.open_findings if finding.is_warning)

    @property
    def done(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.position.findings if finding.status is not Status.OPEN)

    @property
    def overpaid(self) -> Finding | None:
        return next((finding for finding in self.warnings if finding.rule is Rule.OVERPAID), None)

    @property
    def payments(self) -> tuple[Payment, ...]:
        return self.position.account.payments

    @property
    def is_before_contract(self) -> bool:
        return self.facts.spk_on is not None and self.on < self.facts.spk_on


def project_page(
    project: Project,
    *,
    on: datetime.date,
    user: User,
    workers_page: str | None = None,
    changes_page: str | None = None,
) -> ProjectPage:
    """The page of a project that the user may see. What is written on page numbers may be anything."""
    facts = facts_of([project.pk], on)[project.pk]
    position = compliance.position(facts, on=on, rules=rules())
    known = sorted((a for a in facts.assessments if a.on <= on), key=lambda a: (a.on, a.number))
    held = in_effect(known, on)
    further = project.further.select_related("regency").order_by("regency__code")
    own = [] if project.regency is None else [project.regency.full_name]
    return ProjectPage(
        project,
        (*own, *(row.regency.full_name for row in further)),
        on,
        facts,
        position,
        _sum(facts, on),
        tuple(SetAmount(assessment, assessment in held) for assessment in known),
        course(facts, position),
        _crew(project, facts, on, user, workers_page),
        changes_of(project, user, changes_page),
    )


def _sum(facts: ProjectFacts, on: datetime.date) -> Sum:
    base = rulebook.contribution_base()
    try:
        steps = contributions.recompute(facts.contract, on=on, base=base)
        plain: Any = replace(facts.contract, addenda=())
        return Sum(contributions.assess(plain, on=on, base=base), steps, None)
    except BadFacts as fault:
        return Sum(None, (), fault)


def _crew(project: Project, facts: ProjectFacts, on: datetime.date, user: User, page: str | None) -> Crew:
    enrolled = Enrollment.objects.visible_to(user).filter(project=project, start__lte=on)
    rows = enrolled.select_related("worker", "regency").order_by("start", "pk")
    return Crew(
        facts.enrolled_workers or 0,
        facts.planned_workers,
        Project.objects.within(scope_of(user, SEE_NAMES)).filter(pk=project.pk).exists(),
        Paginator(rows, WORKERS_PER_PAGE).get_page(page),
    )
