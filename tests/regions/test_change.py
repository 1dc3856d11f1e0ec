"""Why coverage changed: the three effects to the digit, and what is withheld; no database."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction

import pytest

from coverage_portal.lib.periods import Month
from regions import sentences
from regions.coverage import (
    Basis,
    Change,
    Count,
    Direction,
    Observation,
    Obstacle,
    Part,
    Potential,
    Register,
    explain,
)
from regions.models import Province, Regency
from regions.selectors import coverage_change

JUNE, JULY = Month(2025, 6), Month(2025, 7)
Figures = tuple[int | None, int | None]


def count(month: Month, members: int | None, workforce: int | None, **values: bool) -> Count:
    basis = Basis.MISSING if members is None else Basis.REPORTED
    return Count(
        "61", None, month, members, workforce, 2025, basis, **{"complete": members is not None, **values}
    )


def whole(month: Month, figures: list[Figures]) -> Count:
    known = [(m, w) for m, w in figures if m is not None]
    return count(
        month,
        sum(m for m, _ in known),
        sum(w or 0 for _, w in known),
        complete=len(known) == len(figures),
        partial=len(known) < len(figures),
    )


def change(then: list[Figures], now: list[Figures]) -> Change:
    """Of regencies A, B, …, each (members, workforce) in June and in July."""
    parts = [
        Part(name, count(JUNE, *before), count(JULY, *after))
        for name, before, after in zip("ABCDEFGHIJKLMN", then, now, strict=False)
    ]
    return explain(whole(JUNE, then), whole(JULY, now), parts)


def rounded(found: Change) -> tuple[str, str, str, str]:
    assert found.effects is not None
    effects = found.effects
    return tuple(f"{value:+.4f}" for value in (effects.members, effects.workforce, effects.mix, found.points))


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        pytest.param(
            [(10, 100), (900, 1000)],
            [(20, 100), (900, 1200)],
            ("+0.9091", "-13.6364", "+0.7692", "-11.9580"),
            id="the document's example",
        ),
        pytest.param(
            [(10, 100), (900, 1000)],
            [(20, 100), (890, 1000)],
            ("+0.0000", "+0.0000", "+0.0000", "+0.0000"),
            id="members moved between parts only",
        ),
        pytest.param(
            [(10, 100), (900, 1000)],
            [(10, 200), (900, 2000)],
            ("+0.0000", "-41.3636", "+0.0000", "-41.3636"),
            id="every workforce doubled: no mix",
        ),
        pytest.param(
            [(50, 100), (500, 1000)],
            [(100, 200), (500, 1000)],
            ("+4.5455", "-4.5455", "+0.0000", "+0.0000"),
            id="a part grows at the same coverage: no mix",
        ),
        pytest.param(
            [(0, 0), (500, 1000)],
            [(40, 100), (500, 1000)],
            ("+4.0000", "-4.0000", "-0.9091", "-0.9091"),
            id="a part's workforce begins at zero",
        ),
        pytest.param(
            [(5, 0), (500, 1000)],
            [(7, 0), (500, 2000)],
            ("+0.2000", "-25.3500", "+0.0000", "-25.1500"),
            id="members where nobody could be one",
        ),
    ],
)
def test_effects(then: list[Figures], now: list[Figures], expected: tuple[str, ...]) -> None:
    assert rounded(change(then, now)) == expected


def test_published_figures_of_2022_and_2025_to_the_digit() -> None:
    found = explain(count(Month(2022, 11), 667_719, 1_786_809), count(JULY, 575_504, 1_819_430))

    assert rounded(found) == ("-5.1609", "-0.5775", "+0.0000", "-5.7383")
    assert (found.members_gained, found.workforce_gained) == (-92_215, 32_621)


def test_effects_add_up_to_the_change_for_1000_random_pairs() -> None:
    chance = random.Random(61)
    furthest = Decimal(0)
    for _ in range(1000):
        parts = chance.randint(1, 14)
        then, now = (
            [(chance.randint(0, 2 * size), size) for size in chance.choices(range(1, 400_000), k=parts)]
            for _ in range(2)
        )

        found = change(then, now)

        exact = 100 * (
            Fraction(sum(m for m, _ in now), sum(w for _, w in now))
            - Fraction(sum(m for m, _ in then), sum(w for _, w in then))
        )
        assert found.effects is not None
        by_part = sum(part.effects.total for part in found.parts)
        for total in (found.effects.total, found.points, by_part):
            furthest = max(furthest, abs(total - Decimal(exact.numerator) / exact.denominator))

    assert furthest < Decimal("1e-20")  # 0.005 was asked for


def test_members_effect_is_the_members_gained_over_the_workforce_as_it_was() -> None:
    found = change([(10, 100), (900, 1000)], [(25, 130), (890, 1200)])

    assert found.effects is not None
    assert round(found.effects.members * 11, 20) == 5
    assert [round(part.effects.members * 11, 20) for part in found.parts] == [15, -10]


@pytest.mark.parametrize(
    ("then", "now", "obstacle", "month", "parts"),
    [
        pytest.param(
            [(1, 10), (2, 10)], [(1, 10), (None, 10)], Obstacle.INCOMPLETE, JULY, ("B",), id="a regency now"
        ),
        pytest.param(
            [(None, 10), (2, 10)],
            [(1, 10), (2, 10)],
            Obstacle.INCOMPLETE,
            JUNE,
            ("A",),
            id="a regency then",
        ),
        pytest.param(
            [(None, 10), (2, 10)],
            [(1, 10), (None, 10)],
            Obstacle.INCOMPLETE,
            JULY,
            ("B",),
            id="another regency each: never compared",
        ),
        pytest.param(
            [(5, 10), (2, 10)],
            [(5, 0), (2, 10)],
            Obstacle.NO_WORKFORCE,
            JULY,
            ("A",),
            id="a workforce gone",
        ),
    ],
)
def test_withheld_where_a_part_is_missing(then, now, obstacle, month, parts) -> None:
    found = change(then, now)

    assert found.withheld is not None
    assert (found.withheld.obstacle, found.withheld.month, found.withheld.parts) == (obstacle, month, parts)
    assert (found.effects, found.points, found.parts, found.direction) == (None, None, (), None)


@pytest.mark.parametrize(
    ("then", "now", "obstacle", "month"),
    [
        pytest.param(count(JULY, 1, 2), count(JULY, 1, 2), Obstacle.NOT_EARLIER, JULY, id="same month"),
        pytest.param(
            count(Month(2025, 8), 1, 2),
            count(JULY, 1, 2),
            Obstacle.NOT_EARLIER,
            Month(2025, 8),
            id="later month",
        ),
        pytest.param(count(JUNE, None, 2), count(JULY, 1, 2), Obstacle.NO_DATA, JUNE, id="nothing then"),
        pytest.param(count(JUNE, 1, 2), count(JULY, None, 2), Obstacle.NO_DATA, JULY, id="nothing now"),
        pytest.param(
            count(JUNE, None, 2, partial=True), count(JULY, 1, 2), Obstacle.INCOMPLETE, JUNE, id="partial"
        ),
        pytest.param(
            count(JUNE, 1, None), count(JULY, 1, 2), Obstacle.NO_WORKFORCE, JUNE, id="workforce unknown"
        ),
        pytest.param(count(JUNE, 1, 2), count(JULY, 1, 0), Obstacle.NO_WORKFORCE, JULY, id="workforce zero"),
    ],
)
def test_withheld_where_the_whole_is_not_known(
    then: Count, now: Count, obstacle: Obstacle, month: Month
) -> None:
    found = explain(then, now)

    assert found.withheld is not None
    assert (found.withheld.obstacle, found.withheld.month, found.effects) == (obstacle, month, None)


@pytest.mark.parametrize(
    ("then", "now", "direction", "sentence"),
    [
        pytest.param(
            [(100_000, 1_000_000), (445_000, 819_430)],
            [(115_000, 1_000_000), (450_013, 834_430)],
            Direction.UP,
            "Naik 0,85 poin sejak Juni 2025: +1,10 karena peserta bertambah 20.013, −0,44 karena potensi "
            "bertambah 15.000, +0,19 karena porsi potensi antarbagian bergeser; terbesar: A +0,91, "
            "sebaliknya B −0,07.",
            id="all three",
        ),
        pytest.param(
            [(10, 100), (20, 100)],
            [(10, 100), (20, 100)],
            Direction.UNCHANGED,
            "Tidak berubah sejak Juni 2025: peserta dan potensi sama.",
            id="no change",
        ),
        pytest.param(
            [(10, 100), (20, 100)],
            [(10, 200), (20, 200)],
            Direction.DOWN,
            "Turun 7,50 poin sejak Juni 2025 hanya karena potensi bertambah 200, peserta tetap; "
            "terbesar: B −5,00.",
            id="workforce only",
        ),
        pytest.param(
            [(10, 200), (20, 200)],
            [(10, 100), (20, 100)],
            Direction.UP,
            "Naik 7,50 poin sejak Juni 2025 hanya karena potensi berkurang 200, peserta tetap; "
            "terbesar: B +5,00.",
            id="workforce shrank",
        ),
        pytest.param(
            [(10, 100), (20, 100)],
            [(30, 100), (20, 100)],
            Direction.UP,
            "Naik 10,00 poin sejak Juni 2025 hanya karena peserta bertambah 20, potensi tetap; "
            "terbesar: A +10,00.",
            id="members only",
        ),
        pytest.param(
            [(30, 100), (20, 100)],
            [(10, 100), (24, 100)],
            Direction.DOWN,
            "Turun 8,00 poin sejak Juni 2025 hanya karena peserta berkurang 16, potensi tetap; "
            "terbesar: A −10,00, sebaliknya B +2,00.",
            id="decrease",
        ),
        pytest.param(
            [(10, 100), (20, 100)],
            [(20, 100), (10, 100)],
            Direction.STEADY,
            "Hampir tetap sejak Juni 2025: peserta tetap, potensi tetap; terbesar: A +5,00, B −5,00.",
            id="moved between parts",
        ),
        pytest.param(
            [(10, 100), (10, 100)],
            [(20, 200), (20, 200)],
            Direction.STEADY,
            "Hampir tetap sejak Juni 2025: +10,00 karena peserta bertambah 20, −10,00 karena potensi "
            "bertambah 200.",
            id="members and workforce cancel",
        ),
        pytest.param(
            [(10, 100), (90, 100)],
            [(10, 50), (90, 150)],
            Direction.STEADY,
            "Hampir tetap sejak Juni 2025: peserta tetap, −10,00 karena potensi di masing-masing bagian "
            "berubah, +10,00 karena porsi potensi antarbagian bergeser; terbesar: A +12,50, B −12,50.",
            id="workforce moved between parts",
        ),
        pytest.param(
            [(1, 10), (2, 10)],
            [(1, 10), (None, 10)],
            None,
            "Belum dapat diuraikan: data Juli 2025 belum lengkap. Yang belum ada: B.",
            id="withheld",
        ),
    ],
)
def test_each_edge_has_its_own_sentence(then, now, direction, sentence) -> None:
    found = change(then, now)

    assert (found.direction, sentences.change_sentence(found)) == (direction, sentence)


def test_parts_that_contributed_most_are_named_in_both_directions() -> None:
    then: list[Figures] = [(100, 1000)] * 6
    now: list[Figures] = [(members, 1000) for members in (110, 150, 95, 130, 60, 120)]

    found = change(then, now)

    assert [part.part.name for part in found.raising] == ["B", "D", "F"]
    assert [part.part.name for part in found.lowering] == ["E", "C"]
    assert [part.part.name for part in found.parts_by_effect] == list("BDFACE")


SAMBAS, KETAPANG = (
    Regency(code="61.01", name="Sambas", kind="kabupaten"),
    Regency(code="61.04", name="Ketapang", kind="kabupaten"),
)
SEGMENTS = ("PU", "BPU", "JAKON")
HOME = Province(code="61", name="Kalimantan Barat")


def register(*observations: Observation) -> Register:
    potentials = [Potential(area, segment, 2025, 100) for area in ("61.01", "61.04") for segment in SEGMENTS]
    return Register.of("61", ["61.01", "61.04"], SEGMENTS, observations, potentials)


def detail(area: str, month: Month, *members: int) -> list[Observation]:
    return [Observation(area, s, month, n) for s, n in zip(SEGMENTS, members, strict=True)]


def test_province_is_told_apart_by_regencies_or_segments_and_a_regency_by_segments() -> None:
    figures = register(
        *detail("61.01", JUNE, 10, 10, 10),
        *detail("61.04", JUNE, 20, 20, 20),
        *detail("61.01", JULY, 16, 10, 10),
        *detail("61.04", JULY, 20, 26, 20),
    )
    regencies = [SAMBAS, KETAPANG]

    by_regency = coverage_change(figures, HOME, regencies, JUNE, JULY)
    by_segment = coverage_change(figures, HOME, regencies, JUNE, JULY, by_segment=True)
    of_one = coverage_change(figures, KETAPANG, (), JUNE, JULY)
    of_segment = coverage_change(figures, HOME, regencies, JUNE, JULY, "BPU", by_segment=True)
    alone = coverage_change(figures, KETAPANG, (), JUNE, JULY, "BPU")

    assert by_regency.points == by_segment.points == Decimal(2)
    assert _totals(by_regency) == {"Kab. Sambas": 1, "Kab. Ketapang": 1}
    assert _totals(by_segment) == {"PU": 1, "BPU": 1, "Jakon": 0}
    assert _totals(of_one) == {"PU": 0, "BPU": 2, "Jakon": 0}
    assert _totals(of_segment) == {"Kab. Sambas": 0, "Kab. Ketapang": 3}
    assert (alone.points, alone.parts, alone.is_undivided) == (Decimal(6), (), False)


def _totals(found: Change) -> dict[str, Decimal]:
    return {part.part.name: part.effects.total for part in found.parts}


def test_two_undetailed_totals_are_explained_undivided() -> None:
    figures = register(Observation("61", None, JUNE, 60), Observation("61", None, JULY, 72))

    found = coverage_change(figures, HOME, [SAMBAS, KETAPANG], JUNE, JULY)

    assert (found.points, found.is_undivided, found.parts) == (Decimal(2), True, ())


def test_undetailed_total_is_not_set_against_the_sum_of_regencies() -> None:
    figures = register(
        Observation("61", None, JUNE, 60),
        *detail("61.01", JULY, 16, 10, 10),
        *detail("61.04", JULY, 20, 26, 20),
    )

    found = coverage_change(figures, HOME, [SAMBAS, KETAPANG], JUNE, JULY)

    assert found.withheld is not None
    assert (found.withheld.obstacle, found.withheld.month) == (Obstacle.PARTS_DIFFER, JUNE)
