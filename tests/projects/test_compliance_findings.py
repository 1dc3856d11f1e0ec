"""What needs action on a project, since when, and what becomes of it. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects import rates
from projects.compliance import (
    Assessment,
    Finding,
    Instalment,
    Payment,
    ProjectFacts,
    Rule,
    Rules,
    Status,
    faults,
    messages,
    position,
)
from projects.contributions import Addendum
from projects.wording import sentence
from projects.workdays import WorkCalendar

from .test_compliance import ASSESSED, FINAL, FIRST, MILLION, PAID, PROJECT, REGISTERED, RULES, SECOND


def of(rule: Rule, facts: ProjectFacts, on: date, rules: Rules = RULES) -> list[Finding]:
    return [finding for finding in position(facts, on=on, rules=rules).findings if finding.rule is rule]


def only(rule: Rule, facts: ProjectFacts, on: date, rules: Rules = RULES) -> Finding:
    (finding,) = of(rule, facts, on, rules)
    return finding


def said(finding: Finding) -> str:
    return sentence(finding.template, finding.params)


def test_project_in_order_has_no_findings() -> None:
    assert position(PAID, on=date(2026, 9, 1), rules=RULES).findings == ()


# The SPK is of Monday 6 July 2026: 14 working days end on 24 July, 23 more on 27 August (two days off).


def test_registration_is_late_from_the_day_after_the_limit() -> None:
    assert of(Rule.LATE_REGISTRATION, PROJECT, date(2026, 7, 24)) == []

    finding = only(Rule.LATE_REGISTRATION, PROJECT, date(2026, 7, 27))

    assert (finding.status, finding.since, finding.until) == (Status.OPEN, date(2026, 7, 25), None)
    assert finding.params["workdays"] == 1
    assert finding.source.title == "Permenaker 44/2015 Pasal 3 ayat (3)"
    assert finding.to_do


def test_late_registration_stays_as_resolved() -> None:
    facts = replace(PROJECT, registered_on=date(2026, 8, 28))

    finding = only(Rule.LATE_REGISTRATION, facts, FINAL)

    assert (finding.status, finding.until, finding.to_do) == (Status.RESOLVED, date(2026, 8, 28), "")
    assert said(finding) == ("Terlambat 23 hari kerja, terdaftar 28 Agustus 2026. Batasnya 24 Juli 2026.")


def test_registration_on_the_last_day_is_in_time() -> None:
    assert of(Rule.LATE_REGISTRATION, replace(PROJECT, registered_on=date(2026, 7, 24)), FINAL) == []


def test_registration_without_its_day_is_not_called_late() -> None:
    assessed = replace(PROJECT, assessments=(Assessment(date(2026, 9, 1), Decimal(620_000)),))

    assert of(Rule.LATE_REGISTRATION, assessed, FINAL) == []


def test_project_that_ended_unregistered_can_only_be_noted() -> None:
    finding = only(Rule.LATE_REGISTRATION, PROJECT, date(2027, 6, 1))

    assert (finding.status, finding.until, finding.to_do) == (Status.PAST, FINAL, "")


def test_limit_and_holidays_are_data() -> None:
    shorter = replace(RULES, registration=replace(rates.LIMITS[0], workdays=7))
    without_holidays = Rules(WorkCalendar())
    on = date(2026, 7, 27)

    assert only(Rule.LATE_REGISTRATION, PROJECT, on, shorter).params["deadline"] == date(2026, 7, 15)
    assert only(Rule.LATE_REGISTRATION, PROJECT, on, without_holidays).unknown_years == (2026,)
    assert position(PROJECT, on=on, rules=without_holidays).unknown_years == (2026,)
    assert position(PROJECT, on=on, rules=RULES).unknown_years == ()


def test_year_without_a_holiday_list_is_said() -> None:
    finding = only(Rule.LATE_REGISTRATION, PROJECT, date(2027, 2, 1))

    assert finding.unknown_years == (2027,)
    assert sentence(messages.HOLIDAYS_UNKNOWN, {"years": "2027"}).startswith("Hari libur 2027 belum")


def test_days_from_the_start_to_the_first_payment_are_counted() -> None:
    unpaid = only(Rule.UNPROTECTED, ASSESSED, date(2026, 7, 23))
    paid = only(Rule.UNPROTECTED, replace(ASSESSED, payments=(SECOND,)), FINAL)
    never = only(Rule.UNPROTECTED, PROJECT, date(2027, 6, 1))

    assert (unpaid.status, unpaid.since, unpaid.params["days"]) == (Status.OPEN, date(2026, 7, 13), 10)
    assert (paid.status, paid.until, paid.params["days"]) == (Status.RESOLVED, date(2026, 9, 1), 50)
    assert (never.status, never.until, never.params["days"]) == (Status.PAST, FINAL, 323)
    assert of(Rule.UNPROTECTED, PAID, FINAL) == []


def test_cover_must_reach_fho() -> None:
    short = replace(PAID, cover_end=date(2026, 11, 30))

    finding = only(Rule.COVER_SHORT, short, date(2026, 9, 1))

    assert (finding.status, finding.since, finding.params["days"]) == (Status.OPEN, date(2026, 12, 1), 182)
    assert only(Rule.COVER_SHORT, short, date(2027, 6, 1)).status is Status.PAST
    assert of(Rule.COVER_SHORT, replace(PAID, cover_end=FINAL), FINAL) == []
    assert of(Rule.COVER_SHORT, PAID, FINAL) == []
    assert of(Rule.COVER_SHORT, replace(short, maintenance_end=None), FINAL) == []


def test_addendum_that_prolongs_the_work_leaves_cover_short() -> None:
    longer = Addendum(date(2026, 10, 1), end=date(2027, 1, 31), maintenance_end=date(2027, 7, 31))
    facts = replace(PAID, cover_end=FINAL, addenda=(longer,))

    assert of(Rule.COVER_SHORT, facts, date(2026, 9, 30)) == []
    assert only(Rule.COVER_SHORT, facts, date(2026, 10, 1)).params["needed"] == date(2027, 7, 31)


def test_fewer_workers_than_planned_are_named() -> None:
    finding = only(Rule.WORKERS_BELOW_PLAN, replace(PAID, enrolled_workers=13), date(2026, 9, 1))

    assert said(finding) == "Pekerja terdaftar 13 dari rencana 20: kurang 7 orang."
    assert finding.since == date(2026, 7, 13)
    for unknown in ({"enrolled_workers": None}, {"planned_workers": None}, {"enrolled_workers": 21}):
        assert of(Rule.WORKERS_BELOW_PLAN, replace(PAID, **unknown), date(2026, 9, 1)) == []


RAISED = Addendum(date(2026, 10, 1), Decimal(750 * MILLION))


def test_addendum_leaves_a_difference_due_until_it_is_assessed() -> None:
    raised = replace(PAID, addenda=(RAISED,))
    assessed = Assessment(date(2026, 10, 12), Decimal(1_375_000))

    before = of(Rule.UNDERPAID_AFTER_ADDENDUM, raised, date(2026, 9, 30))
    finding = only(Rule.UNDERPAID_AFTER_ADDENDUM, raised, date(2026, 10, 1))
    after = only(
        Rule.UNDERPAID_AFTER_ADDENDUM,
        replace(raised, assessments=(*raised.assessments, assessed)),
        date(2026, 10, 12),
    )

    assert before == []
    assert (finding.status, finding.since, finding.is_estimate) == (Status.OPEN, date(2026, 10, 1), True)
    assert said(finding) == "Setelah adendum 1 Oktober 2026 iuran kurang Rp755.000 (perkiraan)."
    assert (after.status, after.until) == (Status.RESOLVED, date(2026, 10, 12))


def test_paying_the_difference_resolves_it_without_an_assessment() -> None:
    payment = Payment(date(2026, 10, 20), Decimal(755_000))
    raised = replace(PAID, addenda=(RAISED,), payments=(FIRST, SECOND, payment))

    assert only(Rule.UNDERPAID_AFTER_ADDENDUM, raised, date(2026, 10, 19)).status is Status.OPEN
    assert only(Rule.UNDERPAID_AFTER_ADDENDUM, raised, date(2026, 10, 20)).until == date(2026, 10, 20)
    assert of(Rule.OVERPAID, raised, date(2026, 10, 20)) == []


def test_addendum_that_lowers_the_value_leaves_nothing_due() -> None:
    lowered = replace(PAID, addenda=(Addendum(date(2026, 10, 1), Decimal(50 * MILLION)),))

    assert of(Rule.UNDERPAID_AFTER_ADDENDUM, lowered, FINAL) == []


@pytest.mark.parametrize(
    ("days", "ages"),
    [
        (0, (0, 0, 0)),
        (1, (310, 0, 0)),
        (30, (310, 0, 0)),
        (31, (0, 310, 0)),
        (90, (0, 620, 0)),
        (91, (0, 310, 310)),
    ],
)
def test_arrears_are_aged_by_their_instalment(days: int, ages: tuple[int, ...]) -> None:
    parts = (Instalment(date(2026, 8, 1), Decimal(310_000)), Instalment(date(2026, 9, 1), Decimal(310_000)))
    facts = replace(REGISTERED, assessments=(Assessment(date(2026, 7, 10), Decimal(620_000), parts),))
    on = date.fromordinal(date(2026, 8, 1).toordinal() + days)

    arrears = position(facts, on=on, rules=RULES).arrears

    assert (arrears.up_to_30, arrears.up_to_90, arrears.over_90) == tuple(age * 1000 for age in ages)


def test_arrears_are_named_and_stay_as_resolved() -> None:
    late = replace(ASSESSED, payments=(FIRST, replace(SECOND, on=date(2026, 10, 5))))

    finding = only(Rule.ARREARS, late, date(2026, 9, 30))
    resolved = only(Rule.ARREARS, late, date(2026, 10, 5))

    assert said(finding) == (
        "Menunggak Rp310.000 sejak 20 September 2026, 10 hari, menurut penetapan iuran BPJS Ketenagakerjaan."
    )
    assert (resolved.status, resolved.until, resolved.params["days"]) == (
        Status.RESOLVED,
        date(2026, 10, 5),
        15,
    )


def test_later_assessment_replaces_and_an_additional_one_adds() -> None:
    other = Assessment(date(2026, 10, 12), Decimal(1_375_000))
    on_top = Assessment(date(2026, 10, 12), Decimal(755_000), is_additional=True)

    due = [
        position(
            replace(ASSESSED, assessments=(*ASSESSED.assessments, later)), on=FINAL, rules=RULES
        ).account.due
        for later in (other, on_top)
    ]

    assert due == [1_375_000, 1_375_000]


def test_more_than_due_is_a_warning() -> None:
    extra = replace(PAID, payments=(FIRST, SECOND, Payment(date(2026, 9, 2), Decimal(1))))

    finding = only(Rule.OVERPAID, extra, date(2026, 9, 2))

    assert (finding.is_warning, finding.since, finding.params["amount"]) == (True, date(2026, 9, 2), 1)
    assert of(Rule.OVERPAID, PAID, FINAL) == []


@pytest.mark.parametrize(("more", "found"), [(10, 0), (11, 1)])
def test_rounding_of_the_estimate_is_not_called_overpaid(more: int, found: int) -> None:
    facts = replace(REGISTERED, payments=(Payment(date(2026, 7, 13), Decimal(620_000 + more)),))

    assert len(of(Rule.OVERPAID, facts, FINAL)) == found


def test_cancelled_project_keeps_what_was_resolved() -> None:
    facts = replace(PROJECT, registered_on=date(2026, 8, 28), cancelled_on=date(2026, 9, 1))

    open_before = position(facts, on=date(2026, 8, 31), rules=RULES).open_findings
    after = position(facts, on=date(2026, 9, 1), rules=RULES).findings

    assert [finding.rule for finding in open_before] == [Rule.UNPROTECTED]
    assert [finding.rule for finding in after] == [Rule.LATE_REGISTRATION]


def test_every_finding_has_its_sentence() -> None:
    params = dict.fromkeys(
        ["workdays", "spk", "limit", "deadline", "registered", "last", "start", "days", "paid", "cover"], 1
    ) | dict.fromkeys(
        [
            "needed",
            "enrolled",
            "planned",
            "missing",
            "addendum",
            "amount",
            "settled",
            "due",
            "end",
            "contract",
        ],
        1,
    )

    assert all(text % params for text in (*messages.SENTENCES.values(), *messages.FAULTS.values()))
    assert set(messages.RULES) == set(messages.TO_DO) == set(Rule)
    assert {rule for rule, _status in messages.SENTENCES} == set(Rule)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"end": date(2026, 7, 12)}, "end_before_start", "end"),
        ({"maintenance_end": date(2026, 11, 29)}, "maintenance_before_end", "maintenance_end"),
        ({"registered_on": date(2026, 7, 5)}, "before_contract", "registered_on"),
        ({"addenda": (Addendum(date(2026, 7, 5)),)}, "addendum_before_contract", "addenda"),
        ({"value": Decimal(0)}, "not_positive", "value"),
        ({"value": Decimal(2**63)}, "too_big", "value"),
        ({"wages": Decimal(-1)}, "not_positive", "wages"),
        ({"payments": (Payment(date(2026, 8, 1), Decimal(-1)),)}, "not_positive", "payments"),
        (
            {"assessments": (Assessment(FINAL, Decimal(1), (Instalment(FINAL, Decimal(2)),)),)},
            "instalments_exceed",
            "instalments",
        ),
    ],
)
def test_facts_that_cannot_be_true_are_named(change: dict[str, object], code: str, field: str) -> None:
    assert faults(PAID) == ()
    assert [(fault.code, fault.field) for fault in faults(replace(PAID, **change))] == [(code, field)]
