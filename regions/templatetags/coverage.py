"""How a standing is drawn in a table: its bar and its class."""

from __future__ import annotations

from django import template

from regions import charts, maps, selectors
from regions.choices import Segment
from regions.coverage import Standing

register = template.Library()


@register.filter
def bar(standing: Standing, width: int) -> charts.Bar | None:
    return charts.bar(standing, width)


@register.filter
def band(standing: Standing) -> maps.Band:
    return maps.band(standing)


@register.filter
def segment_label(segment: str) -> str:
    return str(Segment(segment).label)


@register.filter
def is_counted(segment: str) -> bool:
    """Whether the segment is part of coverage, or only shown beside it."""
    return segment in selectors.counted_segments()
