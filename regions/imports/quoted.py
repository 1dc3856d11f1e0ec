"""Angka kutipan: percentages as press, speeches and reports quoted them, with the counts they named."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.kinds import (
    IGNORE,
    Column,
    Key,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    RowKind,
    RowResult,
    Severity,
    Use,
    Values,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import parse_percent
from coverage_portal.lib.periods import Month, parse_date, parse_month
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import is_blank
from regions import coverage
from regions.models import FIRST_YEAR, QuotedFigure
from regions.selectors.locks import Lock, Locks

from . import headings
from .figures import AreaFigureKind
from .rows import AreaRows, Figure, RowProblem

CENT = Decimal("0.01")
MOST_PERCENT = 1000
LONGEST_SOURCE, LONGEST_NOTE = 300, 2000
_COUNTS = ("numerator", "denominator")


class QuotedRows(AreaRows):
    """Quoted figures. Month, segment and counts may be blank, for a quotation often leaves them out."""

    kind: QuotedFigureKind

    def __init__(
        self, kind: QuotedFigureKind, layout: Layout, options: Options, scope: Scope, file_name: str
    ) -> None:
        super().__init__(kind, layout, options, scope, file_name)
        self.today = timezone.localdate()
        self.stored = kind.stored(self.names)

    def period_of(self, cells: Sequence[Cell]) -> str:
        """The month that the figure is of; blank where the quotation did not say."""
        month = parse_month(self.cell(cells, "period"))
        if month is None:
            return ""
        problem = self.check_period(str(month), self.targets.get("period"), str(month))
        if problem is not None:
            raise RowProblem(problem)
        return str(month)

    def check_period(self, period: str, use: Use | None, cell: Cell) -> Problem | None:
        month, heading = Month.parse(period), use.heading if use else ""
        if month > Month.of(self.today):
            template = _("Bulan %(month)s belum terjadi. Periksa bulannya.")
            return Problem("future_month", template, {"month": period}, heading, text_of(cell))
        if month.year < FIRST_YEAR:
            template = _("Tahun harus %(first)s atau sesudahnya. Periksa bulannya.")
            return Problem("year_out_of_range", template, {"first": FIRST_YEAR}, heading, text_of(cell))
        return None

    def value_of(self, cell: Cell, use: Use, result: RowResult) -> Any:
        value = self.guarded(lambda: parse_percent(cell, style=self.style), use, cell, result)
        if value is None:
            if is_blank(cell):
                template = _("Persentase yang dikutip belum diisi. Tulis misalnya 27,66.")
                result.problems.append(Problem("percent_missing", template, {}, use.heading))
            return None
        if not 0 <= value <= MOST_PERCENT or value != value.quantize(CENT, ROUND_HALF_UP):
            template = _("Persentase yang dikutip harus 0 sampai 1.000, dengan paling banyak dua desimal.")
            result.problems.append(Problem("quote_out_of_range", template, {}, use.heading, text_of(cell)))
            return None
        return str(value.quantize(CENT))

    def _segment(self, cells: Sequence[Cell], result: RowResult) -> str | None:
        if "segment" not in self.targets or is_blank(self.cell(cells, "segment")):
            return headings.ALL_SEGMENTS
        return super()._segment(cells, result)

    def _extra(self, cells: Sequence[Cell], result: RowResult) -> dict[str, Any]:
        """What the row says beside the percentage; its problems are found here, once a row."""
        said: dict[str, Any] = {"source": text_of(self.cell(cells, "source"))[:LONGEST_SOURCE]}
        if not said["source"]:
            template = _("Sumber belum diisi. Tulis siapa yang mengutip dan di mana dimuat.")
            result.problems.append(Problem("source_missing", template, {}, self.layout.heading("source")))
        said["published_on"] = self._published_on(cells, result)
        for name in _COUNTS:
            if (use := self.targets.get(name)) is not None:
                said[name] = self.count(self.cell(cells, name), use, result)
        if said.get("denominator") == 0:
            template = _("Potensi menurut kutipan tidak boleh nol: tidak ada yang dapat dibagi dengannya.")
            heading = self.layout.heading("denominator")
            result.problems.append(Problem("denominator_zero", template, {}, heading, "0"))
        said["note"] = text_of(self.cell(cells, "note"))[:LONGEST_NOTE]
        return said

    def _published_on(self, cells: Sequence[Cell], result: RowResult) -> str:
        cell, use = self.cell(cells, "published_on"), self.targets.get("published_on")
        day: datetime.date | None = self.guarded(lambda: parse_date(cell), use, cell, result)
        if day is not None and day > self.today:
            template = _("Tanggal terbit belum terjadi. Periksa tanggalnya.")
            heading = use.heading if use else ""
            result.problems.append(Problem("published_in_future", template, {}, heading, text_of(cell)))
        return "" if day is None else day.isoformat()

    def record(self, area: str, figure: Figure, cells: Sequence[Cell], extra: dict[str, Any]) -> Record:
        key = (area, figure.segment, extra["source"], extra["published_on"], figure.period)
        values = {
            "quoted_percent": figure.value,
            **{name: extra.get(name) for name in _COUNTS},
            "note": extra["note"],
        }
        if not self.blank_clears:
            # A blank cell says nothing of what is stored, so it takes nothing away.
            known = self.stored.get(key, {})
            values |= {name: known[name] for name in known if values[name] in (None, "")}
        label = " · ".join(filter(None, (self.names[area], figure.segment, figure.period, extra["source"])))
        return Record(key=key, values=values, label=label, area=area)

    def more(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        """A warning where the percentage is further from its own counts than rounding explains."""
        quoted = next((Decimal(f.value) for f in figures if f.value is not None), None)
        if quoted is None:
            return []
        quiet = RowResult(RowKind.DATA)
        counts = [
            self.count(self.cell(cells, name), self.targets[name], quiet) if name in self.targets else None
            for name in _COUNTS
        ]
        difference = coverage.quote_difference(counts[0], counts[1], quoted)
        if difference is None or not coverage.is_quote_off(difference):
            return []
        template = _(
            "Dikutip %(quoted)s %%, padahal %(members)s dari %(potential)s adalah %(own)s %% "
            "(selisih %(difference)s poin). Disimpan seperti dikutip, dan ditandai."
        )
        params = {
            "quoted": f"{quoted:.2f}",
            "own": f"{quoted - difference:.2f}",
            "difference": f"{difference:.2f}",
            "members": counts[0],
            "potential": counts[1],
        }
        heading = self.layout.heading("value")
        return [Problem("quote_off", template, params, heading, str(quoted), Severity.WARNING)]


class QuotedFigureKind(AreaFigureKind):
    slug = "quoted_figures"
    title = gettext_lazy("Angka kutipan")
    description = gettext_lazy(
        "Persentase menurut berita, pidato, dan laporan, dengan jumlah yang disebut bersamanya."
    )
    permission = "regions.change_quotedfigure"
    model = QuotedFigure
    period_field = "month"
    value_fields = ("quoted_percent", *_COUNTS, "note")
    interpreter_class = QuotedRows
    columns: ClassVar = (
        Column("area_code", "Kode Wilayah", _("Kode Kemendagri, misalnya 61.08."), "61.08", text=True),
        Column("area", "Wilayah", _("Nama kabupaten/kota atau provinsi."), "Kabupaten Landak", required=True),
        Column("segment", "Segmen", _("PU, BPU, Jakon, atau PMI; kosong berarti semua segmen."), ""),
        Column("period", "Bulan Data", _("Bulan angkanya, kosong bila tidak disebut."), "2024-12", text=True),
        Column(
            "value",
            "Persentase Dikutip",
            _("Seperti dikutip, misalnya 53,43."),
            "53,43",
            required=True,
            text=True,
        ),
        Column("numerator", "Peserta Menurut Kutipan", _("Jumlah peserta yang disebut."), "69590"),
        Column("denominator", "Potensi Menurut Kutipan", _("Jumlah potensi yang disebut."), "130245"),
        Column("source", "Sumber", _("Siapa yang mengutip, dan di mana."), "Siaran pers", required=True),
        Column("published_on", "Tanggal Terbit", _("Tanggal dimuat."), "31-12-2024"),
        Column("note", "Catatan", _("Apa yang perlu diketahui pembaca."), ""),
    )

    def missing(self, targets: Iterable[str]) -> list[str]:
        found = set(targets)
        lacking = super().missing(found)
        return lacking + ([] if "source" in found else ["Sumber"])

    def target_choices(self) -> list[tuple[str, str]]:
        choices = [(column.name, column.heading) for column in self.columns]
        return [*choices, ("kemendagri_code", "Kode Kemendagri"), ("bps_code", "Kode BPS")]

    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        common = headings.common_target(heading)
        if common in {"area", "area_code", "kemendagri_code", "bps_code", "segment", "source"}:
            return common
        return self._recognise_own(heading, titles, options)

    def _recognise_own(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        words = headings.plain(heading.replace("%", " persen "))
        if headings.is_month_heading(heading):
            return "period"
        return next((target for target, known in _HEADINGS.items() if words in known), None)

    def _measured(self, is_potential: bool, segment: str | None) -> str | None:
        return None

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        return []

    def _ask_period(self, layout: Layout, options: Options) -> list[Question]:
        return []

    def _lock(self, locks: Locks, key: Key) -> Lock | None:
        """Nothing: what others have said of a month is no figure of the portal's."""
        return None

    def stored(self, areas: Iterable[str]) -> dict[Key, Values]:
        """What is stored of these areas."""
        return {self.key_of(row): self.values_of(row) for row in self._of_areas(areas)}

    def key_of(self, row: Any) -> Key:
        day, month = row.published_on, row.month
        return (
            row.area_code,
            row.segment or headings.ALL_SEGMENTS,
            row.source,
            "" if day is None else day.isoformat(),
            "" if month is None else str(month),
        )

    def _rows(self, keys: set[Key]) -> Any:
        return self._of_areas({key[0] for key in keys})

    def _of_areas(self, areas: Iterable[str]) -> Any:
        codes = set(areas)
        rows = QuotedFigure.objects.filter(Q(province_id__in=codes) | Q(regency_id__in=codes))
        return rows.order_by("pk")

    def _identity(self, key: Key) -> dict[str, Any]:
        area, segment, source, day, month = key
        return {
            "regency_id" if "." in area else "province_id": area,
            "segment": segment or None,
            "source": source,
            "published_on": datetime.date.fromisoformat(day) if day else None,
            "month": Month.parse(month) if month else None,
        }


_HEADINGS: dict[str, set[str]] = {
    "value": {
        "persentase dikutip",
        "persen dikutip",
        "dikutip",
        "dikutip persen",
        "persentase kutipan",
        "quoted percent",
        "quoted percentage",
        "persentase",
        "persen",
    },
    "numerator": {
        "peserta menurut kutipan",
        "peserta",
        "peserta aktif",
        "jumlah peserta",
        "pembilang",
        "terdaftar",
        "numerator",
    },
    "denominator": {
        "potensi menurut kutipan",
        "potensi",
        "potensi tenaga kerja",
        "jumlah potensi",
        "penyebut",
        "denominator",
    },
    "published_on": {"tanggal terbit", "tgl terbit", "terbit", "tanggal berita", "published on"},
    "note": {"catatan", "keterangan", "note", "notes"},
    # What the portal works out itself, as its own export has it.
    IGNORE: {"persentase dari jumlahnya", "hitungannya sendiri persen", "selisih", "selisih poin"},
}
