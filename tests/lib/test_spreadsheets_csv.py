"""CSV: encodings, delimiters, quotes, row numbers."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coverage_portal.lib.spreadsheets import Limits, SheetInfo, delimited, read
from coverage_portal.lib.spreadsheets.limits import EXCEL_ROWS
from tests.lib.spreadsheet_files import read_all, refusal_of, rows_of

ROWS = [["Wilayah", "Cakupan"], ["Kab. Sambas", "37,25"], ["Kota Pontianak", "61,00"]]


def written(delimiter: str, line_end: str = "\r\n") -> str:
    return line_end.join(delimiter.join(cells) for cells in ROWS) + line_end


@pytest.mark.parametrize("delimiter", [";", "\t"], ids=["semicolon", "tab"])
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16")],
)
def test_delimiter_and_encoding_are_found_from_the_bytes(delimiter: str, encoding: str, shown: str) -> None:
    workbook, rows = read_all(written(delimiter).encode(encoding))

    assert (workbook.format, workbook.encoding, workbook.delimiter) == ("csv", shown, delimiter)
    assert workbook.sheets == (SheetInfo("CSV", True, 3),)
    assert [cells for _, cells in rows] == ROWS


@pytest.mark.parametrize(
    ("text", "delimiter", "second"),
    [
        ("kode,nama\n61.01,Sambas; Singkawang\n61.02,Mempawah\n", ",", ["61.01", "Sambas; Singkawang"]),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", ["1,5", "2,5"]),
        ('nama,alamat\n"A; B","C; D"\n"E; F","G; H"\n', ",", ["A; B", "C; D"]),
        ("Rekap Peserta\n\nNama;Jumlah;Potensi\nSambas;1.234;5.678\nLandak;1;2\n", ";", []),
        ("nilai\n01\n002\n", ",", ["01"]),
        ("sep=|\nnama|jumlah\nA|1\n", "|", ["A", "1"]),
    ],
    ids=["comma", "decimal comma", "semicolons quoted", "title above", "one column", "directive"],
)
def test_delimiter_is_the_one_records_agree_on(text: str, delimiter: str, second: list[str]) -> None:
    workbook, rows = read_all(text.encode())

    assert workbook.delimiter == delimiter
    assert rows[1][1] == second


def test_windows_1252_is_read_with_a_note() -> None:
    workbook, rows = read_all("Nama;Ket\nJosé – “Désa”;10 €\n".encode("windows-1252"))

    assert (workbook.encoding, workbook.notes) == ("windows-1252", ("windows_1252",))
    assert rows[1][1] == ["José – “Désa”", "10 €"]


@pytest.mark.parametrize(
    "content",
    [
        "nama;ket\nSambas;1\n".encode("utf-16-be"),
        "nama;ket\nSambas;1\n".encode("utf-32"),
        "nama;ket\nDésa Jéruk;é\n".encode() + b"\xe9\n",
        ("名前;住所\n" + "台北市;中正路\n" * 40).encode("big5"),
        ("имя;адрес\n" + "Москва;Тверская\n" * 40).encode("windows-1251"),
        b"nama;ket\nA\x81;B\x8d\n",
        b"\xff\xfen\x00a",
    ],
    ids=["utf-16 without BOM", "utf-32", "broken utf-8", "big5", "cyrillic", "undefined", "broken utf-16"],
)
def test_doubtful_letters_are_refused_not_guessed(content: bytes) -> None:
    assert refusal_of(content).code == "encoding"


def test_row_number_is_the_first_line_of_its_record() -> None:
    rows = read_all(b'nama,alamat\n"A","Jl. Satu\nNo. 2"\n\n"B","C"\n')[1]

    assert rows == [(1, ["nama", "alamat"]), (2, ["A", "Jl. Satu\nNo. 2"]), (4, []), (5, ["B", "C"])]


def test_ragged_records_come_as_they_are() -> None:
    assert rows_of(b"a;b;c\n1;2\n3;;5;6\n") == [["a", "b", "c"], ["1", "2"], ["3", None, "5", "6"]]


def test_cells_are_text_whatever_they_look_like() -> None:
    assert rows_of(b"k;n;d\n007;1e5;2025-08-31\n")[1] == ["007", "1e5", "2025-08-31"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a;b;c\n1;2;"tiga\n4;5;6\n7;8;9\n', 2),
        ('a;b;c\n1;2;3\n4;"lima"x;6\n', 3),
        ('a;b;c\n1;2;"tiga\n4;5;6\n7;8;9"\n1;1;1\n', 2),
        ('a;b\n1;"x\ny"\n2;"z\n', 4),
    ],
    ids=["never closed", "closed too early", "closed rows later", "after a line break"],
)
def test_stray_quote_swallows_no_rows(text: str, line: int) -> None:
    refusal = refusal_of(text.encode())

    assert (refusal.code, refusal.params) == ("unclosed_quote", {"line": line})
    assert f"baris {line} " in str(refusal)


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (b"", Limits(), "empty"),
        (b"\n\n", Limits(), "no_rows"),
        (b";;\n;;\n", Limits(), "no_rows"),
        (b"a;b\n" * 11, Limits(max_records=10), "too_many_rows"),
        (b";".join(b"%d" % n for n in range(257)), Limits(), "too_many_columns"),
        (b"a;" + b"x" * 101, Limits(max_cell_chars=100), "too_long_cell"),
        (b"a;" + b"xyz;" * 50, Limits(max_row_chars=100), "too_long_row"),
        (b"a;b\n1;2\n", Limits(max_file_bytes=7), "too_big"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 50, Limits(), "wrong_type"),
    ],
)
def test_csv_beyond_its_bounds_is_refused(content: bytes, limits: Limits, code: str) -> None:
    assert refusal_of(content, limits=limits).code == code


def test_csv_may_have_more_rows_than_a_sheet_and_nobody_holds_them() -> None:
    """The process could not hold a hundredth of a full sheet's million rows."""
    content = io.BytesIO(b"NIK;Nama\n" + b"6171011708909001;CONTOH SATU\n" * EXCEL_ROWS)

    with read(content, limits=Limits(memory_bytes=60_000_000)) as reading:
        count = sum(1 for _row in reading.rows)

    assert count == reading.rows_total == 1_048_577
    assert Limits().max_records == 20_000_000


