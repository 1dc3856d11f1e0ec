"""A list whose NIKs were numbers once: no single cell tells, the column does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from coverage_portal.intake.models import ImportBatch
from projects.imports import rounding
from tests.projects.people import HEADING, member, nik, send, send_xlsx
from tests.sheets import codes

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def people(niks: Sequence[str]) -> list[list[Any]]:
    return [[text, *member(1)[1:]] for text in niks]


def rounded(count: int) -> list[str]:
    """Different NIKs of which a number has kept 15 digits."""
    return [f"{nik(0, birth=f'{1 + n % 28:02}{1 + n // 28:02}90')[:15]}0" for n in range(count)]


def whole(count: int) -> list[str]:
    """As many with serials one after the other: every tenth ends in 0."""
    return [nik(1 + n, district="610401") for n in range(count)]


@pytest.mark.parametrize(
    "niks",
    [
        rounded(20),
        rounded(13) + whole(7),
        ["6.17101E+15"] * 20,
        ["6,17101170890E+15"] * 8 + rounded(8) + whole(4),
        [f"{text[:12]}0000" for text in rounded(20)],
    ],
    ids=["all end in 0", "most end in 0", "E+15", "of both kinds", "first serials"],
)
def test_list_that_was_rounded_is_refused_as_a_whole(
    niks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = send(people(niks))

    assert (batch.state, codes(batch)) == (State.REFUSED, ["nik_column_rounded"])
    assert batch.issues.get().message.startswith("NIK rusak oleh Excel: ")
    assert not batch.rows.exists()
    # Control arm: without the check it would be a preview like others.
    monkeypatch.setattr(rounding, "MOST_SHARE", 1)
    assert send(people(niks)).state == State.READY


def test_xlsx_of_texts_that_were_numbers_is_refused_too() -> None:
    batch = send_xlsx([HEADING, *people(rounded(20))])

    assert codes(batch) == ["nik_column_rounded"]


@pytest.mark.parametrize(
    ("niks", "wrong"),
    [
        (rounded(19), 0),
        (rounded(12) + whole(8), 0),
        (whole(200), 0),
        (["6.17101E+15", *whole(40)], 1),
        (["12345"] * 20, 20),
    ],
    ids=["short list", "not enough", "ordinary", "one cell", "wrong otherwise"],
)
def test_ordinary_list_is_read_row_by_row(niks: list[str], wrong: int) -> None:
    batch = send(people(niks))

    assert (batch.state, batch.counts["wrong"]) == (State.READY, wrong)


def test_many_periods_of_one_person_are_no_rounded_list() -> None:
    """Whose NIK ends in 0, as one in ten or twenty does."""
    rows = [[rounded(1)[0], *member(1, npp=f"AB1234{n:02}")[1:]] for n in range(30)]

    batch = send(rows)

    assert (batch.state, batch.counts["new"]) == (State.READY, 30)
