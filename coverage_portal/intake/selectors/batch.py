"""One import as its page shows it, in a fixed number of queries however large its file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import get_language

from coverage_portal.accounts.models import User
from coverage_portal.intake import corrections, kinds, rights, sealed
from coverage_portal.intake.cells import from_json
from coverage_portal.intake.choices import Beyond, Outcome, State
from coverage_portal.intake.kinds import Kind
from coverage_portal.intake.layout import column_letter, text_of
from coverage_portal.intake.models import ImportBatch, Issue, StagedRecord
from coverage_portal.intake.naming import shown_period, shown_value, target_name, value_name
from coverage_portal.lib.periods import months_in_words

from .counts import OutcomeCount, outcome_counts

SAMPLES = 50
EXAMPLES = 3
MOST_NAMED = 100
"""Examples of a code that ends in `_person`: whom something happens to is named one by one."""
SHORT_LIST = 12
ERRORS_PER_PAGE = 1000
LONGEST_ROW = 160


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column of the sheet, its heading, and what it is read as; `is_used` is False for ignored ones."""

    index: int
    letter: str
    heading: str
    meaning: str
    is_used: bool


@dataclass(frozen=True, slots=True)
class IssueGroup:
    """Everything of one code that was said: how often, the first few of them, and others that are named."""

    code: str
    severity: str
    count: int
    examples: tuple[Issue, ...]
    others: tuple[Issue, ...] = ()

    @property
    def others_count(self) -> int:
        return len(self.others)


