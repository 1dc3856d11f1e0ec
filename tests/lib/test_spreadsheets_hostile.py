"""The shared corpus of hostile files, each as its manifest says, and the examples of real sheets."""

from __future__ import annotations

import csv
import datetime
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coverage_portal.lib.spreadsheets import CellError, Limits, Row, Unreadable, messages, read, reading

SHARED = Path(__file__).resolve().parents[2] / "../shared/data"
SECONDS = 20
FLAT = 60 * 1024 * 1024

REASONS = {
    "made__repeat_bomb.ods": "too_many_columns",
    "made__unclosed_quote.csv": "unclosed_quote",
    "made__columns_20000.csv": "too_many_columns",
    "made__xxe_file.xlsx": "xml_entities",
    "made__xxe_http.xlsx": "xml_entities",
    "made__zipbomb_300mb.xlsx": "zip_bomb",
    "os__attack_quadratic_blowup.ods": "xml_entities",
    "os__csv_all_lines_empty.csv": "no_rows",
    "os__csv_empty.csv": "empty",
    "os__file_corrupted.xlsx": "disguised_text",
    "os__non_zip.ods": "disguised_text",
    "os__sheet_with_no_cells.xlsx": "no_rows",
    "pc__empty_file.xlsx": "empty",
    "poi__54764.xlsx": "xml_entities",
    "poi__ExcelWithAttachments.xlsm": "macro",
    "poi__SampleSS.xml": "wrong_type",
    "poi__duplicate-filename.xlsx": "duplicate_members",
    "poi__poc-xmlbomb.xlsx": "xml_entities",
    "poi__protected_passtika.xlsx": "password",
    "poi__xor-encryption-abc.xls": "password",
    "ps__badhtml.html": "html",
    "ps__premiere.utf16be.csv": "encoding",
    "ps__xmlwithdoctype.gnumeric": "wrong_type",
    "ro__encrypted-letmein.ods": "password",
    "zs__zip-slip.zip": "zip_paths",
    "mt__characters.csv": "encoding",
    "bomb_1GB_one_cell.xlsx": "zip_bomb",
    "col_ref_long.xlsx": "too_many_columns",
    "dup_members.xlsx": "duplicate_members",
    "lol_sheet.xlsx": "xml_entities",
    "ole_encrypted.xlsx": "password",
    "quadratic_sst.xlsx": "xml_entities",
    "rel_external.xlsx": "external_link",
    "row_huge_index.xlsx": "too_many_rows",
    "sst_50MB_x_10000refs.xlsx": "zip_bomb",
    "sst_index_oob.xlsx": "corrupt",
    "trunc.xlsx": "corrupt",
    "xxe_sst.xlsx": "xml_entities",
}
"""Why a file is refused, where more than one reason could be given for it."""


def manifest(name: str) -> list[tuple[str, str]]:
    """(path below the shared data, expectation) of each file of one manifest; nothing where it is absent."""
    path = SHARED / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (f"{Path(name).parent}/{line['file'].removeprefix('dev/')}", line["expect"])
            for line in csv.DictReader(file)
        ]


HOSTILE = manifest("hostile/manifest.csv") + manifest("hostile/crafted/manifest.csv")


def everything(path: Path, sheet: str | None = None) -> Iterator[tuple[int, Row]]:
    """Every row of the sheet that is read, or of each sheet when there is a choice."""
    with path.open("rb") as file:
        with read(file, sheet=sheet, name=path.name) as opened:
            yield from opened.rows
            names = list(opened.samples)
        for name in names:
            with read(file, sheet=name, name=path.name) as opened:
                yield from opened.rows


@contextmanager
def peak_growth() -> Iterator[list[int]]:
    """Afterwards, the bytes by which this process's memory at its peak exceeded what it had before."""
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    grown: list[int] = []
    yield grown
    grown.append(status("VmHWM") - before)


def status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) * 1024


def test_manifests_list_every_file(shared_data: Path) -> None:
    listed = {path for path, _ in HOSTILE}
    present = {
        str(path.relative_to(shared_data))
        for folder in ("hostile", "hostile/crafted")
        for path in (shared_data / folder).iterdir()
        if path.is_file() and path.name != "manifest.csv"
    }

    assert listed == present
    assert len(listed) == 129


