"""The tables of the law: no day without a row, no day with two, every row cited. No database."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects import rates
from projects.rates import Basis, Certainty, Component
from regions.rates import BPU_MINIMUM, bpu_minimum

DAY = timedelta(days=1)
TABLES: dict[str, Sequence[Any]] = {
    "tariff of the value": [row for row in rates.TARIFFS if row.basis is Basis.VALUE],
    "tariff of wages": [row for row in rates.TARIFFS if row.basis is Basis.WAGES],
    "vat": rates.VAT_RATES,
    "bpu": BPU_MINIMUM,
    **{
        f"limit {key}": [row for row in rates.LIMITS if row.key == key]
        for key in {r.key for r in rates.LIMITS}
    },
}


def faults(table: Sequence[Any]) -> list[str]:
    """Where a table leaves a day without a row, or gives it two."""
    found = []
    if table[0].valid_from != rates.FIRST_DAY:
        found.append(f"begins {table[0].valid_from}")
    for row, following in itertools.pairwise(table):
        if row.valid_to is None or row.valid_to >= following.valid_from:
            found.append(f"overlaps at {following.valid_from}")
        elif row.valid_to + DAY != following.valid_from:
            found.append(f"gap after {row.valid_to}")
    if table[-1].valid_to is not None:
        found.append(f"ends {table[-1].valid_to}")
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_day_has_exactly_one_row(name: str) -> None:
    assert faults(TABLES[name]) == []


def test_gaps_and_overlaps_are_found() -> None:
    first, second, third = rates.VAT_RATES

    assert faults([first, replace(second, valid_from=second.valid_from + DAY), third]) == [
        "gap after 2022-03-31"
    ]
    assert faults([first, replace(second, valid_from=second.valid_from - DAY), third]) == [
        "overlaps at 2022-03-31"
    ]
    assert faults([first, second]) == ["ends 2024-12-31"]
    assert faults([second, third]) == ["begins 2022-04-01"]


@pytest.mark.parametrize("component", Component)
def test_slices_follow_each_other_without_gap(component: Component) -> None:
    slices = [r for r in rates.tariff(Basis.VALUE, date(2026, 1, 1)).rates if r.component is component]

    assert slices[0].above == 0
    assert [rate.up_to for rate in slices[:-1]] == [rate.above for rate in slices[1:]]
    assert slices[-1].up_to is None


def test_every_row_is_cited_and_every_key_is_its_own() -> None:
    rows = [*rates.TARIFFS, *rates.VAT_RATES, *BPU_MINIMUM, *rates.LIMITS, *rates.RELIEFS]
    keys = [row.key for row in rows] + [rate.key for tariff in rates.TARIFFS for rate in tariff.rates]

    assert all(row.source.title for row in rows)
    assert len(keys) == len(set(keys))


def test_rates_of_the_regulation_stand_as_published() -> None:
    of_value = rates.tariff(Basis.VALUE, date(2026, 1, 1))
    of_wages = rates.tariff(Basis.WAGES, date(2026, 1, 1))

    assert [str(rate.percent) for rate in of_value.rates if rate.component is Component.JKK] == [
        "0.21",
        "0.17",
        "0.13",
        "0.11",
        "0.09",
    ]
    assert [str(rate.percent) for rate in of_value.rates if rate.component is Component.JKM] == [
        "0.03",
        "0.02",
        "0.02",
        "0.01",
        "0.01",
    ]
    assert [(rate.component, str(rate.percent)) for rate in of_wages.rates] == [
        (Component.JKK, "1.74"),
        (Component.JKM, "0.30"),
    ]


def test_least_a_bpu_member_pays_is_16_800_a_month() -> None:
    minimum = bpu_minimum(date(2026, 1, 1))

    assert (minimum.jkk, minimum.jkm, minimum.total) == (10_000, 6_800, 16_800)
    assert 2_016_000_000 / (minimum.total * 12) == 10_000


def test_relief_of_bpu_is_known_of_but_unverified() -> None:
    before, after = rates.reliefs("BPU", date(2025, 12, 21)), rates.reliefs("BPU", date(2025, 12, 22))

    assert before == ()
    assert [(r.source.title, r.source.certainty) for r in after] == [("PP 50/2025", Certainty.UNVERIFIED)]


@pytest.mark.parametrize(
    ("day", "percent", "certainty"),
    [
        (date(2022, 3, 31), "10", Certainty.ESTABLISHED),
        (date(2022, 4, 1), "11", Certainty.ESTABLISHED),
        (date(2024, 12, 31), "11", Certainty.ESTABLISHED),
        (date(2025, 1, 1), "11", Certainty.UNVERIFIED),
    ],
)
def test_vat_is_that_of_the_day(day: date, percent: str, certainty: Certainty) -> None:
    vat = rates.vat_rate(day)

    assert (vat.percent, vat.source.certainty) == (Decimal(percent), certainty)


def test_limit_of_registration_is_14_working_days_from_one_source() -> None:
    limit = rates.limit(rates.REGISTRATION, date(2026, 1, 1))

    assert (limit.workdays, limit.source.certainty) == (14, Certainty.SINGLE_SOURCE)


def test_days_before_the_tables_are_refused() -> None:
    with pytest.raises(rates.NoRateKnown):
        rates.tariff(Basis.VALUE, date(2015, 6, 30))
