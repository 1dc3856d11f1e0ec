"""A province's sums, made in one go where nothing is missing, against asking each regency; no database."""

from __future__ import annotations

import random

import pytest

from coverage_portal.lib.periods import Month
from regions.coverage import Basis, Count, Observation, Potential, Published, Register

JULY = Month(2025, 7)
SEGMENTS = ("PU", "BPU", "JAKON")
SAMBAS, KETAPANG = "61.01", "61.04"

# How a cell may be stored: reported, counted from a complete list, counted from part of one, both, or empty.
KINDS = [*[(10,)] * 12, *[(None, 7, True)] * 6, (None, 7, False), (None,), (5, 6, True)]


def test_sums_of_whole_months_are_what_asking_each_regency_comes_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 300 random months, many of them with cells that are counted, incomplete, undetailed or missing."""
    chance = random.Random(7)
    everywhere = [SAMBAS, KETAPANG]
    found = []
    for _time in range(300):
        cells = [
            Observation(area, part, JULY, *chance.choice(KINDS))
            for area in (*everywhere, "61.99", "61")
            for part in (*SEGMENTS, None)
            if chance.random() < 0.9
        ]
        people = [
            Potential(area, part, year, chance.randrange(3) * 100)
            for area in (*everywhere, "61")
            for part in (*SEGMENTS, None)
            for year in (2024, 2025)
            if chance.random() < 0.8
        ]
        found.append(lambda c=cells, p=people: Register.of("61", everywhere, SEGMENTS, c, p))

    def wholes() -> list[Count]:
        return [made().whole(JULY, part) for made in found for part in (None, *SEGMENTS)]

    by_sums = wholes()
    is_summed = sum(Register._complete_whole(made(), JULY, None) is not None for made in found)
    monkeypatch.setattr(Register, "_complete_whole", lambda *_args: None)

    assert by_sums == wholes()
    assert 10 < is_summed < 290


def test_published_month_keeps_the_workforce_that_it_was_published_with() -> None:
    cells = [Observation(area, part, JULY, 10) for area in (SAMBAS, KETAPANG) for part in SEGMENTS]
    people = [Potential(area, part, 2025, 500) for area in (SAMBAS, KETAPANG) for part in SEGMENTS]
    published = [
        Published(SAMBAS, JULY, None, 20, 900, 2024, Basis.REPORTED, complete=True),
        Published(KETAPANG, JULY, None, 25, 1100, 2024, Basis.REPORTED, complete=True),
    ]

    one = Register.of("61", [SAMBAS, KETAPANG], SEGMENTS, cells, people, published[:1]).whole(JULY)
    both = Register.of("61", [SAMBAS, KETAPANG], SEGMENTS, cells, people, published).whole(JULY)
    none = Register.of("61", [SAMBAS, KETAPANG], SEGMENTS, cells, people).whole(JULY)

    assert (one.members, one.workforce, one.workforce_year) == (50, 2400, 2024)
    assert (both.members, both.workforce, both.workforce_year) == (45, 2000, 2024)
    assert (none.members, none.workforce, none.workforce_year) == (60, 3000, 2025)
