"""What the rows of a sheet would do: each compared with what is stored, and counted once."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext_noop as _

from coverage_portal.lib.redaction import redact, redacted
from coverage_portal.lib.spreadsheets import Cell

from . import kinds
from .cells import to_json
from .kinds import Problem, Question, Record, RecordKind, RowKind, RowResult, Severity
from .models import ImportBatch, Outcome, StagedRecord, StagedRow


@dataclass(slots=True)
class Checked:
    """All that reading a file brought to light. `state` is what the batch becomes.

    With `is_stored`, the rows that are not applied and what is wrong with them are in the database already.
    """

    state: str
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    rows: list[StagedRow] = field(default_factory=list)
    records: list[StagedRecord] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    is_stored: bool = False


@dataclass(slots=True)
class ReadRow:
    """A row of the sheet, its cells, and what the kind made of it."""

    number: int
    cells: list[Cell]
    result: RowResult


def assemble(
    batch: ImportBatch,
    kind: RecordKind,
    interpreter: kinds.Interpreter,
    read: list[ReadRow],
    notes: list[Problem],
    found: dict[str, Any],
) -> Checked:
    """The preview of a sheet that was read to its end: every row in exactly one of five outcomes."""
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
    refused = _refuse_changes(kind, read, [rec for _n, rec in good if _outcome(rec, stored) != Outcome.SAME])
    wrong |= refused
    good = [(number, rec) for number, rec in good if number not in refused]
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
                # A sheet of figures by area has no business with a NIK, wherever it stands.
                cells=redacted([to_json(cell) for cell in r.cells]),
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


def _refuse_repeated_keys(read: list[ReadRow]) -> None:
    """Two rows with one key are both refused: which of them is right, only the user knows."""
    places: dict[kinds.Key, list[ReadRow]] = defaultdict(list)
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


def _outcome(record: Record, stored: dict[kinds.Key, kinds.Values]) -> str:
    before = stored.get(record.key)
    if before is None:
        # Clearing what is not there changes nothing.
        clears_nothing = all(value is None for value in record.values.values())
        return Outcome.SAME if clears_nothing else Outcome.NEW
    return Outcome.SAME if before == record.values else Outcome.CHANGED


def _refuse_changes(kind: RecordKind, read: list[ReadRow], changing: list[Record]) -> set[int]:
    """Say of each row what must not be changed in it now; returns the numbers of those rows."""
    problems = kind.refusals(changing)
    refused = set()
    for r in read if problems else ():
        found = [problems[record.key] for record in r.result.records if record.key in problems]
        if found:
            r.result.problems.extend(found)
            refused.add(r.number)
    return refused


def _compared(
    batch: ImportBatch, good: list[tuple[int, Record]], stored: dict[kinds.Key, kinds.Values]
) -> tuple[list[StagedRecord], dict[kinds.Key, str]]:
    staged: list[StagedRecord] = []
    outcomes: dict[kinds.Key, str] = {}
    for number, record in good:
        before = stored.get(record.key)
        outcome = outcomes[record.key] = _outcome(record, stored)
        staged.append(
            StagedRecord(
                batch=batch,
                row_number=number,
                key=list(record.key),
                label=redact(record.label)[:200],
                area=record.area,
                before=before,
                after=record.values,
                extra=redacted(record.extra),
                outcome=outcome,
            )
        )
    return staged, outcomes


def _row_outcome(r: ReadRow, wrong: set[int], outcomes: dict[kinds.Key, str]) -> str:
    if r.number in wrong:
        return Outcome.WRONG
    if r.result.kind is RowKind.SKIPPED or not r.result.records:
        return Outcome.SKIPPED
    found = {outcomes[record.key] for record in r.result.records}
    return next(o for o in (Outcome.CHANGED, Outcome.NEW, Outcome.SAME) if o in found)
