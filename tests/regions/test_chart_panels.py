"""Sparkline, stacked columns, years and projection: which months they draw, and where."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from decimal import Decimal

import pytest

from coverage_portal.lib.periods import Month
from regions import charts
from regions.coverage import Count, Targets, standing
from tests.regions.test_charts import Point, count, point


@dataclass(frozen=True)
class SegmentMonth:
    month: Month
    members: tuple[tuple[str, int | None], ...]


def by_segment(month: str, *members: int | None) -> SegmentMonth:
    return SegmentMonth(Month.parse(month), tuple(zip(("PU", "BPU", "JAKON"), members, strict=True)))


def test_spark_draws_a_year_of_whole_months_and_leaves_gaps():
    months = ["2024-11", "2024-12", "2025-03", "2025-04", "2025-12"]
    points = [point(month, 100 + place) for place, month in enumerate(months)]
    points.append(point("2026-01", 500, complete=False))

    drawn = charts.spark(points)

    assert (drawn.first.month, drawn.last.month) == (Month(2024, 12), Month(2025, 12))
    assert (drawn.path.count("M"), drawn.path.count("L")) == (1, 1)  # March to April
    assert (drawn.first.y, drawn.last.y) == (39, 5)


@pytest.mark.parametrize("members", [[], [100], [None, None]])
def test_spark_needs_two_whole_months(members):
    assert charts.spark([point(f"2025-0{n}", m) for n, m in enumerate(members, start=1)]) is None


def test_spark_of_a_standstill_is_level():
    drawn = charts.spark([point("2025-01", 100), point("2025-02", 100)])

    assert drawn.first.y == drawn.last.y == drawn.height // 2


def test_columns_stack_segments_from_the_bottom_up():
    drawn = charts.segment_columns([by_segment("2025-01", 600, 300, 100), by_segment("2025-02", 500, 500, 0)])

    first, second = drawn.columns
    assert [part.segment for part in first.parts] == ["PU", "BPU", "JAKON"]
    assert [float(part.height) for part in first.parts] == pytest.approx([145.2, 72.6, 24.2])
    tops = [float(part.y) for part in first.parts]
    assert tops == pytest.approx([122.8, 50.2, 26.0])
    assert tops[0] + float(first.parts[0].height) == drawn.bottom
    assert float(second.parts[2].height) == 0
    assert [level.people for level in drawn.levels] == [0, 500, 1000]


def test_month_of_which_a_segment_is_unknown_has_no_column():
    drawn = charts.segment_columns(
        [by_segment("2025-01", 600, 300, 100), by_segment("2025-02", 500, None, 5)]
    )

    assert [column.month for column in drawn.columns] == [Month(2025, 1)]
    assert charts.segment_columns([by_segment("2025-02", 500, None, 5)]) is None


def test_columns_reach_back_two_years():
    course = [by_segment(str(Month(2023, 1) + n), 10, 10, 10) for n in range(36)]

    drawn = charts.segment_columns(course)

    assert len(drawn.columns) == 24
    assert drawn.columns[-1].month == Month(2025, 12)


@pytest.mark.parametrize(
    ("people", "levels"),
    [
        (1, [0, 1]),
        (673_189, [0, 200_000, 400_000, 600_000, 800_000]),
        (2_000_000, [0, 500_000, 1_000_000, 1_500_000, 2_000_000]),
        (41, [0, 20, 40, 60]),
    ],
)
def test_levels_are_round_numbers(people, levels):
    drawn = charts.segment_columns([by_segment("2025-01", people, 0, 0)])

    assert [level.people for level in drawn.levels] == levels


def test_years_are_drawn_over_each_other():
    points = [
        point(f"{year}-{month:02}", 300 + month) for year in (2022, 2023, 2024, 2025) for month in (1, 2, 12)
    ]

    drawn = charts.year_lines(points)

    assert [(line.year, line.is_latest) for line in drawn.lines] == [
        (2023, False),
        (2024, False),
        (2025, True),
    ]
    assert {line.dots[0].x for line in drawn.lines} == {60}
    assert drawn.lines[0].path.count("M") == 1  # December stands alone
    heights = sorted(line.label_y for line in drawn.lines)
    assert all(after - before >= 18 for before, after in itertools.pairwise(heights))


def test_one_year_has_nothing_to_be_set_against():
    assert charts.year_lines([point("2025-01", 300), point("2025-02", 310)]) is None
    assert charts.year_lines([point("2024-12", 300), point("2025-01", 300, complete=False)]) is None


def standing_with(now: int, before: int | None, *, month: str = "2025-12", complete: bool = True):
    targets = Targets({2026: Decimal(61)})
    earlier: dict[int, Count] = {} if before is None else {3: count(str(Month.parse(month) - 3), before)}
    return standing(count(month, now, complete=complete), targets, earlier)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param(400, 370, (Month(2026, 12), Decimal("52")), id="to-the-deadline"),
        pytest.param(500, 440, (Month(2026, 6), Decimal("62")), id="to-the-arrival"),
        pytest.param(400, 430, (Month(2026, 12), Decimal("28")), id="downwards"),
        pytest.param(20, 320, (Month(2026, 12), Decimal("0")), id="never-below-nobody"),
        pytest.param(400, None, None, id="pace-unknown"),
        pytest.param(620, 400, None, id="met"),
    ],
)
def test_projection_of_the_present_pace(now, before, expected):
    assert standing_with(now, before).projection == expected


def test_projection_of_what_is_not_whole_or_past_is_none():
    assert standing_with(400, 370, complete=False).projection is None
    assert standing_with(400, 370, month="2026-12").projection is None


def test_projection_is_drawn_from_the_last_whole_month():
    points = [point("2025-11", 390), point("2025-12", 400), point("2026-01", 100, complete=False)]
    end = (Month(2026, 12), Decimal(52))

    drawn = charts.trend_drawing(points, Targets({2026: Decimal(61)}), end)
    figure = charts.trend_figure(points, Targets({2026: Decimal(61)}), "id", end)

    start = next(dot for dot in drawn.dots if dot.month == Month(2025, 12))
    assert drawn.projected_path == f"M{start.x} {start.y}L{drawn.projected_end.x} {drawn.projected_end.y}"
    dotted = [trace for trace in figure["data"] if trace["line"].get("dash") == "dot"]
    assert [(trace["x"], trace["y"]) for trace in dotted] == [(["2025-12-01", "2026-12-01"], [40.0, 52.0])]


def test_without_projection_nothing_dotted_is_drawn():
    points: list[Point] = [point("2025-11", 390), point("2025-12", 400)]

    assert charts.trend_drawing(points, None).projected_path == ""
    assert [t for t in charts.trend_figure(points, None, "id")["data"] if t["line"].get("dash")] == []
