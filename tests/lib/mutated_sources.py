"""Ordinary workbooks as several programs write them: what damage is done to."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from coverage_portal.lib import exports
from tests import sheets
from tests.lib.mutating import zipped
from tests.lib.spreadsheet_files import number_cell, row, text_cell, xlsx

SHARED = Path(__file__).resolve().parents[2] / "../shared/data/sheets"
MOST_BYTES = 40_000
_TIME = re.compile(rb"\d{4}-\d\d-\d\dT[\d:]+Z")


def examples() -> dict[str, bytes]:
    """Those of real workbooks, where they lie beside the project."""
    found = sorted(SHARED.glob("*.xlsx"))
    return {path.name: path.read_bytes() for path in found if path.stat().st_size <= MOST_BYTES}


def built() -> dict[str, bytes]:
    """Those the tests build, to the byte the same at every time."""
    recap = _recap()
    headings, table = recap[2], [[*line[:8], line[9]] for line in recap[3:-1]]
    found = {
        "by openpyxl": sheets.xlsx(recap),
        "two sheets": sheets.xlsx(recap[:5], others={"Petunjuk": [["Isi lembar"], ["lalu unggah", 1]]}),
        "by the portal": exports.xlsx_file("Data", [*headings[:8], headings[9]], table),
        "inline": xlsx(_INLINE),
        "shared": xlsx(_SHARED_CELLS, strings=_STRINGS),
        "with formulas": _with_formulas(),
    }
    return {name: _timeless(content) for name, content in found.items()}


_INLINE = (
    row(1, text_cell("A1", "Kode"), text_cell("B1", "Peserta"))
    + row(3, text_cell("B3", " isi "), number_cell("C3", "12.5"), number_cell("F3", "1e3"))
    + '<row><c t="str"><v>a</v></c><c><v>7</v></c></row>'
    + '<row r="9" hidden="1"><c t="str"><v>b</v></c></row><row r="11"><c r="A11" t="e"><v>#REF!</v></c>'
    + '<c r="B11"><f>1+1</f><v>2</v></c><c r="C11"><f>A1</f></c></row>'
)
_STRINGS = "<si><t>Kode</t></si><si><r><t>Kab</t></r><r><t>upaten</t></r></si><si><t> </t></si><si><t/></si>"
_SHARED_CELLS = "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>{n % 4}</v></c><c r="B{n}"><v>{n}</v></c></row>' for n in range(1, 8)
)


def _recap() -> list[list[Any]]:
    day, moment = datetime.date(2025, 7, 31), datetime.datetime(2025, 8, 1, 14, 30)
    headings = ["Kode", "Wilayah", "Segmen", "Bulan", "Peserta", "Persen", "Tanggal", "Saat", "Jam", "Lunas"]
    table: list[list[Any]] = [
        [f"61.{n:02}", f"Kabupaten {n}", "PU", "2025-07", 100 * n, n / 8, day, moment, datetime.time(8, n)]
        for n in range(1, 9)
    ]
    lines = [[*line, line[4] % 200 == 0] for line in table]
    return [["Rekap peserta aktif, Juli 2025"], [], headings, *lines, [None, "JUMLAH", None, None, 3600]]


def _timeless(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = [(each.filename, package.read(each)) for each in package.infolist()]
    return zipped([(name, _TIME.sub(b"2025-07-31T09:00:00Z", text)) for name, text in members])


def _with_formulas() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Kode", "Hari", "Jumlah"])
    book.active.append(["=1+1", datetime.timedelta(days=1, hours=6), True])
    book.active.append(["#N/A", datetime.timedelta(hours=7), "=A1"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
