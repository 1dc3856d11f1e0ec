"""What users say about a file – its month, its number style, what a column holds – as options of its batch.

The page and the command read the same words here, so that neither stores an option the engine cannot use.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage_portal.accounts.areas import Scope
from coverage_portal.lib.periods import parse_date, parse_month
from coverage_portal.lib.values import BadValue

from . import corrections
from .kinds import IGNORE, Kind

YEARS = (2000, 2100)
LAST_HEADER_ROW = 1000
LONGEST = 200

NUMBER_STYLES = (
    ("", gettext_lazy("Indonesia: 1.234,56")),
    ("en", gettext_lazy("Inggris: 1,234.56")),
)
CODE_SYSTEMS = (
    ("", gettext_lazy("Kenali sendiri")),
    ("kemendagri", gettext_lazy("Kode Kemendagri")),
    ("bps", gettext_lazy("Kode BPS")),
)


class BadAnswer(ValueError):
    """An answer that cannot be used; `str()` is a sentence that says what may be written."""


def read(kind: Kind, name: str, text: str, scope: Scope) -> str:
    """The option to store for an answer; "" takes an earlier answer back.

    Raises:
        BadAnswer: the answer cannot be used for what `name` asks.
    """
    text = text.strip()
    if not text:
        return ""
    if len(text) > LONGEST:
        raise BadAnswer(_("Jawaban terlalu panjang; paling banyak %(limit)s karakter.") % {"limit": LONGEST})
    if name.startswith("column:"):
        return _column(kind, text)
    if name == "blank_clears" and not kind.blanks_may_clear:
        raise BadAnswer(_("Pada jenis data ini sel kosong selalu membiarkan nilai lama."))
    reader = _READERS.get(name)
    if reader is not None:
        return reader(text)
    try:
        return kind.read_answer(name, text, scope)
    except ValueError as error:
        raise BadAnswer(str(error)) from error


def _month(text: str) -> str:
    try:
        month = parse_month(text)
    except BadValue as error:
        raise BadAnswer(_(error.template) % error.params) from error
    return "" if month is None else str(month)


def _year(text: str) -> str:
    first, last = YEARS
    if not re.fullmatch(r"[0-9]{4}", text) or not first <= int(text) <= last:
        raise BadAnswer(_("Tulis tahun dengan empat angka, misalnya 2025."))
    return text


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except BadValue as error:
        raise BadAnswer(_(error.template) % error.params) from error
    return "" if day is None else day.isoformat()


def _header_row(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= LAST_HEADER_ROW:
        raise BadAnswer(_("Tulis nomor baris judul kolom, misalnya 5."))
    return str(int(text))


def _one_of(*choices: str) -> Callable[[str], str]:
    def read_choice(text: str) -> str:
        if text not in choices:
            raise BadAnswer(_("Pilihannya: %(choices)s.") % {"choices": ", ".join(choices)})
        return text

    return read_choice


def _column(kind: Kind, text: str) -> str:
    choices = [IGNORE, *(target for target, _label in kind.target_choices())]
    bases = {target.partition("@")[0] for target in choices}
    if text in choices or ("@" in text and text.partition("@")[0] in bases):
        return text
    raise BadAnswer(_("Pilihannya: %(choices)s.") % {"choices": ", ".join(choices)})


def _corrects(text: str) -> str:
    wrong = corrections.named(text)
    if wrong is None:
        raise BadAnswer(_(corrections.UNKNOWN))
    return str(wrong.pk)


_READERS: dict[str, Callable[[str], str]] = {
    "corrects": _corrects,
    "month": _month,
    "year": _year,
    "data_date": _day,
    "header_row": _header_row,
    "number_style": _one_of("id", "en"),
    "code_system": _one_of("kemendagri", "bps"),
    "blank_clears": _one_of("0", "1"),
}
