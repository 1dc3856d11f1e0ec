"""From a stored file to a preview: read, find the heading, check every row, compare with what is stored."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.lib import spreadsheets
from coverage_portal.lib.redaction import redact, redacted
from coverage_portal.lib.spreadsheets import Cell, limits, messages

from . import bulk, corrections, kinds, layout, progress, repeats, storage
from .choices import STALE_PREVIEW, Stage
from .kinds import (
    BulkKind,
    Kind,
    Layout,
    Options,
    Problem,
    Question,
    RecordKind,
    RowKind,
    RowResult,
    Severity,
)
from .models import ImportBatch, StagedRecord, StagedRow
from .reach import UPLOAD, scope_for
from .staging import Checked, ReadRow, assemble

HEAD_ROWS = 40
PROGRESS_EVERY = 1000
PRELIMINARY_ROWS = 5000
"""A file of so many rows is checked at once although something must be asked; a longer one after that."""
FROM_THE_SHEET = ("sheet", "sheets", "titles", "columns")
"""What is found in the words of the file. One that was taken for another may have persons in its headings."""
Progress = Callable[[int, int | None], None]


def check(batch: ImportBatch) -> None:
    """Read the batch's file and stage what it says. Writes no domain row, and may be repeated at will."""

    def tell(done: int, total: int | None) -> None:
        progress.tell(batch.pk, done, total)

    kind = kinds.get(batch.kind)
    scope = scope_for(batch.user, kind, UPLOAD)
    known = repeats.unchanged(batch, kind, scope) if isinstance(kind, BulkKind) else None
    try:
        checked = _objection(batch) or known or _read(batch, kind, scope, tell)
    except spreadsheets.Unreadable as error:
        checked = Checked(ImportBatch.State.REFUSED, [_unreadable(error)])
    except kinds.NotNow as error:
        checked = Checked(ImportBatch.State.INTERRUPTED, [error.problem])
    except FileNotFoundError:
        gone = _("Berkas unggahan sudah dihapus sesuai masa simpan. Unggah kembali berkasnya.")
        checked = Checked(ImportBatch.State.REFUSED, [Problem("file_gone", gone)])
    _save(batch, checked)


def _objection(batch: ImportBatch) -> Checked | None:
    if batch.corrects_id is None and "corrects" not in batch.options:
        return None
    problem = corrections.objection(batch.corrects, batch.user)
    return None if problem is None else Checked(ImportBatch.State.REFUSED, [problem])


def _unreadable(error: spreadsheets.Unreadable) -> Problem:
    return Problem(error.code, messages.SENTENCES[error.code], error.params)


def _read(batch: ImportBatch, kind: Kind, scope: Scope, tell: Progress) -> Checked:
    options: Options = batch.options
    sheet = options.get("sheet") or None
    with storage.opened(str(batch.pk)) as file, _reading(batch, kind, file, sheet) as reading:
        found = _found(reading)
        if any(redact(sheet["name"]) != sheet["name"] for sheet in found["sheets"]):
            return Checked(ImportBatch.State.REFUSED, [_nik_in_name()])
        if reading.sheet is not None:
            return _check_sheet(batch, kind, scope, options, reading, found, tell)
        samples = dict(reading.samples)
    fitting = [name for name, rows in samples.items() if _fits(rows, kind, options)]
    if len(fitting) != 1:
        question = Question(
            "sheet",
            _("Berkas ini berisi beberapa lembar. Lembar mana yang diimpor?"),
            choices=tuple((name, name) for name in samples),
            value=fitting[0] if fitting else "",
        )
        problem = Problem(
            "choose_sheet",
            _("Berkas ini berisi beberapa lembar (%(sheets)s). Pilih lembar yang diimpor."),
            {"sheets": ", ".join(samples)},
        )
        return Checked(ImportBatch.State.ASKING, [problem], [question], found)
    with storage.opened(str(batch.pk)) as file, _reading(batch, kind, file, fitting[0]) as reading:
        checked = _check_sheet(batch, kind, scope, options, reading, _found(reading), tell)
    others = [name for name in samples if name != fitting[0]]
    checked.problems.append(
        Problem(
            "other_sheets",
            _("Lembar “%(sheet)s” dibaca karena hanya judul kolomnya yang cocok; dilewati: %(others)s."),
            {"sheet": fitting[0], "others": ", ".join(others)},
            severity=Severity.NOTE,
        )
    )
    return checked


def _reading(
    batch: ImportBatch, kind: Kind, file: BinaryIO, sheet: str | None
) -> AbstractContextManager[spreadsheets.Reading]:
    """The rows of a CSV of a bulk kind go by in a stream; those of another kind are held until the end."""
    bounds = spreadsheets.Limits(
        max_file_bytes=settings.UPLOAD_MAX_MB * limits.MEGABYTE,
        memory_bytes=settings.IMPORT_MEMORY_MB * 1_000_000,
        max_records=limits.DEFAULTS.max_records if isinstance(kind, BulkKind) else limits.EXCEL_ROWS,
    )
    return spreadsheets.read(file, sheet=sheet, limits=bounds, name=batch.file_name)


