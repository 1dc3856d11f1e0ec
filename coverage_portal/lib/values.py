"""How the text of a spreadsheet cell is tidied, and how a value that cannot be read is reported.

The parsers of `numbers` and `periods` raise `BadValue` with a code, and one table holds the sentence of each
code, in Indonesian: whoever shows it translates the template first. Nothing here imports Django, so that the
arithmetic built on these modules stays free of it.

A cell is whatever a reader hands over: None, str, int, float, Decimal, bool, date, datetime, time or
timedelta. Any other object stands for a formula that failed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        # Anything
        "boolean": _("Isi sel BENAR/SALAH tidak dapat dibaca di kolom ini."),
        "formula_error": _("Sel berisi galat rumus; perbaiki rumusnya atau ketik nilainya."),
        # Numbers
        "not_a_number": _("Bukan angka. Tulis angkanya saja, tanpa satuan atau keterangan."),
        "not_finite": _("Bukan bilangan yang berhingga."),
        "number_is_date": _("Sel berformat tanggal, padahal kolom ini berisi angka. Ubah format selnya."),
        "scientific": _("Angka ditulis dalam notasi ilmiah; ubah format sel menjadi angka biasa."),
        "too_big": _("Angka terlalu besar."),
        "digits_lost": _("Angka sepanjang ini kehilangan digit di lembar kerja; tulis sebagai teks."),
        "fraction": _(
            "Angka pecahan, padahal harus bilangan bulat. "
            "Bila titik dimaksud sebagai pemisah ribuan, tulis tanpa titik (misalnya 1234)."
        ),
        "small_fraction": _(
            "Angka pecahan di bawah seribu rupiah. Tulis nilainya lengkap dalam rupiah, "
            "atau sebutkan satuannya (misalnya 954,5 juta)."
        ),
        "too_many_decimals": _("Terlalu banyak angka di belakang koma; rupiah paling banyak dua."),
        "malformed_groups": _("Pemisah ribuan tidak pada tempatnya; ribuan dikelompokkan tiga angka."),
        "comma_thousands": _(
            "Koma dibaca sebagai tanda desimal, tetapi di sini tampak sebagai pemisah ribuan. "
            "Tulis tanpa pemisah ribuan, atau pilih gaya angka Inggris (1,234.56) untuk berkas ini."
        ),
        "dot_thousands": _(
            "Titik dibaca sebagai tanda desimal, tetapi di sini tampak sebagai pemisah ribuan. "
            "Tulis tanpa pemisah ribuan, atau pilih gaya angka Indonesia (1.234,56) untuk berkas ini."
        ),
        "dot_decimal": _(
            "Titik dibaca sebagai pemisah ribuan. Tulis desimal dengan koma (12,5) "
            "atau pilih gaya angka Inggris."
        ),
        "comma_decimal": _(
            "Koma dibaca sebagai pemisah ribuan. Tulis desimal dengan titik (12.5) "
            "atau pilih gaya angka Indonesia."
        ),
        "unit_ambiguous": _("Satuan “M” berarti miliar atau million; tulis angkanya lengkap."),
        "fraction_percent": _(
            "Tidak jelas apakah ini persen atau pecahan (0,32 dapat berarti 0,32 %% atau 32 %%). "
            "Tulis dengan tanda persen."
        ),
        # Months and dates
        "month_unreadable": _("Bulan tidak dapat dibaca. Tulis misalnya Juli 2025 atau 2025-07."),
        "month_without_year": _("Bulan tanpa tahun. Tulis misalnya Juli 2025."),
        "month_unknown": _("Bulan %(month)s tidak ada; tulis 1 sampai 12."),
        "date_unreadable": _("Tanggal tidak dapat dibaca. Tulis misalnya 31 Agustus 2025 atau 31-08-2025."),
        "date_without_day": _("Tanggal tanpa hari. Tulis misalnya 31 Agustus 2025."),
        "date_month_first": _(
            "Bulan %(month)s tidak ada: tanggal ditulis hari/bulan/tahun, misalnya 31/08/2025."
        ),
        "date_impossible": _("Tanggal ini tidak ada di kalender."),
        "date_serial_range": _("Angka ini bukan tanggal. Ubah format selnya menjadi tanggal."),
        "date_lifelong": _("“Seumur hidup” bukan tanggal."),
        "year_out_of_range": _("Tahun %(year)s di luar %(first)s–%(last)s."),
    }
)


class BadValue(ValueError):
    """A cell that cannot be read: `code` names the fault, `params` fill its sentence.

    The value itself is left out on purpose: exception texts end up in logs, and a cell may be personal.
    """

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = dict(params or {})

    @property
    def template(self) -> str:
        """The Indonesian sentence with %(name)s places for `params`, as gettext takes it."""
        return TEMPLATES[self.code]

    @property
    def message(self) -> str:
        """The sentence in Indonesian."""
        return self.template % self.params


_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
# Only plain digits are folded: full NFKC would also turn "²" into 2 and "½" into 1/2.
_FULL_WIDTH_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}
_BLANK = re.compile(r"[-–—]*")


def tidy(text: str) -> str:
    """`text` on one line, single-spaced, without invisible characters and Excel's leading apostrophe."""
    visible = " ".join(text.translate(_INVISIBLE).translate(_FULL_WIDTH_DIGITS).split())
    return visible[1:].strip() if visible[:1] in ("'", "\N{RIGHT SINGLE QUOTATION MARK}") else visible


def is_blank(cell: object) -> bool:
    """Nothing, spaces only, or a dash, which is how Indonesian tables leave a cell empty."""
    return cell is None or (isinstance(cell, str) and _BLANK.fullmatch(tidy(cell)) is not None)


def refuse_formula_error(text: str) -> None:
    """Raise BadValue for what a spreadsheet shows in place of a failed formula (`#REF!`, `#DIV/0!`)."""
    if text.startswith("#"):
        raise BadValue("formula_error")
