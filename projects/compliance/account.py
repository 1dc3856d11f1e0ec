"""What is due for a project, what has been paid, and what is overdue, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.contributions import Estimate
from projects.rates import ROUNDING_TOLERANCE

from .facts import Assessment, Payment, ProjectFacts

ZERO = Decimal(0)
YOUNG, MIDDLE = 30, 90
"""Days up to which arrears belong to the first and to the second of their three ages."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is due: an instalment, or what is due without a known day (`due_on` None).

    `covered_on` is the day on which payments first sufficed for it and all parts before it.
    """

    due_on: date | None
    amount: Decimal
    unpaid: Decimal
    covered_on: date | None

    @property
    def days_late(self) -> int:
        """Days from the due day to the payment that covered it; 0 where in time or not covered yet."""
        if self.due_on is None or self.covered_on is None:
            return 0
        return max((self.covered_on - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Arrears:
    """Overdue rupiah by how long they are: up to 30 days, 31 to 90, longer."""

    up_to_30: Decimal = ZERO
    up_to_90: Decimal = ZERO
    over_90: Decimal = ZERO
    since: date | None = None

    @property
    def total(self) -> Decimal:
        return self.up_to_30 + self.up_to_90 + self.over_90


@dataclass(frozen=True, slots=True)
class Account:
    """Due and paid as of a day, rupiah.

    `due` follows BPJS's assessment; without one it is the portal's estimate, and `is_estimate` says so. It is
    None where neither is known. Arrears arise from assessed instalments only.
    """

    due: Decimal | None
    is_estimate: bool
    paid: Decimal
    parts: tuple[Part, ...]
    arrears: Arrears
    assessed_on: date | None
    first_paid_on: date | None
    payments: tuple[Payment, ...]

    @property
    def is_settled(self) -> bool | None:
        if self.due is None:
            return None
        return self.paid >= self.due - (ROUNDING_TOLERANCE if self.is_estimate else ZERO)

    @property
    def outstanding(self) -> Decimal | None:
        """What is still to be paid, due already or not."""
        if self.due is None:
            return None
        return ZERO if self.is_settled else self.due - self.paid

    def paid_by(self, amount: Decimal) -> date | None:
        """The day on which all payments together first reached an amount."""
        return _reached(self.payments, amount)


def account(facts: ProjectFacts, estimate: Estimate | None, on: date) -> Account:
    """The account of a project as of a day; whatever happened later is left out."""
    payments = tuple(
        sorted((p for p in facts.payments if p.on <= on), key=lambda p: (p.on, p.amount, p.number))
    )
    paid = sum((payment.amount for payment in payments), ZERO)
    assessments = in_effect(facts.assessments, on)
    parts = _parts(assessments, payments, paid)
    due: Decimal | None = sum((assessment.amount for assessment in assessments), ZERO)
    if not assessments:
        due = None if estimate is None else estimate.total
    return Account(
        due,
        not assessments and estimate is not None,
        paid,
        parts,
        _arrears(parts, on),
        assessments[-1].on if assessments else None,
        payments[0].on if payments else None,
        payments,
    )


def in_effect(assessments: Iterable[Assessment], on: date) -> list[Assessment]:
    """The last assessment up to a day and the additional ones after it, oldest first."""
    known = sorted(
        (a for a in assessments if a.on <= on),
        key=lambda a: (a.on, a.is_additional, a.number, a.amount, str(sorted(map(repr, a.instalments)))),
    )
    whole = [place for place, assessment in enumerate(known) if not assessment.is_additional]
    return known[whole[-1] :] if whole else known


def _parts(assessments: Iterable[Assessment], payments: Iterable[Payment], paid: Decimal) -> tuple[Part, ...]:
    """The instalments by due day, undated rest last; payments cover the oldest first."""
    dated: list[tuple[date, Decimal]] = []
    undated = ZERO
    for assessment in assessments:
        rest = assessment.amount
        for instalment in sorted(assessment.instalments, key=lambda i: (i.due_on, i.amount)):
            amount = min(instalment.amount, rest)
            rest -= amount
            if amount:
                dated.append((instalment.due_on, amount))
        undated += rest
    dues: list[tuple[date | None, Decimal]] = [*sorted(dated)]
    if undated:
        dues.append((None, undated))
    parts = []
    wanted = ZERO
    for due_on, amount in dues:
        unpaid = min(max(wanted + amount - paid, ZERO), amount)
        wanted += amount
        parts.append(Part(due_on, amount, unpaid, _reached(payments, wanted)))
    return tuple(parts)


def _reached(payments: Iterable[Payment], wanted: Decimal) -> date | None:
    sum_so_far = ZERO
    for payment in payments:
        sum_so_far += payment.amount
        if sum_so_far >= wanted:
            return payment.on
    return None


def _arrears(parts: Iterable[Part], on: date) -> Arrears:
    young = middle = old = ZERO
    since: date | None = None
    for part in parts:
        if part.due_on is None or part.due_on >= on or not part.unpaid:
            continue
        days = (on - part.due_on).days
        if days <= YOUNG:
            young += part.unpaid
        elif days <= MIDDLE:
            middle += part.unpaid
        else:
            old += part.unpaid
        since = since or part.due_on
    return Arrears(young, middle, old, since)
