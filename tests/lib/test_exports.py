import csv
import datetime
import io
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
import tablib

from coverage_portal.lib import exports
from coverage_portal.lib.values import tidy

FORMULAS = {
    "equals": "=1+1",
    "double equals": "==1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "carriage return": "\r=1+1",
    "line feed": "\n=1+1",
    "tab before a word": "\tcmd",
    "pipe": "|cmd",
    "percent": "%0A",
    "full-width equals": "＝1+1",
    "full-width plus": "＋1+1",
    "full-width minus": "－1+1",
    "full-width at": "＠SUM(A1)",
    "spaces in front": "   =1+1",
    "byte order mark in front": "\ufeff=1+1",
    "zero-width space in front": "\u200b=1+1",
    "no-break space in front": "\u00a0=1+1",
    "control in front": "\x07=1+1",
    "link": '=HYPERLINK("http://example.org","klik")',
    "command": "=cmd|' /C calc'!A0",
}


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_safe_cell_disarms_what_a_spreadsheet_could_run(text: str) -> None:
    assert exports.safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ketapang", "61.10", "-5", "-1.234,50", "2025-07", "a=b", "'quoted'"])
def test_safe_cell_leaves_other_texts_alone(text: str) -> None:
    assert exports.safe_cell(text) == text


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", "-1+1"])
def test_safe_cell_is_undone_by_the_portals_own_reader(text: str) -> None:
    assert tidy(exports.safe_cell(text)) == tidy(text)


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_csv_starts_no_field_with_a_formula(text: str) -> None:
    content = exports.csv_file([text], [[text]])

    fields = [
        field
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        for field in row
    ]
    assert fields == [f"'{text}"] * 2


def test_csv_writes_values_as_an_indonesian_spreadsheet_reads_them() -> None:
    row = [
        "61.10",
        "Kabupaten Melawi; barat",
        575504,
        Decimal("60.80"),
        12.5,
        datetime.date(2025, 7, 31),
        None,
    ]

    content = exports.csv_file(["Kode", "Wilayah", "Peserta", "Target", "Luas", "Tanggal", "Catatan"], [row])

    assert content.decode("utf-8") == (
        "\ufeffKode;Wilayah;Peserta;Target;Luas;Tanggal;Catatan\r\n"
        '61.10;"Kabupaten Melawi; barat";575504;60,80;12,5;2025-07-31;\r\n'
    )


@pytest.mark.parametrize("text", FORMULAS.values(), ids=FORMULAS)
def test_xlsx_holds_no_formula(text: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx_file("Data", [text], [[text]])))

    assert [cell.data_type for row in book.active.iter_rows() for cell in row] == ["s", "s"]


def test_xlsx_keeps_types_for_whoever_reads_it() -> None:
    row = ["61.10", "=1+1", "_x0041_", 575504, Decimal("60.80"), datetime.date(2025, 7, 31), None, "akhir"]
    headings = ["Kode", "Rumus", "Kode XML", "Peserta", "Target", "Tanggal", "Kosong", "Akhir"]

    content = exports.xlsx_file("Target: 2026/2027", headings, [row])

    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["Target  2026 2027"]
    assert book.get_sheet_by_index(0).to_python(skip_empty_area=False) == [
        headings,
        ["61.10", "=1+1", "_x0041_", 575504.0, 60.8, datetime.date(2025, 7, 31), "", "akhir"],
    ]


def test_xlsx_shows_characters_that_xml_cannot_hold() -> None:
    content = exports.xlsx_file("Data", ["Nama"], [["a\x00b\x1fc"]])

    assert (
        openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value
        == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    )


@pytest.mark.parametrize(
    ("file_format", "start", "extension"),
    [(exports.XLSX(), b"PK", "xlsx"), (exports.CSV(), "\ufeffKode;Nama\r\n61.10;'=1\r\n".encode(), "csv")],
    ids=["xlsx", "csv"],
)
def test_formats_of_import_export_write_the_same_files(
    file_format: exports.XLSX | exports.CSV, start: bytes, extension: str
) -> None:
    dataset = tablib.Dataset(["61.10", "=1"], headers=["Kode", "Nama"], title="Data")

    content = file_format.export_data(dataset)

    assert content.startswith(start)
    assert file_format.get_extension() == extension
    assert file_format.is_binary()


def test_moments_are_written_on_the_clock_of_the_province() -> None:
    moment = datetime.datetime(2025, 7, 31, 20, 30, tzinfo=datetime.UTC)

    book = openpyxl.load_workbook(io.BytesIO(exports.xlsx_file("T", ["kapan"], [[moment]])))
    (cell,) = list(book.active.values)[1]
    assert cell == datetime.datetime(2025, 8, 1, 3, 30)
    assert exports.csv_file(["kapan"], [[moment]]).decode("utf-8-sig").splitlines()[1] == "2025-08-01 03:30"
