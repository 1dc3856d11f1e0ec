"""Area sheets in general: which columns there may be, and how their cells become stored figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import history
from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.intake.choices import Outcome
from coverage_portal.intake.kinds import (
    Interpreter,
    Key,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    RecordKind,
    Values,
)
from coverage_portal.intake.models import ImportBatch
from coverage_portal.intake.restoring import restore
from regions.choices import Segment
from regions.models import AreaFigure
from regions.selectors.locks import Lock, Locks, closed_lines, held_by_locks

from . import headings

SEGMENT_CHOICES = (
    (Segment.PU.value, "PU"),
    (Segment.BPU.value, "BPU"),
    (Segment.JAKON.value, "Jakon"),
    (Segment.PMI.value, "PMI"),
    ("ALL", _("Semua segmen (total yang belum dirinci)")),
)


class AreaFigureKind(RecordKind):
    """A sheet of figures by area: one row or column a segment and period, in any of the usual shapes."""

    model: ClassVar[type[AreaFigure]]
    period_field: ClassVar[str]
    value_fields: ClassVar[tuple[str, ...]]
    has_segments: ClassVar[bool] = True
    blanks_may_clear = True
    interpreter_class: ClassVar[type[Interpreter]]

    def missing(self, targets: Iterable[str]) -> list[str]:
        found = set(targets)
        lacking = []
        if not found & {"area", "area_code", "kemendagri_code", "bps_code"}:
            lacking.append("Wilayah")
        if not any(t.startswith("value") or t == "total" for t in found):
            lacking.append(self._value_heading())
        return lacking

    def _value_heading(self) -> str:
        return next(column.heading for column in self.columns if column.name == "value")

    def target_choices(self) -> list[tuple[str, str]]:
        choices = [(column.name, column.heading) for column in self.columns]
        choices += [("kemendagri_code", "Kode Kemendagri"), ("bps_code", "Kode BPS")]
        if self.has_segments:
            name = self._value_heading()
            choices += [
                (f"value@{segment}", f"{name} {label}")
                for segment, label in SEGMENT_CHOICES
                if segment != "ALL"
            ]
            choices += [("total", "Total"), ("percent", "%")]
        return choices

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        target = headings.common_target(heading)
        if target is not None:
            return target
        if self.has_segments:
            is_potential, segment = headings.measured_segment(heading)
            if segment is not None:
                return self._measured(is_potential, segment)
            if is_potential:
                return self._measured(True, None)
        return self._recognise_own(heading, titles, options)

    def _measured(self, is_potential: bool, segment: str | None) -> str | None:
        """What a column about a segment's potensi or members is in this kind of sheet."""
        raise NotImplementedError

    def _recognise_own(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        raise NotImplementedError

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        targets = layout.targets()
        questions = self._ask_period(layout, options)
        needs_segment = (
            self.has_segments
            and any(t == "value" or (t.startswith("value@") and not _is_segment(t)) for t in targets)
            and "segment" not in targets
            and not options.get("segment")
            and headings.segment_in_title(layout.titles) is None
        )
        if needs_segment:
            questions.append(
                Question("segment", _("Angka di lembar ini untuk segmen apa?"), choices=SEGMENT_CHOICES)
            )
        return questions

    def _ask_period(self, layout: Layout, options: Options) -> list[Question]:
        raise NotImplementedError

    def interpreter(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> Interpreter:
        return self.interpreter_class(self, layout, options, scope, file_name)  # type: ignore[call-arg]

    def key_of(self, row: AreaFigure) -> Key:
        parts = [row.area_code]
        if self.has_segments:
            parts.append(getattr(row, "segment", None) or headings.ALL_SEGMENTS)
        return (*parts, str(getattr(row, self.period_field)))

    def values_of(self, row: AreaFigure) -> Values:
        return {name: _jsonable(getattr(row, name)) for name in self.value_fields}

    def current(self, keys: Iterable[Key]) -> dict[Key, Values]:
        wanted = set(keys)
        return {key: self.values_of(row) for row in self._rows(wanted) if (key := self.key_of(row)) in wanted}

    def merge(self, records: Sequence[Record], author: Author) -> None:
        rows = self._rows({record.key for record in records}).select_for_update(of=("self",))
        existing = {self.key_of(row): row for row in rows}
        before, new, changed = [], [], []
        for record in records:
            row = existing.get(record.key)
            before.append(None if row is None else history.snapshot(row))
            if row is None:
                row = self.model(**self._identity(record.key))
                new.append(row)
            else:
                changed.append(row)
            for name, value in {**record.values, **record.extra}.items():
                setattr(row, name, self.model._meta.get_field(name).to_python(value))
            existing[record.key] = row
        self.model._default_manager.bulk_create(new, batch_size=1000)
        written = [*self.value_fields, *(f for f in ("source", "data_date") if _has_field(self.model, f))]
        self.model._default_manager.bulk_update(changed, written, batch_size=1000)
        after = [existing[record.key] for record in records]
        history.record(
            author, [(row, old, history.snapshot(row)) for row, old in zip(after, before, strict=True)]
        )

    def refusals(self, records: Sequence[Record]) -> dict[Key, Problem]:
        """An error for each record that would change what a closed month is made of."""
        if not records:
            return {}
        locks = Locks()
        found = {}
        for record in records:
            lock = self._lock(locks, record.key)
            if lock is not None:
                value = next(iter(record.values.values()))
                shown = "" if value is None else str(value)
                problem = Problem(f"closed_{lock.why.value}", lock.template, dict(lock.params), "", shown)
                found[record.key] = problem
        return found

    def _lock(self, locks: Locks, key: Key) -> Lock | None:
        """What locks the figure of this key."""
        raise NotImplementedError

    def closed_months(self, batch: ImportBatch) -> list[str]:
        """The closed months whose figures the batch writes; only where an exception lets it."""
        touched: dict[str, list[str]] = {}
        if self.period_field == "month":
            written = batch.records.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED])
            for key in written.values_list("key", flat=True):
                touched.setdefault(key[0], []).append(key[-1])
        return closed_lines(touched)

    def undo(self, action: Any, author: Author, *, leave_out: bool) -> list[str]:
        return restore(action, author, leave_out=leave_out, held=held_by_locks)

    def _rows(self, keys: set[Key]) -> Any:
        areas = {key[0] for key in keys}
        field = self.model._meta.get_field(self.period_field)
        periods = {field.to_python(key[-1]) for key in keys}
        return (
            self.model._default_manager.filter(Q(province_id__in=areas) | Q(regency_id__in=areas))
            .filter(**{f"{self.period_field}__in": periods})
            .order_by("pk")
        )

    def _identity(self, key: Key) -> dict[str, Any]:
        area = key[0]
        identity: dict[str, Any] = {"regency_id" if "." in area else "province_id": area}
        if self.has_segments:
            identity["segment"] = key[1] or None
        identity[self.period_field] = self.model._meta.get_field(self.period_field).to_python(key[-1])
        return identity


def home_province() -> str:
    code: str = settings.HOME_PROVINCE
    return code


def segment_name(segment: str) -> str:
    return "Jakon" if segment == Segment.JAKON.value else segment


def _is_segment(target: str) -> bool:
    return target.partition("@")[2] in Segment.values


def _has_field(model: type[AreaFigure], name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


def _jsonable(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) else str(value)
