"""Compliance of construction projects, without a database: states, findings, arrears, as of any day.

Everything is derived from `ProjectFacts`; nothing is derived from what is missing. Sentences are codes with
params here, and words where they are shown.
"""

from .account import Account, Arrears, Part
from .case import Rules
from .facts import Assessment, Fault, Instalment, Payment, ProjectFacts, faults
from .findings import Finding
from .messages import HOLIDAYS_UNKNOWN, Rule, Settlement, State, Status
from .position import Position, position

__all__ = [
    "HOLIDAYS_UNKNOWN",
    "Account",
    "Arrears",
    "Assessment",
    "Fault",
    "Finding",
    "Instalment",
    "Part",
    "Payment",
    "Position",
    "ProjectFacts",
    "Rule",
    "Rules",
    "Settlement",
    "State",
    "Status",
    "faults",
    "position",
]
