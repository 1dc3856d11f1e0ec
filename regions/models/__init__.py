"""What is stored of areas: who they are, their figures, the agencies in them, and promises."""

from .agencies import AGENCY_CODE, Agency
from .areas import AreaFigure, Province, Regency
from .closing import MAX_REASON, PeriodException, PeriodStatus, PublishedCell, Release
from .commitments import MAX_TEXT, Commitment
from .figures import (
    FIRST_YEAR,
    LAST_YEAR,
    MAX_PEOPLE,
    PEOPLE_RANGE,
    YEAR_RANGE,
    Baseline,
    Membership,
    QuotedFigure,
    Target,
    Workforce,
)

__all__ = [
    "AGENCY_CODE",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MAX_PEOPLE",
    "MAX_REASON",
    "MAX_TEXT",
    "PEOPLE_RANGE",
    "YEAR_RANGE",
    "Agency",
    "AreaFigure",
    "Baseline",
    "Commitment",
    "Membership",
    "PeriodException",
    "PeriodStatus",
    "Province",
    "PublishedCell",
    "QuotedFigure",
    "Regency",
    "Release",
    "Target",
    "Workforce",
]
