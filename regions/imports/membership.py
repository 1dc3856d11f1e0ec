"""Rekap peserta aktif: one row a regency, segment and month, or the wide shapes it really comes in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.kinds import (
    IGNORE,
    Column,
    Effect,
    Key,
    Layout,
    Options,
    Problem,
    Question,
    Record,
    Severity,
    Use,
)
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.numbers import parse_count, parse_percent
from coverage_portal.lib.periods import Month, find_month, parse_month
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue
from regions import coverage
from regions.models import FIRST_YEAR, Membership, Province, Regency
from regions.selectors import counted_segments, coverage_register
from regions.selectors.locks import Lock, Locks

from . import headings
from .figures import AreaFigureKind, home_province
from .rows import AreaRows, Figure, RowProblem

EFFECT_MONTHS = 3
PERCENT_TOLERANCE = Decimal("0.05")


class MembershipRows(AreaRows):
    """Members at a month's end."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        home = Province.objects.get(code=home_province())
        regencies = list(Regency.objects.filter(province=home).by_code())
        self.register = coverage_register(home, regencies)
        self.this_month = Month.of(timezone.localdate())
        self.sheet_month = self._month_of_sheet()

    def _month_of_sheet(self) -> Month | None:
        if self.options.get("month"):
            return Month.parse(self.options["month"])
        return month_in_titles(self.layout.titles)

    def period_of(self, cells: Sequence[Cell]) -> str:
        use = self.targets.get("period")
        if use is None:
            month = self.sheet_month
        else:
            year = self.options.get("year")
            month = parse_month(self.cell(cells, "period"), year=int(year) if year else None)
        if month is None:
            raise RowProblem(
                Problem(
                    "month_missing",
                    _("Bulan belum diisi. Tulis misalnya Juli 2025 atau 2025-07."),
                    column=use.heading if use else "",
                )
            )
        problem = self.check_period(str(month), use, str(month))
        if problem is not None:
            raise RowProblem(problem)
        return str(month)

    def period_of_target(self, suffix: str) -> str:
        return str(Month.parse(suffix))

    def check_period(self, period: str, use: Use | None, cell: Cell) -> Problem | None:
        if Month.parse(period) <= self.this_month:
            return self._too_early(period, use, cell)
        return Problem(
            "future_month",
            _(
                "Bulan %(month)s belum terjadi. Periksa bulannya; peserta aktif "
                "hanya untuk bulan yang sudah ada."
            ),
            {"month": period},
            use.heading if use else "",
            text_of(cell),
        )

    def _too_early(self, period: str, use: Use | None, cell: Cell) -> Problem | None:
        if Month.parse(period).year >= FIRST_YEAR:
            return None
        template = _("Tahun harus %(first)s atau sesudahnya. Periksa bulannya.")
        heading = use.heading if use else ""
        return Problem("year_out_of_range", template, {"first": FIRST_YEAR}, heading, text_of(cell))

    def more(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        problems = []
        for figure in figures:
            stored = self.register.workforce(area, figure.segment or None, int(figure.period[:4]))
            if figure.value is not None and stored is not None and figure.value > stored[0]:
                problems.append(
                    Problem(
                        "more_than_workforce",
                        _("Peserta (%(members)s) lebih banyak daripada potensi %(year)s (%(workforce)s)."),
                        {"members": figure.value, "workforce": stored[0], "year": stored[1]},
                        figure.use.heading,
                        str(figure.value),
                        Severity.WARNING,
                    )
                )
        return [*problems, *self.own_total(figures, cells), *self._own_percent(area, figures, cells)]

    def _own_percent(self, area: str, figures: list[Figure], cells: Sequence[Cell]) -> list[Problem]:
        use = self.targets.get("percent")
        members = _whole([f for f in figures if f.value is not None])
        if use is None or members is None:
            return []
        cell = self.cell(cells, "percent")
        try:
            stated = parse_percent(cell, style=self.style)
        except BadValue as error:
            if error.code != "fraction_percent" or not isinstance(cell, (int, float)):
                return []
            # A cell formatted as a percentage holds the fraction of one.
            stated = Decimal(str(cell)) * 100
        try:
            potential = parse_count(self.cell(cells, "potential"), style=self.style)
        except BadValue:
            potential = None
        if not potential:
            stored = self.register.workforce(area, None, int(figures[0].period[:4]))
            potential = None if stored is None else stored[0]
        own = coverage.percent(members, potential)
        if stated is None or own is None or abs(own - stated) <= PERCENT_TOLERANCE:
            return []
        return [
            Problem(
                "percent_mismatch",
                _(
                    "Persentase di berkas %(stated)s %%, padahal %(members)s dari %(potential)s adalah "
                    "%(own)s %%. Portal menghitung sendiri persentasenya."
                ),
                {"stated": f"{stated:.2f}", "own": f"{own:.2f}", "members": members, "potential": potential},
                use.heading,
                text_of(cell),
                Severity.WARNING,
            )
        ]


def _whole(figures: list[Figure]) -> int | None:
    by_segment = {f.segment: f.value or 0 for f in figures}
    if headings.ALL_SEGMENTS in by_segment:
        return by_segment[headings.ALL_SEGMENTS]
    if not set(counted_segments()) <= set(by_segment):
        return None
    return sum(by_segment[segment] for segment in counted_segments())


def month_in_titles(titles: Sequence[str]) -> Month | None:
    """The one month that the lines above the heading name, or the only one of their first lines."""
    year = headings.year_in(tuple(titles))
    found = {month for title in titles if (month := find_month(title, year=year)) is not None}
    return found.pop() if len(found) == 1 else None


class MembershipKind(AreaFigureKind):
    slug = "membership"
    title = gettext_lazy("Rekap peserta aktif")
    description = gettext_lazy(
        "Peserta aktif per kabupaten/kota, segmen, dan bulan dari BPJS Ketenagakerjaan."
    )
    permission = "regions.change_membership"
    model = Membership
    period_field = "month"
    value_fields = ("reported",)
    interpreter_class = MembershipRows
    columns: ClassVar = (
        Column("area_code", "Kode Wilayah", _("Kode Kemendagri, misalnya 61.04."), "61.04", text=True),
        Column(
            "area", "Wilayah", _("Nama kabupaten/kota atau provinsi."), "Kabupaten Ketapang", required=True
        ),
        Column("segment", "Segmen", _("PU, BPU, Jakon, atau PMI; Total bila belum dirinci."), "PU"),
        Column("period", "Bulan", _("Misalnya Juli 2025 atau 2025-07."), "2025-07", text=True),
        Column("value", "Peserta Aktif", _("Jumlah orang pada akhir bulan."), "80101", required=True),
        Column("source", "Sumber", _("Dari mana angkanya; kosong berarti nama berkas."), "Rekap BPJS"),
        Column("data_date", "Tanggal Data", _("Tanggal angka diambil."), "31-07-2025"),
    )

    def target_choices(self) -> list[tuple[str, str]]:
        return [*super().target_choices(), ("potential", "Potensi")]

    def _measured(self, is_potential: bool, segment: str | None) -> str | None:
        if is_potential:
            # Potensi beside members only serves to check the percentage; per segment it has no use here.
            return "potential" if segment in (None, headings.ALL_SEGMENTS) else IGNORE
        return "total" if segment == headings.ALL_SEGMENTS else f"value@{segment}"

    def _recognise_own(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        if headings.is_month_heading(heading):
            return "period"
        if headings.is_percent_heading(heading):
            return "percent"
        if headings.is_share(heading):
            return IGNORE  # The percentage of a segment.
        if headings.plain(heading) in _MEMBERS:
            return "value"
        year = options.get("year") or headings.year_in(tuple(titles))
        month = headings.month_heading(heading, int(year) if year else None)
        if month is None:
            return None
        return f"value@{month}" if isinstance(month, Month) else f"value@?-{month:02d}"

    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        if any(target.startswith("value@?") for target in layout.targets()):
            return [Question("year", _("Bulan di judul kolom untuk tahun berapa?"), kind="year")]
        return super().ask(layout, options, scope)

    def _lock(self, locks: Locks, key: Key) -> Lock | None:
        return locks.membership(key[0], Month.parse(key[-1]))

    def _ask_period(self, layout: Layout, options: Options) -> list[Question]:
        targets = layout.targets()
        by_month = any(target.startswith("value@20") for target in targets)
        if by_month or "period" in targets or options.get("month") or month_in_titles(layout.titles):
            return []
        return [Question("month", _("Angka di lembar ini untuk bulan apa?"), kind="month")]

    def effects(self, records: Sequence[Record]) -> list[Effect]:
        """Coverage before and after, for the areas touched and the province, in the latest months touched."""
        home = Province.objects.get(code=home_province())
        regencies = list(Regency.objects.filter(province=home).by_code())
        now = coverage_register(home, regencies)
        then = now.with_observations(
            coverage.Observation(
                record.key[0], record.key[1] or None, Month.parse(record.key[2]), record.values["reported"]
            )
            for record in records
        )
        names = {regency.code: regency.table_name for regency in regencies}
        months = sorted({Month.parse(record.key[2]) for record in records})[-EFFECT_MONTHS:]
        effects = []
        for month in reversed(months):
            effects.append(Effect(home.name, str(month), now.whole(month).percent, then.whole(month).percent))
            touched = {record.area for record in records if record.key[2] == str(month)}
            for code in sorted(touched & names.keys()):
                before, after = now.count(code, month).percent, then.count(code, month).percent
                if before != after:
                    effects.append(Effect(names[code], str(month), before, after))
        return effects


_MEMBERS = {
    "peserta aktif",
    "peserta",
    "jumlah peserta aktif",
    "tenaga kerja aktif",
    "tk aktif",
    "jumlah tk aktif",
    "active members",
    "anggota aktif",
    "jumlah peserta",
}
