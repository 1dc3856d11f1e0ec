"""No row of a file is lost: those read, refused, left out and blank are all that it has."""

from __future__ import annotations

import io
import time
from collections import Counter

import openpyxl
import pytest

from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.spreadsheets import Row
from tests.intake.counted_files import Recap, recap
from tests.lib.spreadsheet_files import read_all
from tests.sheets import upload
from tests.soaking import rounds, say

FILES = rounds(30, 500)


def lost(made: Recap, batch: ImportBatch) -> list[str]:
    """Where the import's account of a file is not what was written into it."""
    numbered = read_all(made.content)[1]
    blank = sum(not any(str(cell or "").strip() for cell in cells) for _, cells in numbered)
    in_head = made.counts["head"] - blank_above(made, numbered)
    counts, known = batch.counts, made.counts
    left_out, refused = known["total"] + known["note"], known["wrong"] + known["heading"]
    arrived = {tuple(record.key): record.after["reported"] for record in batch.records.all()}
    accounts = {
        "rows of the file": (len(numbered), made.rows),
        "read, refused, left out, blank": (
            counts["new"] + counts["wrong"] + counts["skipped"] + blank + in_head,
            made.rows,
        ),
        "read": (counts["new"], known["good"]),
        "refused": (counts["wrong"], refused),
        "left out": (counts["skipped"], left_out),
        "together": (counts["read"], known["good"] + refused + left_out),
        "values": (arrived, made.values),
    }
    return [
        f"{what}: {found} for {written}" for what, (found, written) in accounts.items() if found != written
    ]


def blank_above(made: Recap, numbered: list[tuple[int, Row]]) -> int:
    head = numbered[: made.counts["head"]]
    return sum(not any(str(cell or "").strip() for cell in cells) for _, cells in head)


@pytest.mark.django_db
def test_read_refused_and_blank_rows_are_all_rows_of_the_file() -> None:
    began, told = time.monotonic(), Counter[str]()
    wrong = {}
    for seed in range(FILES):
        made = recap(seed)
        batch = upload("membership", made.content, name=made.name)
        if found := lost(made, batch):
            wrong[seed] = found
        told[made.name.rpartition(".")[2]] += 1
        told["lying"] += made.lies
        told += made.counts

    say(f"{FILES - len(wrong)} of {FILES} files add up in {time.monotonic() - began:.0f} s: {dict(told)}")
    assert wrong == {}
    assert told["lying"] > FILES // 4
    assert told["csv"] >= FILES // 3


def test_control_arm_a_reader_that_believes_the_dimension_loses_rows() -> None:
    lying = [made for made in map(recap, range(30)) if made.lies]
    losing = 0
    for made in lying:
        book = openpyxl.load_workbook(io.BytesIO(made.content), read_only=True)
        losing += sum(1 for _ in book.worksheets[0].iter_rows()) < made.rows
        book.close()

    assert losing >= 5
