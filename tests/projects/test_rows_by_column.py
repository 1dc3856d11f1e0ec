"""A block of rows read by column: what is staged, refused and warned of is as when each row is read alone."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest

from coverage_portal.accounts.areas import EVERYTHING
from coverage_portal.intake import kinds, layout
from coverage_portal.intake.kinds import NotStaged
from coverage_portal.lib.spreadsheets import CellError
from projects.imports import by_column
from projects.imports.rows import EnrollmentReader
from projects.models import Project

pytestmark = pytest.mark.django_db

HEADING = (
    "NIK", "Nama", "Jenis Kelamin", "Tanggal Lahir", "Nomor KPJ", "Segmen", "Kabupaten/Kota", "NPP",
    "Kelompok Pekerjaan", "Pembayar Iuran", "Tanggal Mulai", "Iuran Dibayar Sampai", "Tanggal Berakhir",
    "Nomor Proyek",
)  # fmt: skip
ODD = (
    None, "-", 0, 1, 1.0, True, 12.5, "x", datetime.date(1990, 8, 17), datetime.datetime(2020, 1, 1, 3),
    datetime.date(2026, 2, 3), CellError("#REF!"), "L", "P", "perempuan", "BPU", "JAKON", "61.01", "6101",
    "seumur hidup", "2025-02-31", "Jul 2025", "Jumlah", "1111111111111111", "6171011708909010 ",
    "617101170890900\N{FULLWIDTH DIGIT ONE}", "9971011708909001", "6171013108909001", "250", "a\\b", "A B\nC",
    "A" * 121, "\N{LATIN CAPITAL LETTER A WITH ACUTE}NDRE", "PRJ-1",
)  # fmt: skip
OPTIONS = (
    {},
    {"mode": "daftar_lengkap", "regency": "61.71", "segment": "PU"},
    {"regency": "61.71", "segment": "BPU", "start_date": "2025-01-01", "occupation": "nelayan"},
    {"segment": "JAKON", "project": "1"},
)


def rows_of(draw: random.Random, count: int) -> list[tuple[int, list[Any]]]:
    rows = []
    for number in range(2, count + 2):
        sex = draw.choice("LP")
        born = datetime.date(1960, 1, 1) + datetime.timedelta(days=draw.randrange(15_000))
        digits = f"{born.day + 40 * (sex == 'P'):02}{born:%m%y}"
        row: list[Any] = [
            f"617101{digits}{draw.randint(9001, 9999)}", "CONTOH ORANG", sex, born, f"9{number:010}",
            draw.choice(("PU", "BPU")), draw.choice(("Kota Pontianak", "Kab. Sambas")), "AB123456",
            "Nelayan", "APBD", datetime.date(2025, draw.randint(1, 12), 5), draw.choice((None, "2025-12-31")),
            None, None,
        ]  # fmt: skip
        if draw.random() < 0.3:
            for _ in range(draw.randint(1, 3)):
                row[draw.randrange(len(row))] = draw.choice(ODD)
        if draw.random() < 0.05:
            row = row[: draw.randint(1, len(row))]
        rows.append((number, row))
    return [item for item in rows if any(cell is not None for cell in item[1])]


@pytest.mark.parametrize("options", OPTIONS, ids=["columns", "list", "answers", "project"])
@pytest.mark.parametrize("seed", range(3))
def test_rows_of_a_block_are_read_as_each_alone(options: dict[str, str], seed: int) -> None:
    Project.objects.create(
        pk=1, name="Jembatan Contoh", package_code="PRJ-1", regency_id="61.71", source="uji"
    )
    draw = random.Random(seed)
    dropped = {5, 6, 10, 13} if "start_date" in options else {5, 13} if "project" in options else set()
    rows = [
        (number, [cell for place, cell in enumerate(cells) if place not in dropped])
        for number, cells in rows_of(draw, 400)
    ]
    heading = [text for place, text in enumerate(HEADING) if place not in dropped]
    answers = {"data_date": "2025-12-31"} | options
    shape = layout.find_layout([(1, heading), *rows[:5]], kinds.get("enrollment"), answers)
    alone, together = (EnrollmentReader(shape, answers, EVERYTHING) for _ in range(2))

    expected = [alone.read(number, list(cells)) for number, cells in rows]
    found: list[str | NotStaged] = []
    while len(found) < len(rows):
        size = draw.choice((1, 7, 150))
        found += together.read_all([(n, list(cells)) for n, cells in rows[len(found) : len(found) + size]])

    assert list(map(repr, found)) == list(map(repr, expected))
    assert sum(isinstance(line, str) for line in found) > (20 if "mode" in options else 100)
    assert repr(list(together.remarks())) == repr(list(alone.remarks()))
    assert repr(together.refusal(20)) == repr(alone.refusal(20))


def test_whoever_stands_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control arm: the same rows, and nobody compares them with their NIKs."""
    monkeypatch.setattr(by_column, "_disagrees", lambda *_said: False)

    with pytest.raises(AssertionError):
        test_rows_of_a_block_are_read_as_each_alone(OPTIONS[0], 0)
