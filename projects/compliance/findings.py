"""What needs action on a project ("perlu tindak lanjut"), and what needed it once.

Each rule looks at one thing, derives nothing from what is missing, and says which facts, since when, what to
do and by which source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from projects import rates
from projects.rates import ROUNDING_TOLERANCE, Source

from .case import Case
from .messages import RULES, SENTENCES, TO_DO, Rule, Status

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of one rule. `since` may lie ahead: cover that will end too early.

    `until` is the day it was resolved or became past. `params` fill the sentence; dates are dates, rupiah are
    Decimal, counts are int. `unknown_years` were counted without their holidays.
    """

    rule: Rule
    status: Status
    since: date
    until: date | None
    params: Mapping[str, object]
    source: Source
    is_warning: bool = False
    is_estimate: bool = False
    unknown_years: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return RULES[self.rule]

    @property
    def template(self) -> str:
        return SENTENCES[self.rule, self.status]

    @property
    def to_do(self) -> str:
        """What to do about it; empty when there is nothing to do any more."""
        return TO_DO[self.rule] if self.status is Status.OPEN else ""


def findings(case: Case) -> tuple[Finding, ...]:
    """All findings of a project, open ones first, then the oldest. A cancelled project keeps the resolved."""
    found = [
        finding
        for rule in _RULES
        for finding in rule(case)
        if not case.is_cancelled or finding.status is Status.RESOLVED
    ]
    order = list(Status)
    return tuple(sorted(found, key=lambda f: (order.index(f.status), f.is_warning, f.since, f.rule)))


def _late_registration(case: Case) -> Iterator[Finding]:
    if case.deadline is None or case.limit is None:
        return
    deadline = case.deadline.day
    seen = case.registered_on or case.on
    if seen <= deadline or (case.registered_on is None and case.known_since is not None):
        return
    status, until = Status.OPEN, None
    if case.registered_on is not None:
        status, until = Status.RESOLVED, case.registered_on
    elif case.is_over:
        status, until = Status.PAST, case.last_day
    span = case.rules.calendar.between(deadline, until or case.on)
    yield Finding(
        Rule.LATE_REGISTRATION,
        status,
        min(deadline + DAY, until or deadline + DAY),
        until,
        {
            "workdays": span.workdays,
            "spk": case.facts.spk_on,
            "limit": case.limit.workdays,
            "deadline": deadline,
            "registered": case.registered_on,
            "last": case.last_day,
        },
        case.limit.source,
        unknown_years=tuple(sorted({*case.deadline.unknown_years, *span.unknown_years})),
    )


def _unprotected(case: Case) -> Iterator[Finding]:
    start, paid = case.start, case.account.first_paid_on
    if start is None or (paid or case.on) <= start:
        return
    status, until = Status.OPEN, None
    last = case.last_day
    if case.is_over and last is not None and (paid is None or paid > last):
        status, until = Status.PAST, last
    elif paid is not None:
        status, until = Status.RESOLVED, paid
    days = (until or case.on) - start
    yield Finding(
        Rule.UNPROTECTED,
        status,
        start,
        until,
        {
            # From the start to the first payment; where none came, the last day was unprotected as well.
            "days": days.days + (status is Status.PAST),
            "start": start,
            "paid": paid,
            "last": last,
        },
        rates.COVER_BY_PAYING,
    )


def _cover_short(case: Case) -> Iterator[Finding]:
    cover, needed = case.facts.cover_end, case.last_day
    if cover is None or needed is None or cover >= needed or case.account.first_paid_on is None:
        return
    yield Finding(
        Rule.COVER_SHORT,
        Status.PAST if case.is_over else Status.OPEN,
        cover + DAY,
        needed if case.is_over else None,
        {"cover": cover, "needed": needed, "days": (needed - cover).days},
        rates.COVER_TO_FHO,
    )


def _workers_below_plan(case: Case) -> Iterator[Finding]:
    planned, enrolled, start = case.facts.planned_workers, case.facts.enrolled_workers, case.start
    if planned is None or enrolled is None or enrolled >= planned:
        return
    if start is None or not case.has_started or case.known_since is None:
        return
    yield Finding(
        Rule.WORKERS_BELOW_PLAN,
        Status.PAST if case.is_over else Status.OPEN,
        max(start, case.known_since),
        case.last_day if case.is_over else None,
        {"enrolled": enrolled, "planned": planned, "missing": planned - enrolled},
        rates.WORKERS_NAMED,
    )


def _underpaid_after_addendum(case: Case) -> Iterator[Finding]:
    money = case.account
    raised = [step for step in case.steps if step.difference > ROUNDING_TOLERANCE]
    if not raised or (money.assessed_on is None and money.first_paid_on is None):
        return
    addendum, settled = raised[-1].addendum.on, money.assessed_on
    params: dict[str, object] = {"addendum": addendum}
    if settled is None or settled < addendum:
        wanted = _wanted(case)
        settled = money.paid_by(wanted - ROUNDING_TOLERANCE)
        unset = [
            s.difference for s in raised if money.assessed_on is None or s.addendum.on > money.assessed_on
        ]
        params["amount"] = min(wanted - money.paid, sum(unset, Decimal(0)))
    if settled is not None and settled <= addendum:
        return
    yield Finding(
        Rule.UNDERPAID_AFTER_ADDENDUM,
        Status.OPEN if settled is None else Status.RESOLVED,
        addendum,
        settled,
        params | {"settled": settled},
        rates.ASSESSED,
        is_estimate=True,
    )


def _wanted(case: Case) -> Decimal:
    """What should be due: the assessment and what addenda after it changed, else the estimate."""
    money = case.account
    if money.assessed_on is None:
        return Decimal(0) if case.estimate is None else case.estimate.total
    later = (step.difference for step in case.steps if step.addendum.on > (money.assessed_on or case.on))
    return (money.due or Decimal(0)) + sum(later, Decimal(0))


def _arrears(case: Case) -> Iterator[Finding]:
    arrears, parts = case.account.arrears, case.account.parts
    if arrears.since is not None:
        yield Finding(
            Rule.ARREARS,
            Status.OPEN,
            arrears.since + DAY,
            None,
            {"amount": arrears.total, "due": arrears.since, "days": (case.on - arrears.since).days},
            rates.ASSESSED,
        )
    late = [part for part in parts if part.days_late and not part.unpaid]
    if late:
        first = min(part.due_on for part in late if part.due_on is not None)
        last = max(part.covered_on for part in late if part.covered_on is not None)
        yield Finding(
            Rule.ARREARS,
            Status.RESOLVED,
            first + DAY,
            last,
            {"due": first, "paid": last, "days": max(part.days_late for part in late)},
            rates.ASSESSED,
        )


def _overpaid(case: Case) -> Iterator[Finding]:
    money = case.account
    if money.due is None:
        return
    due = max(money.due, _wanted(case))
    allowed = due + (0 if due == money.due and not money.is_estimate else ROUNDING_TOLERANCE)
    since = money.paid_by(allowed + Decimal("0.01"))
    if since is not None:
        yield Finding(
            Rule.OVERPAID,
            Status.OPEN,
            since,
            None,
            {"paid": money.paid, "due": due, "amount": money.paid - due},
            rates.ASSESSED,
            is_warning=True,
            is_estimate=money.is_estimate or due != money.due,
        )


_RULES: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    _late_registration,
    _unprotected,
    _cover_short,
    _workers_below_plan,
    _underpaid_after_addendum,
    _arrears,
    _overpaid,
)
