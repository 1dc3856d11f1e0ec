"""States and protection of a project as of a day. No database."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from projects import reference
from projects.compliance import (
    Assessment,
    Instalment,
    Payment,
    ProjectFacts,
    Rules,
    Settlement,
    State,
    position,
)
from projects.contributions import Addendum
from projects.workdays import WorkCalendar

RULES = Rules(WorkCalendar(record.holiday for record in reference.holidays()))
MILLION = 1_000_000

PROJECT = ProjectFacts(
    spk_on=date(2026, 7, 6),
    start=date(2026, 7, 13),
    end=date(2026, 11, 30),
    maintenance_end=date(2027, 5, 31),
    value=Decimal(300 * MILLION),
    vat_included=False,
    planned_workers=20,
    enrolled_workers=20,
)
REGISTERED = replace(PROJECT, registered_on=date(2026, 7, 10))
ASSESSED = replace(
    REGISTERED,
    assessments=(
        Assessment(
            date(2026, 7, 10),
            Decimal(620_000),
            (
                Instalment(date(2026, 7, 20), Decimal(310_000)),
                Instalment(date(2026, 9, 20), Decimal(310_000)),
            ),
        ),
    ),
)
FIRST, SECOND = Payment(date(2026, 7, 13), Decimal(310_000)), Payment(date(2026, 9, 1), Decimal(310_000))
PAID = replace(ASSESSED, payments=(FIRST, SECOND))
FINAL = date(2027, 5, 31)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "on", "state", "settlement"),
    [
        (PROJECT, date(2026, 7, 8), State.UNREGISTERED, None),
        (PROJECT, date(2026, 12, 8), State.UNREGISTERED, None),
        (REGISTERED, date(2026, 7, 9), State.UNREGISTERED, None),
        (REGISTERED, date(2026, 7, 10), State.REGISTERING, None),
        (ASSESSED, date(2026, 7, 20), State.REGISTERING, None),
        (ASSESSED, date(2026, 7, 21), State.IN_ARREARS, None),
        (replace(ASSESSED, payments=(FIRST,)), date(2026, 7, 21), State.ACTIVE, Settlement.INSTALMENTS),
        (replace(ASSESSED, payments=(FIRST,)), date(2026, 9, 20), State.ACTIVE, Settlement.INSTALMENTS),
        (replace(ASSESSED, payments=(FIRST,)), date(2026, 9, 21), State.IN_ARREARS, Settlement.INSTALMENTS),
        (PAID, date(2026, 8, 31), State.ACTIVE, Settlement.INSTALMENTS),
        (PAID, date(2026, 9, 1), State.ACTIVE, Settlement.SETTLED),
        (PAID, date(2026, 11, 30), State.ACTIVE, Settlement.SETTLED),
        (PAID, date(2026, 12, 1), State.MAINTENANCE, Settlement.SETTLED),
        (PAID, FINAL, State.MAINTENANCE, Settlement.SETTLED),
        (PAID, FINAL + DAY, State.FINISHED, Settlement.SETTLED),
        (
            replace(PAID, cancelled_on=date(2026, 8, 1)),
            date(2026, 7, 31),
            State.ACTIVE,
            Settlement.INSTALMENTS,
        ),
        (
            replace(PAID, cancelled_on=date(2026, 8, 1)),
            date(2026, 8, 1),
            State.CANCELLED,
            Settlement.INSTALMENTS,
        ),
        (
            replace(PAID, has_maintenance=False, maintenance_end=None),
            date(2026, 12, 1),
            State.FINISHED,
            Settlement.SETTLED,
        ),
    ],
)
def test_state_is_derived_as_of_the_day(
    facts: ProjectFacts, on: date, state: State, settlement: Settlement | None
) -> None:
    result = position(facts, on=on, rules=RULES)

    assert (result.state, result.settlement) == (state, settlement)


@pytest.mark.parametrize("name", ["spk_on", "start", "end", "value"])
def test_what_is_missing_makes_the_data_incomplete(name: str) -> None:
    result = position(replace(PAID, **{name: None}), on=date(2026, 9, 1), rules=RULES)

    assert (result.state, result.missing) == (State.INCOMPLETE, (name,))


@pytest.mark.parametrize(("flag", "missing"), [("has_area", "area"), ("has_contractor", "contractor")])
def test_area_and_contractor_are_needed_too(flag: str, missing: str) -> None:
    result = position(replace(PAID, **{flag: False}), on=date(2026, 9, 1), rules=RULES)

    assert (result.state, result.missing) == (State.INCOMPLETE, (missing,))


def test_wages_stand_in_for_the_value() -> None:
    result = position(replace(PAID, value=None, wages=Decimal(MILLION)), on=date(2026, 9, 1), rules=RULES)

    assert result.state is State.ACTIVE


def test_fho_is_missed_only_when_maintenance_could_be_running() -> None:
    facts = replace(PAID, maintenance_end=None)

    assert position(facts, on=date(2026, 11, 30), rules=RULES).missing == ()
    assert position(facts, on=date(2026, 12, 1), rules=RULES).missing == ("maintenance_end",)


def test_addendum_moves_the_dates_from_its_day_on() -> None:
    later = Addendum(date(2026, 10, 1), end=date(2027, 1, 31), maintenance_end=date(2027, 7, 31))
    facts = replace(PAID, addenda=(later,))

    before, after = (position(facts, on=date(2026, 9, 30) + n * DAY, rules=RULES) for n in (0, 1))

    assert (before.end, before.maintenance_end) == (date(2026, 11, 30), FINAL)
    assert (after.end, after.maintenance_end) == (date(2027, 1, 31), date(2027, 7, 31))
    assert position(facts, on=date(2026, 12, 1), rules=RULES).state is State.ACTIVE


@pytest.mark.parametrize(
    ("facts", "on", "protected"),
    [
        (ASSESSED, date(2026, 8, 1), False),
        (PAID, date(2026, 7, 12), False),
        (PAID, date(2026, 7, 13), True),
        (PAID, date(2026, 11, 30), True),
        (PAID, date(2026, 12, 1), None),
        (PAID, FINAL + DAY, False),
        (replace(PAID, cover_end=FINAL), FINAL, True),
        (replace(PAID, cover_end=date(2026, 12, 31)), date(2027, 1, 1), False),
        (replace(PAID, cancelled_on=date(2026, 8, 1)), date(2026, 8, 1), False),
    ],
)
def test_protection_begins_with_the_first_payment_and_ends_with_the_cover(
    facts: ProjectFacts, on: date, protected: bool | None
) -> None:
    assert position(facts, on=on, rules=RULES).is_protected is protected


def test_estimate_stands_beside_the_assessment_and_only_the_latter_is_due() -> None:
    facts = replace(
        REGISTERED, assessments=(Assessment(date(2026, 7, 10), Decimal(600_000)),), payments=(FIRST,)
    )

    result = position(facts, on=date(2026, 9, 1), rules=RULES)

    assert result.estimate is not None
    assert (result.estimate.total, result.account.due, result.account.is_estimate) == (
        620_000,
        600_000,
        False,
    )
    assert result.account.outstanding == 290_000


def test_without_an_assessment_due_is_the_estimate_and_nothing_is_overdue() -> None:
    result = position(replace(REGISTERED, payments=(FIRST,)), on=FINAL, rules=RULES)

    assert (result.account.due, result.account.is_estimate) == (620_000, True)
    assert (result.account.outstanding, result.arrears.total) == (310_000, 0)


def test_nothing_known_gives_nothing_derived() -> None:
    result = position(ProjectFacts(), on=date(2026, 9, 1), rules=RULES)

    assert result.state is State.INCOMPLETE
    assert result.missing == ("spk_on", "value", "start", "end")
    assert (result.deadline, result.estimate, result.account.due, result.findings) == (None, None, None, ())


often = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
amounts = st.integers(1, 10**9).map(Decimal)
addenda = st.builds(
    Addendum, days, st.none() | amounts, st.none() | days, st.none() | days, st.sampled_from(["", "1", "2"])
)
instalments = st.builds(Instalment, days, amounts)
assessments = st.builds(
    Assessment, days, amounts, st.lists(instalments, max_size=3).map(tuple), st.just(""), st.booleans()
)
payments = st.builds(Payment, days, amounts)
projects = st.builds(
    ProjectFacts,
    **{name: st.none() | days for name in ("spk_on", "start", "end", "maintenance_end", "registered_on")},
    **{name: st.none() | days for name in ("certificate_on", "cover_end", "cancelled_on")},
    **{name: st.none() | st.integers(0, 50) for name in ("planned_workers", "enrolled_workers")},
    **{name: st.none() | amounts for name in ("value", "wages")},
    vat_included=st.none() | st.booleans(),
    addenda=st.lists(addenda, max_size=4).map(tuple),
    assessments=st.lists(assessments, max_size=3).map(tuple),
    payments=st.lists(payments, max_size=4).map(tuple),
    has_maintenance=st.booleans(),
)


@often
@given(projects, days, st.randoms())
def test_order_of_entering_is_nothing(facts: ProjectFacts, on: date, random: object) -> None:
    shuffled = replace(
        facts,
        **{
            name: tuple(random.sample(getattr(facts, name), len(getattr(facts, name))))
            for name in ("addenda", "assessments", "payments")
        },
    )

    assert position(shuffled, on=on, rules=RULES) == position(facts, on=on, rules=RULES)


# Drawn freely, hardly a project owes anything. These do: the payments are too small for their instalments.
dues = st.dates(date(2026, 1, 1), date(2026, 10, 31))
small = st.integers(2, 400).map(Decimal)
owing = st.builds(
    lambda parts, paid: replace(
        PROJECT,
        spk_on=date(2025, 12, 1),
        assessments=(
            Assessment(date(2025, 12, 15), sum((p.amount for p in parts), Decimal(0)), tuple(parts)),
        ),
        payments=tuple(paid),
    ),
    st.lists(st.builds(Instalment, dues, st.integers(100, 1000).map(Decimal)), min_size=1, max_size=4),
    st.lists(st.builds(Payment, dues, small), min_size=1, max_size=4),
)
asked = st.dates(date(2026, 3, 1), date(2027, 3, 1))


@often
@given(owing, asked, st.integers(0, 3), st.integers(1, 99))
def test_splitting_a_payment_never_changes_arrears(
    facts: ProjectFacts, on: date, place: int, percent: int
) -> None:
    chosen = facts.payments[place % len(facts.payments)]
    others = [payment for payment in facts.payments if payment is not chosen]
    part = max(Decimal(1), chosen.amount * percent // 100)
    split = replace(
        facts,
        payments=(
            *others,
            replace(chosen, amount=part),
            replace(chosen, amount=chosen.amount - part),
        ),
    )

    whole, halved = (position(f, on=on, rules=RULES) for f in (facts, split))

    assert halved.arrears == whole.arrears
    assert halved.account.parts == whole.account.parts
    assert (halved.state, halved.settlement) == (whole.state, whole.settlement)
    assert halved.findings == whole.findings


@often
@given(owing, asked, st.randoms())
def test_order_of_entering_is_nothing_to_arrears(facts: ProjectFacts, on: date, random: object) -> None:
    (assessment,) = facts.assessments
    parts, paid = (
        random.sample(entries, len(entries)) for entries in (assessment.instalments, facts.payments)
    )
    shuffled = replace(
        facts, assessments=(replace(assessment, instalments=tuple(parts)),), payments=tuple(paid)
    )

    assert position(shuffled, on=on, rules=RULES) == position(facts, on=on, rules=RULES)


@often
@given(owing, asked)
def test_arrears_are_what_is_due_by_the_day_less_what_is_paid(facts: ProjectFacts, on: date) -> None:
    (assessment,) = facts.assessments
    overdue = sum(part.amount for part in assessment.instalments if part.due_on < on)
    paid = sum(payment.amount for payment in facts.payments if payment.on <= on)

    assert position(facts, on=on, rules=RULES).arrears.total == max(overdue - paid, 0)


@pytest.mark.parametrize("several", [False, True], ids=["in arrears", "in arrears in more than one age"])
def test_projects_drawn_do_owe(several: bool) -> None:
    """The three properties above would say nothing of projects without arrears."""

    def is_owing(drawn: tuple[ProjectFacts, date]) -> bool:
        arrears = position(drawn[0], on=drawn[1], rules=RULES).arrears
        ages = [arrears.up_to_30, arrears.up_to_90, arrears.over_90]
        return sum(age > 0 for age in ages) > several

    assert is_owing(find(st.tuples(owing, asked), is_owing, settings=settings(often, database=None)))


@often
@given(projects, days)
def test_what_is_dated_later_changes_nothing(facts: ProjectFacts, on: date) -> None:
    known = replace(
        facts,
        **{
            name: tuple(entry for entry in getattr(facts, name) if entry.on <= on)
            for name in ("addenda", "assessments", "payments")
        },
        **{
            name: None
            for name in ("registered_on", "certificate_on", "cancelled_on")
            if (day := getattr(facts, name)) is not None and day > on
        },
    )

    assert position(known, on=on, rules=RULES) == position(facts, on=on, rules=RULES)


@often
@given(projects, days, st.sampled_from([field.name for field in fields(ProjectFacts)]))
def test_forgetting_a_fact_never_breaks_anything(facts: ProjectFacts, on: date, name: str) -> None:
    forgotten = () if isinstance(getattr(facts, name), tuple) else None

    assert position(replace(facts, **{name: forgotten}), on=on, rules=RULES).state in State