def _found(reading: spreadsheets.Reading) -> dict[str, Any]:
    book = reading.workbook
    return {
        "format": book.format,
        "encoding": book.encoding,
        "delimiter": book.delimiter,
        "sheet": reading.sheet,
        "sheets": [{"name": s.name, "visible": s.visible, "rows": s.rows} for s in book.sheets],
    }


def _fits(rows: Sequence[tuple[int, Sequence[Cell]]], kind: Kind, options: Options) -> bool:
    try:
        shape = layout.find_layout(rows, kind, options)
    except layout.NoHeader:
        return False
    return not kind.missing(shape.targets())


def _check_sheet(
    batch: ImportBatch,
    kind: Kind,
    scope: Scope,
    options: Options,
    reading: spreadsheets.Reading,
    found: dict[str, Any],
    tell: Progress,
) -> Checked:
    rows = iter(reading.rows)
    head = list(itertools.islice(rows, HEAD_ROWS))
    if not any(_filled(cells) for _number, cells in head):
        empty = _("Lembar “%(sheet)s” kosong: tidak ada baris data. Periksa berkas yang Anda unggah.")
        return Checked(
            ImportBatch.State.REFUSED, [Problem("no_rows", empty, {"sheet": reading.sheet})], found=found
        )
    try:
        shape = layout.find_layout(head, kind, options)
    except layout.NoHeader:
        return Checked(ImportBatch.State.REFUSED, [_no_header(kind)], found=found)
    found["header_rows"] = list(shape.header_rows)
    found["titles"] = list(shape.titles)[:10]
    names = dict(kind.target_choices())
    found["columns"] = [
        {
            "index": use.index,
            "heading": use.heading,
            "target": use.target,
            "meaning": names.get(use.target or "", use.target or ""),
        }
        for use in shape.uses
        if use.heading
    ]
    problems = layout.problems_of(shape, kind)
    if problems:
        return Checked(ImportBatch.State.ASKING, problems, layout.questions_of(shape, kind), found)
    questions = kind.ask(shape, options, scope)
    below = [item for item in head if item[0] > shape.header_rows[-1]]
    if isinstance(kind, BulkKind):
        sheet = _Sheet(reading, shape, below, itertools.chain(below, rows), questions)
        return _check_bulk(batch, kind, scope, options, sheet, found, tell)
    if questions:
        return _asking(questions, found)
    if not isinstance(kind, RecordKind):
        raise TypeError(kind.slug)
    notes = layout.notes_of(shape, (cells for _number, cells in below))
    interpreter = kind.interpreter(shape, options, scope, batch.file_name)
    progress.enter(batch.pk, Stage.ROWS, total=reading.rows_total)
    results = _interpret(interpreter, itertools.chain(below, rows), shape, reading, tell)
    notes = [*_reading_notes(reading), *notes]
    progress.enter(batch.pk, Stage.COMPARING, total=len(results))
    return assemble(batch, kind, interpreter, results, notes, found)


