"""What is known of a project, and what cannot be true of it. Everything may be unknown (None)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from coverage_portal.lib.numbers import BIGINT_MAX
from projects.contributions import Addendum, Contract

from .messages import FAULTS


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of an assessment, due on a day (termin)."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Assessment:
    """What BPJS has set for the project (penetapan iuran), rupiah.

    A later one replaces the earlier ones, unless it `is_additional`: then it is only what comes on top.
    Without instalments it is not known when it is due.
    """

    on: date
    amount: Decimal
    instalments: tuple[Instalment, ...] = ()
    number: str = ""
    is_additional: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Rupiah that BPJS received on a day."""

    on: date
    amount: Decimal
    number: str = ""


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """All that compliance is derived from. Addenda, assessments and payments in any order.

    `end` is PHO, `maintenance_end` FHO, `cover_end` the last day of cover that BPJS has confirmed.
    `enrolled_workers` counts those on the day that is asked about; the rest is dated and cut off at that day.
    `base` is a contribution base that was set, see `contributions.Contract`.
    """

    spk_on: date | None = None
    start: date | None = None
    end: date | None = None
    maintenance_end: date | None = None
    has_maintenance: bool = True
    value: Decimal | None = None
    vat_included: bool | None = None
    vat_percent: Decimal | None = None
    wages: Decimal | None = None
    addenda: tuple[Addendum, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    payments: tuple[Payment, ...] = ()
    registered_on: date | None = None
    certificate_on: date | None = None
    cover_end: date | None = None
    planned_workers: int | None = None
    enrolled_workers: int | None = None
    cancelled_on: date | None = None
    has_area: bool = True
    has_contractor: bool = True
    base: Decimal | None = None

    @property
    def contract(self) -> Contract:
        return Contract(
            self.value, self.vat_included, self.vat_percent, self.wages, self.spk_on, self.addenda, self.base
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Facts that cannot be true together: a code of `messages.FAULTS`, and the field to mend."""

    code: str
    field: str
    params: Mapping[str, object]

    @property
    def template(self) -> str:
        return FAULTS[self.code]


def faults(facts: ProjectFacts) -> tuple[Fault, ...]:
    """Everything that is wrong with the facts themselves, for forms, admin and import alike."""
    return (*_of_dates(facts), *_of_money(facts))


def _of_dates(facts: ProjectFacts) -> Iterator[Fault]:
    if facts.start and facts.end and facts.end < facts.start:
        yield Fault("end_before_start", "end", {"start": facts.start})
    last = facts.end or facts.start
    if last and facts.maintenance_end and facts.maintenance_end < last:
        yield Fault("maintenance_before_end", "maintenance_end", {"end": last})
    for name in ("registered_on", "certificate_on", "cancelled_on"):
        day = getattr(facts, name)
        if facts.spk_on and day and day < facts.spk_on:
            yield Fault("before_contract", name, {"contract": facts.spk_on})
    for addendum in facts.addenda:
        if facts.spk_on and addendum.on < facts.spk_on:
            yield Fault("addendum_before_contract", "addenda", {"contract": facts.spk_on})


def _of_money(facts: ProjectFacts) -> Iterator[Fault]:
    amounts = [
        ("value", facts.value),
        ("wages", facts.wages),
        *(("addenda", addendum.value) for addendum in facts.addenda),
        *(("assessments", assessment.amount) for assessment in facts.assessments),
        *(("instalments", part.amount) for whole in facts.assessments for part in whole.instalments),
        *(("payments", payment.amount) for payment in facts.payments),
    ]
    for field, amount in amounts:
        if amount is None:
            continue
        if not amount.is_finite() or amount <= 0:
            yield Fault("not_positive", field, {})
        elif amount > BIGINT_MAX:
            yield Fault("too_big", field, {})
    for assessment in facts.assessments:
        if sum((part.amount for part in assessment.instalments), Decimal(0)) > assessment.amount:
            yield Fault("instalments_exceed", "instalments", {"amount": assessment.amount})
