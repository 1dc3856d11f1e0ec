"""Finding the heading of a sheet and what each column means."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop as _

from coverage_portal.lib.spreadsheets import Cell

from .kinds import IGNORE, Kind, Layout, Options, Problem, Question, Severity, Use

HEADER_WITHIN = 15
COLUMN_NUMBERS = _("nomor kolom")
Row = tuple[int, Sequence[Cell]]


class NoHeader(Exception):
    """No row among the first rows looks like a heading of this kind."""


def text_of(cell: Cell) -> str:
    """A cell as heading or title text: one line, single blanks, no required-mark asterisks."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        cell = cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s+", " ", str(cell).replace("\u00a0", " ")).strip().strip("*").strip()


def find_layout(rows: Sequence[Row], kind: Kind, options: Options) -> Layout:
    """The best heading within the first rows: one row, or two where it is merged.

    Args:
        rows: the first rows of the sheet with their numbers, blank ones too.
        options: `header_row` fixes the heading; `column:<index>` says what a column is used for.

    Raises:
        NoHeader: no row has two recognised headings.
    """
    fixed = options.get("header_row", "")
    best: tuple[tuple[int, bool, int, int], Layout] | None = None
    for place, (number, _cells) in enumerate(rows):
        if (number > HEADER_WITHIN and not fixed) or (fixed and str(number) != fixed):
            continue
        for depth in (1, 2):
            block = rows[place : place + depth]
            if len(block) < depth or (depth == 2 and _is_title(block[0][1])):
                continue
            layout = _layout(rows[:place], block, kind, options)
            score = len(layout.targets())
            if not score or (depth == 2 and not _is_second_heading(block[1][1], layout)):
                continue
            missing = len(kind.missing(layout.targets()))
            is_whole = depth == 2 or not _goes_on(layout, rows[place + 1 : place + 2], kind, options)
            rank = (-missing, is_whole, score, -depth)
            if best is None or rank > best[0]:
                best = (rank, layout)
    # Half of a merged heading would be read as another table than it is.
    if best is None or not best[0][1] or (best[0][2] < 2 and not fixed):
        raise NoHeader
    return best[1]


def _layout(above: Sequence[Row], block: Sequence[Row], kind: Kind, options: Options) -> Layout:
    titles = tuple(text for _number, cells in above for text in map(text_of, cells) if text)
    headings = _joined([cells for _number, cells in block])
    uses = []
    for index, (heading, candidates) in enumerate(headings):
        target = options.get(f"column:{index}") or None
        if target is None and any(c.casefold() in _KNOWN_WITHOUT_USE for c in candidates):
            target = IGNORE
        if target is None:
            for candidate in candidates:
                target = kind.recognise(candidate, titles, options)
                if target is not None:
                    break
        uses.append(Use(index, heading, target))
    return Layout(tuple(number for number, _cells in block), tuple(uses), titles)


_KNOWN_WITHOUT_USE = frozenset(
    {
        "no",
        "no.",
        "no urut",
        "nomor",
        "nomor urut",
        "#",
        "ket",
        "ket.",
        "keterangan",
        "catatan",
        "kesalahan",
        "errors",
    }
)


def _joined(rows: Sequence[Sequence[Cell]]) -> list[tuple[str, list[str]]]:
    """(shown heading, texts to recognise it by) per column; a merged upper heading reaches to the right."""
    width = max(len(cells) for cells in rows)
    if len(rows) == 1:
        return [(text, [text] if text else []) for text in map(text_of, rows[0])]
    upper, lower = ([text_of(c) for c in row] + [""] * (width - len(row)) for row in rows)
    result = []
    spanning = ""
    for top, bottom in zip(upper, lower, strict=True):
        spanning = top or (spanning if bottom else "")
        shown = " ".join(part for part in (spanning, bottom) if part) if bottom else top
        result.append((shown, [text for text in (shown, bottom or top) if text]))
    return result


def _is_title(cells: Sequence[Cell]) -> bool:
    """Whether a row has one filled cell: a title above the heading, and not its upper half."""
    return sum(1 for cell in cells if text_of(cell)) < 2


