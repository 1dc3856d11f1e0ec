"""What may be asked of the pages of figures, and written on them."""

from .commitments import ClosingForm, CommitmentFilterForm, CommitmentForm, PeopleField, ReasonForm
from .overview import OverviewForm
from .whatif import WhatIfForm

__all__ = [
    "ClosingForm",
    "CommitmentFilterForm",
    "CommitmentForm",
    "OverviewForm",
    "PeopleField",
    "ReasonForm",
    "WhatIfForm",
]
