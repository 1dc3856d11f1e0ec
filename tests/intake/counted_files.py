"""Recaps whose rows are counted before they are written, in files that make it easy to lose some of them."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.imports import HEADING
from tests.lib.spreadsheet_files import archive, workbook_members, worksheet

AREAS = [*(f"61.{number:02}" for number in range(1, 13)), "61.71", "61.72"]
KEYS = [
    (area, segment, f"{year}-{month:02}")
    for area in AREAS
    for segment in ("PU", "BPU", "JAKON")
    for year in (2023, 2024, 2025)
    for month in range(1, 13)
]
Line = list[Any]


@dataclass
class Recap:
    """A file, and how many of its rows are of which kind; `values` are the numbers that must arrive."""

    content: bytes = b""
    name: str = ""
    lies: bool = False
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    values: dict[tuple[str, str, str], int] = field(default_factory=dict)


def recap(seed: int) -> Recap:
    """A workbook or, each third time, a CSV; the same seed makes the same."""
    rng = random.Random(seed)
    made = Recap()
    lines = _head(rng)
    made.counts["head"] = len(lines)
    kinds = rng.choices(
        ("good", "wrong", "total", "heading", "note", "blank", "spaces"),
        (20, 3, 1, 1, 1, 3, 1),
        k=rng.randrange(4, 60),
    )
    keys = iter(rng.sample(KEYS, len(kinds) + 2))
    # The last row holds something: blank ones after it are no rows of the sheet.
    for kind in ["good", *kinds, rng.choice(("good", "wrong", "total"))]:
        made.counts["blank" if kind == "spaces" else kind] += 1
        lines.append(_line(kind, next(keys) if kind in ("good", "wrong") else KEYS[0], made, rng))
    made.rows = len(lines)
    (_as_csv if seed % 3 == 2 else _as_workbook)(made, lines, rng)
    return made


def _head(rng: random.Random) -> list[Line]:
    titles: list[Line] = [["Rekap peserta aktif"], [], ["Sumber: BPJS Ketenagakerjaan"], ["", None, " "]]
    return [*rng.sample(titles, rng.randrange(3)), HEADING]


def _line(kind: str, key: tuple[str, str, str], made: Recap, rng: random.Random) -> Line:
    area, segment, month = key
    people = rng.randrange(1, 900_000)
    match kind:
        case "good":
            made.values[key] = people
            return [area, segment, month, people]
        case "wrong":
            flaws = ([area, segment, month, -people], [area, segment, month, "banyak"])
            return rng.choice((*flaws, ["Atlantis", segment, month, people], [area, "XYZ", month, people]))
        case "total":
            return [rng.choice(("JUMLAH", "Total")), None, None, None]
        case "heading":
            return list(HEADING)
        case "note":
            return ["Keterangan: angka sementara", None, None, None]
        case "spaces":
            return ["  ", None, "\t" if rng.random() < 0.5 else " "]
    return []


def _as_csv(made: Recap, lines: list[Line], rng: random.Random) -> None:
    stream = io.StringIO()
    end = rng.choice(("\r\n", "\n"))
    delimiter = rng.choice(";,\t")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    if rng.random() < 0.5:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerows([["" if cell is None else cell for cell in line] for line in lines])
    text = stream.getvalue()
    # A last row without its end, and blank ones behind: neither is a row more or less.
    text = text.removesuffix(end) if rng.random() < 0.3 else text + end * rng.randrange(3)
    made.content = text.encode(rng.choice(("utf-8", "utf-8-sig", "utf-16")))
    made.name = "rekap.csv"


def _as_workbook(made: Recap, lines: list[Line], rng: random.Random) -> None:
    strings: list[str] | None = [] if rng.random() < 0.5 else None
    leaves_out, numbers_rows = rng.random() < 0.5, rng.random() < 0.8
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = "".join(_cell(number, at, cell, strings) for at, cell in enumerate(line) if cell is not None)
        if not cells and leaves_out and numbers_rows:
            continue
        hidden = ' hidden="1"' if rng.random() < 0.2 else ""
        place = f' r="{number}"' if numbers_rows else ""
        rows.append(f"<row{place}{hidden}>{cells}</row>")
    behind = [f'<row r="{len(lines) + n}"><c r="B{len(lines) + n}" s="0"/></row>' for n in range(1, 4)]
    rows += behind[: rng.randrange(3)] if numbers_rows else []
    right = f"A1:D{len(lines)}"
    dimension = rng.choice(("A1", "A1:B2", "A1:XFD1048576", "C3:D4", right, ""))
    made.lies = dimension not in (right, "")
    before = f'<dimension ref="{dimension}"/>' if dimension else ""
    before += '<cols><col min="2" max="3" hidden="1"/></cols>' if rng.random() < 0.2 else ""
    shared = None if strings is None else "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    members = workbook_members("", strings=shared)
    members["xl/worksheets/sheet1.xml"] = worksheet("".join(rows), before=before)
    made.content, made.name = archive(members), "rekap.xlsx"


def _cell(row: int, at: int, cell: Any, strings: list[str] | None) -> str:
    place = f'r="{"ABCD"[at]}{row}"'
    if isinstance(cell, int):
        return f"<c {place}><v>{cell}</v></c>"
    if strings is None:
        return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    strings.append(cell)
    return f'<c {place} t="s"><v>{len(strings) - 1}</v></c>'
