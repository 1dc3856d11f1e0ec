"""What may be asked of the pages of figures, and written on them."""

from .commitments import ClosingForm, CommitmentFilterForm, CommitmentForm, ReasonForm
from .overview import MonthForm, OverviewForm
from .whatif import WhatIfForm

__all__ = [
    "ClosingForm",
    "CommitmentFilterForm",
    "CommitmentForm",
    "MonthForm",
    "OverviewForm",
    "ReasonForm",
    "WhatIfForm",
]
