"""Months and dates: the `Month` value, how cells and titles are read, how both are shown."""

from .month import Month, format_date, format_month, month_names, months, months_in_words
from .reading import FIRST_YEAR, LAST_YEAR, parse_date, parse_month
from .titles import find_month

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "Month",
    "find_month",
    "format_date",
    "format_month",
    "month_names",
    "months",
    "months_in_words",
    "parse_date",
    "parse_month",
]
