"""Sentences of the law's arithmetic in the reader's language, with dates, rupiah and counts written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from coverage_portal.lib.numbers import UNKNOWN, format_number, format_rupiah
from coverage_portal.lib.periods import format_date

from .matching import Fact

MATCH_FACTS = {
    Fact.PACKAGE_CODE: gettext_noop("Kode paketnya tertulis di pendaftaran ini."),
    Fact.CONTRACT_NUMBER: gettext_noop("Nomor kontraknya sama."),
    Fact.NAME: gettext_noop("Nama proyeknya mirip %(alike)s %%."),
    Fact.NUMBERS_DIFFER: gettext_noop("Angka di nama proyeknya berbeda."),
    Fact.SAME_NPWP: gettext_noop("Penyedianya sama menurut NPWP."),
    Fact.CONTRACTOR_ALIKE: gettext_noop("Nama penyedianya mirip %(alike)s %%."),
    Fact.CONTRACTOR_DIFFERS: gettext_noop("Nama penyedianya berbeda (mirip %(alike)s %%)."),
    Fact.NPWP_DIFFERS: gettext_noop("NPWP penyedianya berbeda."),
    Fact.SAME_REGENCY: gettext_noop("Kabupaten/kotanya sama."),
    Fact.REGENCY_DIFFERS: gettext_noop("Kabupaten/kotanya berbeda."),
    Fact.SAME_VALUE: gettext_noop("Nilai kontraknya sama, dengan selisih paling banyak 1 %%."),
    Fact.VALUE_BUT_VAT: gettext_noop("Nilai kontraknya berselisih sebesar PPN."),
    Fact.VALUE_DIFFERS: gettext_noop("Nilai kontraknya berselisih lebih dari 20 %%."),
    Fact.SAME_SPK_DATE: gettext_noop("Tanggal SPK-nya sama."),
    Fact.SPK_DATES_APART: gettext_noop("Tanggal SPK-nya berselisih lebih dari 180 hari."),
    Fact.REGISTERED_BEFORE_SPK: gettext_noop("Pendaftarannya mendahului tanggal SPK paket."),
}
"""What each fact says of a package and a registration; `alike` is in percent."""


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