@pytest.mark.parametrize(("name", "expected"), HOSTILE, ids=[Path(name).name for name, _ in HOSTILE])
def test_hostile_file_is_read_or_refused(name: str, expected: str, shared_data: Path) -> None:
    began = time.monotonic()
    rows, refusal = 0, None

    with peak_growth() as grown:
        try:
            for _, cells in everything(shared_data / name):
                rows += any(cell is not None for cell in cells)
        except Unreadable as error:
            refusal = error

    assert time.monotonic() - began < SECONDS
    assert grown[0] < FLAT
    assert expected in ("either", "reject" if refusal else "accept")
    if refusal is None:
        assert rows > 0
        assert Path(name).name not in REASONS
    else:
        assert refusal.code == REASONS.get(Path(name).name, refusal.code)
        assert len(str(refusal)) > 40


@pytest.mark.parametrize(
    "name",
    ["made__zipbomb_300mb.xlsx"]
    + [f"crafted/{name}" for name in ("bomb_1GB_one_cell.xlsx", "sst_50MB_x_10000refs.xlsx")],
)
def test_bomb_is_refused_in_a_second_and_forty_megabytes(name: str, shared_data: Path) -> None:
    path = shared_data / "hostile" / name
    limits = Limits(memory_bytes=40_000_000, wall_seconds=3)

    with path.open("rb") as file, pytest.raises(Unreadable) as caught, read(file, limits=limits):
        pass

    assert caught.value.code == "zip_bomb"


@pytest.mark.parametrize(
    "name",
    [
        "crafted/bomb_1GB_one_cell.xlsx",
        "crafted/col_ref_long.xlsx",
        "crafted/row_huge_index.xlsx",
        "crafted/sst_50MB_x_10000refs.xlsx",
        "made__zipbomb_300mb.xlsx",
    ],
)
def test_library_alone_breaks_on_a_hostile_file(name: str, shared_data: Path) -> None:
    """The control arm: with the pre-flight off, 200 MB are not enough for a file of at most one."""
    limits = Limits(memory_bytes=200_000_000)

    with (
        (shared_data / "hostile" / name).open("rb") as file,
        pytest.raises(Unreadable) as caught,
        reading._reading(file, None, limits, None, preflight=False),
    ):
        pass

    assert caught.value.code == "memory"


FORMULA, REF = CellError("#FORMULA"), CellError("#REF!")
DAY = datetime.date


