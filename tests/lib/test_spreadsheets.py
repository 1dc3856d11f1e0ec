"""What comes out of a workbook: values, row numbers, sheets."""

from __future__ import annotations

import datetime
import io
import tempfile

import openpyxl
import pytest

from coverage_portal.lib.spreadsheets import CellError, SheetInfo, read
from tests.lib.spreadsheet_files import archive as zipped
from tests.lib.spreadsheet_files import (
    number_cell,
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


def saved(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_values_of_an_ordinary_workbook_keep_their_types() -> None:
    content = saved(
        ["Kode", "Jumlah", "Persen", "Tanggal", "Saat", "Jam", "Lunas"],
        [
            "061.01",
            1819430,
            0.375,
            datetime.date(2025, 8, 31),
            datetime.datetime(2025, 8, 31, 14, 30),
            datetime.time(8, 15),
            True,
        ],
    )

    workbook, rows = read_all(content)

    assert (workbook.format, workbook.encoding, workbook.delimiter) == ("xlsx", None, None)
    assert rows[1] == (
        2,
        [
            "061.01",
            1819430,
            0.375,
            datetime.date(2025, 8, 31),
            datetime.datetime(2025, 8, 31, 14, 30),
            datetime.time(8, 15),
            True,
        ],
    )
    assert [type(cell) for cell in rows[1][1]][1:3] == [int, float]


@pytest.mark.parametrize(
    ("literal", "value", "kind"),
    [
        ("6171012345678901", 6171012345678901, int),
        ("6.17101234567890E+15", 6171012345678900, int),
        ("9007199254740992", 2**53, int),
        ("9007199254740994", 9007199254740994.0, float),
        ("61710117089090011", 61710117089090011.0, float),
        ("-0", 0, int),
        ("12.5", 12.5, float),
        ("1e400", CellError("#NUM!"), CellError),
        ("NaN", CellError("#NUM!"), CellError),
    ],
)
def test_number_literal_is_exact_or_a_float_or_an_error(literal: str, value: object, kind: type) -> None:
    content = xlsx(row(1, number_cell("A1", literal)))

    [[cell]] = rows_of(content)

    assert cell == value
    assert type(cell) is kind


def test_duration_of_a_day_or_more_is_the_number_of_days_stored() -> None:
    content = saved([datetime.timedelta(days=1, hours=12), datetime.timedelta(hours=7, minutes=5)])

    [cells] = rows_of(content)

    assert cells == [1.5, datetime.time(7, 5)]


def test_leading_gaps_in_rows_and_columns_are_kept() -> None:
    content = xlsx(row(3, text_cell("C3", "judul")) + row(7, text_cell("D7", "isi"), text_cell("F7", "")))

    workbook, rows = read_all(content)

    assert workbook.sheets == (SheetInfo("Lembar 1", True, 7),)
    assert rows == [
        (1, []),
        (2, []),
        (3, [None, None, "judul", None, None, None]),
        (4, []),
        (5, []),
        (6, []),
        (7, [None, None, None, "isi", None, None]),
    ]


def test_rows_without_numbers_are_counted_on() -> None:
    cells = '<c t="str"><v>{}</v></c>'
    content = xlsx(
        f"<row>{cells.format('a')}</row><row r='4'>{cells.format('b')}</row><row>{cells.format('c')}</row>"
    )

    rows = read_all(content)[1]

    assert [(number, cells) for number, cells in rows if cells] == [(1, ["a"]), (4, ["b"]), (5, ["c"])]


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576"])
def test_lying_dimension_changes_nothing(dimension: str) -> None:
    rows = "".join(row(n, text_cell(f"A{n}", f"baris {n}")) for n in range(1, 1001))
    members = workbook_members("")
    members["xl/worksheets/sheet1.xml"] = worksheet(rows, before=f'<dimension ref="{dimension}"/>')

    read_rows = read_all(zipped(members))[1]

    assert len(read_rows) == 1000
    assert read_rows[-1] == (1000, ["baris 1000"])


def test_lying_dimension_hides_rows_from_openpyxl() -> None:
    """The control arm of the test above: the usual streaming reader believes the dimension."""
    rows = "".join(row(n, text_cell(f"A{n}", f"baris {n}")) for n in range(1, 1001))
    members = workbook_members("")
    members["xl/worksheets/sheet1.xml"] = worksheet(rows, before='<dimension ref="A1"/>')

    book = openpyxl.load_workbook(io.BytesIO(zipped(members)), read_only=True)
    seen = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    book.close()

    assert seen == 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="B1"><f>1+1</f></c>', CellError("#FORMULA")),
        ('<c r="B1"><f>1+1</f><v></v></c>', CellError("#FORMULA")),
        ('<c r="B1"><f>1+1</f><v/></c>', CellError("#FORMULA")),
        ('<c s="1" r="B1"><f t="shared" si="0"/></c>', CellError("#FORMULA")),
        ('<c r="B1" t="str"><f>A1</f></c>', CellError("#FORMULA")),
        ('<c r="B1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B1"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
        ('<c t="e" r="B1"><v>#REF!</v></c>', CellError("#REF!")),
        ('<c t="e"><v>#N/A</v></c>', CellError("#N/A")),
    ],
)
def test_formula_without_value_and_error_are_never_blank(cell: str, value: object) -> None:
    content = xlsx(row(1, text_cell("A1", "x"), cell, text_cell("C1", "z")))

    workbook, rows = read_all(content)

    assert rows == [(1, ["x", value, "z"])]
    assert ("error_cells" in workbook.notes) == isinstance(value, CellError)


def test_last_row_of_uncomputed_formulas_is_a_row() -> None:
    content = saved(["Jumlah"], [4], ["=SUM(A2:A2)"])

    assert rows_of(content) == [["Jumlah"], [4], [CellError("#FORMULA")]]


def test_prefixed_elements_are_read_and_counted_alike() -> None:
    members = workbook_members("")
    members["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{openpyxl.xml.constants.SHEET_MAIN_NS}"><x:sheetData>'
        '<x:row r="1"><x:c r="A1"><x:v>5</x:v></x:c><x:c r="B1"><x:f>1+1</x:f></x:c></x:row>'
        '<x:row r="3"><x:c r="A3"><x:v>6</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )

    assert rows_of(zipped(members)) == [[5, CellError("#FORMULA")], [], [6]]


def test_white_space_and_empty_strings_do_not_upset_the_row_count() -> None:
    strings = '<si><t>a</t></si><si><t/></si><si><t xml:space="preserve">  </t></si><si><t>&#10;</t></si>'
    rows = "".join(row(n, f'<c r="A{n}" t="s"><v>{n - 1}</v></c>') for n in range(1, 5))

    workbook, read_rows = read_all(xlsx(rows, strings=strings))

    assert workbook.sheets[0].rows == 1
    assert read_rows == [(1, ["a"])]


def test_control_characters_are_dropped_and_noted() -> None:
    content = xlsx(row(1, text_cell("A1", "SATU_x0000_"), text_cell("B1", "D_x0007_UA_x000D_\nTIGA")))

    with read(io.BytesIO(content)) as reading:
        rows = list(reading.rows)

    assert rows == [(1, ["SATU", "DUA\nTIGA"])]
    assert reading.notes == ("controls_removed",)


@pytest.mark.parametrize(
    ("states", "filled", "expected"),
    [
        ({}, (2,), "Lembar 2"),
        ({1: "hidden"}, (1, 2), "Lembar 2"),
        ({1: "veryHidden", 3: "hidden"}, (1, 2, 3), "Lembar 2"),
    ],
    ids=["one of three has rows", "one hidden", "two hidden"],
)
def test_only_visible_sheet_with_rows_is_read(
    states: dict[int, str], filled: tuple[int, ...], expected: str
) -> None:
    sheets = [row(1, text_cell("A1", f"isi {n}")) if n in filled else "" for n in (1, 2, 3)]

    with read(io.BytesIO(xlsx(*sheets, states=states))) as reading:
        rows = list(reading.rows)

    assert reading.sheet == expected
    assert rows == [(1, ["isi 2"])]
    assert ("hidden_sheets" in reading.notes) == bool(states)


def test_several_visible_sheets_ask_for_a_choice() -> None:
    long = "".join(row(n, number_cell(f"A{n}", n)) for n in range(1, 41))
    content = xlsx(long, row(2, text_cell("B2", "dua")), row(1, text_cell("A1", "x")), states={3: "hidden"})

    with read(io.BytesIO(content)) as reading:
        rows = list(reading.rows)

    assert reading.sheet is None
    assert rows == []
    assert list(reading.samples) == ["Lembar 1", "Lembar 2"]
    assert reading.samples["Lembar 1"] == [(n, [n]) for n in range(1, 31)]
    assert reading.samples["Lembar 2"] == [(1, []), (2, [None, "dua"])]
    assert rows_of(content, sheet="Lembar 2") == [[], [None, "dua"]]
    assert rows_of(content, sheet="Lembar 3") == [["x"]]


def test_unknown_sheet_is_refused_with_the_names() -> None:
    refusal = refusal_of(xlsx(row(1, text_cell("A1", "x"))), sheet="Rekap")

    assert refusal.code == "no_such_sheet"
    assert str(refusal) == "Lembar “Rekap” tidak ada di berkas ini. Lembar yang ada: Lembar 1."


def test_data_only_on_a_hidden_sheet_are_not_read_silently() -> None:
    refusal = refusal_of(xlsx("", row(1, text_cell("A1", "x")), states={2: "hidden"}))

    assert (refusal.code, refusal.params) == ("hidden_only", {"sheets": ["Lembar 2"]})


def test_opendocument_cells_keep_breaks_errors_and_repetitions() -> None:
    empty_rest = '<table:table-row table:number-rows-repeated="1048570">'
    empty_rest += '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    content = ods(
        "<table:table-row>"
        + ods_cell("Jl. A<text:line-break/>No. 5")
        + ods_cell("1/0", 'table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"')
        + '<table:table-cell table:formula="of:=[.A1]>0"/>'
        + ods_cell("7", 'office:value-type="float" office:value="7" table:number-columns-repeated="2"')
        + '</table:table-row><table:table-row table:number-rows-repeated="2">'
        + ods_cell("sama")
        + "</table:table-row>"
        + empty_rest
    )

    workbook, rows = read_all(content)

    assert (workbook.format, workbook.sheets) == ("ods", (SheetInfo("Lembar 1", True, 3),))
    assert rows[0] == (1, ["Jl. A\nNo. 5", CellError("1/0"), CellError("#FORMULA"), 7, 7])
    assert [cells[0] for _, cells in rows[1:]] == ["sama", "sama"]


def test_file_position_and_kind_of_file_do_not_matter() -> None:
    content = xlsx(row(1, text_cell("A1", "x")))

    with tempfile.TemporaryFile() as file:
        file.write(content)
        for _ in range(2):
            with read(file) as reading:
                assert list(reading.rows) == [(1, ["x"])]
            assert file.tell() == len(content)


def test_rows_total_and_rows_read_show_progress() -> None:
    content = xlsx("".join(row(n, number_cell(f"A{n}", n)) for n in range(1, 1201)))

    with read(io.BytesIO(content)) as reading:
        seen = [reading.rows_read for _ in reading.rows]

    assert reading.rows_total == 1200
    assert seen == list(range(1, 1201))
