"""Sheets that contradict themselves: what the library makes of each is wrong, so that each is refused."""

from __future__ import annotations

import pytest

from coverage_portal.lib.spreadsheets import Limits
from tests.lib.reading_here import read_here
from tests.lib.spreadsheet_files import (
    archive,
    number_cell,
    ods,
    ods_cell,
    refusal_of,
    row,
    rows_of,
    text_cell,
    workbook_members,
    xlsx,
)

TWO = text_cell("A1", "Kabupaten") + text_cell("B1", "PU")
STRINGS = "<si><t>NIK</t></si><si><t>Alamat</t></si>"
DAMAGED = {
    "cell without its end": row(1, TWO.replace("</c>", "", 1)),
    "text without its end": row(1, TWO.replace("</t>", "", 1)),
    "text in a text": row(1, TWO.replace("PU", "<t>P</t>U")),
    "reading in a text": row(1, TWO.replace("PU", '<rPh sb="0" eb="1"><t>k</t></rPh>PU')),
    "cell twice": row(1, text_cell("A1", "Kabupaten"), text_cell("A1", "PU")),
    "cell without a place where one is": row(
        1, text_cell("B1", "PU"), text_cell("A1", "x"), "<c><v>5</v></c>"
    ),
    "cell of another row": row(1, TWO) + row(2, text_cell("C1", "isi")),
    "cell of a row to come": row(1, text_cell("A2", "isi")) + row(2, text_cell("B2", "isi")),
    "row in a row": f'<row r="1"><row r="2"/>{TWO}</row>',
    "formula after the value": row(1, TWO, '<c r="C1" t="b"><v>1</v><f>1+1</f></c>'),
    "two values": row(1, TWO, '<c r="C1"><v>1</v><v>2</v></c>'),
    "formula in a formula": row(1, TWO, '<c r="C1"><f><f>1+1</f>A1</f><v/></c>'),
    "unknown tag in a cell": row(1, TWO, '<c r="C1"><x><v>2</v></x></c>'),
    "reference in a number": row(1, TWO, '<c r="C1"><v>&#49;2</v></c>'),
    "control character in a number": row(1, TWO, '<c r="C1"><v>\x111e3</v></c>'),
    "style that is no number": row(1, TWO, '<c r="C1" s="1.5"><v>45869</v></c>'),
    "NUL as a reference": row(1, text_cell("A1", "-&#0;"), text_cell("B1", "PU")),
    "unknown reference": row(1, text_cell("A1", "a&x;b"), text_cell("B1", "PU")),
}


@pytest.mark.parametrize("rows", DAMAGED.values(), ids=DAMAGED)
def test_contradicting_rows_are_refused(rows: str) -> None:
    assert refusal_of(xlsx(rows)).code == "corrupt"


@pytest.mark.parametrize("index", ["1.5", "\n1\n", " 1", "1e0", "x", "-1"])
def test_index_of_a_shared_text_that_is_no_number_is_refused(index: str) -> None:
    content = xlsx(row(1, f'<c r="A1" t="s"><v>{index}</v></c>'), strings=STRINGS)

    assert refusal_of(content).code == "corrupt"


@pytest.mark.parametrize("index", ["1.5", "\n1\n"])
def test_control_arm_the_library_takes_the_first_text_for_such_an_index(index: str) -> None:
    content = xlsx(row(1, f'<c r="A1" t="s"><v>{index}</v></c>'), strings=STRINGS)

    assert read_here(content, preflight=False) == {"Lembar 1": [(1, ["NIK"])]}


def test_control_arm_the_library_makes_one_text_of_two_cells() -> None:
    content = xlsx(DAMAGED["text without its end"])

    [(_number, cells)] = read_here(content, preflight=False)["Lembar 1"]

    assert "KabupatenPU" in cells


def test_shared_texts_without_an_end_are_refused() -> None:
    content = xlsx(row(1, '<c r="A1" t="s"><v>1</v></c>'), strings="<si><t>NIK</si><si><t>Alamat</t></si>")

    assert refusal_of(content).code == "corrupt"


def test_shared_text_within_another_is_refused() -> None:
    content = xlsx(row(1, '<c r="A1" t="s"><v>1</v></c>'), strings=f"<si>{STRINGS}</si>")

    assert refusal_of(content).code == "corrupt"


@pytest.mark.parametrize("styles", ['<styleSheet><xf numFmtId="1,5"/></styleSheet>', "<styleSheet><xf>"])
def test_styles_by_which_dates_would_be_numbers_are_refused(styles: str) -> None:
    members = workbook_members(row(1, TWO))

    assert refusal_of(archive({**members, "xl/styles.xml": styles})).code == "corrupt"


def test_opendocument_without_the_end_of_a_cell_is_refused() -> None:
    cells = (ods_cell("Kabupaten") + ods_cell("PU")).replace("</table:table-cell>", "", 1)

    assert refusal_of(ods(f"<table:table-row>{cells}</table:table-row>")).code == "corrupt"


def test_zip_whose_directory_points_before_its_start_is_refused() -> None:
    content = archive(workbook_members(row(1, TWO)))

    assert refusal_of(content[:40] + content[60:]).code == "corrupt"
    assert refusal_of(content[:40] + content[-120:]).code == "corrupt"


def test_spaces_around_equals_signs_are_no_damage() -> None:
    cells = TWO.replace("=", " = ") + '<c r = "C1" t = "e"><v>#REF!</v></c><c r= "D1"><f>A1</f></c>'

    [found] = rows_of(xlsx(row(1, cells)))

    assert [str(cell) for cell in found] == ["Kabupaten", "PU", "#REF!", "#FORMULA"]


def test_odd_but_honest_cells_are_read() -> None:
    cells = (
        '<c r="A1" t="str"><f>B1</f><v>a &amp; b</v></c>',
        '<c r="C1" s="1"/>',
        '<c r="D1" t="n"><v>5</v></c>',
        number_cell("F1", "12.5"),
        '<c t="str"><v>di kanan</v></c>',
        text_cell("E1", "kelima"),
        '<c r="AA1" t="inlineStr"><is><t>jauh</t><phoneticPr fontId="1"/></is></c>',
    )

    [found] = rows_of(xlsx(row(1, *cells)))

    assert found[:7] == ["a & b", None, None, 5, "kelima", 12.5, "di kanan"]
    assert found[26] == "jauh"


def test_cell_of_another_row_is_missed_in_the_part_that_is_not_looked_at() -> None:
    content = xlsx(row(1, text_cell("A7", "x")) + row(2, text_cell("A2", "y")))

    assert refusal_of(content, limits=Limits(checked_xml_bytes=0)).code == "lost_rows"
