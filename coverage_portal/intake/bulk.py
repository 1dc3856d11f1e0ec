"""Checking a sheet of a bulk kind: its rows go by COPY to the kind's own table, and SQL does the rest.

Only a part of the file is in memory at any time. Rows are staged in parts that are committed one by one, so
that progress can be seen; a check that is taken up again begins by clearing what the last one left.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.lib.redaction import redact, redacted
from coverage_portal.lib.spreadsheets import Cell

from . import copying, kinds, refusals, sealed
from .choices import STALE_PREVIEW, Outcome, State
from .kinds import BulkKind, Comparison, Layout, NotStaged, Options, Problem, Question, Severity
from .layout import COLUMN_NUMBERS, is_column_numbers
from .models import ImportBatch, StagedRecord
from .staging import Checked

PART_ROWS = 20_000
BLOCK_ROWS = 500
"""Rows that are read at once: so many that a block costs little, and so few that it takes no memory."""
PROGRESS_SECONDS = 0.5
MANY_ROWS = 5_000
"""From here on the planner is told how large a table has become."""
MOST_LISTED = 10_000
"""Errors that are listed on the page; the error file has all."""
MOST_SKIPPED = 1_000
MAX_VALUE = 200

NumberedRow = tuple[int, list[Cell]]
Progress = Callable[[int, int | None], None]
Rereading = Callable[[], Iterator[NumberedRow]]

_ISSUE_COLUMNS = ("batch_id", "severity", "row_number", "column", "value", "code", "template", "params")
_ROW_COLUMNS = ("batch_id", "number", "cells", "outcome", "reason")


class Stager:
    """The rows of one file on their way to the staging table."""

    def __init__(
        self,
        batch: ImportBatch,
        kind: BulkKind,
        layout: Layout,
        options: Options,
        scope: Scope,
        progress: Progress,
    ) -> None:
        self.batch, self.kind, self.options, self.scope = batch, kind, options, scope
        self.reader = kind.reader(layout, options, scope)
        self.remembered = kind.remembered(layout, options)
        self.counts = Counter[str]({"read": 0, **dict.fromkeys(Outcome.values, 0)})
        self.listed = 0
        self._layout = layout
        self._never_kept = kind.never_kept(layout)
        self._progress = progress
        self._told = 0.0
        self._seen = 0
        self._refused: list[tuple[int, list[Cell], NotStaged]] = []

    def stage(self, rows: Iterable[NumberedRow], total: int | None) -> None:
        """Store every row that can be read, and what is wrong with the others. Blank rows may come too."""
        clear(self.batch, self.kind)
        columns = ("batch_id", "row_number", *self.kind.staged)
        remaining = iter(rows)
        while (first := next(remaining, None)) is not None:
            part = itertools.chain([first], itertools.islice(remaining, PART_ROWS - 1))
            copying.copy(self.kind.table, columns, self._lines(part, total))
            self._store_refused(total)
        if self.counts["read"] >= MANY_ROWS:
            # The planner takes a table that nobody has analysed for a small one.
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {self.kind.table}")
        self._progress(self._seen, total)

    def _lines(self, rows: Iterator[NumberedRow], total: int | None) -> Iterator[str]:
        """The rows as COPY text, a block at a time: what is done for each row by itself is done slowly."""
        batch_id = f"{self.batch.pk}\t"
        while block := list(itertools.islice(rows, BLOCK_ROWS)):
            self._seen += len(block)
            # A cell that is filled is nearly always the first one, so this looks at no more.
            filled = [
                item
                for item in block
                if (item[1] and item[1][0]) or any(cell is not None and cell != "" for cell in item[1])
            ]
            lines = [
                f"{batch_id}{number}\t{line}\n"
                if type(line) is str
                else self._refuse_later(number, cells, line)  # type: ignore[arg-type]
                for (number, cells), line in zip(filled, self._read(filled), strict=True)
            ]
            yield "".join(lines)

    def _refuse_later(self, number: int, cells: list[Cell], line: NotStaged) -> str:
        self._refused.append((number, cells, line))
        return ""

    def _read(self, rows: list[NumberedRow]) -> list[str | NotStaged]:
        if not rows:
            return []
        is_first = self.counts["read"] == 0
        self.counts["read"] += len(rows)
        if is_first:
            return [self._read_first(*rows[0]), *(self.reader.read_all(rows[1:]) if rows[1:] else ())]
        return self.reader.read_all(rows)

    def _read_first(self, number: int, cells: list[Cell]) -> str | NotStaged:
        if is_column_numbers(cells, self._layout):
            return NotStaged(reason=COLUMN_NUMBERS)
        return self.reader.read(number, cells)

    def _store_refused(self, total: int | None) -> None:
        refused, self._refused = self._refused, []
        with transaction.atomic():
            if refused:
                self._keep(
                    (number, cells, result.problems, result.reason) for number, cells, result in refused
                )
        if time.monotonic() - self._told > PROGRESS_SECONDS:
            self._told = time.monotonic()
            self._progress(self._seen, total)

    def _keep(self, rows: Iterable[tuple[int, list[Cell], Sequence[Problem], str]]) -> None:
        """Store rows that are not applied: the wrong ones with their cells, the others with the reason."""
        kept: list[str] = []
        said: list[Problem] = []
        for number, cells, problems, reason in rows:
            outcome = Outcome.WRONG if problems else Outcome.SKIPPED
            self.counts[outcome] += 1
            if problems:
                shown = [None if place in self._never_kept else cell for place, cell in enumerate(cells)]
                refusal = refusals.seal(self.batch.pk, number, shown, problems)
                kept.append(f"{self.batch.pk}\t{number}\t{refusal}\t{outcome.value}\t\n")
                said.extend(replace(problem, row=number) for problem in problems)
            elif self.counts[outcome] <= MOST_SKIPPED:
                kept.append(copying.line(self.batch.pk, number, [], outcome.value, reason))
        copying.copy("intake_stagedrow", _ROW_COLUMNS, kept)
        self._say(said)

    def _say(self, problems: Iterable[Problem]) -> None:
        lines = []
        for problem in problems:
            self.counts["errors"] += 1
            if self.listed < MOST_LISTED:
                self.listed += 1
                lines.append(_issue_line(self.batch, problem))
        copying.copy("intake_issue", _ISSUE_COLUMNS, lines)

    def refusal(self) -> Problem | None:
        """What is wrong with the file as a whole, now that all its rows were read."""
        return self.reader.refusal(self.counts["read"] - self.counts[Outcome.SKIPPED])

    def compare(self, reread: Rereading) -> Comparison:
        """Compare what was staged; inside the caller's transaction."""
        comparison = self.kind.compare(self.batch.pk, self.options, self.remembered, self.scope)
        self._refuse(comparison.wrong, reread)
        self._keep((number, [], (), reason) for number, reason in comparison.skipped)
        self.counts.update(comparison.counts)
        return comparison

    def _refuse(self, problems: Iterator[Problem], reread: Rereading) -> None:
        """Keep the rows that comparing has refused. Only the file has their cells: it is read once more."""
        by_row = (
            (number or 0, tuple(found)) for number, found in itertools.groupby(problems, lambda p: p.row)
        )
        wanted = next(by_row, None)
        if wanted is None:
            return

        def matched() -> Iterator[tuple[int, list[Cell], Sequence[Problem], str]]:
            nonlocal wanted
            for number, cells in reread():
                if wanted is not None and number == wanted[0]:
                    yield number, cells, wanted[1], ""
                    wanted = next(by_row, None)

        rows = matched()
        while part := list(itertools.islice(rows, PART_ROWS)):
            self._keep(part)


