"""Further hostile files, made here: with those of the shared corpus 100 workbooks, 40 CSVs and 33 others."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

from tests.lib.spreadsheet_files import (
    MAIN,
    archive,
    number_cell,
    row,
    text_cell,
    workbook_members,
    worksheet,
    xlsx,
)

WORDS = zip("ABCD", ("Wilayah", "Segmen", "Bulan", "Peserta"), strict=True)
HEADING = row(1, *(text_cell(f"{column}1", word) for column, word in WORDS))
SHEET = "xl/worksheets/sheet1.xml"
ENTITY = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
MILLION = 1_000_000


def _sheet(rows: str, **around: str) -> bytes:
    return archive({**workbook_members(""), SHEET: worksheet(HEADING + rows, **around)})


def _with(name: str, content: str | bytes) -> bytes:
    return archive({**workbook_members(HEADING), name: content})


def _strings(strings: str, rows: str = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>') -> bytes:
    return xlsx(HEADING + rows, strings=strings)


def _twice() -> bytes:
    whole = xlsx(HEADING)
    return whole + xlsx(row(1, text_cell("A1", "lain")))


def _promising() -> bytes:
    members = workbook_members(HEADING, strings="<si><t>a</t></si>")
    promise = '<sst count="4294967296" uniqueCount="4294967296" '
    members["xl/sharedStrings.xml"] = str(members["xl/sharedStrings.xml"]).replace("<sst ", promise)
    return archive(members)


def _many_sheets() -> bytes:
    return xlsx(*[HEADING] * 600)


def _patched(local: int, central: int, byte: int) -> bytes:
    """A workbook with one byte of each member's two headers replaced."""
    whole = bytearray(xlsx(HEADING))
    for signature, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = whole.find(signature)
        while at >= 0:
            whole[at + offset] = byte
            at = whole.find(signature, at + 4)
    return bytes(whole)


def _of_members(count: int) -> bytes:
    return archive({**workbook_members(HEADING), **{f"x/{number}": "" for number in range(count)}})


def _within() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("bom", b"\0" * (20 * MILLION))
    return archive({"xl/workbook.xml": inner.getvalue(), "a.zip": inner.getvalue()})


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "spaces_60mb": lambda: _sheet(" " * (60 * MILLION)),
    "rows_300k_empty": lambda: _sheet("".join(f'<row r="{n}"/>' for n in range(2, 300_000))),
    "last_row_only": lambda: _sheet(row(1_048_576, text_cell("A1048576", "x"))),
    "row_beyond_excel": lambda: _sheet(row(1_048_577, text_cell("A1048577", "x"))),
    "row_zero": lambda: _sheet(row(0, text_cell("A0", "x"))),
    "row_twice": lambda: _sheet(row(2, text_cell("A2", "x")) + row(2, text_cell("B2", "y"))),
    "cell_twice": lambda: _sheet(row(2, text_cell("A2", "x"), text_cell("A2", "y"))),
    "cell_elsewhere": lambda: _sheet(row(2, text_cell("A900000", "x"))),
    "members_4000": lambda: _of_members(4_000),
    "path_absolute": lambda: _with("/etc/passwd", "x"),
    "path_backslash": lambda: _with("..\\..\\x.xml", "x"),
    "encrypted_flag": lambda: _patched(6, 8, 1),
    "unknown_compression": lambda: _patched(8, 10, 99),
    "entity_in_styles": lambda: _with("xl/styles.xml", ENTITY + "<styleSheet>&b;</styleSheet>"),
    "entity_in_relations": lambda: _with("xl/_rels/workbook.xml.rels", ENTITY + "<Relationships/>"),
    "sheet_in_utf_16": lambda: _with(SHEET, worksheet(HEADING).encode("utf-16")),
    "macro_sheet": lambda: _with("xl/macrosheets/sheet1.xml", "<x/>"),
    "texts_promised": _promising,
    "text_not_there": lambda: _strings("<si><t>a</t></si>", '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
    "text_10mb": lambda: _strings(f"<si><t>{'x' * (10 * MILLION)}</t></si>"),
    "nested_100k": lambda: _sheet("<a>" * 100_000 + "</a>" * 100_000),
    "attribute_5mb": lambda: _sheet(f'<row r="2" x="{"y" * (5 * MILLION)}"/>'),
    "attributes_50k": lambda: _sheet('<row r="2" ' + " ".join(f'a{n}=""' for n in range(50_000)) + "/>"),
    "sheets_600": _many_sheets,
    "sheet_missing": lambda: archive({k: v for k, v in workbook_members(HEADING).items() if k != SHEET}),
    "no_sheets": lambda: _with("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets/></workbook>'),
    "numbers_odd": lambda: _sheet(row(2, number_cell("A2", "NaN"), number_cell("D2", "-1e999"))),
    "merged_everywhere": lambda: _sheet("", after='<mergeCells><mergeCell ref="A1:XFD9999"/></mergeCells>'),
    "surrogates": lambda: _sheet(row(2, text_cell("A2", "&#xD800;&#xDC00;"))),
    "tags_crossed": lambda: _sheet('<row r="2"><c r="A2"><v>1</c></v></row>'),
    "two_zips": _twice,
    "zip_in_zip": _within,
    "before_the_start": lambda: xlsx(HEADING)[:40] + xlsx(HEADING)[-200:],
}


def _random(size: int) -> bytes:
    return random.Random(61).randbytes(size)


_LINES = b"Wilayah;Segmen;Bulan;Peserta Aktif\r\n"
DELIMITED: dict[str, Callable[[], bytes]] = {
    "one_line_8mb": lambda: b"x" * (8 * MILLION),
    "semicolons_2m": lambda: _LINES + b";" * (2 * MILLION),
    "quote_open_5mb": lambda: _LINES + b'"' + b"a;b\r\n" * MILLION,
    "quotes_only": lambda: b'"' * MILLION,
    "utf_32": lambda: (_LINES.decode() * 3).encode("utf-32"),
    "utf_16_cut": lambda: (_LINES.decode() * 3).encode("utf-16")[:-1],
    "bom_only": lambda: b"\xef\xbb\xbf",
    "noise": lambda: _random(200_000),
    "blank_lines_300k": lambda: _LINES + b"\r\n" * 300_000,
    "headings_5k": lambda: b";".join(b"=cmd%d" % n for n in range(5_000)) + b"\r\n" + _LINES,
    "nul_in_each": lambda: _LINES + b"Samb\0as;PU;2025-07;1\r\n" * 2_000,
    "wrong_rows_3k": lambda: _LINES + b"\xff\xfeAtlantis;=1+1;\xe2\x80\xae;-1e99\r\n" * 3_000,
}


def more_hostile() -> dict[str, Callable[[], bytes]]:
    """What makes each, by the file's name."""
    books = {f"{name}.xlsx": make for name, make in WORKBOOKS.items()}
    return books | {f"{name}.csv": make for name, make in DELIMITED.items()}
