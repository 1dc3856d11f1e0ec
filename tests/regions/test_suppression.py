"""Small cells stay hidden: nobody can work one out from what is shown, neither by sums nor by trying."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regions.coverage.suppression import Sum, hidden

Cell = tuple[str, str]
WHOLE = "61"


def table(
    numbers: list[list[int]], without: frozenset[Cell] = frozenset()
) -> tuple[dict[Cell, int], list[Sum[Cell]], list[Sum[Cell]]]:
    """Regencies by segments with all their sums; some cells may be unknown, and then their sums are not."""
    areas = [f"61.{n:02d}" for n in range(1, len(numbers) + 1)]
    segments = [f"s{n}" for n in range(len(numbers[0]))]
    values = {
        (a, s): n for a, line in zip(areas, numbers, strict=True) for s, n in zip(segments, line, strict=True)
    }
    for area in areas:
        values[area, ""] = sum(values[area, s] for s in segments)
    for segment in (*segments, ""):
        values[WHOLE, segment] = sum(values[a, segment] for a in areas)
    values = {cell: n for cell, n in values.items() if cell not in without}
    rows = [Sum((a, ""), frozenset((a, s) for s in segments)) for a in (*areas, WHOLE)]
    columns = [Sum((WHOLE, s), frozenset((a, s) for a in areas)) for s in (*segments, "")]
    return values, rows, columns


def determined(values: Mapping[Cell, int], sums: list[Sum[Cell]], kept: frozenset[Cell]) -> set[Cell]:
    """The hidden cells that linear algebra works out of the shown ones."""
    unknown = sorted(kept)
    matrix = []
    for each in sums:
        if each.holds(values):
            line = [Fraction((c in each.parts) - (c == each.total)) for c in unknown]
            if any(line):
                matrix.append(line)
    reduced: list[list[Fraction]] = []
    for column in range(len(unknown)):
        pivot = next((line for line in matrix if line[column] != 0), None)
        if pivot is None:
            continue
        matrix.remove(pivot)
        pivot = [x / pivot[column] for x in pivot]
        matrix, reduced = (
            [[x - line[column] * p for x, p in zip(line, pivot, strict=True)] for line in lines]
            for lines in (matrix, reduced)
        )
        reduced.append(pivot)
    return {
        unknown[next(n for n, x in enumerate(line) if x)]
        for line in reduced
        if sum(x != 0 for x in line) == 1
    }


def tables_that_agree(
    values: Mapping[Cell, int], sums: list[Sum[Cell]], kept: frozenset[Cell], most: int
) -> Iterator[dict[Cell, int]]:
    """Every table of whole numbers from 0 that shows the same figures; inner cells up to `most`."""
    inner = [c for c in values if c[1] and c[0] != WHOLE]
    choices = [range(most + 1) if c in kept else (values[c],) for c in inner]
    for guess in itertools.product(*choices):
        found = dict(zip(inner, guess, strict=True))
        for each in sums:
            found[each.total] = sum(found[p] for p in each.parts)
        if all(found[c] == n for c, n in values.items() if c not in kept):
            yield found


cells = st.one_of(st.integers(0, 12), st.integers(0, 500))


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=6), st.integers(2, 10))
def test_no_hidden_cell_follows_from_the_sums(numbers: list[list[int]], threshold: int) -> None:
    values, rows, columns = table(numbers)

    kept = hidden(values, rows, columns, threshold)

    assert {c for c, n in values.items() if 0 < n < threshold} <= kept
    assert determined(values, [*rows, *columns], kept) == set()


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=2, max_size=5),
    st.sets(st.tuples(st.sampled_from(["61", "61.01", "61.02"]), st.sampled_from(["", "s0", "s1"]))),
)
def test_nor_where_figures_are_missing(numbers: list[list[int]], without: set[Cell]) -> None:
    values, rows, columns = table(numbers, frozenset(without))

    kept = hidden(values, rows, columns, 5)

    assert {c for c, n in values.items() if 0 < n < 5} <= kept
    assert determined(values, [*rows, *columns], kept) == set()


@settings(max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), min_size=2, max_size=2),
    st.integers(2, 3),
)
def test_nor_by_trying_every_table(numbers: list[list[int]], threshold: int) -> None:
    """Each hidden cell could as well be another number, though persons are whole and never negative."""
    values, rows, columns = table(numbers)

    kept = hidden(values, rows, columns, threshold)

    possible: dict[Cell, set[int]] = {cell: set() for cell in kept}
    if kept:
        for found in tables_that_agree(values, [*rows[:-1], *columns], kept, 5 + threshold):
            for cell in kept:
                possible[cell].add(found[cell])
    assert {cell: n for cell, n in possible.items() if len(n) < 2} == {}


def test_control_arm_small_cells_alone_are_computed_back() -> None:
    values, rows, columns = table([[3, 200, 50], [90, 300, 20], [70, 100, 10]])
    alone = frozenset({("61.01", "s0")})

    assert determined(values, [*rows, *columns], alone) == {("61.01", "s0")}
    agreeing = tables_that_agree(values, [*rows[:-1], *columns], alone, 9)
    assert [found["61.01", "s0"] for found in agreeing] == [3]


def test_what_is_hidden_beside_a_small_cell_is_as_little_as_will_do() -> None:
    values, rows, columns = table([[3, 200, 50], [90, 300, 20], [70, 100, 11]])

    kept = hidden(values, rows, columns, 5)

    assert kept == {("61.01", "s0"), ("61.01", "s2"), ("61.03", "s0"), ("61.03", "s2")}


@pytest.mark.parametrize("threshold", [0, 1])
def test_without_a_threshold_nothing_is_hidden(threshold: int) -> None:
    values, rows, columns = table([[3, 1], [2, 4]])

    assert hidden(values, rows, columns, threshold) == frozenset()


def test_nobody_is_nobody_s_secret() -> None:
    values, rows, columns = table([[0, 200], [90, 300]])

    assert hidden(values, rows, columns, 5) == frozenset()


def test_figures_that_do_not_add_up_bind_nothing() -> None:
    values, rows, columns = table([[3, 200], [90, 300]])
    values["61.01", ""] = 999
    values[WHOLE, "s0"] = 7

    assert hidden(values, rows, columns, 5) == {("61.01", "s0")}
