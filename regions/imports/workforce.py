"""Potensi tenaga kerja: one row a regency, segment and year, or segments or years as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.intake.kinds import IGNORE, Column, Key, Layout, Options, Problem, Question, Use
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import is_blank
from regions.models import FIRST_YEAR, Workforce
from regions.selectors.locks import Lock, Locks

from . import headings
from .figures import AreaFigureKind
from .rows import AreaRows, Figure, RowProblem


def parse_year(cell: Cell, latest: int, heading: str) -> int:
    """A year between the first one kept and `latest`.

    Raises:
        RowProblem: the cell is blank, no year, or out of range.
    """
    text = text_of(cell).removesuffix(".0")
    if is_blank(cell):
        raise RowProblem(Problem("year_missing", _("Tahun belum diisi. Tulis misalnya 2025."), {}, heading))
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= latest):
        template = _("Tahun harus antara %(first)s dan %(last)s.")
        params = {"first": FIRST_YEAR, "last": latest}
        raise RowProblem(Problem("year_out_of_range", template, params, heading, text))
    return int(text)


class WorkforceRows(AreaRows):
    """People who could be members, of a year. Next year's may already be known, later ones not."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.latest_year = timezone.localdate().year + 1
        self.sheet_year = self.options.get("year") or headings.year_in(self.layout.titles)

    def period_of(self, cells: Sequence[Cell]) -> str:
        use = self.targets.get("period")
        if use is None:
            return str(parse_year(str(self.sheet_year or ""), self.latest_year, ""))
        return str(parse_year(self.cell(cells, "period"), self.latest_year, use.heading))

    def period_of_target(self, suffix: str) -> str:
        return suffix

    def more(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        return self.own_total(figures, cells)

    def check_period(self, period: str, use: Use | None, cell: Cell) -> Problem | None:
        try:
            parse_year(period, self.latest_year, use.heading if use else "")
        except RowProblem as error:
            return error.problem
        return None


class WorkforceKind(AreaFigureKind):
    slug = "workforce"
    title = gettext_lazy("Potensi tenaga kerja")
    description = gettext_lazy("Penyebut cakupan: potensi per kabupaten/kota, segmen, dan tahun.")
    permission = "regions.change_workforce"
    model = Workforce
    period_field = "year"
    value_fields = ("people",)
    interpreter_class = WorkforceRows
    columns: ClassVar = (
        Column("area_code", "Kode Wilayah", _("Kode Kemendagri, misalnya 61.04."), "61.04", text=True),
        Column(
            "area", "Wilayah", _("Nama kabupaten/kota atau provinsi."), "Kabupaten Ketapang", required=True
        ),
        Column("segment", "Segmen", _("PU, BPU, Jakon, atau PMI; Total bila belum dirinci."), "PU"),
        Column("period", "Tahun", _("Tahun potensi, misalnya 2025."), "2025"),
        Column("value", "Potensi", _("Jumlah orang yang dapat menjadi peserta."), "90500", required=True),
        Column("source", "Sumber", _("Dari mana angkanya; kosong berarti nama berkas."), "BPJS dan BPS"),
        Column("data_date", "Tanggal Data", _("Tanggal angka diambil."), "31-12-2025"),
    )

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        # A recap uploaded as potensi must not be taken for it.
        if headings.is_about_members(heading):
            return None
        return super().recognise(heading, titles, options)

    def _lock(self, locks: Locks, key: Key) -> Lock | None:
        return locks.workforce(key[0], key[1] or None, int(key[-1]))

    def _measured(self, is_potential: bool, segment: str | None) -> str | None:
        if segment is None:
            return "value"
        return "total" if segment == headings.ALL_SEGMENTS else f"value@{segment}"

    def _recognise_own(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        if headings.is_year_heading(heading):
            return "period"
        if headings.is_percent_heading(heading) or headings.is_share(heading):
            return IGNORE
        words = headings.plain(heading)
        if words in {
            "potensi",
            "potensi tenaga kerja",
            "jumlah orang",
            "tenaga kerja",
            "jumlah tenaga kerja",
            "workforce",
        }:
            return "value"
        if len(words) == 4 and words.isdigit() and words.startswith("20"):
            return f"value@{words}"
        return None

    def _ask_period(self, layout: Layout, options: Options) -> list[Question]:
        targets = layout.targets()
        by_year = any(target.startswith("value@20") for target in targets)
        if by_year or "period" in targets or options.get("year") or headings.year_in(layout.titles):
            return []
        return [Question("year", _("Potensi di lembar ini untuk tahun berapa?"), kind="year")]
