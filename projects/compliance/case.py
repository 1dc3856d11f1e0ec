"""One project on one day: the terms then in force, and everything that states and findings lean on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects import contributions, rates
from projects.contributions import BadFacts, Estimate, Step
from projects.rates import Base, Limit
from projects.workdays import Deadline, WorkCalendar

from .account import Account, account
from .facts import ProjectFacts


@dataclass(frozen=True, slots=True)
class Rules:
    """What a position is judged by: the working days, the limit of registration, and the base of rates.

    Without `registration` the limit is the law's on the day of the SPK.
    """

    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    registration: Limit | None = None
    base: Base = Base.BEFORE_VAT


@dataclass(frozen=True, slots=True)
class Case:
    """A project as of a day. None is unknown, or has not happened by then."""

    facts: ProjectFacts
    on: date
    rules: Rules
    value: Decimal | None
    start: date | None
    end: date | None
    maintenance_end: date | None
    registered_on: date | None
    known_since: date | None
    limit: Limit | None
    deadline: Deadline | None
    estimate: Estimate | None
    steps: tuple[Step, ...]
    account: Account

    @property
    def last_day(self) -> date | None:
        """The day up to which workers must be covered: FHO, or PHO where there is no maintenance."""
        return self.maintenance_end if self.facts.has_maintenance else self.end

    @property
    def is_over(self) -> bool:
        return self.last_day is not None and self.on > self.last_day

    @property
    def is_cancelled(self) -> bool:
        return self.facts.cancelled_on is not None and self.facts.cancelled_on <= self.on

    @property
    def has_started(self) -> bool:
        return self.start is not None and self.start <= self.on

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be entered before a state can be derived: codes of `messages.MISSING`."""
        facts = self.facts
        known = {
            "area": facts.has_area,
            "contractor": facts.has_contractor,
            "spk_on": facts.spk_on is not None,
            "value": self.estimate is not None or self.value is not None or facts.wages is not None,
            "start": self.start is not None,
            "end": self.end is not None,
            # Not needed before PHO, but after it: without FHO nobody can say whether maintenance is over.
            "maintenance_end": self.last_day is not None or self.end is None or self.on <= self.end,
        }
        return tuple(name for name, is_known in known.items() if not is_known)


def case(facts: ProjectFacts, on: date, rules: Rules) -> Case:
    """The project as it stood on a day: what is dated later is left out."""
    start, end, maintenance_end = facts.start, facts.end, facts.maintenance_end
    for addendum in contributions.in_order(facts.addenda):
        if addendum.on <= on:
            start = addendum.start or start
            end, maintenance_end = addendum.end or end, addendum.maintenance_end or maintenance_end
    try:
        steps = contributions.recompute(facts.contract, on=on, base=rules.base)
        estimate: Estimate | None = (
            steps[-1].estimate if steps else contributions.assess(facts.contract, on=on, base=rules.base)
        )
    except BadFacts:
        estimate, steps = None, ()
    limit, deadline = _deadline(facts, rules)
    return Case(
        facts,
        on,
        rules,
        contributions.value_on(facts.contract, on),
        start,
        end,
        maintenance_end,
        facts.registered_on if facts.registered_on and facts.registered_on <= on else None,
        _known_since(facts, on),
        limit,
        deadline,
        estimate,
        steps,
        account(facts, estimate, on),
    )


def _deadline(facts: ProjectFacts, rules: Rules) -> tuple[Limit | None, Deadline | None]:
    if facts.spk_on is None:
        return None, None
    limit = rules.registration
    if limit is None:
        try:
            limit = rates.limit(rates.REGISTRATION, facts.spk_on)
        except rates.NoRateKnown:
            return None, None
    return limit, rules.calendar.after(facts.spk_on, limit.workdays)


def _known_since(facts: ProjectFacts, on: date) -> date | None:
    """Since when BPJS knows the project: its registration, else the first thing that BPJS answered."""
    days = [
        facts.registered_on,
        facts.certificate_on,
        *(assessment.on for assessment in facts.assessments),
        *(payment.on for payment in facts.payments),
    ]
    return min((day for day in days if day is not None and day <= on), default=None)
