"""Sentences of the law's arithmetic in the reader's language, with dates, rupiah and counts written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coverage_portal.lib.numbers import UNKNOWN, format_number, format_rupiah
from coverage_portal.lib.periods import format_date

from .rates import Certainty

CERTAINTIES = {
    Certainty.ESTABLISHED: gettext_lazy("beberapa sumber sepakat"),
    Certainty.SINGLE_SOURCE: gettext_lazy("satu sumber"),
    Certainty.UNVERIFIED: gettext_lazy("belum diverifikasi"),
}


def sentence(template: str, params: Mapping[str, object]) -> str:
    """A template filled: dates in words, Decimal as rupiah, whole numbers grouped, None as a dash."""
    return _(template) % {name: written(value) for name, value in params.items()}


def written(value: object) -> str:
    """A value in the reader's language, as sentences have it."""
    language = get_language() or "id"
    if value is None:
        return UNKNOWN
    if isinstance(value, date):
        return format_date(value, language)
    if isinstance(value, Decimal):
        return format_rupiah(value, language, 0 if value == value.to_integral_value() else 2)
    if isinstance(value, int):
        return format_number(value, language)
    return str(value)
