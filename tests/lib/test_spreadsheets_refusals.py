"""The first wall: what the pre-flight refuses in workbooks written here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from coverage_portal.lib import spreadsheets
from coverage_portal.lib.spreadsheets import Limits, Unreadable, messages
from tests.lib.spreadsheet_files import (
    RELATIONS,
    archive,
    ods,
    ods_cell,
    read_all,
    refusal_of,
    row,
    rows_of,
    text_cell,
    workbook_members,
    worksheet,
    xlsx,
)

ORDINARY = row(1, text_cell("A1", "x"))
ENTITY = '<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


def with_member(name: str, content: str | bytes) -> bytes:
    return archive({**workbook_members(ORDINARY), name: content})


def with_sheet(part: str) -> bytes:
    return with_member("xl/worksheets/sheet1.xml", part)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (with_sheet(ENTITY + worksheet(ORDINARY)), "xml_entities"),
        (with_member("xl/sharedStrings.xml", ENTITY + "<sst/>"), "xml_entities"),
        (with_member("docProps/app.xml", ENTITY + "<Properties/>"), "xml_entities"),
        (with_member("customXml/item1.xml", (ENTITY + "<x/>").encode("utf-16")), "xml_entities"),
        (with_sheet(" " * 3_000_000 + ENTITY + worksheet(ORDINARY)), "xml_entities"),
        (with_sheet(worksheet(ORDINARY)).replace(b"sheet1.xml", b"../t1.xml."), "zip_paths"),
        (with_member("../x.xml", ""), "zip_paths"),
        (with_member("..\\x.xml", ""), "zip_paths"),
        (with_member("/etc/x.xml", ""), "zip_paths"),
        (with_member("XL/Workbook.xml", "<workbook/>"), "duplicate_members"),
        (with_member("xl/vbaProject.bin", b""), "macro"),
        (
            with_member("[Content_Types].xml", "<Types><x a='x.sheet.macroEnabled.main+xml'/></Types>"),
            "macro",
        ),
        (with_sheet(worksheet(row(1, text_cell("IW1", "x")))), "too_many_columns"),
        (with_sheet(worksheet(row(1, text_cell("ZZZZZZZ1", "x")))), "too_many_columns"),
        (with_sheet(worksheet(row(2_000_000_000, text_cell("A2000000000", "x")))), "too_many_rows"),
        (with_sheet(worksheet(row(2, text_cell("A2", "x")) + row(2, text_cell("A2", "y")))), "corrupt"),
        (with_sheet(worksheet(row(2, text_cell("A2", "x")) + row(1, text_cell("A1", "y")))), "corrupt"),
        (with_sheet(worksheet(row(1, text_cell("A7", "x")) + row(2, text_cell("A2", "y")))), "corrupt"),
        (with_sheet(worksheet(row(1, "<c r='A1'><v><![CDATA[5]]></v></c>"))), "corrupt"),
        (with_sheet(worksheet(row(1, text_cell("A1", "x") + "<!-- <row r='2'> -->"))), "corrupt"),
        (with_sheet(worksheet(row(1, '<c r="A1" t="s"><v>9</v></c>'))), "corrupt"),
        (with_sheet(worksheet(row(1, text_cell("A1", "x" * 40_000)))), "too_long_cell"),
        (with_sheet(worksheet(row(1, text_cell("A1", "x" * 9_000_000)))), "too_long_cell"),
        (with_sheet(worksheet(" " * 20_000_000 + ORDINARY)), "zip_bomb"),
        (with_sheet(worksheet(ORDINARY).encode("utf-16")), "corrupt"),
        (with_sheet('<?xml version="1.0" encoding="utf-7"?>' + worksheet(ORDINARY)), "corrupt"),
        (with_sheet(worksheet(ORDINARY))[:-40], "corrupt"),
        (archive({"a.txt": "x"}), "wrong_type"),
        (archive({"word/document.xml": "<w/>"}), "wrong_type"),
        (
            archive({**workbook_members(ORDINARY), "xl/a.xml": "", **{f"{n}": "" for n in range(1000)}}),
            "too_many_members",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_dangerous_or_ambiguous_workbook_is_refused(content: bytes, code: str) -> None:
    assert refusal_of(content, limits=Limits(memory_bytes=200_000_000)).code == code


@pytest.mark.parametrize(
    "member",
    [
        ("xl/_rels/workbook.xml.rels", "worksheet"),
        ("xl/worksheets/_rels/sheet1.xml.rels", "image"),
        ("xl/_rels/workbook.xml.rels", "externalLinkPath"),
    ],
)
def test_part_fetched_from_elsewhere_is_refused(member: tuple[str, str]) -> None:
    name, kind = member
    relation = f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="http://x/" TargetMode="External"/>'

    refusal = refusal_of(with_member(name, f"<Relationships>{relation}</Relationships>"))

    assert refusal.code == "external_link"


@pytest.mark.parametrize(
    ("name", "kind", "notes"),
    [
        ("xl/worksheets/_rels/sheet1.xml.rels", "hyperlink", ()),
        ("xl/externalLinks/_rels/externalLink1.xml.rels", "externalLinkPath", ("external_links",)),
    ],
)
def test_ordinary_link_is_harmless(name: str, kind: str, notes: tuple[str, ...]) -> None:
    relation = f'<Relationship Id="rId1" Type="{RELATIONS}/{kind}" Target="http://x/" TargetMode="External"/>'

    workbook, rows = read_all(with_member(name, f"<Relationships>{relation}</Relationships>"))

    assert rows == [(1, ["x"])]
    assert workbook.notes == notes


def test_styled_empty_cell_far_to_the_right_is_no_column() -> None:
    far = '<c r="XFD1" s="5"/><c r="XFC1" s="5"></c>'

    assert rows_of(xlsx(row(1, text_cell("A1", "x"), far))) == [["x"]]


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("a part longer than declared", b"\x00" * 4),
        ("a part shorter than declared", b""),
    ],
)
def test_lie_about_the_inflated_size_is_refused(name: str, sheet: bytes) -> None:
    content = xlsx(ORDINARY)
    true = len(worksheet(ORDINARY)).to_bytes(4, "little")
    lie = (len(worksheet(ORDINARY)) + (-1 if sheet else 1)).to_bytes(4, "little")

    assert true in content
    assert refusal_of(content.replace(true, lie)).code == "corrupt"


def test_shared_string_repeated_beyond_memory_is_refused_unread() -> None:
    rows = "".join(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(1, 3001))
    content = xlsx(rows, strings=f"<si><t>{'x' * 30_000}</t></si>")

    assert refusal_of(content, limits=Limits(memory_bytes=200_000_000)).code == "zip_bomb"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (
            '<table:table-row table:number-rows-repeated="1048576">'
            + ods_cell("x", 'office:value-type="string" table:number-columns-repeated="16384"')
            + "</table:table-row>",
            "too_many_columns",
        ),
        (
            '<table:table-row table:number-rows-repeated="900000">' + ods_cell("x") + "</table:table-row>",
            "zip_bomb",
        ),
        ("<table:table-row>" + ods_cell("<![CDATA[x]]>") + "</table:table-row>", "corrupt"),
        ("<table:table-row/>", "no_rows"),
    ],
    ids=["cells repeated", "rows repeated", "cdata", "empty"],
)
def test_opendocument_that_repeats_or_hides_is_refused(table: str, code: str) -> None:
    assert refusal_of(ods(table)).code == code


def test_encrypted_opendocument_is_refused_as_such() -> None:
    manifest = "<manifest:manifest xmlns:manifest='m'><manifest:encryption-data/></manifest:manifest>"

    refusal = refusal_of(ods("<table:table-row/>", **{"META-INF/manifest.xml": manifest}))

    assert refusal.code == "password"


@pytest.mark.parametrize(
    ("content", "code", "shown"),
    [
        (b"<html><table><tr><td>1</td></tr></table></html>", "html", "halaman web (HTML)"),
        (b"\xef\xbb\xbf \r\n<TABLE border=1>", "html", "halaman web (HTML)"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "html", "halaman web (HTML)"),
        (b"\xff\xfe" + "<html><table>".encode("utf-16-le"), "html", "halaman web (HTML)"),
        (b"\xfe\xff" + "<html><table>".encode("utf-16-be"), "html", "halaman web (HTML)"),
        (b"%PDF-1.7 ...", "wrong_type", "dokumen PDF"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "wrong_type",
            "Lembar Kerja XML Excel 2003",
        ),
        (b'<?xml version="1.0"?><data/>', "wrong_type", "berkas XML"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "wrong_type", "berkas XML"),
        (b"\x1f\x8b\x08\x00", "wrong_type", "berkas Gnumeric"),
        (b"\x89PNG\r\n\x1a\n", "wrong_type", "gambar"),
        (b"ID;PWXL;N;E\r\n", "wrong_type", "berkas SYLK"),
    ],
)
def test_other_kinds_of_file_are_named(content: bytes, code: str, shown: str) -> None:
    refusal = refusal_of(content, name="rekap.xls")

    assert refusal.code == code
    assert shown in str(refusal)
    assert ".xlsx" in str(refusal)


def test_every_refusal_raised_has_a_sentence() -> None:
    raised, kinds = set(), set(re.findall(r'\("[a-z/.]+", "(\w+)"\)', (PACKAGE / "package.py").read_text()))
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Unreadable":
                raised |= {a.value for a in node.args if isinstance(a, ast.Constant)}
                kinds |= {
                    k.value.value
                    for k in node.keywords
                    if k.arg == "kind" and isinstance(k.value, ast.Constant)
                }

    # Why a child died is found out at run time.
    assert raised | {"memory"} == set(messages.SENTENCES)
    assert {"docx", "xml", "ole"} <= kinds <= set(messages.KINDS)


PACKAGE = Path(spreadsheets.__file__).parent


def test_sentence_names_its_numbers_as_indonesians_write_them() -> None:
    with translation.override("id"):
        shown = str(Unreadable("too_many_rows", limit=1_048_576))

    assert shown == (
        "Lembar ini melebihi 1.048.576 baris. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
    )
