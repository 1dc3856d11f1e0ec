"""Contributions to the rupiah: vectors, edges, VAT, addenda, and what always holds. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.numbers import BIGINT_MAX
from projects.contributions import (
    TEMPLATES,
    Addendum,
    BadFacts,
    Contract,
    Estimate,
    assess,
    recompute,
    value_on,
)
from projects.rates import Base, Basis, Certainty, Component

DAY = date(2026, 3, 2)
MILLION = 1_000_000
values = st.decimals(min_value="0.01", max_value=10**15, places=2)


def plain(value: Decimal | float | str, **facts: object) -> Contract:
    """A contract whose value is known to be without VAT."""
    return replace(Contract(Decimal(value), vat_included=False), **facts)


def figures(estimate: Estimate) -> tuple[int, int, int]:
    return int(estimate.jkk), int(estimate.jkm), int(estimate.total)


@pytest.mark.parametrize(
    ("value", "jkk", "jkm", "total"),
    [
        (50 * MILLION, 105_000, 15_000, 120_000),
        (300 * MILLION, 550_000, 70_000, 620_000),
        (750 * MILLION, 1_215_000, 160_000, 1_375_000),
        (3_000 * MILLION, 3_740_000, 410_000, 4_150_000),
        (10_000 * MILLION, 10_440_000, 1_110_000, 11_550_000),
        (50_000 * MILLION, 46_440_000, 5_110_000, 51_550_000),
    ],
)
def test_vectors_hold_to_the_rupiah(value: int, jkk: int, jkm: int, total: int) -> None:
    assert figures(assess(plain(value), on=DAY)) == (jkk, jkm, total)


# One rupiah above an edge is worth less than a rupiah of contribution; one below costs one, by rounding down.
@pytest.mark.parametrize(
    ("edge", "jkk", "jkm"),
    [
        (100 * MILLION, 210_000, 30_000),
        (500 * MILLION, 890_000, 110_000),
        (1_000 * MILLION, 1_540_000, 210_000),
        (5_000 * MILLION, 5_940_000, 610_000),
    ],
)
def test_edges_of_the_slices_hold_to_the_rupiah(edge: int, jkk: int, jkm: int) -> None:
    assert figures(assess(plain(edge - 1), on=DAY)) == (jkk - 1, jkm - 1, jkk + jkm - 2)
    assert figures(assess(plain(edge), on=DAY)) == (jkk, jkm, jkk + jkm)
    assert figures(assess(plain(edge + 1), on=DAY)) == (jkk, jkm, jkk + jkm)


def test_slice_begins_with_the_rupiah_after_the_edge() -> None:
    at, above = (assess(plain(100 * MILLION + more), on=DAY) for more in (0, 1))

    assert [line.rate.key for line in at.lines] == ["value-2015.jkk.1", "value-2015.jkm.1"]
    assert [(line.rate.key, line.base, line.amount) for line in above.lines] == [
        ("value-2015.jkk.1", 100 * MILLION, 210_000),
        ("value-2015.jkk.2", 1, 0),
        ("value-2015.jkm.1", 100 * MILLION, 30_000),
        ("value-2015.jkm.2", 1, 0),
    ]


def test_rates_apply_to_their_own_slice_only() -> None:
    flat = 3_000 * MILLION * Decimal("0.12") / 100

    assert assess(plain(3_000 * MILLION), on=DAY).total != flat


def test_line_names_component_base_rate_amount_and_source() -> None:
    line = assess(plain(300 * MILLION), on=DAY).lines[1]

    assert (line.component, line.base, line.rate.percent, line.amount) == (
        Component.JKK,
        200 * MILLION,
        Decimal("0.17"),
        340_000,
    )
    assert line.source.title.startswith("PP 44/2015")
    assert line.source.certainty is Certainty.ESTABLISHED


def test_known_wages_go_before_the_value() -> None:
    estimate = assess(plain(300 * MILLION, wages=Decimal(100 * MILLION)), on=DAY)

    assert figures(estimate) == (1_740_000, 300_000, 2_040_000)
    assert estimate.basis is Basis.WAGES
    assert [line.rate.key for line in estimate.lines] == ["wages-2015.jkk", "wages-2015.jkm"]


def test_wages_need_no_value() -> None:
    assert figures(assess(Contract(wages=Decimal(MILLION)), on=DAY)) == (17_400, 3_000, 20_400)


@pytest.mark.parametrize(
    ("included", "base", "expected", "vat"),
    [
        (True, Base.BEFORE_VAT, 100 * MILLION, 11 * MILLION),
        (True, Base.WITH_VAT, 111 * MILLION, 0),
        (False, Base.BEFORE_VAT, 111 * MILLION, 0),
        (False, Base.WITH_VAT, 123_210_000, 12_210_000),
        (None, Base.BEFORE_VAT, 111 * MILLION, 0),
        (None, Base.WITH_VAT, 111 * MILLION, 0),
    ],
)
def test_vat_is_taken_out_or_added_in_the_open(
    included: bool | None, base: Base, expected: int, vat: int
) -> None:
    estimate = assess(Contract(Decimal(111 * MILLION), vat_included=included), on=DAY, base=base)

    assert (estimate.written, estimate.base, estimate.vat) == (111 * MILLION, expected, vat)


def test_unknown_vat_is_said() -> None:
    estimate = assess(Contract(Decimal(MILLION)), on=DAY)

    assert [note.code for note in estimate.notes] == ["vat_unknown"]


def test_vat_is_the_contract_s_own_else_that_of_the_day_it_was_signed() -> None:
    contract = Contract(Decimal(110 * MILLION), vat_included=True)

    own = assess(replace(contract, vat_percent=Decimal(10)), on=DAY)
    old = assess(replace(contract, signed_on=date(2022, 3, 31)), on=DAY)
    new = assess(contract, on=DAY)

    assert (own.base, own.notes) == (100 * MILLION, ())
    assert (old.base, old.vat_percent, old.notes) == (100 * MILLION, 10, ())
    assert (new.base, [note.code for note in new.notes]) == (99_099_099, ["vat_rate_unverified"])


def test_relief_of_2020_is_said_and_not_applied() -> None:
    estimate = assess(plain(50 * MILLION), on=date(2020, 9, 1))

    assert figures(estimate) == (105_000, 15_000, 120_000)
    assert [note.code for note in estimate.notes] == ["relief_not_applied"]


ADDENDA = (
    Addendum(date(2026, 3, 1), Decimal(750 * MILLION), number="1"),
    Addendum(date(2026, 4, 1), end=date(2026, 12, 1), number="2"),
    Addendum(date(2026, 5, 1), Decimal(50 * MILLION), number="3"),
)


@pytest.mark.parametrize(
    ("on", "value", "total"),
    [
        (date(2026, 2, 28), 300 * MILLION, 620_000),
        (date(2026, 3, 1), 750 * MILLION, 1_375_000),
        (date(2026, 4, 30), 750 * MILLION, 1_375_000),
        (date(2026, 5, 1), 50 * MILLION, 120_000),
    ],
)
def test_value_is_that_of_the_last_addendum_by_the_day(on: date, value: int, total: int) -> None:
    contract = plain(300 * MILLION, signed_on=date(2026, 1, 5), addenda=ADDENDA)

    assert value_on(contract, on) == value
    assert assess(contract, on=on).total == total


def test_addenda_recompute_what_is_due_in_addition() -> None:
    contract = plain(300 * MILLION, signed_on=date(2026, 1, 5), addenda=ADDENDA[::-1])

    steps = recompute(contract, on=date(2026, 6, 1))

    assert [(step.addendum.number, int(step.difference)) for step in steps] == [
        ("1", 755_000),
        ("2", 0),
        ("3", -1_255_000),
    ]


@pytest.mark.parametrize(
    ("contract", "code", "field"),
    [
        (Contract(), "value_missing", "value"),
        (plain(0), "value_not_positive", "value"),
        (plain(-1), "value_not_positive", "value"),
        (plain(BIGINT_MAX + 1), "value_too_big", "value"),
        (plain("NaN"), "value_not_finite", "value"),
        (plain("Infinity"), "value_not_finite", "value"),
        (plain("1e999"), "value_too_big", "value"),
        (plain(1, wages=Decimal(0)), "wages_not_positive", "wages"),
        (plain(1, wages=Decimal(-1)), "wages_not_positive", "wages"),
        (plain(1, wages=Decimal(BIGINT_MAX + 1)), "wages_too_big", "wages"),
        (plain(1, wages=Decimal("NaN")), "wages_not_finite", "wages"),
        (plain(1, vat_percent=Decimal(-1)), "vat_out_of_range", "vat_percent"),
        (plain(1, vat_percent=Decimal(101)), "vat_out_of_range", "vat_percent"),
        (plain(1, signed_on=date(2015, 6, 30)), "day_before_rates", "on"),
        (
            plain(1, signed_on=date(2026, 1, 5), addenda=(Addendum(date(2026, 1, 4), Decimal(2)),)),
            "addendum_before_contract",
            "addenda",
        ),
        (plain(1, addenda=(Addendum(DAY, Decimal(0)),)), "value_not_positive", "value"),
    ],
)
def test_bad_facts_are_refused_by_name(contract: Contract, code: str, field: str) -> None:
    with pytest.raises(BadFacts) as caught:
        assess(contract, on=DAY)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.message


def test_sentences_have_the_places_that_are_filled() -> None:
    params = {"first": 1, "addendum": 1, "contract": 1, "percent": 11, "source": "PP"}

    assert all(template % params for template in TEMPLATES.values())


def test_greatest_value_and_the_least_are_computed() -> None:
    assert figures(assess(plain("0.01"), on=DAY)) == (0, 0, 0)
    assert assess(plain(BIGINT_MAX), on=DAY).total > 9 * 10**15


@given(values, values, st.sampled_from([True, False, None]), st.sampled_from(Base))
def test_greater_value_never_costs_less(
    one: Decimal, other: Decimal, included: bool | None, base: Base
) -> None:
    low, high = sorted((one, other))

    cheap, dear = (assess(Contract(value, vat_included=included), on=DAY, base=base) for value in (low, high))

    assert cheap.jkk <= dear.jkk
    assert cheap.jkm <= dear.jkm


@given(values)
def test_slices_add_up_to_the_base_and_to_the_total(value: Decimal) -> None:
    estimate = assess(plain(value), on=DAY)

    assert sum(line.amount for line in estimate.lines) == estimate.total
    for component in Component:
        assert sum(line.base for line in estimate.lines if line.component is component) == value


@given(values)
def test_total_lies_less_than_a_rupiah_a_slice_below_the_exact_sum(value: Decimal) -> None:
    estimate = assess(plain(value), on=DAY)
    exact = sum(line.base * line.rate.percent / 100 for line in estimate.lines)

    assert 0 <= exact - estimate.total < len(estimate.lines) <= 10


@given(st.permutations(ADDENDA), st.dates(date(2026, 1, 5), date(2026, 12, 31)))
def test_order_of_entering_addenda_is_nothing(addenda: list[Addendum], on: date) -> None:
    contract = plain(300 * MILLION, signed_on=date(2026, 1, 5), addenda=ADDENDA)

    shuffled = replace(contract, addenda=tuple(addenda))

    assert assess(shuffled, on=on) == assess(contract, on=on)
    assert recompute(shuffled, on=on) == recompute(contract, on=on)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        (Addendum(DAY, Decimal(3), number="1"), Addendum(DAY, Decimal(2), number="2"), 2),
        (Addendum(DAY, Decimal(2)), Addendum(DAY, Decimal(3)), 3),
    ],
    ids=["by number", "by value"],
)
def test_addenda_of_one_day_have_an_order_of_their_own(first: Addendum, second: Addendum, value: int) -> None:
    assert value_on(plain(1, addenda=(first, second)), DAY) == value
    assert value_on(plain(1, addenda=(second, first)), DAY) == value