def clear(batch: ImportBatch, kind: BulkKind) -> None:
    """Forget what was staged of a batch, and of every batch that will not be applied any more."""
    for kept in (batch.rows.all(), batch.records.all(), batch.issues.exclude(code=STALE_PREVIEW)):
        kept.delete()
    done = (State.APPLIED, State.UNDO_ASKED, State.UNDOING, State.UNDONE, State.CANCELLED, State.REFUSED)
    forget(batch)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {kind.table} WHERE batch_id IN"  # noqa: S608 - a name of our own
            " (SELECT id FROM intake_importbatch WHERE kind = %s AND state = ANY(%s))",
            [kind.slug, [state.value for state in done]],
        )


def forget(batch: ImportBatch) -> None:
    """Delete the staged rows of one batch; of a batch of another kind there are none."""
    try:
        kind = kinds.get(batch.kind)
    except KeyError:
        return
    if isinstance(kind, BulkKind):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {kind.table} WHERE batch_id = %s", [batch.pk])  # noqa: S608


def preview(
    stager: Stager,
    comparison: Comparison,
    notes: list[Problem],
    questions: list[Question],
    found: dict[str, Any],
) -> Checked:
    """What the page shows of a file that was staged and compared."""
    counts = {name: stager.counts[name] for name in ("read", *Outcome.values)}
    if counts["read"] == counts[Outcome.SKIPPED]:
        template = _("Tidak ada baris data di bawah judul kolom. Isi datanya, lalu unggah kembali.")
        return Checked(State.REFUSED, [Problem("no_data_rows", template)], found=found)
    remarks = [*stager.reader.remarks(), *comparison.remarks]
    said = Counter[str]()
    for problem, times in remarks:
        said[problem.code] = max(said[problem.code], times)
    if counts[Outcome.WRONG] and stager.kind.needs_every_row(stager.options):
        notes = [*notes, _all_or_nothing(stager.options)]
        found["needs_every_row"] = True
    if stager.counts["errors"] > stager.listed:
        notes = [*notes, _more_errors(stager)]
    return Checked(
        State.ASKING if questions else State.READY,
        [*notes, *(problem for problem, _times in remarks)],
        questions,
        found
        | {"said": dict(said), "beyond": comparison.beyond, "touched": comparison.touched}
        | {"remembered": stager.remembered | {"fingerprint": comparison.fingerprint}},
        [],
        [
            StagedRecord(
                batch=stager.batch,
                row_number=sample.row,
                key=[],
                label="",
                area=sample.area,
                after=sealed.seal(
                    {"label": sample.label, "before": sample.before, "after": sample.after},
                    sealed.sample(stager.batch.pk, sample.row),
                ),
                outcome=sample.outcome,
            )
            for sample in comparison.samples
        ],
        [{n: None if v is None else str(v) for n, v in asdict(e).items()} for e in comparison.effects],
        comparison.areas,
        counts,
        is_stored=True,
    )


