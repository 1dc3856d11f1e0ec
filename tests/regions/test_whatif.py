"""What if: the arithmetic of a simulation to the digit; no database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.periods import Month
from regions.coverage import (
    Basis,
    Cell,
    Cost,
    Count,
    Move,
    Reach,
    Standing,
    Targets,
    apportioned,
    at_present_pace,
    closing,
    fits,
    simulate,
    standing,
)

JULY = Month(2025, 7)
PU = Cell("61.01", "PU", 400, 800, Decimal("10.5"))
BPU = Cell("61.01", "BPU", 100, 900, Decimal("-2.25"))
JAKON = Cell("61.01", "JAKON", 50, 150)
CELLS = (PU, BPU, JAKON)


def stands(
    cells: tuple[Cell, ...] = CELLS, percent: str | None = "61", year: int = 2026, month: Month = JULY
) -> Standing:
    members, workforce = sum(cell.members for cell in cells), sum(cell.workforce for cell in cells)
    count = Count("61.01", None, month, members, workforce, 2025, Basis.REPORTED, complete=True)
    return standing(count, Targets({year: Decimal(percent)} if percent else {}), {})


def test_published_gap_costs_106_991_136_000_rupiah_a_year() -> None:
    cost = Cost(530_710, Decimal(16_800))

    assert cost.yearly == 106_991_136_000


def test_nothing_asked_leaves_what_is() -> None:
    outcome = simulate(CELLS, {}, stands())

    assert (outcome.members, outcome.workforce, outcome.gap, outcome.gap_at_deadline) == (550, 1850, 579, 579)
    assert (outcome.deadline, outcome.members_at_deadline) == (Month(2026, 12), 550)
    assert (outcome.arrival, outcome.reach, outcome.paid_people) == (None, Reach.NEVER, 0)


@pytest.mark.parametrize(
    ("moves", "at_deadline", "arrival", "reach", "paid"),
    [
        pytest.param({"61.01.BPU": Move(added=579)}, 1129, JULY, Reach.AT_ONCE, 579, id="all at once"),
        pytest.param({"61.01.BPU": Move(added=578)}, 1128, None, Reach.NEVER, 578, id="one short"),
        pytest.param(
            {"61.01.BPU": Move(0, 35)}, 1145, Month(2026, 12), Reach.IN_TIME, 0, id="in the last month"
        ),
        pytest.param({"61.01.BPU": Move(0, 34)}, 1128, Month(2027, 1), Reach.LATE, 0, id="one month late"),
        pytest.param(
            {"61.01.BPU": Move(300, 20), "61.01.PU": Move(0, 5)},
            1275,
            Month(2026, 7),
            Reach.IN_TIME,
            300,
            id="both",
        ),
        pytest.param({"61.01.PU": Move(400, 50)}, 950, None, Reach.NEVER, 0, id="a full cell gains no more"),
        pytest.param({"61.01.PU": Move(0, -100)}, 150, None, Reach.NEVER, 0, id="no fewer than nobody"),
        pytest.param({"61.01.BPU": Move(added=801)}, 550, None, Reach.NEVER, 0, id="above room: ignored"),
        pytest.param({"61.01.BPU": Move(added=-101)}, 550, None, Reach.NEVER, 0, id="below nobody: ignored"),
        pytest.param({"61.01.BPU": Move(0, 10**9)}, 550, None, Reach.NEVER, 0, id="absurd pace: ignored"),
        pytest.param({"61.02.BPU": Move(added=579)}, 550, None, Reach.NEVER, 0, id="another area: ignored"),
        pytest.param({"61.01.BPU": Move(added=-40)}, 510, None, Reach.NEVER, 0, id="loss is not paid for"),
    ],
)
def test_moves(
    moves: dict[str, Move], at_deadline: int, arrival: Month | None, reach: Reach, paid: int
) -> None:
    outcome = simulate(CELLS, moves, stands())

    assert (outcome.members_at_deadline, outcome.arrival, outcome.reach, outcome.paid_people) == (
        at_deadline,
        arrival,
        reach,
        paid,
    )


def test_target_that_is_passed_on_the_way_and_lost_again_was_reached() -> None:
    outcome = simulate(CELLS, {"61.01.BPU": Move(579, -10)}, stands())

    assert (outcome.arrival, outcome.reach, outcome.gap_at_deadline) == (JULY, Reach.AT_ONCE, 170)


def test_past_deadline_leaves_no_months_for_a_pace() -> None:
    outcome = simulate(CELLS, {"61.01.BPU": Move(10, 50)}, stands(month=Month(2027, 2)))

    assert (outcome.deadline, outcome.members_at_deadline) == (Month(2027, 2), 560)
    assert outcome.reach is Reach.LATE


def test_without_a_target_there_is_no_gap() -> None:
    outcome = simulate(CELLS, {"61.01.BPU": Move(added=10)}, stands(percent=None))

    assert (outcome.gap, outcome.gap_at_deadline, outcome.reach) == (None, None, Reach.NO_TARGET)
    assert outcome.members == 560


def test_cell_above_its_workforce_stays_where_it_is() -> None:
    full = Cell("61.01", "PU", 120, 100, Decimal(3))

    outcome = simulate((full,), {"61.01.PU": Move(0, 5)}, stands((full,)))

    assert (full.room, outcome.members_at_deadline, outcome.reach) == (0, 120, Reach.ALREADY)
    assert not fits(full, Move(added=1))


def test_closing_fills_bpu_first_in_proportion_to_room_and_then_the_others() -> None:
    cells = (
        Cell("61.01", "BPU", 0, 100),
        Cell("61.02", "BPU", 0, 200),
        Cell("61.01", "PU", 0, 50),
        Cell("61.01", "JAKON", 0, 10),
        Cell("61.03", None, 0, 70),
    )

    within = closing(cells, 100)
    beyond = closing(cells, 365)

    assert {key: move.added for key, move in within.items()} == {"61.01.BPU": 33, "61.02.BPU": 67}
    assert {key: move.added for key, move in beyond.items()} == {
        "61.01.BPU": 100,
        "61.02.BPU": 200,
        "61.01.PU": 50,
        "61.01.JAKON": 10,
        "61.03": 5,
    }
    assert sum(move.added for move in closing(cells, 10**6).values()) == 430


def test_closing_the_gap_reaches_the_target_at_once() -> None:
    outcome = simulate(CELLS, closing(CELLS, 579), stands())

    assert (outcome.gap, outcome.reach, outcome.paid_people) == (0, Reach.AT_ONCE, 579)


def test_present_pace_in_whole_members_adds_up_to_the_pace() -> None:
    moves = at_present_pace(CELLS)

    assert {key: move.per_month for key, move in moves.items()} == {"61.01.PU": 10, "61.01.BPU": -2}
    assert sum(move.per_month for move in moves.values()) == 8  # of 8.25


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=50))
def test_shares_add_up_and_stay_within_their_weights(total: int, weights: list[int]) -> None:
    total = min(total, sum(weights))

    shares = apportioned(total, weights)

    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
