"""Tables as files that a spreadsheet opens: what was text stays text, and nothing in a cell runs.

Two formats, made for the spreadsheets in use here. XLSX keeps the types: texts are written as string cells,
so that `61.10` keeps its zero and `=1+1` is shown instead of computed. CSV has no types: semicolons, decimal
commas and a byte order mark, as an Indonesian Excel expects it, and `safe_cell` for its texts.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import tablib
from django.http import HttpResponse
from django.utils import timezone
from import_export.formats import base_formats
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value: TypeAlias = str | int | float | Decimal | datetime.date | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_SHEET_NAME = 31
MAX_CELL_TEXT = 32_767
WIDEST_COLUMN = 60
DATE_FORMAT = "dd-mm-yyyy"
MOMENT_FORMAT = "dd-mm-yyyy hh:mm"
TWO_DECIMALS = "0.00"

_FORMULA_STARTS = frozenset("=+-@|%\t\r\n＝＋－＠｜％")
_NOT_SEEN = re.compile(r"^[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*", re.ASCII)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def safe_cell(value: str) -> str:
    """A text for a CSV cell: one that a spreadsheet could take for a formula gets an apostrophe in front.

    What counts is the first character that is seen, full-width forms included; a tab or line break in front
    counts too, for some programs skip it. Plain numbers (`-5`) stay as they are. The portal's own reader
    drops the apostrophe again.
    """
    if _PLAIN_NUMBER.fullmatch(value):
        return value
    seen = _NOT_SEEN.sub("", value)
    if value[:1] in _FORMULA_STARTS or seen[:1] in _FORMULA_STARTS:
        return f"'{value}"
    return value


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A CSV file; dates as 2025-07-31, moments as 2025-07-31 09:00, decimals with a comma, None empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow([safe_cell(heading) for heading in headings])
    writer.writerows([_csv_text(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _csv_text(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return safe_cell(value)
        case Decimal() | float():
            return f"{Decimal(str(value)):f}".replace(".", ",")
        case datetime.datetime():
            return f"{_here(value):%Y-%m-%d %H:%M}"
        case _:
            return str(value)


def _here(moment: datetime.datetime) -> datetime.datetime:
    """A moment on the province's clock, as a spreadsheet, which knows no zones, can hold it."""
    return timezone.localtime(moment).replace(tzinfo=None) if timezone.is_aware(moment) else moment


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a workbook; its title is cut to what a sheet's name may hold."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def xlsx_file(title: str, headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A workbook with one sheet: bold headings that stay in view, and columns as wide as their texts."""
    return xlsx_book([Sheet(title, headings, rows)])


def xlsx_book(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with a sheet for each table, in the order given."""
    book = Workbook(write_only=True)
    for each in sheets:
        content: list[Sequence[Value]] = [each.headings, *each.rows]
        sheet = book.create_sheet(_sheet_name(each.title))
        for number, width in enumerate(_widths(content), start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2"
        for number, row in enumerate(content):
            sheet.append([_xlsx_cell(sheet, value, bold=number == 0) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xlsx_cell(sheet: Any, value: Value, *, bold: bool) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, _xlsx_text(value))
        # A text that begins with an equals sign would otherwise be written as a formula.
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, datetime.datetime):
        cell = WriteOnlyCell(sheet, _here(value))
        cell.number_format = MOMENT_FORMAT
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime.date):
            cell.number_format = DATE_FORMAT
        elif isinstance(value, Decimal) and value.as_tuple().exponent == -2:
            cell.number_format = TWO_DECIMALS
    if bold:
        cell.font = Font(bold=True)
    return cell


def _xlsx_text(value: str) -> str:
    """The text as XML can hold it: no control characters, and no `_x0000_` that readers would decode."""
    clean = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value[:MAX_CELL_TEXT])
    return _LOOKS_ESCAPED.sub("_x005F_", clean)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).strip()[:MAX_SHEET_NAME] or "Data"


def _widths(content: Sequence[Sequence[Value]]) -> list[int]:
    longest = [0] * max(len(row) for row in content)
    for row in content:
        for number, value in enumerate(row):
            longest[number] = max(longest[number], len(str(value)))
    return [min(length + 2, WIDEST_COLUMN) for length in longest]


def csv_attachment(sheet: Sheet, name: str) -> HttpResponse:
    """A table to be saved as CSV."""
    return attachment(csv_file(sheet.headings, sheet.rows), CSV.CONTENT_TYPE, name)


def xlsx_attachment(sheets: Iterable[Sheet], name: str) -> HttpResponse:
    """Tables to be saved as one workbook."""
    return attachment(xlsx_book(sheets), XLSX_TYPE, name)


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be saved. `name` is made by the portal: letters, digits, dots and hyphens."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


class XLSX(base_formats.XLSX):  # type: ignore[misc]
    """The format of django-import-export with the same name, written by `xlsx_file`."""

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> bytes:
        return xlsx_file(dataset.title or "Data", dataset.headers, dataset)


class CSV(base_formats.CSV):  # type: ignore[misc]
    """The format of django-import-export with the same name, written by `csv_file`."""

    CONTENT_TYPE = "text/csv; charset=utf-8"

    def is_binary(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **_kwargs: Any) -> bytes:
        return csv_file(dataset.headers, dataset)