def _asking(questions: list[Question], found: dict[str, Any]) -> Checked:
    asked = [Problem(f"ask_{q.name}", q.template, dict(q.params)) for q in questions if not q.optional]
    return Checked(ImportBatch.State.ASKING, asked, questions, found)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet whose heading was found: its first rows below it, all of them, and what is to be asked."""

    reading: spreadsheets.Reading
    shape: Layout
    below: list[tuple[int, list[Cell]]]
    rows: Iterator[tuple[int, list[Cell]]]
    questions: list[Question]


def _check_bulk(
    batch: ImportBatch,
    kind: BulkKind,
    scope: Scope,
    options: Options,
    sheet: _Sheet,
    found: dict[str, Any],
    tell: Progress,
) -> Checked:
    total = sheet.reading.rows_total
    if sheet.questions and (total is None or total > PRELIMINARY_ROWS):
        return _asking(sheet.questions, found)
    progress.enter(batch.pk, Stage.ROWS, total=total)
    stager = bulk.Stager(batch, kind, sheet.shape, options, scope, tell)
    stager.stage(sheet.rows, total)
    refusal = stager.refusal()
    if refusal is not None:
        bulk.clear(batch, kind)
        return Checked(ImportBatch.State.REFUSED, [refusal], found=found)
    notes = layout.notes_of(sheet.shape, (cells for _number, cells in sheet.below))
    notes = [*_reading_notes(sheet.reading), *notes]

    def reread() -> Iterator[tuple[int, list[Cell]]]:
        name = sheet.reading.sheet
        with storage.opened(str(batch.pk)) as file, _reading(batch, kind, file, name) as again:
            yield from again.rows

    progress.enter(batch.pk, Stage.COMPARING, total=stager.counts["read"])
    with transaction.atomic():
        comparison = stager.compare(reread)
        checked = bulk.preview(stager, comparison, notes, sheet.questions, found)
    if checked.state == ImportBatch.State.ASKING:
        checked.problems = [*_asking(sheet.questions, found).problems, *checked.problems]
    return checked


def _nik_in_name() -> Problem:
    template = _("Nama lembar berisi nomor seperti NIK. Ganti nama lembarnya, lalu unggah kembali.")
    return Problem("nik_in_sheet_name", template)


def _no_header(kind: Kind) -> Problem:
    needed = ", ".join(column.heading for column in kind.columns if column.required)
    template = _(
        "Baris judul tidak ditemukan dalam 15 baris pertama. Pastikan jenis impor sudah benar dan "
        "judul kolom ada, sekurangnya: %(headings)s."
    )
    return Problem("no_header", template, {"headings": needed})


def _filled(cells: Sequence[Cell]) -> bool:
    return any(cell is not None and cell != "" for cell in cells)


def _reading_notes(reading: spreadsheets.Reading) -> list[Problem]:
    return [Problem(note, messages.NOTES[note], severity=Severity.NOTE) for note in reading.notes]


def _interpret(
    interpreter: kinds.Interpreter,
    rows: Iterable[tuple[int, Sequence[Cell]]],
    shape: Layout,
    reading: spreadsheets.Reading,
    tell: Progress,
) -> list[ReadRow]:
    width = max((use.index for use in shape.uses if use.heading), default=0) + 1
    results: list[ReadRow] = []
    for count, (number, cells) in enumerate(rows, start=1):
        if not _filled(cells):
            # Nor told of: a sheet may have a million blank rows before its last one, which take a second.
            continue
        if count % PROGRESS_EVERY == 0:
            tell(count, reading.rows_total)
        if not results and layout.is_column_numbers(cells, shape):
            result = RowResult(RowKind.SKIPPED, reason=layout.COLUMN_NUMBERS)
        else:
            result = interpreter.row(number, cells)
            beyond = [cell for cell in cells[width:] if cell is not None and cell != ""]
            if beyond and result.kind is RowKind.DATA and reading.workbook.format == "csv":
                result.problems.append(
                    Problem(
                        "too_many_cells",
                        _(
                            "Baris ini berisi lebih banyak sel daripada judulnya. "
                            "Periksa pemisah kolom dan tanda kutip."
                        ),
                        value=str(beyond[0]),
                    )
                )
        results.append(ReadRow(number, list(cells), result))
    return results


def _save(batch: ImportBatch, checked: Checked) -> None:
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportBatch.State.CHECKING:
            return
        if not checked.is_stored:
            batch.rows.all().delete()
            batch.issues.exclude(code=STALE_PREVIEW).delete()
        batch.records.all().delete()
        StagedRow.objects.bulk_create(checked.rows, batch_size=1000)
        StagedRecord.objects.bulk_create(checked.records, batch_size=1000)
        problems = [*checked.problems, *_same_file(batch)]
        bulk.store_issues(batch, problems)
        locked.state = checked.state
        locked.questions = redacted([asdict(question) for question in checked.questions])
        locked.found = checked.found | {
            name: redacted(checked.found[name]) for name in FROM_THE_SHEET if name in checked.found
        }
        locked.counts = checked.counts
        locked.effects = checked.effects
        locked.areas = checked.areas
        locked.preview = uuid.uuid4()
        locked.attempts = 0
        locked.rows_done = checked.counts.get("read", 0)
        locked.rows_total = locked.rows_done or None
        locked.save()


def _same_file(batch: ImportBatch) -> list[Problem]:
    """A word on the same bytes having been applied before: they are read again all the same."""
    before = (
        ImportBatch.objects.filter(sha256=batch.sha256, kind=batch.kind, state=ImportBatch.State.APPLIED)
        .exclude(pk=batch.pk)
        .select_related("user")
        .order_by("-applied_at")
        .first()
    )
    if before is None or before.applied_at is None:
        return []
    at = timezone.localtime(before.applied_at)
    params = {"day": f"{at:%d-%m-%Y}", "time": f"{at:%H.%M}"}
    template = _("Berkas yang sama sudah diimpor pada %(day)s pukul %(time)s.")
    # Whoever may not see that import does not learn whose it was.
    if batch.user is None or ImportBatch.objects.visible_to(batch.user).filter(pk=before.pk).exists():
        params["user"] = before.uploader
        template = _("Berkas yang sama sudah diimpor pada %(day)s pukul %(time)s oleh %(user)s.")
    return [Problem("same_file", template, params, severity=Severity.NOTE)]
