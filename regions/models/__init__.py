"""What is stored of areas: who they are, the figures measured in them, the agencies in them."""

from .agencies import AGENCY_CODE, Agency
from .areas import AreaFigure, Province, Regency
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
    "PEOPLE_RANGE",
    "YEAR_RANGE",
    "Agency",
    "AreaFigure",
    "Baseline",
    "Membership",
    "Province",
    "QuotedFigure",
    "Regency",
    "Target",
    "Workforce",
]