def _all_or_nothing(options: Options) -> Problem:
    if options.get("corrects"):
        template = _(
            "Impor koreksi hanya dapat diterapkan bila semua barisnya benar: data dari baris yang tidak "
            "terbaca akan ditarik kembali. Perbaiki baris yang salah, lalu unggah kembali."
        )
        return Problem("correction_needs_every_row", template)
    template = _(
        "Daftar lengkap hanya dapat diterapkan bila semua barisnya benar: siapa yang tidak terbaca akan "
        "dianggap tidak ada. Perbaiki baris yang salah, lalu unggah kembali."
    )
    return Problem("complete_list_needs_every_row", template)


def _more_errors(stager: Stager) -> Problem:
    template = _(
        "%(more)s kesalahan lain tidak ditampilkan di sini; semuanya ada di berkas baris yang salah."
    )
    more = stager.counts["errors"] - stager.listed
    return Problem("more_errors", template, {"more": more}, severity=Severity.NOTE)


def _issue_line(batch: ImportBatch, problem: Problem) -> str:
    return copying.line(
        batch.pk,
        problem.severity.value,
        problem.row,
        redact(problem.column)[:MAX_VALUE],
        redact(problem.value)[:MAX_VALUE],
        problem.code[:40],
        problem.template,
        redacted(dict(problem.params)),
    )


def store_issues(batch: ImportBatch, problems: Iterable[Problem]) -> None:
    """Store what is said of a file and its rows."""
    copying.copy("intake_issue", _ISSUE_COLUMNS, (_issue_line(batch, problem) for problem in problems))
