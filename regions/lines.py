"""The lines of a page's tables and drawings, written out in the reader's language for its patterns (`each`).

A page has some thousand figures. Here each is written once, where the language is known and nothing has to be
looked up; what is to be decided of a line is decided here too, and its pattern only says where things stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coverage_portal.lib.addresses import query_of
from coverage_portal.lib.numbers import format_number, format_percent, format_signed
from coverage_portal.lib.periods import Month, format_month, month_names

from . import charts, coverage, findings, maps, sentences, wording
from .coverage import Basis, Count, Pace, Standing
from .selectors import AreaRow, Overview, TrendPoint, counted_segments

Line = dict[str, Any]
Lines = list[Line]

LETTERS_ON_A_TILE = 8
BAR_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Drawings:
    """The drawings of a page; None where there is nothing to draw."""

    trend: charts.TrendDrawing | None
    columns: charts.SegmentColumns | None
    years: charts.YearLines | None
    tiles: maps.TileMap | None
    outlines: Sequence[maps.Outline]


def of(
    overview: Overview, found: findings.Findings, drawn: Drawings, kept: Mapping[str, object]
) -> dict[str, Any]:
    """Everything that is repeated on the page of an area; `kept` are its filters, which links take along."""
    write = _Writing(kept)
    areas = {row.regency.code: write.area(row) for row in overview.rows}
    standing = overview.standing
    return {
        "months": [write.choice(month, overview.month) for month in reversed(overview.months)],
        "earlier": [
            write.choice(month, kept.get("banding"))
            for month in reversed(overview.months)
            if overview.month and month < overview.month
        ],
        "ranking": [write.ranked(place, row, areas[row.regency.code]) for place, row in overview.ranked],
        "paces": [write.pace(pace, standing) for pace in standing.paces] if standing else [],
        "trend": [write.point(point, overview.is_province) for point in reversed(overview.trend)],
        "segments": [write.segment(count, overview.segment, kept) for count in overview.segments],
        "segment_months": [write.segment_month(each) for each in reversed(overview.segment_course)],
        "changes": [write.change(change) for change in overview.changes],
        "years": [
            {"year": year, "shares": [write.percent(share) for share in shares]}
            for year, shares in found.by_year
        ],
        "month_names": month_names(write.language),
        "legend": [write.band(band) for band in maps.legend(overview.rows)],
        "outlines": [write.outline(each, areas[each.row.regency.code]) for each in drawn.outlines],
    } | _drawn(drawn, areas, write)


def _drawn(drawn: Drawings, areas: Mapping[str, Line], write: _Writing) -> dict[str, Any]:
    lines: dict[str, Any] = {}
    if drawn.tiles:
        lines["tiles"] = [write.tile(tile, areas[tile.row.regency.code]) for tile in drawn.tiles.tiles]
    if drawn.trend:
        lines["trend_scale"] = write.scale(drawn.trend.percents)
        lines["trend_months"] = write.ticks(drawn.trend.months)
        lines["trend_dots"] = [write.dot(dot) for dot in drawn.trend.dots]
    if drawn.columns:
        lines["columns_scale"] = [
            {
                "y": level.y,
                "labels": [{"y": level.y, "people": write.number(level.people)}] if level.people else [],
            }
            for level in drawn.columns.levels
        ]
        lines["columns_months"] = write.ticks(drawn.columns.months)
        lines["columns"] = [
            line for column in drawn.columns.columns for line in write.column(column, drawn.columns)
        ]
    if drawn.years:
        lines["years_scale"] = write.scale(drawn.years.percents)
        lines["years_months"] = [
            {"x": tick.position, "anchor": tick.anchor, "month": month_names(write.language)[month.month - 1]}
            for tick in drawn.years.months
            if (month := tick.month)
        ]
        lines["year_lines"] = [write.year(line) for line in drawn.years.lines]
    return lines


def area_label(row: maps.Row, name: str, language: str) -> str:
    """`Kab. Sambas: 31,63 %, target 61 %`: what a regency of the map is called."""
    standing = row.standing
    facts = {"name": name, "now": format_percent(standing.count.percent, language)}
    if standing.count.is_hidden:
        return f"{name}: {wording.HIDDEN}"
    if standing.count.members is None:
        return _("%(name)s: data belum masuk") % facts
    if standing.count.percent is None:
        return _("%(name)s: potensi belum diisi") % facts
    if standing.target_percent is None:
        return _("%(name)s: %(now)s") % facts
    return _("%(name)s: %(now)s, target %(target)s") % {
        **facts,
        "target": sentences.target_percent(standing.target_percent),
    }


class _Writing:
    """Writes lines in one language."""

    def __init__(self, kept: Mapping[str, object]) -> None:
        self.query = query_of(kept)
        self.language = get_language() or settings.LANGUAGE_CODE
        self.new_workforce = _("potensi baru")
        self.bases: dict[Any, str] = {}

    def number(self, value: Decimal | int | None) -> str:
        return format_number(value, self.language)

    def percent(self, value: Decimal | None, places: int = 2) -> str:
        return format_percent(value, self.language, places)

    def month(self, month: Month, *, short: bool = False) -> str:
        return format_month(month, self.language, short=short)

    def area(self, row: AreaRow) -> Line:
        """What map and ranking say of a regency alike."""
        regency = row.regency
        name = regency.table_name
        return {
            "address": _address(regency.code) + self.query,
            "name": name,
            "label": area_label(row, name, self.language),
            "short": regency.short_name or regency.name,
        }

    def choice(self, month: Month, chosen: object) -> Line:
        return {"value": month, "label": self.month(month), "chosen": month == chosen}

    def tile(self, tile: maps.Tile, area: Line) -> Line:
        share = tile.row.standing.count.percent
        short = area["short"]
        if len(short) > LETTERS_ON_A_TILE:
            short = f"{short[: LETTERS_ON_A_TILE - 1]}…"
        figure = "–" if share is None else self.percent(share, 0)
        place = {"x": tile.x, "y": tile.y}
        band = self.band(tile.band)
        return (
            area
            | band
            | place
            | {
                "marks": [place | {"mark": mark} for mark in band["marks"]],
                "short": short,
                "figure": _("tiada") if tile.band is maps.Band.NOT_APPLICABLE else figure,
            }
        )

    def outline(self, outline: maps.Outline, area: Line) -> Line:
        shape = outline.shape
        place = {"path": shape.path, "x": shape.label_x, "y": shape.label_y}
        return area | self.band(outline.band) | place

    def band(self, band: maps.Band) -> Line:
        mark = wording.BAND_MARKS[band]
        return {
            "band": band,
            "is_missing": band is maps.Band.MISSING,
            "marks": [mark] if mark else [],
            "meaning": wording.BANDS[band],
        }

    def ranked(self, place: int | None, row: AreaRow, area: Line) -> Line:
        """One line of the ranking: a bar where there is a share to draw, else what is missing."""
        standing, count = row.standing, row.standing.count
        target = sentences.target_percent(standing.target_percent)
        drawn = charts.bar(standing, BAR_WIDTH)
        missing = []
        if count.is_hidden:
            missing = [str(wording.HIDDEN)]
        elif count.members is None:
            missing = [_("sebagian, belum lengkap") if count.partial else _("data belum masuk")]
        elif drawn is None:
            missing = [_("potensi belum diisi")]
        return {
            "place": "–" if place is None else place,
            "address": area["address"],
            "name": area["name"],
            "is_missing": row.rank is None,
            "has_no_data": count.members is None and not count.is_hidden,
            "own_targets": [_("target sendiri %(target)s") % {"target": target}]
            if row.has_own_target
            else [],
            "missing": missing,
            "bars": [
                {
                    "band": drawn.band,
                    "length": drawn.length,
                    "targets": [] if drawn.target_x is None else [drawn.target_x],
                    "percent": self.percent(count.percent),
                    "tags": list(_tags(standing)),
                }
            ]
            if drawn and not missing
            else [],
            "target": target,
            "gap": self.number(standing.gap),
        }

    def pace(self, pace: Pace, standing: Standing) -> Line:
        if standing.gap == 0:
            arrival = _("sudah tercapai")
        elif pace.arrival:
            arrival = self.month(pace.arrival)
        else:
            unknown = pace.per_month is None or standing.gap is None
            arrival = "–" if unknown else _("tidak, pada laju ini")
        sign = "+" if pace.per_month is not None and pace.per_month > 0 else ""
        return {
            "months": pace.months,
            "per_month": f"{sign}{self.number(pace.per_month)}",
            "is_unknown": pace.per_month is None,
            "arrival": arrival,
        }

    def point(self, point: TrendPoint, is_province: bool) -> Line:
        count = point.count
        notes = [self.basis(count)]
        if is_province and not count.complete:
            facts = {"in": count.regencies_in, "all": count.regencies_all}
            notes.append(_("data masuk %(in)s dari %(all)s") % facts)
        if count.older_workforce_year:
            notes.append(_("memakai potensi %(year)s") % {"year": count.older_workforce_year})
        if point.workforce_break:
            notes.append(self.new_workforce)
        return {
            "month": self.month(point.month),
            "members": self.number(count.members),
            "workforce": self.number(count.workforce),
            "percent": self.percent(count.percent),
            "path": self.percent(point.path_percent),
            "notes": " · ".join(notes),
        }

    def basis(self, count: Count) -> str:
        key = (count.basis, count.partial and count.members is None, count.is_hidden)
        if key not in self.bases:
            self.bases[key] = wording.basis(count)
        return self.bases[key]

    def segment(self, count: Count, shown: str | None, kept: Mapping[str, object]) -> Line:
        return {
            "query": query_of({**kept, "segmen": count.segment}),
            "name": wording.segment(count.segment or ""),
            "is_shown": count.segment == shown,
            "is_missing": count.members is None,
            "hidden": str(wording.HIDDEN) if count.is_hidden else "",
            "is_outside": count.segment not in counted_segments(),
            "members": self.number(count.members),
            "workforce": self.number(count.workforce),
            "percent": self.percent(count.percent),
            "is_over_full": count.is_over_full,
        }

    def segment_month(self, each: Any) -> Line:
        return {"month": self.month(each.month), "members": [self.number(n) for _s, n in each.members]}

    def change(self, change: coverage.Change) -> Line:
        return {
            "of": change,
            "parts": [
                {
                    "name": found.part.name,
                    "then": self.number(found.part.then.members),
                    "now": self.number(found.part.now.members),
                    "points": format_signed(found.effects.total, self.language, 2),
                }
                for found in change.parts_by_effect
            ],
        }

    def dot(self, dot: charts.Dot) -> Line:
        return {
            "x": dot.x,
            "y": dot.y,
            "is_partial": dot.is_partial,
            "label": f"{self.month(dot.month)}: {self.percent(dot.percent)}",
        }

    def scale(self, ticks: Iterable[charts.Tick]) -> Lines:
        return [
            {
                "y": tick.position,
                "labels": [{"y": tick.position, "percent": self.percent(Decimal(tick.percent or 0), 0)}]
                if tick.has_label
                else [],
            }
            for tick in ticks
        ]

    def ticks(self, ticks: Iterable[charts.Tick]) -> Lines:
        return [
            {"x": tick.position, "anchor": tick.anchor, "month": self.month(tick.month, short=True)}
            for tick in ticks
            if tick.month
        ]

    def column(self, column: charts.Column, columns: charts.SegmentColumns) -> Lines:
        month = self.month(column.month)
        return [
            {
                "segment": part.segment,
                "x": column.x,
                "y": part.y,
                "width": columns.column_width,
                "height": part.height,
                "label": f"{month}, {part.segment}: {self.number(part.members)}",
            }
            for part in column.parts
        ]

    def year(self, line: charts.YearLine) -> Line:
        return {
            "year": line.year,
            "is_latest": line.is_latest,
            "is_earlier": not line.is_latest,
            "paths": [{"path": line.path, "is_latest": line.is_latest}] if line.path else [],
            "dots": [self.dot(dot) | {"is_latest": line.is_latest} for dot in line.dots],
            "x": line.end.x,
            "y": line.label_y,
        }


def _tags(standing: Standing) -> Iterable[Line]:
    """What is unusual about a share, each as a label with its class."""
    count = standing.count
    if standing.gap == 0:
        reached = _("tercapai")
        yield {"kind": "tag tag--reached", "words": f"✓ {reached}"}
    if count.is_over_full:
        yield {"kind": "flag", "words": _("di atas 100 %")}
    if count.older_workforce_year:
        yield {"kind": "tag", "words": _("memakai potensi %(year)s") % {"year": count.older_workforce_year}}
    if count.basis is Basis.TOTAL:
        yield {"kind": "tag", "words": _("belum dirinci")}
    elif count.basis is Basis.COUNTED:
        yield {"kind": "tag", "words": _("hitungan")}
    elif count.basis is Basis.MIXED:
        yield {"kind": "tag", "words": _("laporan dan hitungan")}


@lru_cache(maxsize=1000)
def _address(code: str) -> str:
    return reverse("regions:area", args=[code])
