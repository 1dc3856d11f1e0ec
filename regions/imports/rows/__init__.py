"""Reading the rows of area sheets."""

from .figure import NOTE_REASON, TOTAL_REASON, Figure, RowProblem, area_names
from .reading import AreaRows

__all__ = ["NOTE_REASON", "TOTAL_REASON", "AreaRows", "Figure", "RowProblem", "area_names"]
