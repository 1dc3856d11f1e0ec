"""Figures of the example as press and speeches quoted them, right or wrong."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from coverage_portal.lib.periods import Month

from .figures import JAKON, PROVINCE, SANGGAU_PRESS, TARUNAKOTA


@dataclass(frozen=True, slots=True)
class Quote:
    """A percentage of an area as quoted, with the counts it was quoted with, where there were any."""

    area: str
    quoted_percent: Decimal
    source: str
    month: Month | None = None
    segment: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    published_on: datetime.date | None = None
    note: str = ""


_DAY = datetime.date

QUOTES = (
    Quote(
        PROVINCE,
        Decimal("55"),
        "BPJS Ketenagakerjaan, aksaraloka.com",
        Month(2025, 6),
        JAKON,
        42_591,
        154_008,
        _DAY(2025, 7, 9),
        "Dikutip “sekitar 55 persen”; 42.591 dari 154.008 adalah 27,66 %.",
    ),
    Quote(
        PROVINCE,
        Decimal("29.86"),
        "BPJS Ketenagakerjaan, aksaraloka.com",
        Month(2025, 6),
        published_on=_DAY(2025, 7, 9),
    ),
    Quote(
        PROVINCE,
        Decimal("31.63"),
        "BPJS Ketenagakerjaan, harianberkat.com",
        Month(2025, 7),
        numerator=575_504,
        denominator=1_819_430,
        published_on=_DAY(2025, 9, 24),
    ),
    Quote(
        PROVINCE,
        Decimal("30.41"),
        "suaraborneo, Oktober 2025",
        published_on=_DAY(2025, 10, 9),
        note="Pada acara yang sama media lain mengutip 41 %.",
    ),
    Quote(
        PROVINCE,
        Decimal("41"),
        "mediakalbarnews, Oktober 2025",
        published_on=_DAY(2025, 10, 9),
        note="Pada acara yang sama media lain mengutip 30,41 %.",
    ),
    Quote(
        PROVINCE,
        Decimal("37"),
        "Gubernur Kalimantan Barat dan BPJS Ketenagakerjaan, jurnalis.co.id",
        Month(2025, 12),
        published_on=_DAY(2025, 12, 24),
    ),
    Quote(
        PROVINCE,
        Decimal("37.37"),
        "BPJS Ketenagakerjaan Pontianak, pontianak.tribunnews.com",
        Month(2022, 11),
        numerator=667_719,
        denominator=1_786_809,
        published_on=_DAY(2022, 12, 11),
    ),
    Quote(
        "61.72",
        Decimal("22.77"),
        "kaltim.tribunnews.com",
        Month(2025, 6),
        numerator=16_684,
        denominator=16_684 + 73_236,
        published_on=_DAY(2025, 6, 18),
        note="Dikutip 16.684 terdaftar dan “73.236 belum terdaftar (77,23 %)”, bersama 89.920. "
        "73.236 adalah potensinya; yang belum terdaftar 56.552 orang.",
    ),
    Quote(
        "61.08",
        Decimal("53.43"),
        TARUNAKOTA,
        Month(2024, 12),
        numerator=69_590,
        denominator=130_245,
    ),
    Quote(
        "61.04",
        Decimal("68.02"),
        "BPJS Ketenagakerjaan, ketapangmedia",
        Month(2024, 12),
        published_on=_DAY(2025, 7, 31),
        note="Naik dari 55,69 % (2023): 12,33 poin persentase, bukan 12,33 persen.",
    ),
    Quote(
        "61.03",
        Decimal("36.68"),
        SANGGAU_PRESS,
        Month(2025, 7),
        JAKON,
        4_519,
        12_320,
    ),
    Quote("61.11", Decimal("51.59"), "BPJS Ketenagakerjaan, pemberitaan, Oktober 2025", Month(2025, 10)),
    Quote("61.71", Decimal("40"), "BPJS Ketenagakerjaan, pemberitaan, 2025", Month(2025, 12)),
    Quote("61.02", Decimal("38.54"), "BPJS Ketenagakerjaan, kumparan", Month(2024, 9)),
    Quote("61.01", Decimal("24"), "BPJS Ketenagakerjaan, pemberitaan, Agustus 2025", Month(2025, 8)),
)
