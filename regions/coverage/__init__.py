"""Coverage arithmetic, without a database: counts, shares, targets, gap, pace, arrival, change and what-if.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from .change import Change, Direction, Effects, Obstacle, Part, PartEffects, Withheld, adds_up, explain
from .counts import Basis, Count, Observation, Potential, Published, percent
from .months import Cells, Closed, cells_by_month, closed_by_month
from .quotes import QUOTE_TOLERANCE, is_quote_off, quote_difference
from .reconciling import Reconciled, reconciled
from .register import Register
from .small_cells import SmallCells
from .standing import PACE_MONTHS, Pace, Situation, Standing, Targets, members_needed, pace_between, standing
from .whatif import (
    BPU,
    Cell,
    Cost,
    Move,
    Outcome,
    Reach,
    apportioned,
    at_present_pace,
    closing,
    fits,
    simulate,
)
from .workforces import Workforces

__all__ = [
    "BPU",
    "PACE_MONTHS",
    "QUOTE_TOLERANCE",
    "Basis",
    "Cell",
    "Cells",
    "Change",
    "Closed",
    "Cost",
    "Count",
    "Direction",
    "Effects",
    "Move",
    "Observation",
    "Obstacle",
    "Outcome",
    "Pace",
    "Part",
    "PartEffects",
    "Potential",
    "Published",
    "Reach",
    "Reconciled",
    "Register",
    "Situation",
    "SmallCells",
    "Standing",
    "Targets",
    "Withheld",
    "Workforces",
    "adds_up",
    "apportioned",
    "at_present_pace",
    "cells_by_month",
    "closed_by_month",
    "closing",
    "explain",
    "fits",
    "is_quote_off",
    "members_needed",
    "pace_between",
    "percent",
    "quote_difference",
    "reconciled",
    "simulate",
    "standing",
]
