"""From a stored file to a preview: read, find the heading, check every row, compare with what is stored."""

from __future__ import annotations

import itertools
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import EVERYTHING, Scope, scope_of
from coverage_portal.lib import spreadsheets
from coverage_portal.lib.spreadsheets import Cell, limits, messages

from . import kinds, layout, storage
from .cells import to_json
from .kinds import Kind, Layout, Options, Problem, Question, Record, RowKind, RowResult, Severity
from .models import ImportBatch, Issue, Outcome, StagedRecord, StagedRow

HEAD_ROWS = 40
PROGRESS_EVERY = 1000
MAX_VALUE = 200
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Checked:
    """All that reading a file brought to light. `state` is what the batch becomes."""

    state: str
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    rows: list[StagedRow] = field(default_factory=list)
    records: list[StagedRecord] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def check(batch: ImportBatch) -> None:
    """Read the batch's file and stage what it says. Writes no domain row, and may be repeated at will."""

    def progress(done: int, total: int | None) -> None:
        ImportBatch.objects.filter(pk=batch.pk).update(
            rows_done=done, rows_total=total, changed_at=timezone.now()
        )

    kind = kinds.get(batch.kind)
    scope = EVERYTHING if batch.user is None else scope_of(batch.user)
    try:
        checked = _read(batch, kind, scope, progress)
    except spreadsheets.Unreadable as error:
        checked = Checked(ImportBatch.State.REFUSED, [_unreadable(error)])
    except FileNotFoundError:
        gone = _("Berkas unggahan sudah dihapus sesuai masa simpan. Unggah kembali berkasnya.")
        checked = Checked(ImportBatch.State.REFUSED, [Problem("file_gone", gone)])
    _save(batch, checked)


def _unreadable(error: spreadsheets.Unreadable) -> Problem:
    return Problem(error.code, messages.SENTENCES[error.code], error.params)


def _read(batch: ImportBatch, kind: Kind, scope: Scope, progress: Progress) -> Checked:
    options: Options = batch.options
    sheet = options.get("sheet") or None
    with storage.opened(str(batch.pk)) as file, _reading(batch, file, sheet) as reading:
        found = _found(reading)
        if reading.sheet is not None:
            return _check_sheet(batch, kind, scope, options, reading, found, progress)
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
    with storage.opened(str(batch.pk)) as file, _reading(batch, file, fitting[0]) as reading:
        checked = _check_sheet(batch, kind, scope, options, reading, _found(reading), progress)
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
    batch: ImportBatch, file: BinaryIO, sheet: str | None
) -> AbstractContextManager[spreadsheets.Reading]:
    bounds = spreadsheets.Limits(
        max_file_bytes=settings.UPLOAD_MAX_MB * limits.MEGABYTE,
        memory_bytes=settings.IMPORT_MEMORY_MB * 1_000_000,
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
    progress: Progress,
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
    questions = kind.ask(shape, options)
    if questions:
        asked = [Problem(f"ask_{q.name}", q.template, dict(q.params)) for q in questions]
        return Checked(ImportBatch.State.ASKING, asked, questions, found)
    below = [item for item in head if item[0] > shape.header_rows[-1]]
    notes = layout.notes_of(shape, (cells for _number, cells in below))
    interpreter = kind.interpreter(shape, options, scope, batch.file_name)
    results = _interpret(interpreter, itertools.chain(below, rows), shape, reading, progress)
    notes = [*_reading_notes(reading), *notes]
    return _assemble(batch, kind, interpreter, results, notes, found)


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


@dataclass(slots=True)
class _Read:
    number: int
    cells: list[Cell]
    result: RowResult


def _interpret(
    interpreter: kinds.Interpreter,
    rows: Iterable[tuple[int, Sequence[Cell]]],
    shape: Layout,
    reading: spreadsheets.Reading,
    progress: Progress,
) -> list[_Read]:
    width = max((use.index for use in shape.uses if use.heading), default=0) + 1
    results = []
    for count, (number, cells) in enumerate(rows, start=1):
        if count % PROGRESS_EVERY == 0:
            progress(count, reading.rows_total)
        if not _filled(cells):
            continue
        if not results and layout.is_column_numbers(cells, shape):
            result = RowResult(RowKind.SKIPPED, reason=_("nomor kolom"))
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
        results.append(_Read(number, list(cells), result))
    return results


def _assemble(
    batch: ImportBatch,
    kind: Kind,
    interpreter: kinds.Interpreter,
    read: list[_Read],
    notes: list[Problem],
    found: dict[str, Any],
) -> Checked:
    if not any(r.result.kind is RowKind.DATA for r in read):
        template = _("Tidak ada baris data di bawah judul kolom. Isi datanya, lalu unggah kembali.")
        return Checked(ImportBatch.State.REFUSED, [Problem("no_data_rows", template)], found=found)
    closing = interpreter.finish()
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in closing:
        if problem.row is not None:
            by_row[problem.row].append(problem)
    for r in read:
        r.result.problems.extend(by_row.pop(r.number, []))
    notes = [*notes, *(p for p in closing if p.row is None), *itertools.chain.from_iterable(by_row.values())]
    _refuse_repeated_keys(read)
    questions = interpreter.questions()
    wrong = {r.number for r in read if any(p.severity is Severity.ERROR for p in r.result.problems)}
    good = [(r.number, rec) for r in read if r.number not in wrong for rec in r.result.records]
    stored = kind.current(rec.key for _number, rec in good)
    records, outcomes = _compared(batch, good, stored)
    rows, counts = [], dict.fromkeys(("read", *Outcome.values), 0)
    for r in read:
        outcome = _row_outcome(r, wrong, outcomes)
        counts["read"] += 1
        counts[outcome] += 1
        reason = r.result.reason or (_("tidak ada nilai untuk diimpor") if outcome == Outcome.SKIPPED else "")
        rows.append(
            StagedRow(
                batch=batch,
                number=r.number,
                cells=[to_json(cell) for cell in r.cells],
                outcome=outcome,
                reason=reason if outcome == Outcome.SKIPPED else "",
            )
        )
    writing = [rec for _number, rec in good if outcomes[rec.key] != Outcome.SAME]
    problems = [
        *notes,
        *(_placed(problem, r.number) for r in read for problem in r.result.problems),
    ]
    return Checked(
        ImportBatch.State.READY,
        problems,
        questions,
        found,
        rows,
        records,
        [_effect(effect) for effect in kind.effects(writing)],
        sorted({rec.area for _number, rec in good}),
        counts,
    )


def _effect(effect: kinds.Effect) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in asdict(effect).items()}