@dataclass(frozen=True, slots=True)
class ValueChange:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordSample:
    row: int
    label: str
    values: tuple[ValueChange, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The first records of one outcome and how many there are in all."""

    outcome: str
    label: str
    total: int
    records: tuple[RecordSample, ...]

    @property
    def is_open(self) -> bool:
        """Changes are shown at once; long lists of what is new or the same wait to be asked for."""
        return self.outcome in (Outcome.CHANGED, *Beyond.values) or self.total <= SHORT_LIST


@dataclass(frozen=True, slots=True)
class SkippedRow:
    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class EffectLine:
    """Coverage of an area in a month, percent, before and after; None is unknown."""

    area: str
    month: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class CountedLine:
    """Persons counted in an area's segment and month, before and after, and the official figure if any."""

    area: str
    segment: str
    month: str
    before: int | None
    after: int
    official: int | None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One import as its page shows it, and what the viewer may do with it."""

    batch: ImportBatch
    kind_title: str
    counts: tuple[OutcomeCount, ...]
    columns: tuple[ColumnUse, ...]
    errors: Page[Issue]
    file_errors: tuple[Issue, ...]
    groups: tuple[IssueGroup, ...]
    samples: tuple[Sample, ...]
    hides_samples: bool
    skipped: tuple[SkippedRow, ...]
    effects: tuple[EffectLine, ...]
    counted: tuple[CountedLine, ...]
    is_own: bool
    may_confirm: bool
    may_undo: bool
    may_correct: bool
    is_corrected: bool
    corrected_by: ImportBatch | None
    corrects: ImportBatch | None
    closed: tuple[str, ...]

    @property
    def beyond(self) -> tuple[OutcomeCount, ...]:
        """What would happen to stored records that no row speaks of."""
        return tuple(
            OutcomeCount(beyond.value, str(beyond.label), rows)
            for beyond in Beyond
            if (rows := int(self.batch.found.get("beyond", {}).get(beyond.value, 0)))
        )

    @property
    def is_writing(self) -> bool:
        """Whether applying would change anything. A correction takes the wrong import's place in any case."""
        return bool(self.rows_writing or self.beyond or self.batch.corrects_id)

    @property
    def is_stopped(self) -> bool:
        """Whether the wrong rows keep the others from being applied."""
        return bool(self.rows_wrong and self.batch.found.get("needs_every_row"))

    @property
    def rows_read(self) -> int:
        return int(self.batch.counts.get("read", 0))

    @property
    def rows_wrong(self) -> int:
        return int(self.batch.counts.get(Outcome.WRONG, 0))

    @property
    def rows_good(self) -> int:
        return self.rows_writing + int(self.batch.counts.get(Outcome.SAME, 0))

    @property
    def rows_writing(self) -> int:
        """The rows that would change something."""
        return sum(int(self.batch.counts.get(outcome, 0)) for outcome in (Outcome.NEW, Outcome.CHANGED))

    @property
    def known_effects(self) -> tuple[EffectLine, ...]:
        return tuple(line for line in self.effects if line.before is not None or line.after is not None)

    @property
    def is_counted_short(self) -> bool:
        return len(self.counted) <= SHORT_LIST

    @property
    def has_error_file(self) -> bool:
        is_gone = self.batch.state == State.CANCELLED or self.batch.purged_at is not None
        return bool(self.rows_wrong) and not is_gone


def batch_page(batch: ImportBatch, user: User, errors_page: str | None = None) -> BatchPage:
    """The page of a batch that its viewer was already found to see."""
    kind = kinds.get(batch.kind)
    is_applied = batch.state == State.APPLIED
    corrected_by = corrections.correction_of(batch) if is_applied else None
    linked = (
        ImportBatch.objects.visible_to(user)
        .select_related("user")
        .in_bulk([pk for pk in (batch.corrects_id, corrected_by and corrected_by.pk) if pk])
    )
    errors = batch.issues.filter(severity=Issue.Severity.ERROR)
    hides_samples = isinstance(kind, kinds.BulkKind) and not rights.may_change(batch, user)
    of_rows = Paginator(errors.filter(row_number__isnull=False).order_by("row_number", "pk"), ERRORS_PER_PAGE)
    return BatchPage(
        batch=batch,
        kind_title=str(kind.title),
        counts=outcome_counts(batch),
        columns=tuple(_columns(batch, kind)),
        errors=of_rows.get_page(errors_page),
        file_errors=tuple(_file_errors(batch)),
        groups=_groups(batch),
        samples=() if hides_samples else tuple(_samples(batch, kind)),
        hides_samples=hides_samples,
        skipped=_skipped(batch),
        effects=tuple(_effects(batch)),
        counted=tuple(_counted(batch)),
        is_own=batch.user == user,
        may_confirm=rights.may_confirm(batch, user),
        may_undo=corrected_by is None and rights.may_undo(batch, user),
        may_correct=is_applied and rights.may_correct(batch, user),
        is_corrected=corrected_by is not None,
        corrected_by=linked.get(corrected_by.pk) if corrected_by else None,
        corrects=linked.get(batch.corrects_id) if batch.corrects_id else None,
        closed=tuple(kind.closed_months(batch)),
    )


def _columns(batch: ImportBatch, kind: Kind) -> Iterable[ColumnUse]:
    for column in batch.found.get("columns", []):
        target = column["target"]
        yield ColumnUse(
            column["index"],
            column_letter(column["index"]),
            column["heading"],
            target_name(kind, target),
            target not in (None, kinds.IGNORE),
        )


def _file_errors(batch: ImportBatch) -> Iterable[Issue]:
    """What is wrong with the file as a whole, without what the page asks as a question anyway."""
    asked = {f"ask_{question['name']}" for question in batch.questions} | {"choose_sheet"}
    errors = batch.issues.filter(severity=Issue.Severity.ERROR, row_number=None).order_by("pk")
    return (issue for issue in errors if not (batch.state == State.ASKING and issue.code in asked))


def _groups(batch: ImportBatch) -> tuple[IssueGroup, ...]:
    """Warnings and notes by code. One query: the window functions count and cut before rows are sent."""
    said = (
        batch.issues.exclude(severity=Issue.Severity.ERROR)
        .annotate(
            place=Window(RowNumber(), partition_by=[F("severity"), F("code")], order_by=["row_number", "pk"]),
            times=Window(Count("pk"), partition_by=[F("severity"), F("code")]),
        )
        .filter(Q(place__lte=EXAMPLES) | Q(code__endswith="_person", place__lte=MOST_NAMED))
        .order_by("-severity", "code", "place")
    )
    # Of a million rows only the first remarks are kept, and how many there were.
    in_all: dict[str, int] = batch.found.get("said", {})
    groups: dict[tuple[str, str], list[Issue]] = {}
    times: dict[tuple[str, str], int] = {}
    for issue in said:
        key = (issue.severity, issue.code)
        groups.setdefault(key, []).append(issue)
        times[key] = max(issue.times, in_all.get(issue.code, 0))
    return tuple(
        IssueGroup(code, severity, times[severity, code], tuple(issues[:EXAMPLES]), tuple(issues[EXAMPLES:]))
        for (severity, code), issues in groups.items()
    )


def _samples(batch: ImportBatch, kind: Kind) -> Iterable[Sample]:
    numbered = (
        batch.records.annotate(
            place=Window(RowNumber(), partition_by=[F("outcome")], order_by=["row_number", "pk"]),
            times=Window(Count("pk"), partition_by=[F("outcome")]),
        )
        .filter(place__lte=SAMPLES)
        .order_by("row_number", "pk")
    )
    by_outcome: dict[str, list[Any]] = {}
    for record in numbered:
        by_outcome.setdefault(record.outcome, []).append(record)
    counted = {**batch.counts, **batch.found.get("beyond", {})}
    for outcome in (Outcome.CHANGED, Beyond.REMOVED, Beyond.BACK, Outcome.NEW, Outcome.SAME):
        records = by_outcome.get(outcome.value, [])
        if records:
            shown = tuple(_sample(record, kind) for record in records)
            is_bulk = isinstance(kind, kinds.BulkKind)
            total = int(counted.get(outcome.value, 0)) if is_bulk else records[0].times
            yield Sample(outcome.value, str(outcome.label), total, shown)


def _sample(record: StagedRecord, kind: Kind) -> RecordSample:
    label, before, after = record.label, record.before or {}, record.after
    if sealed.is_sealed(after):
        content = sealed.opened(after, sealed.sample(record.batch_id, record.row_number))
        label, before, after = content["label"], content["before"] or {}, content["after"]
    values = tuple(
        ValueChange(value_name(kind, name), _shown(name, before.get(name)), _shown(name, value))
        for name, value in (after or dict.fromkeys(before)).items()
        if record.outcome not in (Outcome.CHANGED, Beyond.BACK) or before.get(name) != value
    )
    label = months_in_words(label, get_language() or "id")
    return RecordSample(record.row_number, label, values)


def _shown(name: str, value: Any) -> str:
    """A code like 61.04 is no decimal."""
    return str(value or "") if name == "regency" else shown_value(value)


def _skipped(batch: ImportBatch) -> tuple[SkippedRow, ...]:
    rows = batch.rows.filter(outcome=Outcome.SKIPPED).order_by("number")[:SAMPLES]
    return tuple(SkippedRow(row.number, _row_text(row.cells), row.reason_text) for row in rows)


def _row_text(cells: list[Any] | dict[str, Any]) -> str:
    """What a row says; of one about a person, nothing."""
    if isinstance(cells, dict):
        return ""
    texts = (text_of(from_json(cell)) for cell in cells)
    text = " · ".join(text for text in texts if text)
    return text if len(text) <= LONGEST_ROW else f"{text[:LONGEST_ROW]}…"


def _effects(batch: ImportBatch) -> Iterable[EffectLine]:
    for effect in batch.effects:
        if not effect.get("segment"):
            yield EffectLine(
                effect["area"],
                shown_period(effect["month"]),
                _percent(effect["before"]),
                _percent(effect["after"]),
            )


def _counted(batch: ImportBatch) -> Iterable[CountedLine]:
    for effect in batch.effects:
        if effect.get("segment"):
            yield CountedLine(
                effect["area"],
                effect["segment"],
                shown_period(effect["month"]),
                _persons(effect["before"]),
                _persons(effect["after"]) or 0,
                _persons(effect["official"]),
            )


def _persons(text: str | None) -> int | None:
    return None if text is None else int(text)


def _percent(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
