"""The benchmarks' people are invented, different and well formed, and their sheets can be read."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from benchmarks.import_enrollment import sheets
from benchmarks.import_enrollment.people import people
from coverage_portal.lib import spreadsheets
from coverage_portal.lib.identity import NikReader

TODAY = datetime.date(2026, 1, 1)


def read(path: Path) -> list[list[object]]:
    with path.open("rb") as file, spreadsheets.read(file, name=path.name) as reading:
        return [cells for _number, cells in reading.rows]


def test_people_have_niks_that_pass_and_agree_with_their_rows() -> None:
    reader = NikReader(TODAY)

    found = list(people(5_000))

    readings = [reader.read(person.nik) for person in found]
    assert {(problem, warnings) for _digits, problem, warnings in readings} == {(None, ())}
    assert [reader.birth(person.nik) for person in found] == [(p.birth_date, p.sex) for p in found]
    assert len({person.nik for person in found}) == 5_000
    assert {person.nik[:2] for person in found} == {"61"}
    assert min(person.nik[12:] for person in found) == "9001"


def test_people_have_periods_of_one_segment_each() -> None:
    found = list(people(5_000))

    assert {person.segment: bool(person.npp) for person in found} == {"PU": True, "BPU": False}
    assert all(p.paid_through is None or p.start < p.paid_through < TODAY for p in found)
    unknown = Counter(person.paid_through for person in found)[None]
    assert 25 <= unknown <= 75


def test_people_are_the_same_for_the_same_seed_only() -> None:
    assert list(people(50, seed=7)) == list(people(100, seed=7))[:50]
    assert {p.nik for p in people(50, seed=7)}.isdisjoint(p.nik for p in people(50, seed=8))


@pytest.mark.parametrize("suffix", sheets.FORMATS)
def test_plain_sheet_is_read_as_it_was_written(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"peserta.{suffix}"

    sheets.write(path, 200)

    heading, *rows = read(path)
    assert heading == list(sheets.HEADINGS.values())
    assert [row[0] for row in rows] == [person.nik for person in people(200)]
    first = next(people(1))
    born = first.birth_date if suffix == "xlsx" else f"{first.birth_date:%d/%m/%Y}"
    assert rows[0][:5] == [first.nik, first.name, first.sex, born, first.kpj]


@pytest.mark.parametrize("suffix", sheets.FORMATS)
def test_sipp_sheet_has_its_33_columns_and_one_without_heading(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"peserta.{suffix}"

    sheets.write(path, 20, layout="sipp")

    heading, *rows = read(path)
    assert len(heading) == 33
    assert [index for index, text in enumerate(heading) if not text] == [5]
    assert [row[heading.index("NO_IDENTITAS")] for row in rows] == [person.nik for person in people(20)]


def test_workbook_is_one_that_openpyxl_reads_too(tmp_path: Path) -> None:
    path = tmp_path / "peserta.xlsx"

    sheets.write(path, 300)

    sheet = openpyxl.load_workbook(path, read_only=True).active
    rows = list(sheet.values)
    assert [len(row) for row in rows] == [12] * 301
    assert [row[0] for row in rows[1:]] == [person.nik for person in people(300)]
    sheet.parent.close()
