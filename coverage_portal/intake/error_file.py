"""The refused rows of an import as a workbook that can be corrected and uploaded again."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO, Any

from django.db.models import F, Func, IntegerField, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from coverage_portal.lib import numbers, periods
from coverage_portal.lib.spreadsheets import Cell

from . import kinds, refusals, workbooks
from .cells import from_json
from .choices import Outcome
from .kinds import IGNORE, BulkKind, Kind
from .models import ImportBatch, Issue

ERRORS_HEADING = "Kesalahan"
"""The engine ignores a column of this heading when the file comes back."""

KEPT_ANSWERS = {"month": "Bulan", "year": "Tahun", "segment": "Segmen"}
"""Answers that hold for the whole sheet, and the words of the line that says so above the heading."""

ERRORS_WIDTH = 70
MOST_ROWS = 1_000_000
"""A sheet has room for a few more; a CSV may have more wrong rows than that."""
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")


def file_name(batch: ImportBatch) -> str:
    return f"Kesalahan - {PurePosixPath(batch.file_name).stem}.xlsx"


def write(batch: ImportBatch, *, is_masked: bool = False) -> IO[bytes]:
    """A temporary file, at its start, with the titles, the heading and exactly the refused rows.

    Args:
        is_masked: leave out of the cells what tells who a person is. Such a file shows what to correct, and
            cannot be uploaded again.
    """
    kind = kinds.get(batch.kind)
    columns = {column["index"]: column for column in batch.found.get("columns", [])}
    errors_index = _errors_index(batch, columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Perbaiki"))
    sheet.column_dimensions[get_column_letter(errors_index + 1)].width = ERRORS_WIDTH
    titles = [*_titles(batch), *_too_many(batch)]
    for title in titles:
        sheet.append([workbooks.text(sheet, title)])
    if titles:
        sheet.append([])
    headings = _headings(batch, kind, columns, errors_index)
    sheet.append([workbooks.heading(sheet, text) if text else None for text in headings])
    for values, said in itertools.islice(_refused(batch), MOST_ROWS):
        if is_masked and isinstance(kind, BulkKind):
            targets = (columns.get(index, {}).get("target") for index in range(len(values)))
            values = [kind.masked(target, cell) for target, cell in zip(targets, values, strict=True)]
        cells = [workbooks.cell(sheet, value) for value in values[:errors_index]]
        cells += [None] * (errors_index - len(cells))
        cells.append(workbooks.text(sheet, "\n".join(said), is_wrapped=True))
        cells += [workbooks.cell(sheet, value) for value in values[errors_index + 1 :]]
        sheet.append(cells)
    return workbooks.saved(book)


def _too_many(batch: ImportBatch) -> list[str]:
    wrong = int(batch.counts.get(Outcome.WRONG, 0))
    if wrong <= MOST_ROWS:
        return []
    sentence = _("Hanya %(most)s baris pertama dari %(wrong)s baris yang salah ada di berkas ini.")
    language = get_language() or "id"
    return [
        sentence
        % {
            "most": numbers.format_number(MOST_ROWS, language, 0),
            "wrong": numbers.format_number(wrong, language, 0),
        }
    ]


def _refused(batch: ImportBatch) -> Iterator[tuple[list[Cell], list[str]]]:
    """The cells of each refused row and what is wrong with it, in the order of the sheet."""
    sentences: dict[int, list[str]] | None = None
    for row in batch.rows.filter(outcome=Outcome.WRONG).order_by("number").iterator(chunk_size=2000):
        if isinstance(row.cells, dict):
            opened = refusals.opened(batch.pk, row.number, row.cells)
            yield opened.cells, [_sentence(row.number, column, text) for column, text in opened.errors]
            continue
        if sentences is None:
            sentences = _sentences(batch)
        yield [from_json(value) for value in row.cells], sentences[row.number]


def _errors_index(batch: ImportBatch, columns: dict[int, dict[str, Any]]) -> int:
    """Where the sentences go: the column they have in a file that came back before, else a new last one."""
    for index, column in columns.items():
        if column["heading"].casefold() == ERRORS_HEADING.casefold():
            return index
    if isinstance(kinds.get(batch.kind), BulkKind):
        return max((index + 1 for index in columns), default=0)
    width = Func(F("cells"), function="jsonb_array_length", output_field=IntegerField())
    widest = batch.rows.filter(outcome=Outcome.WRONG).aggregate(widest=Max(width))["widest"]
    return max([index + 1 for index in columns] + [widest or 0])


def _titles(batch: ImportBatch) -> list[str]:
    """The lines above the heading, and in place of the periods they left unclear what the user answered."""
    titles: list[str] = batch.found.get("titles", [])
    answers = [
        (words, batch.options[name]) for name, words in KEPT_ANSWERS.items() if batch.options.get(name)
    ]
    if batch.options.get("month") or batch.options.get("year"):
        titles = [title for title in titles if not _names_a_period(title)]
    return [*titles, *(f"{words}: {_answer(answer)}" for words, answer in answers)]


def _names_a_period(title: str) -> bool:
    return bool(_YEAR.search(title)) or periods.find_month(title, year=2000) is not None


def _answer(text: str) -> str:
    try:
        return periods.format_month(periods.Month.parse(text), "id")
    except ValueError:
        return text


def _headings(
    batch: ImportBatch, kind: Kind, columns: dict[int, dict[str, Any]], errors_index: int
) -> Sequence[str]:
    """The headings as they were; in the words of the template where only the user knew what one means."""
    titles = batch.found.get("titles", [])
    names = dict(kind.target_choices())
    headings = [""] * (max([*columns, errors_index]) + 1)
    for index, column in columns.items():
        heading, target = column["heading"], column["target"]
        if f"column:{index}" in batch.options and kind.recognise(heading, titles, batch.options) != target:
            heading = "" if target == IGNORE else names.get(target, heading)
        headings[index] = heading
    headings[errors_index] = ERRORS_HEADING
    return headings


def _sentences(batch: ImportBatch) -> dict[int, list[str]]:
    said: dict[int, list[str]] = defaultdict(list)
    errors: Iterable[Issue] = batch.issues.filter(
        severity=Issue.Severity.ERROR, row_number__isnull=False
    ).order_by("row_number", "pk")
    for issue in errors:
        number = issue.row_number or 0
        said[number].append(_sentence(number, issue.column, issue.message))
    return said


def _sentence(number: int, column: str, message: str) -> str:
    about = _("Baris %(row)s") % {"row": number}
    return f"{about}, {column}: {message}" if column else f"{about}: {message}"
