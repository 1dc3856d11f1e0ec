"""Damaged workbooks: each is refused by the portal's own refusals, or read as what stands in it.

What stands in it, `second_reading` says, which shares nothing with the reader. Where damage has left no
workbook by the standard, only the rows that the whole one had may be read.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections import Counter
from typing import Any

import openpyxl
import pytest

from coverage_portal.lib.spreadsheets import CellError, Unreadable
from tests.lib import mutated_sources
from tests.lib.mutating import mutated
from tests.lib.reading_here import Sheets, Unhandled, read_here, read_in_the_child
from tests.lib.second_reading import (
    Grid,
    Moment,
    NoReading,
    differences,
    grid_of,
    second_reading,
)
from tests.soaking import rounds, say

FILES = rounds(150, 10_000)
EACH_THROUGH_THE_CHILD = rounds(30, 50)
CONTROLLED = 150
_PROMISED = re.compile(rb'ount="[^"]{6,}"')


def sources() -> dict[str, bytes]:
    return mutated_sources.built() | (mutated_sources.examples() if FILES > CONTROLLED else {})


def grids(sheets: Sheets) -> dict[str, Grid]:
    return {name: grid_of(rows) for name, rows in sheets.items()}


def wrong(read: Sheets, content: bytes, whole: dict[str, Grid]) -> list[str]:
    """What was accepted of a damaged workbook and is not in it."""
    try:
        second = second_reading(content)
    except NoReading:
        return [] if grids(read) == whole else ["no workbook any more, and other rows than before"]
    return [each for name, grid in grids(read).items() for each in differences(grid, second.get(name, {}))]


def promises_too_much(content: bytes) -> bool:
    """Whether its table of texts promises so many that the library ends its process for want of memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name for name in package.namelist() if name.lower().endswith("sharedstrings.xml")]
            return any(_PROMISED.search(package.read(name)[:1000]) for name in names)
    except Exception:
        return False


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_damaged_workbooks_are_refused_or_read_as_what_stands_in_them() -> None:
    began, told = time.monotonic(), Counter[str]()
    unhandled, mistaken, unlike = [], [], []
    workbooks = sources()
    whole = {name: grids(read_here(content)) for name, content in workbooks.items()}
    for seed in range(FILES):
        name = sorted(workbooks)[seed % len(workbooks)]
        what, content = mutated(workbooks[name], seed)
        in_child = seed % EACH_THROUGH_THE_CHILD == 0 or promises_too_much(content)
        read: Sheets | str
        try:
            read = read_in_the_child(content) if promises_too_much(content) else read_here(content)
        except Unreadable as refusal:
            read = refusal.code
        except Unhandled as error:
            unhandled.append((seed, name, what, repr(error.__cause__)))
            continue
        if in_child and read != through_the_child(content):
            unlike.append((seed, name, what))
        told["through the process too"] += in_child
        told["refused" if isinstance(read, str) else "accepted"] += 1
        told[f"refused: {read}"] += isinstance(read, str)
        if not isinstance(read, str) and (found := wrong(read, content, whole[name])):
            mistaken.append((seed, name, what, found[:3]))

    say(f"{FILES} damaged workbooks in {time.monotonic() - began:.0f} s: {dict(+told)}")
    say(f"unhandled {len(unhandled)}, wrong {len(mistaken)}, unlike in the process {len(unlike)}")
    assert (unhandled, mistaken, unlike) == ([], [], [])
    assert told["accepted"] > FILES // 4
    assert told["refused"] > FILES // 4


def through_the_child(content: bytes) -> Sheets | str:
    try:
        return read_in_the_child(content)
    except Unreadable as refusal:
        return refusal.code


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_control_arm_without_the_preflight_wrong_values_are_accepted() -> None:
    workbooks = mutated_sources.built()
    whole = {name: grids(read_here(content)) for name, content in workbooks.items()}
    mistaken = 0
    for seed in range(CONTROLLED):
        name = sorted(workbooks)[seed % len(workbooks)]
        _what, content = mutated(workbooks[name], seed)
        try:
            mistaken += bool(wrong(read_here(content, preflight=False), content, whole[name]))
        except (Unreadable, Unhandled):
            continue

    assert mistaken >= 3


@pytest.mark.parametrize("name", mutated_sources.built())
def test_second_reading_of_a_whole_workbook_is_that_of_openpyxl(name: str) -> None:
    content = mutated_sources.built()[name]
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)

    second = second_reading(content)

    assert list(second) == book.sheetnames
    for sheet in book.worksheets:
        seen = {
            (cell.row, cell.column - 1): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        uncomputed = CellError("#FORMULA")
        written = {place: value for place, value in second[sheet.title].items() if value != uncomputed}
        assert seen.keys() == written.keys()
        assert all(_alike(seen[place], value) for place, value in written.items())


def _alike(seen: Any, written: Any) -> bool:
    if isinstance(written, CellError):
        return bool(seen == written.code)
    if isinstance(written, Moment):
        return not differences({(1, 0): _reader_writes(seen)}, {(1, 0): written})
    return bool(seen == written)


def _reader_writes(seen: Any) -> Any:
    """A time of more than a day comes from the reader as its number of days."""
    return seen.total_seconds() / 86_400 if hasattr(seen, "total_seconds") else seen
