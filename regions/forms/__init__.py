"""What may be asked of the pages of figures, and written on them."""

from .closing import ArchiveForm, ExceptionForm, MonthsForm, RegenciesForm, RevisionForm
from .commitments import ClosingForm, CommitmentFilterForm, CommitmentForm, ReasonForm
from .overview import MonthForm, OverviewForm
from .whatif import WhatIfAddressForm, WhatIfForm

__all__ = [
    "ArchiveForm",
    "ClosingForm",
    "CommitmentFilterForm",
    "CommitmentForm",
    "ExceptionForm",
    "MonthForm",
    "MonthsForm",
    "OverviewForm",
    "ReasonForm",
    "RegenciesForm",
    "RevisionForm",
    "WhatIfAddressForm",
    "WhatIfForm",
]