def test_trailing_blank_lines_and_columns_do_not_count() -> None:
    content = b"a;b" + b";" * 300 + b"\n1;2\n\n\n\n"

    workbook, rows = read_all(content, limits=Limits(max_records=2))

    assert workbook.sheets[0].rows == 2
    assert rows[1] == (2, ["1", "2"])


def test_null_and_bell_are_dropped_with_a_note() -> None:
    with read(io.BytesIO(b"a;b\n\x00x;\x07\n")) as reading:
        rows = list(reading.rows)

    assert rows[1] == (2, ["x", None])
    assert reading.notes == ("controls_removed",)


def test_text_that_calls_itself_a_workbook_is_refused() -> None:
    content = b"a;b\n1;2\n"

    assert refusal_of(content, name="rekap.XLSX").code == "disguised_text"
    assert len(rows_of(content, name="rekap.csv")) == 2


def test_records_over_several_lines_keep_the_numbers_of_the_rows_after_them() -> None:
    """Lines are read in blocks: records go on within one, over the border of two, and over whole ones."""
    cells, expected, line = [], [], 1
    for number in range(6_000):
        breaks = 3_000 if number == 4_000 else 3 if number % 997 == 5 else 0
        text = "x" * 20 + "\n" * breaks
        cells.append(f'{number};"{text}y"' if breaks or number % 2 else f"{number};{text}y")
        expected.append((line, [str(number), f"{text}y"]))
        line += 1 + breaks

    assert read_all("\n".join(cells).encode())[1] == expected


def test_rows_of_other_widths_and_blank_ones_keep_their_place_among_many() -> None:
    lines = [f"{number};b;c" for number in range(1, 1_501)]
    lines[700], lines[900], lines[1_200], lines[1_201] = "701;b", "", "1201;;c;d", " ; ;"

    _workbook, rows = read_all("\n".join(lines).encode())

    assert [number for number, _cells in rows] == list(range(1, 1_501))
    assert rows[699:702] == [(700, ["700", "b", "c"]), (701, ["701", "b"]), (702, ["702", "b", "c"])]
    assert rows[900] == (901, [])
    assert rows[1_200:1_202] == [(1_201, ["1201", None, "c", "d"]), (1_202, [])]


PIECES = st.sampled_from(["a", "1", ";", '"', '""', '"b;c"', " ", "\n", "\r\n", "\r", "\x0b", "\x85", "\x00"])


@given(text=st.lists(PIECES, min_size=1, max_size=30).map("".join), longest=st.sampled_from([3, 2_000]))
def test_splitting_gives_the_records_of_the_reader(text: str, longest: int) -> None:
    """Lines without quotes are split, which is faster; the standard library's reader says what is right."""
    lines = io.StringIO(text, newline="").readlines()
    assume(lines)
    dialect = delimited.Dialect("utf-8", ";", directive=False, notes=())
    usual = csv.field_size_limit(longest)
    try:
        expected = list(csv.reader(lines, delimiter=";", strict=True))
    except csv.Error:
        expected = []
    try:
        found = delimited._one_a_line(lines, dialect, Limits(max_cell_chars=longest))
    finally:
        csv.field_size_limit(usual)

    assert found == (expected if len(expected) == len(lines) else None)
