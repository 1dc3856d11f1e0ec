"""What the law sets for construction projects: rates, limits and VAT, each dated, cited, with its certainty.

Nothing here computes a contribution; `contributions` does. Every table runs without gaps and without overlaps
from `FIRST_DAY` on. What changes in the law becomes one more row, so that older days keep their own rates.
What a dated rule is, and what BPU members pay, stands in `regions.rates`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from regions.rates import FIRST_DAY as FIRST_DAY
from regions.rates import Certainty as Certainty
from regions.rates import NoRateKnown as NoRateKnown
from regions.rates import Source as Source
from regions.rates import in_force


class Component(StrEnum):
    """The two programs of construction workers."""

    JKK = "JKK"
    JKM = "JKM"


class Basis(StrEnum):
    """What a contribution is a percentage of."""

    VALUE = "value"
    WAGES = "wages"


class Base(StrEnum):
    """Which of the two values of a contract the rates apply to. The law says "nilai kontrak" only."""

    BEFORE_VAT = "before_vat"
    WITH_VAT = "with_vat"


@dataclass(frozen=True, slots=True)
class Rate:
    """Percent of one slice of the base: the rupiah above `above`, up to `up_to` (None: without end)."""

    key: str
    component: Component
    above: Decimal
    up_to: Decimal | None
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """The rates of one basis in force on the days `valid_from` to `valid_to` (None: until further notice)."""

    key: str
    basis: Basis
    rates: tuple[Rate, ...]
    source: Source
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class VatRate:
    """Percent that a contract's value is raised by when VAT is included."""

    key: str
    percent: Decimal
    source: Source
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """Working days within which something must have happened."""

    key: str
    workdays: int
    source: Source
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """A reduction that is known of and not applied: what it takes to apply it is not known well enough."""

    key: str
    whom: str
    source: Source
    valid_from: date
    valid_to: date | None = field(default=None)


_SLICES: tuple[tuple[str, str | None], ...] = (
    ("0", "100_000_000"),
    ("100_000_000", "500_000_000"),
    ("500_000_000", "1_000_000_000"),
    ("1_000_000_000", "5_000_000_000"),
    ("5_000_000_000", None),
)
_OF_VALUE = {
    Component.JKK: ("0.21", "0.17", "0.13", "0.11", "0.09"),
    Component.JKM: ("0.03", "0.02", "0.02", "0.01", "0.01"),
}
_OF_WAGES = {Component.JKK: "1.74", Component.JKM: "0.30"}

TARIFFS: tuple[Tariff, ...] = (
    Tariff(
        "value-2015",
        Basis.VALUE,
        tuple(
            Rate(
                f"value-2015.{component.lower()}.{place}",
                component,
                Decimal(above),
                None if up_to is None else Decimal(up_to),
                Decimal(percent),
            )
            for component, percents in _OF_VALUE.items()
            for place, ((above, up_to), percent) in enumerate(zip(_SLICES, percents, strict=True), 1)
        ),
        Source(
            "PP 44/2015 jo. PP 82/2019, Permenaker 5/2021, Perdir BPJS Ketenagakerjaan 22/2022",
            Certainty.ESTABLISHED,
        ),
        FIRST_DAY,
    ),
    Tariff(
        "wages-2015",
        Basis.WAGES,
        tuple(
            Rate(f"wages-2015.{component.lower()}", component, Decimal(0), None, Decimal(percent))
            for component, percent in _OF_WAGES.items()
        ),
        Source("PP 44/2015 jo. PP 82/2019, Permenaker 5/2021", Certainty.ESTABLISHED),
        FIRST_DAY,
    ),
)

VAT_RATES: tuple[VatRate, ...] = (
    VatRate(
        "vat-10",
        Decimal(10),
        Source("UU 42/2009 Pasal 7", Certainty.ESTABLISHED),
        FIRST_DAY,
        date(2022, 3, 31),
    ),
    VatRate(
        "vat-11",
        Decimal(11),
        Source("UU 7/2021 (HPP) Pasal 4", Certainty.ESTABLISHED),
        date(2022, 4, 1),
        date(2024, 12, 31),
    ),
    VatRate(
        "vat-12-effective-11",
        Decimal(11),
        Source("PMK 131/2024: 12 % × 11/12", Certainty.UNVERIFIED),
        date(2025, 1, 1),
    ),
)

REGISTRATION = "registration"
CERTIFICATE = "certificate"
WORKER_CHANGES = "worker_changes"

LIMITS: tuple[Limit, ...] = (
    Limit(
        REGISTRATION,
        14,
        Source(
            "Permenaker 44/2015 Pasal 3 ayat (3)",
            # The newer Permenaker 5/2021 was not at hand.
            Certainty.SINGLE_SOURCE,
        ),
        FIRST_DAY,
    ),
    Limit(
        CERTIFICATE,
        1,
        Source("Permenaker 44/2015 Pasal 3 ayat (4); Permenaker 5/2021", Certainty.ESTABLISHED),
        FIRST_DAY,
    ),
    Limit(
        WORKER_CHANGES,
        30,
        Source("Perdir BPJS Ketenagakerjaan 22/2022", Certainty.SINGLE_SOURCE),
        FIRST_DAY,
    ),
)

RELIEFS: tuple[Relief, ...] = (
    Relief(
        "relief-2020",
        "JAKON",
        Source("PP 49/2020 Pasal 12", Certainty.SINGLE_SOURCE),
        date(2020, 8, 1),
        date(2021, 1, 31),
    ),
    Relief(
        "relief-bpu-2025",
        "BPU",
        # Half of JKK and JKM, but not where APBN or APBD pays; until when was not to be found.
        Source("PP 50/2025", Certainty.UNVERIFIED),
        date(2025, 12, 22),
    ),
)

ROUNDING = "down-per-slice"
"""Each slice is rounded down to whole rupiah. No text sets the rounding; public calculators round down."""

ROUNDING_TOLERANCE = Decimal(10)
"""Rupiah that an estimate may lie below the exact sum: less than one for each of its ten slices at most."""

COVER_TO_FHO = Source(
    "BPJS Ketenagakerjaan Kalimantan Barat, aksaraloka.com, 9 Juli 2025", Certainty.SINGLE_SOURCE
)
COVER_BY_PAYING = Source("Perdir BPJS Ketenagakerjaan 22/2022", Certainty.SINGLE_SOURCE)
WORKERS_NAMED = Source("Permenaker 44/2015 Pasal 3 ayat (1)", Certainty.ESTABLISHED)
ASSESSED = Source("Perdir BPJS Ketenagakerjaan 22/2022", Certainty.SINGLE_SOURCE)


def tariff(basis: Basis, on: date) -> Tariff:
    """The rates of a basis on a day. Raises NoRateKnown."""
    return in_force((row for row in TARIFFS if row.basis is basis), on)


def vat_rate(on: date) -> VatRate:
    """The VAT rate of a day. Raises NoRateKnown."""
    return in_force(VAT_RATES, on)


def limit(key: str, on: date) -> Limit:
    """A limit as it stood on a day. Raises NoRateKnown."""
    return in_force((row for row in LIMITS if row.key == key), on)


def reliefs(whom: str, on: date) -> tuple[Relief, ...]:
    """The reliefs of a segment that may apply on a day, and that nothing here applies."""
    return tuple(
        row
        for row in RELIEFS
        if row.whom == whom and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    )
