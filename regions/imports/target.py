"""Target cakupan: percent of an area for a year, with the law that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import (
    Column,
    Key,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    RowResult,
    Use,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import parse_percent
from coverage_portal.lib.spreadsheets import Cell
from regions.models import LAST_YEAR, Target
from regions.selectors.locks import Lock, Locks

from . import headings
from .figures import AreaFigureKind
from .rows import AreaRows, Figure
from .workforce import parse_year

CENT = Decimal("0.01")


class TargetRows(AreaRows):
    """Targets, in percent with two decimals at most."""

    def period_of(self, cells: Sequence[Cell]) -> str:
        use = self.targets.get("period")
        heading = use.heading if use else ""
        cell: Cell = self.options.get("year", "") if use is None else self.cell(cells, "period")
        return str(parse_year(cell, LAST_YEAR, heading))

    def value_of(self, cell: Cell, use: Use, result: RowResult) -> Any:
        value = self.guarded(lambda: parse_percent(cell, style=self.style), use, cell, result)
        if value is None:
            return None
        if not 0 < value <= 100 or value != value.quantize(CENT, ROUND_HALF_UP):
            template = _("Target harus lebih dari 0 dan paling banyak 100 persen, dengan dua desimal.")
            result.problems.append(Problem("percent_out_of_range", template, {}, use.heading, text_of(cell)))
            return None
        return str(value.quantize(CENT))

    def record(self, area: str, figure: Figure, cells: Sequence[Cell], extra: dict[str, Any]) -> Record:
        return Record(
            key=(area, figure.period),
            values={"percent": figure.value, "legal_basis": text_of(self.cell(cells, "legal_basis"))[:300]},
            label=f"{self.names[area]} · {figure.period}",
            area=area,
        )

    def more(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        if text_of(self.cell(cells, "legal_basis")):
            return []
        template = _("Dasar hukum belum diisi. Tulis peraturan yang menetapkan target ini.")
        return [Problem("legal_basis_missing", template, {}, self.layout.heading("legal_basis"))]


class TargetKind(AreaFigureKind):
    slug = "target"
    title = gettext_lazy("Target cakupan")
    description = gettext_lazy("Target per wilayah dan tahun dengan dasar hukumnya.")
    permission = "regions.change_target"
    model = Target
    period_field = "year"
    value_fields = ("percent", "legal_basis")
    has_segments = False
    interpreter_class = TargetRows
    columns: ClassVar = (
        Column("area_code", "Kode Wilayah", _("Kode Kemendagri, misalnya 61.71."), "61.71", text=True),
        Column("area", "Wilayah", _("Nama kabupaten/kota atau provinsi."), "Kota Pontianak", required=True),
        Column("period", "Tahun", _("Tahun target, misalnya 2026."), "2026", required=True),
        Column("value", "Target (%)", _("Persen, misalnya 45 atau 60,80."), "45", required=True, text=True),
        Column(
            "legal_basis",
            "Dasar Hukum",
            _("Peraturan yang menetapkan target."),
            "Peraturan Wali Kota",
            required=True,
            text=True,
        ),
    )

    def _lock(self, locks: Locks, key: Key) -> Lock | None:
        return locks.target(key[0], int(key[-1]))

    def missing(self, targets: Iterable[str]) -> list[str]:
        found = set(targets)
        lacking = super().missing(found)
        return lacking + [
            c.heading for c in self.columns if c.required and c.name not in {*found, "area", "value"}
        ]

    def _recognise_own(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        words = headings.plain(heading.replace("%", " persen "))
        if headings.is_year_heading(heading):
            return "period"
        if words in {
            "target",
            "target persen",
            "target cakupan",
            "target cakupan persen",
            "target ucj",
            "persen target",
        }:
            return "value"
        if words in {"dasar hukum", "legal basis", "peraturan", "dasar"}:
            return "legal_basis"
        return None

    def _ask_period(self, layout: Layout, options: Options) -> list[Question]:
        return []