def _goes_on(layout: Layout, below: Sequence[Row], kind: Kind, options: Options) -> bool:
    """Whether the next row heads columns that a merged cell of this one leaves blank."""
    headed = {use.index for use in layout.uses if use.heading}
    for _number, cells in below:
        for index, cell in enumerate(cells):
            text = text_of(cell)
            if isinstance(cell, str) and text and index not in headed and index > min(headed, default=0):
                return kind.recognise(text, layout.titles, options) is not None
    return False


def _is_second_heading(cells: Sequence[Cell], layout: Layout) -> bool:
    """Whether the second row of a block belongs to the heading: only texts, and some of them recognised."""
    if any(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells):
        return False
    used = {use.index for use in layout.uses if use.target is not None}
    return any(text_of(cell) and index in used for index, cell in enumerate(cells))


def problems_of(layout: Layout, kind: Kind) -> list[Problem]:
    """What is wrong with the heading itself: missing, unknown or repeated columns. Any of them stops."""
    problems = []
    for use in layout.uses:
        if use.target is None and use.heading:
            problems.append(
                Problem(
                    "unknown_header",
                    _(
                        "Judul kolom “%(heading)s” tidak dikenal. Pilih artinya, abaikan kolom itu, "
                        "atau perbaiki judulnya sesuai templat."
                    ),
                    {"heading": use.heading},
                    column=use.heading,
                )
            )
    repeated = Counter(use.target for use in layout.uses if use.target not in (None, IGNORE))
    for target, times in repeated.items():
        if times > 1:
            headings = " / ".join(f"“{use.heading}”" for use in layout.uses if use.target == target)
            problems.append(
                Problem(
                    "repeated_header",
                    _("Kolom yang sama muncul %(times)s kali: %(headings)s. Sisakan satu saja."),
                    {"times": times, "headings": headings},
                    column=headings,
                )
            )
    missing = kind.missing(layout.targets())
    if missing:
        problems.append(
            Problem(
                "missing_header",
                _("Kolom wajib tidak ditemukan: %(headings)s. Tambahkan kolom itu atau pakai templat."),
                {"headings": ", ".join(missing)},
            )
        )
    return problems


def notes_of(layout: Layout, below: Iterable[Sequence[Cell]]) -> list[Problem]:
    """Columns that have data but no heading: said, and left out."""
    filled: set[int] = set()
    for cells in below:
        filled.update(index for index, cell in enumerate(cells) if cell not in (None, ""))
    with_heading = {use.index for use in layout.uses if use.heading}
    return [
        Problem(
            "blank_header",
            _("Kolom %(column)s berisi data tetapi tidak berjudul, sehingga tidak dibaca."),
            {"column": column_letter(index)},
            column=column_letter(index),
            severity=Severity.WARNING,
        )
        for index in sorted(filled - with_heading)
    ]


def questions_of(layout: Layout, kind: Kind) -> list[Question]:
    """One question for each heading that the user must decide about."""
    repeated = Counter(use.target for use in layout.uses if use.target not in (None, IGNORE))
    return [
        Question(
            f"column:{use.index}",
            _("Kolom “%(heading)s” berisi apa?"),
            {"heading": use.heading},
            choices=((IGNORE, _("Abaikan kolom ini")), *kind.target_choices()),
            value=use.target or "",
        )
        for use in layout.uses
        if use.heading and (use.target is None or repeated[use.target] > 1)
    ]


def column_letter(index: int) -> str:
    """The spreadsheet's name of a column, 0 -> A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_column_numbers(cells: Sequence[Cell], shape: Layout) -> bool:
    """Whether the first row below the heading only numbers the columns: 1 2 3 … or (1) (2) (3) …

    Every headed column must be numbered, of ten or more all but one in ten: a row of data with a blank first
    cell may hold 1, 2, 3 as well.
    """
    numbers = [text_of(cell).strip("()") for cell in cells if text_of(cell)]
    headed = sum(1 for use in shape.uses if use.heading)
    if len(numbers) < max(headed - headed // 10, 3) or not all(number.isdigit() for number in numbers):
        return False
    values = [int(number) for number in numbers]
    return values == list(range(values[0], values[0] + len(values))) and values[0] in (0, 1)
