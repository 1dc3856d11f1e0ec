"""Coverage, gap and pace to the digit; no database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.periods import Month
from regions.coverage import (
    Basis,
    Count,
    Observation,
    Potential,
    Register,
    Situation,
    Targets,
    is_quote_off,
    members_needed,
    percent,
    quote_difference,
    standing,
)

JULY = Month(2025, 7)
SEGMENTS = ("PU", "BPU", "JAKON")
SAMBAS, KETAPANG = "61.01", "61.04"
PERDA = Targets({2026: Decimal("61.00")}, (Month(2025, 12), Decimal(37)))


def count(members: int | None, workforce: int | None, month: Month = JULY, *, complete: bool = True) -> Count:
    basis = Basis.MISSING if members is None else Basis.REPORTED
    return Count("61", None, month, members, workforce, month.year, basis, complete and members is not None)


def register(observations: list[Observation], potentials: list[Potential]) -> Register:
    return Register.of("61", [SAMBAS, KETAPANG], SEGMENTS, observations, potentials)


def cells(area: str, month: Month, pu: int, bpu: int, jakon: int) -> list[Observation]:
    return [Observation(area, s, month, n) for s, n in zip(SEGMENTS, (pu, bpu, jakon), strict=True)]


def people(area: str, year: int, pu: int, bpu: int, jakon: int) -> list[Potential]:
    return [Potential(area, s, year, n) for s, n in zip(SEGMENTS, (pu, bpu, jakon), strict=True)]


def test_vector_of_july_2025_holds_to_the_digit() -> None:
    targets = Targets({2026: Decimal("60.80")})

    result = standing(count(575_504, 1_819_430), targets, {})

    assert round(result.count.percent or 0, 2) == Decimal("31.63")
    assert result.needed == 1_106_214
    assert result.gap == 530_710
    assert result.months_left == 17
    assert result.required_per_month == 31_219


def test_61_and_60_80_percent_are_3639_people_apart() -> None:
    rounded = members_needed(Decimal(61), 1_819_430)
    exact = members_needed(Decimal("60.80"), 1_819_430)

    assert rounded - exact == 3_639


@pytest.mark.parametrize(
    ("members", "workforce", "expected"),
    [
        pytest.param(None, 100, None, id="members unknown"),
        pytest.param(50, None, None, id="workforce unknown"),
        pytest.param(50, 0, None, id="nobody could be a member"),
        pytest.param(0, 100, Decimal(0), id="nobody is"),
        pytest.param(150, 100, Decimal(150), id="over 100 is kept"),
        pytest.param(42_591, 154_008, Decimal("27.66"), id="construction June 2025"),
        pytest.param(667_719, 1_786_809, Decimal("37.37"), id="November 2022"),
        pytest.param(69_590, 130_245, Decimal("53.43"), id="Landak 2024"),
    ],
)
def test_percent(members: int | None, workforce: int | None, expected: Decimal | None) -> None:
    result = percent(members, workforce)

    assert (None if result is None else round(result, 2)) == expected


def test_whole_is_sum_over_sum_and_no_average_of_percentages() -> None:
    observed = cells(SAMBAS, JULY, 10, 0, 0) + cells(KETAPANG, JULY, 900, 0, 0)
    potential = people(SAMBAS, 2025, 100, 0, 0) + people(KETAPANG, 2025, 1000, 0, 0)

    whole = register(observed, potential).whole(JULY)

    assert (whole.members, whole.workforce) == (910, 1100)
    assert round(whole.percent or 0, 2) == Decimal("82.73")  # the average would be 50


def test_missing_regency_leaves_both_sides() -> None:
    observed = cells(SAMBAS, JULY, 10, 5, 5)
    potential = people(SAMBAS, 2025, 50, 30, 20) + people(KETAPANG, 2025, 1000, 500, 500)

    whole = register(observed, potential).whole(JULY)

    assert (whole.members, whole.workforce) == (20, 100)
    assert (whole.complete, whole.regencies_in, whole.regencies_all) == (False, 1, 2)


def test_regency_with_one_segment_missing_is_partial_and_counts_as_missing() -> None:
    observed = cells(SAMBAS, JULY, 10, 5, 5)[:2]

    result = register(observed, people(SAMBAS, 2025, 50, 30, 20)).count(SAMBAS, JULY)

    assert (result.members, result.partial, result.complete) == (None, True, False)


def test_undetailed_total_stands_in_only_where_detail_is_incomplete() -> None:
    total = [Observation(SAMBAS, None, JULY, 25)]
    detail = cells(SAMBAS, JULY, 10, 5, 5)
    potential = people(SAMBAS, 2025, 50, 30, 20)

    without_detail = register(total, potential).count(SAMBAS, JULY)
    with_detail = register(total + detail, potential).count(SAMBAS, JULY)

    assert (without_detail.members, without_detail.basis) == (25, Basis.TOTAL)
    assert (with_detail.members, with_detail.basis) == (20, Basis.REPORTED)
    assert (with_detail.official, with_detail.difference) == (25, 5)


def test_province_total_serves_until_every_regency_is_in_and_is_never_added() -> None:
    province = [Observation("61", None, JULY, 575_504), Observation(SAMBAS, None, JULY, 100)]
    potential = [
        Potential("61", s, 2025, n) for s, n in zip(SEGMENTS, (800_904, 864_518, 154_008), strict=True)
    ]

    some = register(province, potential).whole(JULY)
    every = register([*province, Observation(KETAPANG, None, JULY, 200)], potential).whole(JULY)

    assert (some.members, some.workforce, some.basis, some.complete) == (
        575_504,
        1_819_430,
        Basis.TOTAL,
        True,
    )
    assert (every.members, every.official, every.difference) == (300, 575_504, 575_204)


def test_reported_goes_before_counted_and_counted_needs_a_complete_list() -> None:
    both = Observation(SAMBAS, "PU", JULY, reported=10, counted=12, complete_list=True)
    counted_only = Observation(SAMBAS, "PU", JULY, counted=12, complete_list=True)
    incomplete = Observation(SAMBAS, "PU", JULY, counted=12)

    assert (both.active, counted_only.active, incomplete.active) == (10, 12, None)


def test_workforce_of_an_earlier_year_stands_in_and_is_named() -> None:
    potential = people(SAMBAS, 2024, 50, 30, 20) + people(SAMBAS, 2026, 500, 300, 200)
    observed = cells(SAMBAS, JULY, 10, 5, 5)

    result = register(observed, potential).count(SAMBAS, JULY)

    assert (result.workforce, result.workforce_year, result.older_workforce_year) == (100, 2024, 2024)
    assert register(observed, potential).workforce(SAMBAS, None, 2023) is None


def test_headline_is_the_latest_month_with_nothing_missing() -> None:
    august = JULY + 1
    observed = cells(SAMBAS, JULY, 1, 1, 1) + cells(KETAPANG, JULY, 1, 1, 1) + cells(SAMBAS, august, 1, 1, 1)
    potential = people(SAMBAS, 2025, 5, 5, 5) + people(KETAPANG, 2025, 5, 5, 5)

    assert register(observed, potential).headline_month() == JULY
    assert register(observed[:3], potential).headline_month() == JULY
    assert register([], potential).headline_month() is None


def test_path_runs_straight_from_baseline_to_each_year_end() -> None:
    targets = Targets({2026: Decimal(61), 2030: Decimal("65.8")}, (Month(2025, 12), Decimal(37)))

    path = [targets.path(m) for m in (Month(2025, 11), Month(2025, 12), Month(2026, 6), Month(2026, 12))]

    assert path == [None, Decimal(37), Decimal(49), Decimal(61)]
    assert targets.path(Month(2028, 12)) == Decimal("63.4")
    assert targets.path(Month(2031, 1)) is None
    assert Targets({2026: Decimal(61)}).path(Month(2026, 1)) is None


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        pytest.param(Month(2025, 7), (2026, Decimal(61)), id="next deadline"),
        pytest.param(Month(2026, 12), (2026, Decimal(61)), id="its own December"),
        pytest.param(Month(2027, 1), (2026, Decimal(61)), id="after the last one"),
    ],
)
def test_target_follows_the_month_of_the_data(month: Month, expected: tuple[int, Decimal]) -> None:
    assert PERDA.applying(month) == expected


def test_pace_needs_both_months_and_gives_an_arrival() -> None:
    now = count(500, 1000, Month(2026, 6))
    earlier = {3: count(470, 1000, Month(2026, 3)), 6: count(None, 1000, Month(2025, 12))}

    three, six, twelve = standing(now, PERDA, earlier).paces

    assert (three.per_month, three.arrival) == (Decimal(10), Month(2027, 5))
    assert (six.per_month, six.arrival, twelve.per_month) == (None, None, None)


@pytest.mark.parametrize(
    ("now", "targets", "earlier", "expected"),
    [
        pytest.param(count(None, 1000), PERDA, None, Situation.NO_DATA, id="no data"),
        pytest.param(count(5, None), PERDA, None, Situation.NO_WORKFORCE, id="no workforce"),
        pytest.param(count(5, 1000), Targets({}), None, Situation.NO_TARGET, id="no target"),
        pytest.param(count(610, 1000), PERDA, None, Situation.MET, id="met exactly"),
        pytest.param(count(609, 1000, Month(2026, 12)), PERDA, None, Situation.PAST_DEADLINE, id="deadline"),
        pytest.param(count(609, 1000, Month(2027, 2)), PERDA, None, Situation.PAST_DEADLINE, id="after it"),
        pytest.param(count(500, 1000), PERDA, None, Situation.PACE_UNKNOWN, id="pace unknown"),
        pytest.param(count(500, 1000), PERDA, 500, Situation.STANDING_STILL, id="standing still"),
        pytest.param(count(500, 1000), PERDA, 497, Situation.TOO_SLOW, id="too slow"),
        pytest.param(count(500, 1000), PERDA, 479, Situation.ON_PACE, id="fast enough"),
    ],
)
def test_each_edge_has_its_situation(
    now: Count, targets: Targets, earlier: int | None, expected: Situation
) -> None:
    before = {} if earlier is None else {3: count(earlier, 1000, now.month - 3)}

    assert standing(now, targets, before).situation is expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "quoted", "off"),
    [
        pytest.param(42_591, 154_008, "55", True, id="construction quoted as 55"),
        pytest.param(
            16_684, 16_684 + 73_236, "22.77", True, id="Singkawang, its workforce called unregistered"
        ),
        pytest.param(16_684, 73_236, "22.77", False, id="Singkawang, rounded down"),
        pytest.param(575_504, 1_819_430, "31.63", False, id="July 2025"),
        pytest.param(None, 1_819_430, "37", False, id="no counts"),
    ],
)
def test_quote_is_flagged_beyond_a_twentieth_of_a_point(
    numerator: int | None, denominator: int | None, quoted: str, off: bool
) -> None:
    assert is_quote_off(quote_difference(numerator, denominator, Decimal(quoted))) is off


@given(
    target=st.decimals(min_value="0.01", max_value=100, places=2),
    workforce=st.integers(min_value=1, max_value=10**9),
)
def test_needed_is_the_fewest_members_that_meet_the_target(target: Decimal, workforce: int) -> None:
    needed = members_needed(target, workforce)

    assert needed * 100 >= target * workforce
    assert (needed - 1) * 100 < target * workforce
