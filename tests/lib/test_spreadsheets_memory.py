"""What does not fit the reading process is refused before it is tried, and can come as CSV."""

from __future__ import annotations

import csv
import dataclasses
import io

import pytest

from coverage_portal.lib.spreadsheets import Limits, Unreadable, memory, reading
from coverage_portal.lib.spreadsheets.limits import DEFAULTS
from coverage_portal.lib.spreadsheets.workbook import SheetSurvey, Survey
from tests.lib.spreadsheet_files import number_cell, ods, ods_cell, refusal_of, row, rows_of, text_cell, xlsx

ROWS = 40_000
TIME = {"cpu_seconds": 200, "wall_seconds": 200}
TIGHT = Limits(memory_bytes=60_000_000, **TIME)
AMPLE = Limits(memory_bytes=220_000_000, **TIME)


def inline_texts(columns: int = 12) -> bytes:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:columns]
    return xlsx(
        "".join(row(n, *(text_cell(f"{at}{n}", f"teks {n}") for at in letters)) for n in range(1, ROWS + 1))
    )


def shared_texts() -> bytes:
    strings = "".join(f"<si><t>teks ke {n}</t></si>" for n in range(1000))
    cells = (
        row(
            n,
            *(f'<c r="{at}{n}" t="s"><v>{(n * 7 + i) % 1000}</v></c>' for i, at in enumerate("ABCDEFGHIJKL")),
        )
        for n in range(1, ROWS + 1)
    )
    return xlsx("".join(cells), strings=strings)


def one_far_right() -> bytes:
    return xlsx(
        row(1, number_cell("AZ1", 1)) + "".join(row(n, number_cell(f"A{n}", n)) for n in range(2, ROWS))
    )


def opendocument() -> bytes:
    rows = ("".join(ods_cell(f"teks {n} {at}") for at in range(12)) for n in range(ROWS // 2))
    return ods("".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows))


@pytest.mark.parametrize(
    ("content", "columns"),
    [(inline_texts(), 12), (shared_texts(), 12), (one_far_right(), 52), (opendocument(), 12)],
    ids=["inline", "shared", "rectangle", "ods"],
)
def test_sheet_that_does_not_fit_is_refused_before_it_is_parsed(content: bytes, columns: int) -> None:
    refusal = refusal_of(content, limits=TIGHT)

    assert (refusal.code, refusal.params["columns"]) == ("save_as_csv", columns)
    assert "simpan sebagai CSV" in str(refusal)
    # Control arms: it would not have fitted, and where there is room it is read.
    with pytest.raises(Unreadable) as died:
        believed(content)
    assert died.value.code == "memory"
    assert len(rows_of(content, limits=AMPLE)) == refusal.params["rows"]


def believed(content: bytes) -> None:
    """The reading without the estimate."""
    with reading._reading(io.BytesIO(content), None, TIGHT, None, preflight=False) as opened:
        list(opened.rows)


def test_it_is_said_as_well_where_pre_flight_and_library_run_at_one_time() -> None:
    """The library dies of memory before the pre-flight has seen all rows, and that is not what is told."""
    limits = dataclasses.replace(TIGHT, fork_bytes=0)

    assert refusal_of(shared_texts(), limits=limits).code == "save_as_csv"


def test_the_same_rows_as_csv_fit() -> None:
    text = io.StringIO()
    csv.writer(text).writerows([f"teks {n}"] * 12 for n in range(ROWS))

    assert len(rows_of(text.getvalue().encode(), limits=TIGHT)) == ROWS


@pytest.mark.parametrize(("columns", "fits"), [(12, True), (33, False)])
def test_full_sheet_of_a_dozen_columns_fits_the_default_and_sipps_does_not(columns: int, fits: bool) -> None:
    """With texts of 16 characters in three cells of four, and a table of two million different ones."""
    cells = 1_048_575 * columns
    sheet = SheetSurvey(
        last_row=1_048_576, cells=cells, width=columns, texts_bytes=cells * 3 // 4 * memory.text_bytes(16)
    )
    survey = Survey("xlsx", [sheet], strings_bytes=2_000_000 * (memory.PLACED_CELL + memory.text_bytes(16)))

    assert (memory.needed(survey, sheet) <= DEFAULTS.memory_bytes) is fits


def test_only_the_sheet_that_is_read_has_to_fit() -> None:
    large = "".join(
        row(n, *(number_cell(f"{at}{n}", n) for at in "ABCDEFGHIJKLMNOPQRSTUVWX")) for n in range(1, ROWS)
    )
    content = xlsx(row(1, number_cell("A1", 1)), large)

    assert rows_of(content, sheet="Lembar 1", limits=TIGHT) == [[1]]
    assert refusal_of(content, sheet="Lembar 2", limits=TIGHT).code == "save_as_csv"
    assert refusal_of(content, limits=TIGHT).code == "save_as_csv"
