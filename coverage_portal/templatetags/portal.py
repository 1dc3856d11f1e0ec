"""Numbers, months and dates in the reader's language, and links that keep the page's filters."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from coverage_portal.lib import numbers, periods

register = template.Library()


def _language() -> str:
    return get_language() or "id"


@register.filter
def number(value: Decimal | int | None, places: int = 0) -> str:
    return numbers.format_number(value, _language(), places)


@register.filter
def signed(value: Decimal | int | None, places: int = 0) -> str:
    """A difference, with its sign."""
    return numbers.format_signed(value, _language(), places)


@register.filter
def rupiah(value: Decimal | int | None) -> str:
    """An amount of money; with its sen only where it has any."""
    has_sen = value is not None and value != int(value)
    return numbers.format_rupiah(value, _language(), 2 if has_sen else 0)


@register.filter
def percent(value: Decimal | None, places: int = 2) -> str:
    return numbers.format_percent(value, _language(), places)


@register.filter
def plain_percent(value: Decimal | None) -> str:
    """A percentage as it was set: `61 %`, `60,80 %`. Decimals only where it has any."""
    is_whole = value is None or value == value.to_integral_value()
    return numbers.format_percent(value, _language(), 0 if is_whole else 2)


@register.filter
def month(value: periods.Month | None) -> str:
    return "" if value is None else periods.format_month(value, _language())


@register.filter
def short_month(value: periods.Month | None) -> str:
    return "" if value is None else periods.format_month(value, _language(), short=True)


@register.filter
def month_name(value: periods.Month) -> str:
    """The month without its year, short: `Jul`."""
    return periods.month_names(_language())[value.month - 1]


@register.filter
def absolute(value: Decimal) -> Decimal:
    return abs(value)


@register.filter
def local_day(moment: datetime.datetime) -> datetime.date:
    """The day of a moment in the province."""
    return timezone.localtime(moment).date()


@register.filter
def date(value: datetime.date | None) -> str:
    return "" if value is None else periods.format_date(value, _language())


@register.filter
def date_value(value: datetime.date | None) -> str:
    """A date as form fields and addresses have it, in any language."""
    return "" if value is None else value.isoformat()


@register.simple_tag(takes_context=True)
def kept_query(context: dict[str, Any], **changes: object) -> str:
    """The page's filters as a query string, some of them changed: `?bulan=2025-07&segmen=PU`, or nothing."""
    kept = {**context.get("kept_filters", {}), **changes}
    query = urlencode({name: str(value) for name, value in kept.items() if value})
    return f"?{query}" if query else ""
