"""Reading areas and their figures: what the pages, the files and the brief show."""

from .overview import (
    TREND_MONTHS,
    AreaRow,
    Order,
    Overview,
    Source,
    TrendPoint,
    counted_segments,
    coverage_register,
    headline,
    province_overview,
    regency_overview,
    targets_by_area,
)
from .series import SegmentMonth

__all__ = [
    "TREND_MONTHS",
    "AreaRow",
    "Order",
    "Overview",
    "SegmentMonth",
    "Source",
    "TrendPoint",
    "counted_segments",
    "coverage_register",
    "headline",
    "province_overview",
    "regency_overview",
    "targets_by_area",
]
