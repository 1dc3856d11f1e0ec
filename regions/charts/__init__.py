"""The charts of coverage: the server's own SVG first, plotly's figure of the same points after it.

Nothing here reads the database: months and targets go in, coordinates or a figure come out.
"""

from .bars import Bar, bar
from .segments import Column, SegmentColumns, segment_columns
from .spark import Spark, spark
from .trend import Dot, Tick, TrendDrawing, target_corners, trend_drawing, trend_figure
from .years import YearLine, YearLines, year_lines

__all__ = [
    "Bar",
    "Column",
    "Dot",
    "SegmentColumns",
    "Spark",
    "Tick",
    "TrendDrawing",
    "YearLine",
    "YearLines",
    "bar",
    "segment_columns",
    "spark",
    "target_corners",
    "trend_drawing",
    "trend_figure",
    "year_lines",
]
