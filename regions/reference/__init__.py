"""The areas of the Republic as the law lists them, and what is known beyond that of Kalimantan Barat's.

Plain tables beside this file, with their sources in `SOURCES.md`. They fill the database once; after that the
database is what counts. Nothing here imports Django.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ProvinceRecord:
    """A province: two-digit Kemendagri code, official name, and the other names in use (`Kalbar`)."""

    code: str
    name: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegencyRecord:
    """A kabupaten or kota: Kemendagri code (`61.04`), `kabupaten` or `kota`, name without that word."""

    code: str
    kind: str
    name: str

    @property
    def province_code(self) -> str:
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class RegencyDetails:
    """What is known of a regency beyond code and name.

    `population` counts persons (Dukcapil, December 2024), `area_km2` is square kilometres. Tiles are rows
    from the north and columns from the west, both from 0. `former_name` is "" where the name never changed.
    """

    code: str
    bps_code: str
    capital: str
    short_name: str
    tile_row: int
    tile_column: int
    population: int
    area_km2: Decimal
    former_name: str


@cache
def provinces() -> tuple[ProvinceRecord, ...]:
    """All 38, by code."""
    return tuple(
        ProvinceRecord(row["code"], row["name"], tuple(filter(None, row["also"].split("|"))))
        for row in _rows("provinces.csv")
    )


@cache
def regencies() -> tuple[RegencyRecord, ...]:
    """All 514, by code."""
    return tuple(RegencyRecord(row["code"], row["kind"], row["name"]) for row in _rows("regencies.csv"))


@cache
def details() -> Mapping[str, RegencyDetails]:
    """Details by regency code: the 14 of Kalimantan Barat."""
    found = (
        RegencyDetails(
            code=row["code"],
            bps_code=row["bps_code"],
            capital=row["capital"],
            short_name=row["short_name"],
            tile_row=int(row["tile_row"]),
            tile_column=int(row["tile_column"]),
            population=int(row["population"]),
            area_km2=Decimal(row["area_km2"]),
            former_name=row["former_name"],
        )
        for row in _rows("kalbar.csv")
    )
    return MappingProxyType({record.code: record for record in found})


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
