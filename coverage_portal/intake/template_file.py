"""The empty workbook of a kind: its columns to fill in, and a second sheet that explains them."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from . import workbooks
from .kinds import Kind
from .naming import translated

MIN_WIDTH = 14
HELP_WIDTHS = (24, 10, 70, 28)


def file_name(kind: Kind) -> str:
    return f"templat-{kind.slug}.xlsx"


def write(kind: Kind) -> IO[bytes]:
    """A temporary file, at its start. The examples stand on the second sheet: none can be imported."""
    book = Workbook(write_only=True)
    data = book.create_sheet("Data")
    data.freeze_panes = "A2"
    for place, column in enumerate(kind.columns, start=1):
        letter = get_column_letter(place)
        data.column_dimensions[letter].width = max(MIN_WIDTH, len(column.heading) + 4)
        if column.text:
            data.column_dimensions[letter].number_format = "@"
    data.append([workbooks.heading(data, column.heading) for column in kind.columns])
    help_sheet = book.create_sheet("Petunjuk")
    help_sheet.freeze_panes = "A2"
    for place, width in enumerate(HELP_WIDTHS, start=1):
        help_sheet.column_dimensions[get_column_letter(place)].width = width
    help_sheet.append(
        [
            workbooks.heading(help_sheet, text)
            for text in (_("Kolom"), _("Wajib"), _("Penjelasan"), _("Contoh"))
        ]
    )
    for column in kind.columns:
        is_required = _("ya") if column.required else _("tidak")
        texts = (column.heading, is_required, translated(column.help), column.example)
        help_sheet.append([workbooks.text(help_sheet, text, is_wrapped=True) for text in texts])
    return workbooks.saved(book)
