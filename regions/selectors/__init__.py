"""Reading areas and their figures: what the pages, the files and the brief show."""

from .change import Comparison, coverage_change, coverage_changes
from .overview import (
    TREND_MONTHS,
    AreaRow,
    Order,
    Overview,
    Source,
    TrendPoint,
    area_overview,
    headline,
    standing_of,
)
from .registers import counted_segments, coverage_register, register_of, targets_by_area, widest_area
from .series import SegmentMonth
from .statements import boundaries_as_of
from .whatif import CellGroup, WhatIfBasis, whatif_basis

__all__ = [
    "TREND_MONTHS",
    "AreaRow",
    "CellGroup",
    "Comparison",
    "Order",
    "Overview",
    "SegmentMonth",
    "Source",
    "TrendPoint",
    "WhatIfBasis",
    "area_overview",
    "boundaries_as_of",
    "counted_segments",
    "coverage_change",
    "coverage_changes",
    "coverage_register",
    "headline",
    "register_of",
    "standing_of",
    "targets_by_area",
    "whatif_basis",
    "widest_area",
]
