"""The brief as one sheet of A4: the same HTML on the portal's page and in the PDF, in Indonesian on both."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coverage_portal import demo
from coverage_portal.lib import numbers, pdf, periods
from projects import letters
from projects.selectors.summary import Lapse
from regions import charts, maps, wording
from regions.choices import Segment, written_segment
from regions.maps import Band
from regions.selectors import Source, counted_segments

from .composing import Brief, Line

LANGUAGE = "id"
STYLESHEET = "brief.css"
SIZES = (92, 86, 82, 78, 74, 70, 66, 62, 58)
"""Sizes of type in tenths of a point, the largest first: a PDF takes the first that leaves it one page."""
FEW, MANY = 16, 30
"""Regencies up to which the ranking has two columns, and up to which three short ones."""
MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How a class of the map is drawn, told apart in grey by its sign, its border or a hatching.

    `sign` is drawn, not written, for few fonts have them all: `tick`, `up`, `down` or `far_down`.
    """

    fill: str
    ink: str = "#1b2b31"
    sign: str = ""
    border: str = "#50626a"
    width: int = 1
    dashes: str = "none"
    is_hatched: bool = False


LOOKS: Mapping[Band, Look] = {
    Band.REACHED: Look("#0b5c6b", "#ffffff", "tick"),
    Band.NEAR: Look("#a5d0d1", sign="up"),
    Band.FAR: Look("#f3cf8b", sign="down"),
    Band.FARTHEST: Look("#b4531a", "#ffffff", "far_down"),
    Band.ZERO: Look("#ffffff", border="#b4531a", width=4),
    Band.UNMEASURED: Look("#c9d3d7"),
    Band.NOT_APPLICABLE: Look("#ffffff", dashes="6 4"),
    Band.HIDDEN: Look("#ffffff", dashes="2 4"),
    Band.MISSING: Look("#ffffff", is_hatched=True),
}
"""The dashboard's colours and signs, as attributes: WeasyPrint gives a picture none of the page's styles."""


@dataclass(frozen=True, slots=True)
class DrawnTile:
    line: Line
    look: Look
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """A segment, and whether it counts towards coverage or only stands beside it."""

    name: str
    members: int | None
    workforce: int | None
    percent: Decimal | None
    is_counted: bool
    is_hidden: bool


def html(brief: Brief, printed_at: datetime.datetime | datetime.date, size: int | None = None) -> str:
    """The sheet itself, to be put into a page; of a page that is kept for a day, just the day is given."""
    with translation.override(LANGUAGE):
        return render_to_string("brief/_sheet.html", _context(brief, printed_at, size))


def document_html(brief: Brief, printed_at: datetime.datetime, size: int | None = None) -> str:
    """The HTML that the PDF is made of."""
    with translation.override(LANGUAGE):
        return render_to_string(
            "brief/file.html",
            {
                "brief": brief,
                "sheet": html(brief, printed_at, size),
                "portal": settings.PORTAL_NAME,
                "printed_at": timezone.localtime(printed_at).isoformat(timespec="seconds"),
                "stylesheet": pdf.SCHEME + STYLESHEET,
            },
        )


def file(brief: Brief, printed_at: datetime.datetime) -> bytes:
    """The PDF on one page, of the largest type in which that can be done. Raises pdf.Unavailable."""
    first = SIZES.index(size_of(brief))
    laid_out = None
    for size in SIZES[first:]:
        laid_out = pdf.document(document_html(brief, printed_at, size), files())
        if len(laid_out.pages) == 1:
            break
    return pdf.written(laid_out)


def files() -> dict[str, Path]:
    """All that the PDF's page may load."""
    found = finders.find(f"css/{STYLESHEET}")
    if found is None:
        raise FileNotFoundError(STYLESHEET)
    return {STYLESHEET: Path(found)}


def size_of(brief: Brief) -> int:
    """The size of type that the length of the ranking asks for, and whether promises are told of."""
    if not brief.is_province:
        return SIZES[0]
    step = 2 if len(brief.lines) <= FEW else 3 if len(brief.lines) <= MANY else 4
    return SIZES[step + (brief.follow_up is not None)]