def _placed(problem: Problem, number: int) -> Problem:
    return Problem(
        problem.code,
        problem.template,
        problem.params,
        problem.column,
        problem.value,
        problem.severity,
        problem.row or number,
    )


def _refuse_repeated_keys(read: list[_Read]) -> None:
    """Two rows with one key are both refused: which of them is right, only the user knows."""
    places: dict[kinds.Key, list[_Read]] = defaultdict(list)
    for r in read:
        for key in {record.key for record in r.result.records}:
            places[key].append(r)
    labels = {record.key: record.label for r in read for record in r.result.records}
    for key, rows in places.items():
        if len(rows) < 2:
            continue
        for r in rows:
            others = ", ".join(str(other.number) for other in rows if other is not r)
            r.result.problems.append(
                Problem(
                    "duplicate_key",
                    _("%(label)s juga ada di baris %(rows)s. Sisakan satu baris saja."),
                    {"label": labels[key], "rows": others},
                )
            )


def _compared(
    batch: ImportBatch, good: list[tuple[int, Record]], stored: dict[kinds.Key, kinds.Values]
) -> tuple[list[StagedRecord], dict[kinds.Key, str]]:
    staged, outcomes = [], {}
    for number, record in good:
        before = stored.get(record.key)
        if before is None:
            # Clearing what is not there changes nothing.
            clears_nothing = all(value is None for value in record.values.values())
            outcome = Outcome.SAME if clears_nothing else Outcome.NEW
        else:
            outcome = Outcome.SAME if before == record.values else Outcome.CHANGED
        outcomes[record.key] = outcome
        staged.append(
            StagedRecord(
                batch=batch,
                row_number=number,
                key=list(record.key),
                label=record.label[:200],
                area=record.area,
                before=before,
                after=record.values,
                extra=record.extra,
                outcome=outcome,
            )
        )
    return staged, outcomes


def _row_outcome(r: _Read, wrong: set[int], outcomes: dict[kinds.Key, str]) -> str:
    if r.number in wrong:
        return Outcome.WRONG
    if r.result.kind is RowKind.SKIPPED or not r.result.records:
        return Outcome.SKIPPED
    found = {outcomes[record.key] for record in r.result.records}
    return next(o for o in (Outcome.CHANGED, Outcome.NEW, Outcome.SAME) if o in found)


def _save(batch: ImportBatch, checked: Checked) -> None:
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != ImportBatch.State.CHECKING:
            return
        batch.rows.all().delete()
        batch.records.all().delete()
        batch.issues.all().delete()
        StagedRow.objects.bulk_create(checked.rows, batch_size=1000)
        StagedRecord.objects.bulk_create(checked.records, batch_size=1000)
        problems = [*checked.problems, *_same_file(batch)]
        Issue.objects.bulk_create((_issue(batch, problem) for problem in problems), batch_size=1000)
        locked.state = checked.state
        locked.questions = [asdict(question) for question in checked.questions]
        locked.found = checked.found
        locked.counts = checked.counts
        locked.effects = checked.effects
        locked.areas = checked.areas
        locked.preview = uuid.uuid4()
        locked.attempts = 0
        locked.rows_done = checked.counts.get("read", 0)
        locked.rows_total = locked.rows_done or None
        locked.save()


def _issue(batch: ImportBatch, problem: Problem) -> Issue:
    return Issue(
        batch=batch,
        severity=problem.severity.value,
        row_number=problem.row,
        column=problem.column[:MAX_VALUE],
        value=problem.value[:MAX_VALUE],
        code=problem.code[:40],
        template=problem.template,
        params=dict(problem.params),
    )


def _same_file(batch: ImportBatch) -> list[Problem]:
    """A word on the same bytes having been applied before: they are read again all the same."""
    before = (
        ImportBatch.objects.filter(
            sha256=batch.sha256, kind=batch.kind, state=ImportBatch.State.APPLIED
        )
        .exclude(pk=batch.pk)
        .select_related("user")
        .order_by("-applied_at")
        .first()
    )
    if before is None or before.applied_at is None:
        return []
    at = timezone.localtime(before.applied_at)
    return [
        Problem(
            "same_file",
            _("Berkas yang sama sudah diimpor pada %(day)s pukul %(time)s oleh %(user)s. Isinya dibaca ulang."),
            {"day": f"{at:%d-%m-%Y}", "time": f"{at:%H.%M}", "user": before.uploader},
            severity=Severity.NOTE,
        )
    ]
