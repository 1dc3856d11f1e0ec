"""Invented people and the worker lists they stand in. Serials of 9001 and above belong to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.sheets import csv_bytes, upload, xlsx

HEADING = ["NIK", "Nama", "Segmen", "Kabupaten/Kota", "NPP", "Tanggal Mulai"]
DATA_DATE = "2025-07-31"


def nik(number: int, *, district: str = "617101", birth: str = "170890") -> str:
    """A well-formed NIK of the number-th invented person; `birth` is DDMMYY as a NIK has it."""
    return f"{district}{birth}{9000 + number}"


def nik_of_many(number: int) -> str:
    """A well-formed NIK of the number-th of up to 300,000 invented people: 900 have one day of birth."""
    day = number // 900
    birth = f"{1 + day % 28:02d}{1 + (7 + day // 28) % 12:02d}{90 - day // 336:02d}"
    return nik(1 + number % 900, birth=birth)


def person(number: int, *more: Any) -> list[Any]:
    """The cells of NIK and name, and whatever is given beyond."""
    return [nik(number), f"CONTOH {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}", *more]


def member(
    number: int,
    segment: str = "PU",
    regency: str = "Kota Pontianak",
    npp: str = "AB123456",
    start: str = "2025-01-15",
) -> list[Any]:
    """A row under `HEADING`."""
    return person(number, segment, regency, npp, start)


def send(
    rows: Sequence[Sequence[Any]],
    *,
    heading: Sequence[str] = HEADING,
    user: User | None = None,
    **options: str,
) -> ImportBatch:
    """A worker list as far as it gets by itself. The data date is there unless it is given as ""."""
    options = {"data_date": DATA_DATE} | options
    return upload("enrollment", csv_bytes([heading, *rows]), user=user, name="peserta.csv", **options)


def send_xlsx(rows: Sequence[Sequence[Any]], **options: str) -> ImportBatch:
    return upload("enrollment", xlsx(rows), name="peserta.xlsx", **({"data_date": DATA_DATE} | options))
