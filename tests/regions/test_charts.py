"""The drawings and the figure: where a line breaks, what the target path is, what plotly is given."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from coverage_portal.lib.periods import Month
from regions import charts
from regions.coverage import Basis, Count, Standing, Targets, standing
from regions.maps import Band

TARGETS = Targets({2026: Decimal(61)}, (Month(2025, 12), Decimal(37)))
NO_BASELINE = Targets({2026: Decimal(61)})


@dataclass
class Point:
    month: Month
    count: Count
    workforce_break: bool = False


def count(
    month: str, members: int | None, *, workforce: int | None = 1000, complete: bool | None = None
) -> Count:
    return Count(
        "61",
        None,
        Month.parse(month),
        members,
        workforce,
        2025,
        Basis.REPORTED,
        complete=members is not None if complete is None else complete,
    )


def point(
    month: str,
    members: int | None,
    *,
    breaks: bool = False,
    workforce: int | None = 1000,
    complete: bool | None = None,
) -> Point:
    return Point(Month.parse(month), count(month, members, workforce=workforce, complete=complete), breaks)


def standing_of(members: int | None, target: str | None, *, workforce: int | None = 1000) -> Standing:
    targets = Targets({2026: Decimal(target)} if target else {})
    return standing(count("2025-12", members, workforce=workforce), targets, {})


@pytest.mark.parametrize(
    ("members", "target", "length", "target_x", "anchor", "band"),
    [
        pytest.param(370, "61", "37.00", "61.00", "middle", Band.FAR, id="below"),
        pytest.param(610, "61", "61.00", "61.00", "middle", Band.REACHED, id="met-to-the-person"),
        pytest.param(609, "61", "60.90", "61.00", "middle", Band.NEAR, id="one-person-short"),
        pytest.param(1250, "61", "100.00", "61.00", "middle", Band.REACHED, id="over-full-is-cut"),
        pytest.param(100, "95", "10.00", "95.00", "end", Band.FARTHEST, id="label-kept-inside-right"),
        pytest.param(100, "10", "10.00", "10.00", "start", Band.REACHED, id="label-kept-inside-left"),
        pytest.param(100, None, "10.00", None, "middle", Band.UNMEASURED, id="no-target"),
    ],
)
def test_bar_of_a_standing(members, target, length, target_x, anchor, band):
    drawn = charts.bar(standing_of(members, target), 100)

    assert drawn == charts.Bar(length, target_x, anchor, band)


@pytest.mark.parametrize(("members", "workforce"), [(None, 1000), (10, None), (10, 0)])
def test_bar_is_not_drawn_where_coverage_is_unknown(members, workforce):
    assert charts.bar(standing_of(members, "61", workforce=workforce), 100) is None


@pytest.mark.parametrize(
    ("points", "runs"),
    [
        pytest.param([point("2025-06", 300), point("2025-07", 310), point("2025-08", 320)], 1, id="whole"),
        pytest.param(
            [point("2025-05", 290), point("2025-06", 300), point("2025-08", 320), point("2025-09", 330)],
            2,
            id="a-month-without-data",
        ),
        pytest.param(
            [
                point("2025-11", 300),
                point("2025-12", 310),
                point("2026-01", 320, breaks=True),
                point("2026-02", 330),
            ],
            2,
            id="a-new-potensi",
        ),
        pytest.param(
            [
                point("2025-05", 300),
                point("2025-06", 310),
                point("2025-07", 200, complete=False),
                point("2025-08", 320),
                point("2025-09", 330),
            ],
            2,
            id="an-incomplete-month",
        ),
        pytest.param([point("2025-06", 300)], 0, id="a-single-month-is-a-dot"),
    ],
)
def test_line_joins_only_what_can_be_compared(points, runs):
    drawing = charts.trend_drawing(points, None)

    assert drawing is not None
    assert len(drawing.runs) == runs
    assert len(drawing.dots) == len(points)


def test_incomplete_month_is_drawn_hollow_and_never_labelled_last():
    drawing = charts.trend_drawing([point("2025-06", 300), point("2025-07", 200, complete=False)], None)

    assert drawing is not None
    assert [dot.is_partial for dot in drawing.dots] == [False, True]
    assert drawing.last is not None
    assert drawing.last.percent == Decimal(30)


def test_month_of_unknown_coverage_is_left_out_not_drawn_as_zero():
    drawing = charts.trend_drawing([point("2025-06", 300), point("2025-07", None)], None)

    assert drawing is not None
    assert [dot.month for dot in drawing.dots] == [Month(2025, 6)]


def test_trend_without_any_coverage_is_not_drawn():
    assert charts.trend_drawing([point("2025-06", None)], TARGETS) is None


@pytest.mark.parametrize(
    ("latest", "targets", "corners"),
    [
        pytest.param(
            "2025-07", TARGETS, [("2025-12", "37"), ("2026-12", "61")], id="path-starts-at-the-baseline"
        ),
        pytest.param(
            "2026-02",
            Targets({2026: Decimal(61), 2030: Decimal(65)}, (Month(2025, 12), Decimal(37))),
            [("2025-12", "37"), ("2026-12", "61")],
            id="up-to-the-target-that-applies",
        ),
        pytest.param("2025-07", NO_BASELINE, [], id="no-baseline"),
        pytest.param("2025-07", None, [], id="a-segment"),
    ],
)
def test_corners_of_the_target_path(latest, targets, corners):
    found = charts.target_corners(Month.parse(latest), targets)

    assert found == [(Month.parse(month), Decimal(percent)) for month, percent in corners]


def test_target_without_a_baseline_is_a_level_line():
    drawing = charts.trend_drawing([point("2025-06", 300), point("2025-07", 310)], NO_BASELINE)

    assert drawing is not None
    assert drawing.target_path == ""
    assert drawing.target_level is not None
    assert drawing.target_level.percent == Decimal(61)


@pytest.mark.parametrize(
    ("targets", "hidden"),
    [
        pytest.param(NO_BASELINE, [60], id="a level line at 61"),
        pytest.param(TARGETS, [], id="a path, whose label is at the right"),
        pytest.param(None, [], id="no target"),
    ],
)
def test_label_of_the_grid_gives_way_to_that_of_the_target(targets, hidden):
    drawing = charts.trend_drawing([point("2025-06", 300), point("2025-07", 620)], targets)

    assert drawing is not None
    assert [tick.percent for tick in drawing.percents if not tick.has_label] == hidden
    assert len(drawing.percents) > 3


def test_drawing_stays_inside_its_frame_when_coverage_is_over_full():
    drawing = charts.trend_drawing([point("2025-06", 1300), point("2026-12", 1400)], TARGETS)

    assert drawing is not None
    assert all(0 <= dot.x <= drawing.width and 0 <= dot.y <= drawing.bottom for dot in drawing.dots)
    assert max(tick.percent or 0 for tick in drawing.percents) >= 140


def test_axis_names_at_most_five_months():
    points = [point(str(Month(2020, 1) + offset), 300) for offset in range(72)]

    drawing = charts.trend_drawing(points, None)

    assert drawing is not None
    assert [str(tick.month) for tick in drawing.months] == [f"{year}-01" for year in (2020, 2022, 2024)]


def test_figure_says_what_the_table_says_in_the_reader_s_language():
    points = [point("2025-12", 673, workforce=1819), point("2026-01", 680, workforce=1819)]

    figure = charts.trend_figure(points, TARGETS, "id")

    actual, path = figure["data"]
    assert actual["x"] == ["2025-12-01", "2026-01-01"]
    assert actual["customdata"][0] == ["Desember 2025", "37,00\N{NO-BREAK SPACE}%", "673 dari 1.819 orang"]
    assert path["x"] == ["2025-12-01", "2026-12-01"]
    assert path["y"] == [37.0, 61.0]
    assert figure["layout"]["separators"] == ",."


def test_figure_breaks_where_the_drawing_breaks():
    points = [point("2025-11", 300), point("2025-12", 310), point("2026-01", 320, breaks=True)]

    figure = charts.trend_figure(points, None, "id")

    assert [trace["x"] for trace in figure["data"]] == [["2025-11-01", "2025-12-01"], ["2026-01-01"]]
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == ["2026-01-01"]


def test_figure_of_nothing_is_empty():
    assert charts.trend_figure([], TARGETS, "id")["data"] == []