@pytest.mark.parametrize(
    ("name", "number", "cells"),
    [
        ("ca__date_1904.xlsx", 1, [DAY(2021, 1, 1), 15]),
        ("poi__1904DateWindowing.xls", 1, [DAY(2000, 1, 1), DAY(2000, 1, 1)]),
        ("ca__encoded_entities.xlsx", 1, ["&"]),
        ("ca__has_x000D_.xlsx", 1, ["ABC\nDEF"]),
        ("ck__date_like_number.csv", 2, ["4.5"]),
        ("ck__test_latin1.csv", 3, ["4", "5", "©"]),
        ("ck__test_no_leading_zeroes.csv", 2, ["01", "00.11", "0.1"]),
        ("crafted/dim_a1_only.xlsx", 1001, ["6171000000000001", "2026-01"]),
        ("crafted/dim_max_1row.xlsx", 2, ["6171000000000001", "2026-01"]),
        ("crafted/err_cells.xlsx", 2, [REF, True]),
        ("crafted/formula_cell.xlsx", 2, [FORMULA, "2026-01"]),
        ("crafted/nik_number.xlsx", 2, [6171012345678901, "2026-01"]),
        ("fr__leading-zeros.csv", 4, ["00003"]),
        ("made__control_characters.xlsx", 2, [1, "6171011708909001", "CONTOHSATU", "17/08/1990", 2500000]),
        ("made__dimension_lie.xlsx", 2, [1, "6171011708909001", "CONTOH SATU", "17/08/1990", 2500000]),
        ("mt__blank_line.ods", 5, ["Ian", 34, DAY(2015, 11, 11)]),
        ("mt__multilineods.ods", 1, ["1\n2\n3\n4"]),
        ("os__one_sheet_with_pre_encoded_html_entities.xlsx", 1, ["quote: &#34; - ampersand: &amp;"]),
        ("os__sheet_with_formulas.xlsx", 2, [10, 20, 30, 21, DAY(2022, 5, 5), 1.5]),
        ("os__two_sheets_one_hidden_one_not.ods", 1, ["ods—sheet1--11", "ods—sheet2–12"]),
        ("poi__link-external-workbook-b.xlsx", 1, [30]),
        ("ps__NumberFormatTest.de.csv", 1, ["-123", "1.234", "12.345,67"]),
        ("ps__currency4.ods", 1, [1.23, "CAD"]),
        ("ps__premiere.utf8bom.csv", 1, ["première", "second", "troisième"]),
        ("ps__premiere.win1252.csv", 1, ["première", "second", "troisième"]),
        (
            "ps__RepeatedCells.ods",
            1,
            ["TestA", None, None, None, "TestE", None, "TestG", "A", "A", "A", "TestK"],
        ),
        ("rx__big-texty-numbers-xlsx.xlsx", 3, [2147483647, "2147483647", "x = 2^31 - 1"]),
        ("rx__missing-first-column.xlsx", 1, [None, 1]),
        ("xr__ragged.xls", 5, ["k", None, None, "l"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_row_of_a_hostile_file_is_exact(name: str, number: int, cells: Row, shared_data: Path) -> None:
    rows = dict(everything(shared_data / "hostile" / name))

    assert rows[number] == cells


@pytest.mark.parametrize("name", ["cs__json", "cs__newlines_crlf", "cs__quotes_and_newlines"])
def test_csv_equals_its_json_twin(name: str, shared_data: Path) -> None:
    twin = json.loads((shared_data / f"hostile/expected/{name}.json").read_text(encoding="utf-8"))

    (_, header), *rows = everything(shared_data / f"hostile/{name}.csv")

    # Line breaks inside a cell come as \n, however the file ends its lines.
    assert [dict(zip(header, cells, strict=True)) for _, cells in rows] == [
        {name: value.replace("\r\n", "\n") for name, value in record.items()} for record in twin
    ]


def test_windows_1252_file_keeps_all_its_lines(shared_data: Path) -> None:
    rows = list(everything(shared_data / "hostile/mt__sparse_with_column_errors.csv"))

    assert len(rows) == 2238
    assert rows[2] == (3, ["A1", "Grundfinanzierung MPG", None, None])
    assert str(rows[1][1][1]).startswith("Trägerorganisationen; Umstrukturierung der Forschung")


@pytest.mark.parametrize(
    ("name", "sheet", "last", "filled"),
    [
        ("bpjs_mutasi_data_baru.xlsx", "DATA BARU", 11, 10),
        ("hrms_template_karyawan.xlsx", "Data Karyawan", 1, 1),
        ("jabar_tpak_kabupaten.csv", "CSV", 349, 349),
        ("lkpp_monitoring.xlsx", "Sheet1", 633, 631),
        ("lpse_basarnas.csv", "CSV", 1895, 1895),
        ("lpse_hosts.ods", "lpse1", 709, 709),
        ("lpse_hosts.ods", "kategori_lpse", 7, 7),
        ("lpse_tender_rp.xlsx", "Sheet1", 10, 10),
        ("lpse_url_semicolon_bom.csv", "CSV", 683, 683),
        ("replica_sipp_33_columns.xlsx", "Sheet1", 5, 5),
    ],
)
def test_real_sheet_gives_all_its_rows(
    name: str, sheet: str, last: int, filled: int, shared_data: Path
) -> None:
    with (shared_data / "sheets" / name).open("rb") as file, read(file, sheet=sheet, name=name) as opened:
        rows = list(opened.rows)

    assert opened.rows_total == len(rows) == last
    assert sum(any(cell is not None for cell in cells) for _, cells in rows) == filled


def test_two_sheets_with_rows_ask_for_a_choice(shared_data: Path) -> None:
    with (shared_data / "sheets/lpse_hosts.ods").open("rb") as file, read(file) as opened:
        samples = {name: len(rows) for name, rows in opened.samples.items()}

    assert samples == {"lpse1": 30, "kategori_lpse": 7}


def test_html_page_called_xls_is_refused_with_advice(shared_data: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        list(everything(shared_data / "sheets/bps_html_as.xls"))

    assert str(caught.value) == messages.SENTENCES["html"]
