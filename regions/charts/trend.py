"""The course of coverage: the server's own SVG first, plotly's figure of the same points after it."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from coverage_portal.lib.numbers import format_number, format_percent
from coverage_portal.lib.periods import Month, format_month, months
from regions.coverage import Count, Targets

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 8, 12, 22, 30
MOST_MONTH_TICKS = 5
LABEL_ROOM = 64
LABEL_HEIGHT = 26
"""What a label takes above its line: of the grid and of the target, whose labels both begin at the left."""

ACTUAL_COLOUR, TARGET_COLOUR, INK, GRID_COLOUR = "#0b5c6b", "#a8480f", "#24343b", "#dde5e8"


class Point(Protocol):
    """One month of an area's course; `workforce_break` where a new potensi starts being used."""

    @property
    def month(self) -> Month: ...
    @property
    def count(self) -> Count: ...
    @property
    def workforce_break(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Dot:
    """One month of the trend in SVG units; `is_partial` where not everything is in."""

    x: int
    y: int
    month: Month
    percent: Decimal
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: at `position`, standing for a percentage or a month; `anchor` is its label's.

    Without room for its label it has none.
    """

    position: int
    percent: int | None = None
    month: Month | None = None
    anchor: str = "start"
    has_label: bool = True


@dataclass(frozen=True, slots=True)
class TrendDrawing:
    """The trend as SVG: runs of adjacent months as path data, breaks where a new potensi starts."""

    runs: tuple[str, ...]
    dots: tuple[Dot, ...]
    breaks: tuple[int, ...]
    target_path: str
    target_end: Dot | None
    target_level: Dot | None
    last: Dot | None
    projected_path: str
    projected_end: Dot | None
    percents: tuple[Tick, ...]
    months: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    bottom: int = HEIGHT - BOTTOM


def trend_drawing(
    trend: Sequence[Point], targets: Targets | None, projection: tuple[Month, Decimal] | None = None
) -> TrendDrawing | None:
    """The course of an area against its target path; None where no month has a share.

    Args:
        trend: the area's months, oldest first.
        targets: whose path is drawn; None for a segment, for which nobody has set one.
        projection: where the present pace leads to, from the last whole month on.
    """
    points = [point for point in trend if point.count.percent is not None]
    if not points:
        return None
    corners = target_corners(points[-1].month, targets)
    level = _target_level(points[-1].month, targets) if not corners else None
    first = min([points[0].month, *(month for month, _percent in corners)])
    ahead = [projection] if projection else []
    last = max([points[-1].month, *(month for month, _percent in [*corners, *ahead])])
    top = _top(points, corners, level, projection)

    def at(month: Month, percent: Decimal, *, is_partial: bool = False) -> Dot:
        share = (month - first) / max(last - first, 1)
        return Dot(
            round(LEFT + share * (WIDTH - LEFT - RIGHT)),
            _height_of(percent, top),
            month,
            percent,
            is_partial,
        )

    dots = tuple(
        at(point.month, point.count.percent or Decimal(0), is_partial=not point.count.complete)
        for point in points
    )
    dot_of = {dot.month: dot for dot in dots}
    whole = [dot for dot in dots if not dot.is_partial]
    ends = [at(month, percent) for month, percent in corners]
    marked = None if level is None else at(first, level)

    def percent_tick(percent: int) -> Tick:
        y = _height_of(Decimal(percent), top)
        return Tick(y, percent=percent, has_label=marked is None or abs(y - marked.y) >= LABEL_HEIGHT)

    return TrendDrawing(
        runs=tuple(
            line_of([dot_of[point.month] for point in run]) for run in _runs_of(points) if len(run) > 1
        ),
        dots=dots,
        breaks=tuple(dot.x for point, dot in zip(points, dots, strict=True) if point.workforce_break),
        target_path=line_of(ends) if len(ends) > 1 else "",
        target_end=ends[-1] if ends else None,
        target_level=marked,
        last=whole[-1] if whole else None,
        projected_path=line_of([whole[-1], at(*projection)]) if whole and projection else "",
        projected_end=at(*projection) if whole and projection else None,
        percents=tuple(percent_tick(percent) for percent in percent_ticks(top)),
        months=tuple(month_tick(month, at(month, Decimal(0)).x) for month in tick_months(first, last)),
    )


def target_corners(latest: Month, targets: Targets | None) -> list[tuple[Month, Decimal]]:
    """The corners of the target path: the baseline, then each year-end up to the target that applies.

    Empty without a baseline or a target.
    """
    applying = targets.applying(latest) if targets is not None else None
    if targets is None or targets.baseline is None or applying is None:
        return []
    start, percent = targets.baseline
    ends = [Month(year, 12) for year in sorted(targets.by_year) if year <= applying[0]]
    return [(start, percent), *((end, targets.by_year[end.year]) for end in ends if end > start)]


def _target_level(latest: Month, targets: Targets | None) -> Decimal | None:
    """The target that applies: a level line where there is no baseline for a path to start from."""
    applying = targets.applying(latest) if targets is not None else None
    return None if applying is None else applying[1]


def _runs_of(points: list[Point]) -> list[list[Point]]:
    """Adjacent whole months on one potensi; a gap, an incomplete month and a new potensi part them."""
    runs: list[list[Point]] = []
    for point in points:
        before = runs[-1][-1] if runs else None
        if (
            before is None
            or not (point.count.complete and before.count.complete)
            or point.workforce_break
            or point.month - before.month > 1
        ):
            runs.append([point])
        else:
            runs[-1].append(point)
    return runs


def lines_of(dots: Sequence[Dot]) -> str:
    """A line through each run of adjacent months; a month by itself has none."""
    runs: list[list[Dot]] = []
    for dot in dots:
        if runs and dot.month - runs[-1][-1].month == 1:
            runs[-1].append(dot)
        else:
            runs.append([dot])
    return "".join(line_of(run) for run in runs if len(run) > 1)


def line_of(dots: list[Dot]) -> str:
    return "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots)


def _height_of(percent: Decimal, top: int) -> int:
    return round(TOP + float(1 - percent / top) * (HEIGHT - TOP - BOTTOM))


def _top(
    points: Sequence[Point],
    corners: Sequence[tuple[Month, Decimal]],
    level: Decimal | None,
    projection: tuple[Month, Decimal] | None,
) -> int:
    shares = [point.count.percent or Decimal(0) for point in points]
    ahead = [projection[1]] if projection else []
    return scale_top([*shares, *(percent for _month, percent in corners), level or Decimal(0), *ahead])


def scale_top(shares: Sequence[Decimal]) -> int:
    """The upper edge of the scale: a round number with air above the highest share."""
    return max(20, 20 * math.ceil(float(max([Decimal(0), *shares])) * 1.08 / 20))


def percent_ticks(top: int) -> range:
    return range(0, top + 1, 10 if top <= 40 else 20)


def month_tick(month: Month, x: int, width: int = WIDTH) -> Tick:
    """The tick of a month, its label kept inside the picture."""
    if x < LABEL_ROOM:
        return Tick(x, month=month, anchor="start")
    return Tick(x, month=month, anchor="end" if x > width - LABEL_ROOM else "middle")


def tick_months(first: Month, last: Month) -> list[Month]:
    """At most five months to write on the axis: in steps that start with January."""
    span = last - first + 1
    step = next((s for s in (1, 2, 3, 6, 12, 24, 60) if span <= s * MOST_MONTH_TICKS), 120)
    return [month for month in months(first, last) if (month.year * 12 + month.month - 1) % step == 0]


def trend_figure(
    trend: Sequence[Point],
    targets: Targets | None,
    language: str,
    projection: tuple[Month, Decimal] | None = None,
) -> dict[str, Any]:
    """The trend as a plotly figure in JSON values: what `Plotly.newPlot` takes as `data` and `layout`."""
    # plotly takes longer to load than a page to render: only who scrolls to a chart pays for it.
    import plotly.graph_objects as go

    points = [point for point in trend if point.count.percent is not None]
    corners = target_corners(points[-1].month, targets) if points else []
    level = _target_level(points[-1].month, targets) if points and not corners else None
    figure = go.Figure()
    for run in _runs_of(points):
        figure.add_scatter(
            x=[_day(point.month) for point in run],
            y=[float(point.count.percent or 0) for point in run],
            customdata=[_hover(point, language) for point in run],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
            mode="lines+markers",
            name=_("Cakupan"),
            line={"color": ACTUAL_COLOUR, "width": 3},
            marker={"size": 8, "symbol": "circle" if run[0].count.complete else "circle-open"},
        )
    if corners:
        figure.add_scatter(
            x=[_day(month) for month, _percent in corners],
            y=[float(percent) for _month, percent in corners],
            customdata=[
                [format_month(month, language), format_percent(percent, language)]
                for month, percent in corners
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            mode="lines",
            name=_("Jalur target"),
            line={"color": TARGET_COLOUR, "width": 2, "dash": "dash"},
        )
    whole = [point for point in points if point.count.complete]
    if whole and projection:
        start = (whole[-1].month, whole[-1].count.percent or Decimal(0))
        figure.add_scatter(
            x=[_day(month) for month, _percent in (start, projection)],
            y=[float(percent) for _month, percent in (start, projection)],
            customdata=[
                [format_month(month, language), format_percent(percent, language)]
                for month, percent in (start, projection)
            ],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            mode="lines",
            name=_("Perkiraan pada laju sekarang"),
            line={"color": ACTUAL_COLOUR, "width": 2, "dash": "dot"},
        )
    for point in points:
        if point.workforce_break:
            figure.add_vline(x=_day(point.month), line={"color": INK, "width": 1, "dash": "dot"})
    if whole:
        share = whole[-1].count.percent or Decimal(0)
        _label(figure, whole[-1].month, share, format_percent(share, language), ACTUAL_COLOUR)
    if corners:
        month, percent = corners[-1]
        _label(figure, month, percent, _target_text(percent, language), TARGET_COLOUR)
    if level is not None:
        figure.add_hline(y=float(level), line={"color": TARGET_COLOUR, "width": 2, "dash": "dash"})
        text = _target_text(level, language)
        _label(figure, points[0].month, level, text, TARGET_COLOUR, anchor="left")
    if whole and projection:
        month, percent = projection
        _label(figure, month, percent, format_percent(percent, language), ACTUAL_COLOUR)
    ahead = [projection] if projection else []
    shown = [*(point.month for point in points), *(month for month, _percent in [*corners, *ahead])]
    ticks = tick_months(min(shown), max(shown)) if shown else []
    figure.update_layout(
        template="none",
        separators=".," if language.startswith("en") else ",.",
        font={"family": "system-ui, sans-serif", "size": 14, "color": INK},
        margin={"l": 52, "r": 16, "t": 8, "b": 36},
        showlegend=False,
        hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        xaxis={
            "tickvals": [_day(month) for month in ticks],
            "ticktext": [format_month(month, language, short=True) for month in ticks],
            "tickangle": 0,
            "tickfont": {"size": 12},
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis={
            "range": [0, _top(points, corners, level, projection)],
            "ticksuffix": "%" if language.startswith("en") else "\N{NO-BREAK SPACE}%",
            "gridcolor": GRID_COLOUR,
            "fixedrange": True,
        },
    )
    result: dict[str, Any] = json.loads(figure.to_json())
    return result


def _target_text(percent: Decimal, language: str) -> str:
    places = 0 if percent == percent.to_integral_value() else 2
    return _("target %(percent)s") % {"percent": format_percent(percent, language, places)}


def _label(
    figure: Any, month: Month, percent: Decimal, text: str, colour: str, *, anchor: str = "right"
) -> None:
    figure.add_annotation(
        x=_day(month),
        y=float(percent),
        text=text,
        font={"color": colour, "size": 14, "weight": 700},
        showarrow=False,
        xanchor=anchor,
        yshift=14,
    )


def _day(month: Month) -> str:
    return month.first.isoformat()


def _hover(point: Point, language: str) -> list[str]:
    return [
        format_month(point.month, language),
        format_percent(point.count.percent, language),
        _("%(members)s dari %(workforce)s orang")
        % {
            "members": format_number(point.count.members, language),
            "workforce": format_number(point.count.workforce, language),
        },
    ]
