"""Coverage arithmetic, without a database: counts, shares, targets, gap, pace and arrival.

Members and workforce are whole persons, percentages are `Decimal` from 0 up (over 100 is kept), and
whatever is unknown is None: never 0, NaN or infinity. Coverage is always sum / sum.
"""

from .counts import Basis, Count, Observation, Potential, Register, percent
from .quotes import QUOTE_TOLERANCE, is_quote_off, quote_difference
from .standing import PACE_MONTHS, Pace, Situation, Standing, Targets, members_needed, standing

__all__ = [
    "PACE_MONTHS",
    "QUOTE_TOLERANCE",
    "Basis",
    "Count",
    "Observation",
    "Pace",
    "Potential",
    "Register",
    "Situation",
    "Standing",
    "Targets",
    "is_quote_off",
    "members_needed",
    "percent",
    "quote_difference",
    "standing",
]
