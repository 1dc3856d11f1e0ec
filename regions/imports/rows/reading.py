"""Reading the rows of an area sheet: whose figure each cell is, and what is wrong with it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.kinds import (
    Interpreter,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    RowKind,
    RowResult,
    Severity,
    Use,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import Style, parse_count
from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.spreadsheets import Cell, CellError
from coverage_portal.lib.values import BadValue, is_blank
from regions.choices import Segment
from regions.imports import headings
from regions.models import MAX_PEOPLE
from regions.names import AreaIndex, Resolution, index_of
from regions.selectors import counted_segments

from .figure import NOTE_REASON, TOTAL_REASON, Figure, RowProblem, area_names
from .totals import Totals, segments_mismatch

if TYPE_CHECKING:
    from regions.imports.figures import AreaFigureKind

_LABELS = ("area", "area_code", "kemendagri_code", "bps_code")
_NUMBER_LIKE = re.compile(r"[-(]?\d[\d.,\s]*\)?")


def _is_day_in_words(text: str) -> bool:
    try:
        return any(map(str.isalpha, text)) and parse_date(text) is not None
    except BadValue:
        return False


class AreaRows(Interpreter):
    """Interprets the rows of sheets whose figures are counts of people by area."""

    def __init__(
        self, kind: AreaFigureKind, layout: Layout, options: Options, scope: Scope, file_name: str
    ) -> None:
        self.kind = kind
        self.layout = layout
        self.options = options
        self.scope = scope
        self.targets = layout.targets()
        self.style: Style = "en" if options.get("number_style") == "en" else "id"
        self.source = options.get("source") or f"Berkas {file_name}"
        self.index: AreaIndex = index_of(settings.HOME_PROVINCE)
        self.names = area_names(settings.HOME_PROVINCE)
        self.blank_clears = options.get("blank_clears") == "1"
        self._last_data_row: int | None = None
        self._totals = Totals()
        self._ambiguous: dict[str, tuple[str, ...]] = {}

    # The parts that a kind of sheet decides.

    def period_of(self, cells: Sequence[Cell]) -> str:
        """The key of the row's period.

        Raises:
            BadValue: the cell cannot be read.
            RowProblem: it can, and is not acceptable.
        """
        raise NotImplementedError

    def period_of_target(self, suffix: str) -> str:
        """The key of the period that a column is of, from its target's suffix."""
        raise NotImplementedError

    def check_period(self, period: str, use: Use | None, cell: Cell) -> Problem | None:
        raise NotImplementedError

    def more(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        """Further checks of a row that was read: its own total and percentage, the stored potensi."""
        return []

    def value_of(self, cell: Cell, use: Use, result: RowResult) -> Any:
        """The value of a cell as it is stored; what is wrong with it is added to the row's problems."""
        return self.count(cell, use, result)

    def record(self, area: str, figure: Figure, cells: Sequence[Cell], extra: dict[str, Any]) -> Record:
        """The stored figure that a cell speaks of."""
        return Record(
            key=(area, figure.segment, figure.period),
            values={self.kind.value_fields[0]: figure.value},
            label=" · ".join((self.names[area], figure.segment or "semua segmen", figure.period)),
            area=area,
            extra=extra,
        )

    def own_total(self, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        """Whether the total that the row states is the sum of its segments."""
        use = self.targets.get("total")
        detail = [f for f in figures if f.segment and f.value is not None and f.use.target != "total"]
        if use is None or not detail:
            return []
        try:
            stated = parse_count(self.cell(cells, "total"), style=self.style)
        except BadValue:
            return []
        sums = {
            sum(f.value or 0 for f in detail),
            sum(f.value or 0 for f in detail if f.segment in counted_segments()),
        }
        if stated is None or stated in sums or {f.segment for f in detail} < set(counted_segments()):
            return []
        return [segments_mismatch(use.heading, stated, max(sums))]

    # The row itself.

    def row(self, number: int, cells: Sequence[Cell]) -> RowResult:
        if self._is_total_row(cells):
            return self._total_row(number, cells)
        resolution = self._resolve(cells)
        is_note = resolution.code is None and not self._has_figures(number, cells)
        if is_note or self._is_signature(number, resolution.code, cells):
            return RowResult(RowKind.SKIPPED, reason=NOTE_REASON)
        result = RowResult(RowKind.DATA)
        self._last_data_row = number
        area = self._area(resolution, cells, result)
        figures = self._figures(cells, result)
        if area is None or any(p.severity is Severity.ERROR for p in result.problems):
            self._totals.refused(self._value_uses())
        if area is None:
            return result
        extra = self._extra(cells, result)
        for figure in figures:
            if figure.value is None and not self.blank_clears:
                continue
            result.records.append(self.record(area, figure, cells, extra))
        self._totals.add(number, area, figures)
        result.problems.extend(self.more(area, figures, cells))
        return result

    def finish(self) -> list[Problem]:
        headed = {use.index: use.heading for use in self.layout.uses}
        return self._totals.problems(headed, is_full=len(self._totals.areas) == len(self.names))

    def questions(self) -> list[Question]:
        return [
            Question(
                f"area:{text}",
                _("“%(name)s” di berkas ini maksudnya wilayah mana?"),
                {"name": text},
                choices=tuple((code, self.names[code]) for code in codes if code in self.names),
            )
            for text, codes in sorted(self._ambiguous.items())
        ]

    # Whose row it is.

    def cell(self, cells: Sequence[Cell], target: str) -> Cell:
        use = self.targets.get(target)
        return cells[use.index] if use is not None and use.index < len(cells) else None

    def _is_total_row(self, cells: Sequence[Cell]) -> bool:
        """Whether the row adds up others: it says so where areas stand, or in a column of no other use."""
        codes = (self.cell(cells, t) for t in ("area_code", "kemendagri_code", "bps_code"))
        if any(any(c.isdigit() for c in text_of(code)) for code in codes) or self._names_area(cells):
            return False
        if headings.is_total_row(text_of(self.cell(cells, "area"))):
            return True
        if not is_blank(self.cell(cells, "segment")) and not is_blank(self.cell(cells, "period")):
            return False
        used = {use.index for target, use in self.targets.items() if target not in _LABELS}
        return any(headings.is_total_row(text_of(cell)) for n, cell in enumerate(cells[:4]) if n not in used)

    def _names_area(self, cells: Sequence[Cell]) -> bool:
        return self.index.resolve(text_of(self.cell(cells, "area"))).code is not None

    def _resolve(self, cells: Sequence[Cell]) -> Resolution:
        name = self.cell(cells, "area")
        system = self.options.get("code_system") or None
        code: Cell = None
        for target, of_target in (
            ("area_code", system),
            ("kemendagri_code", "kemendagri"),
            ("bps_code", "bps"),
        ):
            if not is_blank(self.cell(cells, target)):
                code, system = self.cell(cells, target), of_target
                break
        answered = self.options.get(f"area:{text_of(name)}") if name is not None else None
        if answered in self.names:
            return self.index.resolve(answered)
        return self.index.resolve(name, code, system)  # type: ignore[arg-type]

    def _area(self, resolution: Resolution, cells: Sequence[Cell], result: RowResult) -> str | None:
        use = next(
            self.targets[t] for t in ("area", "area_code", "kemendagri_code", "bps_code") if t in self.targets
        )
        shown = " ".join(
            text_of(self.cell(cells, t))
            for t in ("area_code", "kemendagri_code", "bps_code", "area")
            if not is_blank(self.cell(cells, t))
        )
        if resolution.problem is not None or resolution.code is None:
            if resolution.problem == "ambiguous_name":
                self._ambiguous[text_of(self.cell(cells, "area"))] = resolution.candidates
            problem = resolution.problem or "unknown_name"
            params = dict(resolution.params)
            result.problems.append(Problem(problem, resolution.template, params, use.heading, shown))
            return None
        for note in resolution.warnings:
            params = dict(note.params)
            result.problems.append(
                Problem(note.code, note.template, params, use.heading, shown, severity=Severity.WARNING)
            )
        if not self.scope.covers(resolution.code):
            result.problems.append(
                Problem(
                    "area_out_of_scope",
                    _("%(area)s di luar wilayah kerja Anda. Hapus baris ini atau minta admin memberi akses."),
                    {"area": self.names[resolution.code]},
                    use.heading,
                    shown,
                )
            )
            return None
        return resolution.code

    # Its figures.

    def _value_uses(self) -> list[Use]:
        return [
            use
            for use in self.layout.uses
            if use.target == "value" or (use.target or "").startswith("value@")
        ]

    def _has_figures(self, number: int, cells: Sequence[Cell]) -> bool:
        """Whether a row without a known area still looks like data, and so must be reported."""
        uses = self._value_uses() or [u for u in self.layout.uses if u.target == "total"]
        filled = [cells[u.index] for u in uses if u.index < len(cells) and not is_blank(cells[u.index])]
        if any(self._readable(cell) or _NUMBER_LIKE.fullmatch(text_of(cell)) for cell in filled):
            return True
        if filled and not is_blank(self.cell(cells, "segment")) and not is_blank(self.cell(cells, "period")):
            return True
        has_area = any(
            not is_blank(self.cell(cells, t)) for t in ("area", "area_code", "kemendagri_code", "bps_code")
        )
        return bool(filled) and has_area and not self._is_below(number)

    def _is_below(self, number: int) -> bool:
        """Whether a row comes after the table: after its total, or after a gap."""
        gap = self._last_data_row is not None and number > self._last_data_row + 1
        return self._totals.is_seen or gap

    def _is_signature(self, number: int, area: str | None, cells: Sequence[Cell]) -> bool:
        """Whether a row below the table has nothing but a place and a day in words: where it was signed."""
        if area is None or not (self._is_below(number) or area in self._totals.areas):
            return False
        named = {self.targets[target].index for target in _LABELS if target in self.targets}
        others = [cell for n, cell in enumerate(cells) if n not in named and not is_blank(cell)]
        return bool(others) and all(isinstance(cell, str) and _is_day_in_words(cell) for cell in others)

    def _readable(self, cell: Cell) -> bool:
        try:
            return parse_count(cell, style=self.style) is not None
        except BadValue:
            return False

    def _figures(self, cells: Sequence[Cell], result: RowResult) -> list[Figure]:
        segment = self._segment(cells, result)
        row_period: str | None = None
        uses = self._value_uses()
        only_total = not uses
        if only_total:
            uses = [use for use in self.layout.uses if use.target == "total"]
        if any((use.target or "").partition("@")[2] in ("", *Segment.values) for use in uses):
            row_period = self.guarded(
                lambda: self.period_of(cells), self.targets.get("period"), self.cell(cells, "period"), result
            )
        figures = []
        for use in uses:
            suffix = (use.target or "").partition("@")[2]
            cell = cells[use.index] if use.index < len(cells) else None
            if suffix in Segment.values:
                of_segment, period = suffix, row_period
            elif suffix:
                of_segment, period = segment, self.period_of_target(suffix)
            else:
                undetailed = only_total and "segment" not in self.targets
                of_segment, period = (headings.ALL_SEGMENTS if undetailed else segment), row_period
            if period is not None and suffix and suffix not in Segment.values and not is_blank(cell):
                problem = self.check_period(period, use, cell)
                if problem is not None:
                    result.problems.append(problem)
                    period = None
            # Read even where it cannot be used, so that every error of the row is listed at once.
            value = self.value_of(cell, use, result)
            if period is not None and of_segment is not None and (value is not None or is_blank(cell)):
                figures.append(Figure(of_segment, period, value, use))
        return [*figures, *self._undetailed(figures, cells, row_period, result)]

    def _undetailed(
        self, figures: list[Figure], cells: Sequence[Cell], period: str | None, result: RowResult
    ) -> list[Figure]:
        """The row's own total, kept as "belum dirinci" where its segments are not all there."""
        use = self.targets.get("total")
        by_segment = {f.segment for f in figures if f.value is not None}
        has_segments = any((u.target or "").partition("@")[2] in Segment.values for u in self._value_uses())
        if use is None or period is None or not has_segments:
            return []
        if by_segment.issuperset(counted_segments()):
            return []
        value = self.count(self.cell(cells, "total"), use, result)
        return [] if value is None else [Figure(headings.ALL_SEGMENTS, period, value, use)]

    def count(self, cell: Cell, use: Use, result: RowResult) -> int | None:
        """A number of people; what is wrong with it is added to the row's problems."""
        value = self.guarded(lambda: parse_count(cell, style=self.style), use, cell, result)
        if value is not None and not 0 <= value <= MAX_PEOPLE:
            template = (
                _("Jumlah orang tidak boleh negatif.")
                if value < 0
                else _("Jumlah orang terlalu besar; paling banyak %(maximum)s.")
            )
            params = {} if value < 0 else {"maximum": MAX_PEOPLE}
            code = "negative" if value < 0 else "too_big"
            result.problems.append(Problem(code, template, params, use.heading, text_of(cell)))
            return None
        return value

    def _segment(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        if not self.kind.has_segments:
            return headings.ALL_SEGMENTS
        use = self.targets.get("segment")
        if use is None:
            chosen = self.options.get("segment") or headings.segment_in_title(self.layout.titles)
            return headings.ALL_SEGMENTS if chosen in (None, "ALL") else chosen
        cell = self.cell(cells, "segment")
        segment = headings.segment_of(text_of(cell))
        if segment is None:
            template = (
                _("Segmen belum diisi. Tulis PU, BPU, Jakon, atau PMI.")
                if is_blank(cell)
                else _("Segmen tidak dikenal. Tulis PU, BPU, Jakon, atau PMI.")
            )
            result.problems.append(Problem("segment_unknown", template, {}, use.heading, text_of(cell)))
        return segment

    def guarded(self, read: Callable[[], Any], use: Use | None, cell: Cell, result: RowResult) -> Any:
        """What `read` gives; None, with the reason among the row's problems, where the cell is unreadable."""
        try:
            return read()
        except BadValue as error:
            heading = use.heading if use else ""
            problem = Problem(error.code, error.template, dict(error.params), heading, text_of(cell))
            result.problems.append(problem)
        except RowProblem as error:
            result.problems.append(error.problem)
        return None

    def _extra(self, cells: Sequence[Cell], result: RowResult) -> dict[str, Any]:
        source = text_of(self.cell(cells, "source"))
        dated = self.cell(cells, "data_date")
        day = self.guarded(lambda: parse_date(dated), self.targets.get("data_date"), dated, result)
        if day is None and self.options.get("data_date"):
            day = datetime.date.fromisoformat(self.options["data_date"])
        return {
            "source": (source or self.source)[:200],
            "data_date": None if day is None else day.isoformat(),
        }

    def _total_row(self, number: int, cells: Sequence[Cell]) -> RowResult:
        totals = {}
        for use in self._value_uses():
            cell = cells[use.index] if use.index < len(cells) else None
            if not isinstance(cell, CellError) and self._readable(cell):
                totals[use.index] = parse_count(cell, style=self.style) or 0
        self._totals.state(number, totals)
        return RowResult(RowKind.SKIPPED, reason=TOTAL_REASON)
