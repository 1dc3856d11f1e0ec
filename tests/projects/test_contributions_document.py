"""docs/contributions.md says what the code does, to the rupiah."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from coverage_portal.lib.numbers import format_number, format_percent, format_rupiah
from projects import rates
from projects.compliance import Rule, State
from projects.contributions import Contract, assess
from projects.rates import Basis, Component
from tests.portal.test_docs import ROOT, table_rows

TEXT = (ROOT / "docs" / "contributions.md").read_text()
DAY = date(2026, 3, 2)


def estimate(value: Decimal) -> tuple[str, ...]:
    result = assess(Contract(value, vat_included=False), on=DAY)
    return tuple(format_number(amount, "en") for amount in (result.jkk, result.jkm, result.total))


def test_rates_of_the_table_are_those_of_the_code() -> None:
    tariff = rates.tariff(Basis.VALUE, DAY)
    jkk, jkm = ([r for r in tariff.rates if r.component is component] for component in Component)

    expected = [
        [
            "above" if one.up_to is None else f"up to {format_rupiah(one.up_to, 'en')}",
            format_percent(one.percent, "en"),
            format_percent(other.percent, "en"),
            format_percent(one.percent + other.percent, "en"),
            "–" if one.up_to is None else f"Rp{estimate(one.up_to)[2]}",
        ]
        for one, other in zip(jkk, jkm, strict=True)
    ]

    assert table_rows(TEXT, "## The rates") == expected


def test_worked_examples_are_what_the_code_gives() -> None:
    rows = table_rows(TEXT, "## Worked examples")

    assert len(rows) == 6
    assert [tuple(row[1:]) for row in rows] == [estimate(Decimal(row[0].replace(",", ""))) for row in rows]


def test_every_state_is_explained_in_the_order_it_is_derived() -> None:
    explained = [row[0].strip("`") for row in table_rows(TEXT, "## States")]

    assert sorted(explained) == sorted(State)
    assert explained[-1] == State.ACTIVE


def test_every_rule_is_explained_with_its_source() -> None:
    sources = {
        Rule.LATE_REGISTRATION: rates.limit(rates.REGISTRATION, DAY).source,
        Rule.UNPROTECTED: rates.COVER_BY_PAYING,
        Rule.COVER_SHORT: rates.COVER_TO_FHO,
        Rule.WORKERS_BELOW_PLAN: rates.WORKERS_NAMED,
        Rule.UNDERPAID_AFTER_ADDENDUM: rates.ASSESSED,
        Rule.ARREARS: rates.ASSESSED,
        Rule.OVERPAID: rates.ASSESSED,
    }

    assert {row[0].strip("`"): row[2] for row in table_rows(TEXT, "## What needs action")} == {
        rule.value: source.title for rule, source in sources.items()
    }