def columns(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The ranking in columns of equal length, to be read one after the other."""
    if not lines:
        return []
    number = 2 if len(lines) <= FEW else 3
    length = -(-len(lines) // number)
    return [lines[first : first + length] for first in range(0, len(lines), length)]


def _context(brief: Brief, printed_at: datetime.datetime | datetime.date, size: int | None) -> dict[str, Any]:
    tiles = maps.tile_map(brief.lines)
    drawn = (
        [DrawnTile(cast(Line, tile.row), LOOKS[tile.band], tile.x, tile.y) for tile in tiles.tiles]
        if tiles
        else []
    )
    shown = {maps.band(line.standing) for line in brief.lines}
    ranked = [line for line in brief.lines if line.rank is not None]
    local = timezone.localtime(printed_at) if isinstance(printed_at, datetime.datetime) else None
    return {
        "brief": brief,
        "standing": brief.standing,
        "count": brief.standing.count,
        "bar": charts.bar(brief.standing, 600),
        "size": size or size_of(brief),
        "tiles": drawn,
        "map": tiles,
        "legend": [(LOOKS[band], wording.BANDS[band]) for band in Band if band in shown],
        "columns": columns(brief.lines),
        "first": ranked[0] if ranked else None,
        "last": ranked[-1] if len(ranked) > 1 else None,
        "has_own_targets": any(line.has_own_target for line in brief.lines),
        "has_older_workforce": any(line.standing.count.older_workforce_year for line in brief.lines),
        "segments": _segments(brief),
        "weakest": written_segment(brief.weakest.segment or "") if brief.weakest else "",
        "lapses": _lapses(brief),
        "asked": _asked(brief),
        "sources": source_texts(brief.sources),
        "counted": [written_segment(segment) for segment in counted_segments()],
        "printed_on": local.date() if local else printed_at,
        "printed_time": f"{local:%H.%M}" if local else "",
        "portal": settings.PORTAL_NAME,
        "is_demo": demo.is_loaded(),
        "signatory": _signatory(),
    }


def _segments(brief: Brief) -> list[SegmentLine]:
    counted = counted_segments()
    return [
        SegmentLine(
            str(Segment(count.segment).label),
            count.members,
            count.workforce,
            count.percent,
            count.segment in counted,
            count.is_hidden,
        )
        for count in brief.segments
        if count.segment is not None
        and (count.segment in counted or count.members is not None or count.is_hidden)
    ]


def _lapses(brief: Brief) -> list[tuple[str, Lapse]]:
    """The spans in which covers end, each with its days."""
    if brief.construction is None:
        return []
    return [(_days(lapse.first, lapse.last), lapse) for lapse in brief.construction.lapses]


def _days(first: datetime.date, last: datetime.date) -> str:
    return " – ".join(periods.format_date(day, LANGUAGE, short=True) for day in (first, last))


def _asked(brief: Brief) -> list[tuple[str, int]]:
    """What projects are asked for, in the words of the letters, with how many are."""
    if brief.construction is None:
        return []
    titles = dict(letters.GROUPS)
    return [(_(titles[rule]), projects) for rule, projects in brief.construction.by_rule]


def source_texts(sources: Sequence[Source]) -> list[str]:
    """Each source once, with the days its data are of; beyond a few only how many more there are."""
    days: dict[str, list[datetime.date]] = {}
    for source in sources:
        of_source = days.setdefault(source.name, [])
        if source.data_date is not None:
            of_source.append(source.data_date)
    texts = [f"{name}{_between(found)}" for name, found in days.items()]
    more = len(texts) - MOST_SOURCES
    return texts if more <= 0 else [*texts[:MOST_SOURCES], f"{numbers.format_number(more, LANGUAGE)} lainnya"]


def _between(days: Sequence[datetime.date]) -> str:
    if not days:
        return ""
    first, last = (periods.format_date(day, LANGUAGE) for day in (min(days), max(days)))
    return f" (data {first})" if first == last else f" (data {first} sampai {last})"


def _signatory() -> dict[str, str] | None:
    """Who signs the sheet, where the settings of letters name a person."""
    if not settings.LETTER_SIGNATORY_NAME:
        return None
    return {
        "place": settings.LETTER_PLACE,
        "position": settings.LETTER_SIGNATORY_POSITION,
        "name": settings.LETTER_SIGNATORY_NAME,
        "nip": settings.LETTER_SIGNATORY_NIP,
    }
