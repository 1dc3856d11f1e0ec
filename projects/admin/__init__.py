"""Projects and what belongs to them in the stock admin."""

from . import contracts, holidays, payments

__all__ = ["contracts", "holidays", "payments"]
