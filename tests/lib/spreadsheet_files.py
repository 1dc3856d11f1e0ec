"""Small spreadsheets written byte by byte, with just the oddity a test is about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from coverage_portal.lib.spreadsheets import Limits, Row, Unreadable, Workbook, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number_cell(reference: str, literal: object) -> str:
    return f'<c r="{reference}"><v>{literal}</v></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def workbook_members(
    *sheets: str, states: Mapping[int, str] | None = None, strings: str | None = None
) -> dict[str, str | bytes]:
    """The members of an .xlsx whose sheets, called "Lembar 1" and so on, hold this XML of rows."""
    states = states or {}
    listed = "".join(
        f'<sheet name="Lembar {n}" sheetId="{n}" state="{states.get(n, "visible")}" r:id="rId{n}"/>'
        for n in range(1, len(sheets) + 1)
    )
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" ContentType='
            f'"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{related}</Relationships>'
        ),
    }
    if strings is not None:
        part = f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
        relations = str(members["xl/_rels/workbook.xml.rels"])
        members["xl/_rels/workbook.xml.rels"] = relations.replace(
            "</Relationships>", f"{part}</Relationships>"
        )
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        declared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        members["[Content_Types].xml"] = str(members["[Content_Types].xml"]).replace("</Types>", declared)
        members["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    for n, rows in enumerate(sheets, start=1):
        members[f"xl/worksheets/sheet{n}.xml"] = worksheet(rows)
    return members


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx(*sheets: str, **options: Any) -> bytes:
    return archive(workbook_members(*sheets, **options))


def ods_cell(text: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def ods(*tables: str, **more: str) -> bytes:
    """An .ods whose tables, called "Lembar 1" and so on, hold this XML of rows."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="{OPENDOCUMENT}:{name}:1.0"' for name in names)
    content = "".join(
        f'<table:table table:name="Lembar {n}">{rows}</table:table>' for n, rows in enumerate(tables, start=1)
    )
    members: dict[str, str | bytes] = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{OPENDOCUMENT}:manifest:1.0"/>',
        "content.xml": (
            f'<office:document-content {spaces} xmlns:calcext="urn:calcext"><office:body>'
            f"<office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
        ),
    }
    return archive({**members, **more})


def read_all(
    content: bytes, *, sheet: str | None = None, name: str | None = None, limits: Limits | None = None
) -> tuple[Workbook, list[tuple[int, Row]]]:
    """The workbook and every row of a file held in memory."""
    with read(io.BytesIO(content), sheet=sheet, name=name, limits=limits or Limits()) as reading:
        return reading.workbook, list(reading.rows)


def rows_of(content: bytes, **options: Any) -> list[Row]:
    """The cells of every row, without the row numbers."""
    return [cells for _, cells in read_all(content, **options)[1]]


def refusal_of(content: bytes, **options: Any) -> Unreadable:
    """The refusal of a file that must not be read to its end."""
    with pytest.raises(Unreadable) as caught:
        read_all(content, **options)
    return caught.value
