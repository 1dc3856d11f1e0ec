"""Quoted percentages beside what their own counts give."""

from __future__ import annotations

from decimal import Decimal

from .counts import percent

QUOTE_TOLERANCE = Decimal("0.05")
"""Percentage points that rounding may explain."""


def quote_difference(numerator: int | None, denominator: int | None, quoted: Decimal) -> Decimal | None:
    """Quoted percentage minus what its own counts give, in percentage points; None without counts."""
    own = percent(numerator, denominator)
    return None if own is None else quoted - own


def is_quote_off(difference: Decimal | None) -> bool:
    """Whether a quoted percentage is further from its own counts than rounding explains."""
    return difference is not None and abs(difference) > QUOTE_TOLERANCE
