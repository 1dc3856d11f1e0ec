"""How kinds, columns and stored values are called on pages, in the reader's language."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from coverage_portal.lib import numbers, periods

from . import kinds
from .kinds import IGNORE, Kind

_DECIMAL = re.compile(r"-?\d{1,15}\.(\d{1,4})")
_MONTH = re.compile(r"\d{4}-\d{2}")


def translated(text: str) -> str:
    """A stored Indonesian text in the reader's language; the empty one stays empty."""
    return gettext(text) if text else ""


def kind_title(slug: str) -> str:
    """The name of a kind, also of one that this release no longer has."""
    try:
        return str(kinds.get(slug).title)
    except KeyError:
        return slug


def target_name(kind: Kind, target: str | None) -> str:
    """What a column is used for: `value@2025-07` is "Peserta Aktif · Juli 2025"."""
    if not target:
        return ""
    if target == IGNORE:
        return gettext("Tidak dipakai")
    names = dict(kind.target_choices())
    if target in names:
        return translated(names[target])
    base, _at, suffix = target.partition("@")
    return f"{translated(names.get(base, base))} · {shown_period(suffix)}"


def column_choices(kind: Kind, current: str | None) -> list[tuple[str, str]]:
    """What a column may be used for; what it is used for now is always among it."""
    choices = [(target, translated(label)) for target, label in kind.target_choices()]
    if current and current != IGNORE and current not in dict(choices):
        choices.insert(0, (current, target_name(kind, current)))
    undecided = [] if current else [("", gettext("Belum diketahui"))]
    return [*undecided, (IGNORE, gettext("Abaikan kolom ini")), *choices]


def value_name(kind: Kind, name: str) -> str:
    """The heading under which a stored value comes; a kind's main value comes under its column `value`."""
    headings = {column.name: column.heading for column in kind.columns}
    return translated(headings.get(name) or headings.get("value", name))


def shown_period(text: str) -> str:
    """`2025-07` as a month, anything else as it is."""
    if not _MONTH.fullmatch(text):
        return text
    try:
        return periods.format_month(periods.Month.parse(text), get_language() or "id")
    except ValueError:
        return text


def shown_value(value: Any) -> str:
    """A stored JSON value as a reader writes it; nothing for None."""
    language = get_language() or "id"
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return numbers.format_number(value, language, 0)
    text = str(value)
    decimal = _DECIMAL.fullmatch(text)
    if decimal:
        return numbers.format_number(Decimal(text), language, len(decimal[1]))
    return shown_period(text)
