"""Briefs made of invented figures, without a database: of a province with any number of regencies."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

from coverage_portal.brief import Brief, FollowUp, Holding, Line, Place, Promise
from coverage_portal.lib.periods import Month, months
from projects.compliance import Rule
from projects.selectors.listing import Tally
from projects.selectors.summary import Lapse, Summary
from regions import coverage
from regions.selectors import Source
from regions.selectors.commitments import Promised

MONTH = Month(2026, 6)
ON = datetime.date(2026, 7, 20)
PRINTED_AT = datetime.datetime(2026, 7, 21, 2, 5, tzinfo=datetime.UTC)
"""Five past nine in the morning in Pontianak."""
TARGETS = coverage.Targets({2026: Decimal(61)}, (Month(2025, 12), Decimal(37)))
LONG = "Kab. Kepulauan Siau Tagulandang Biaro"
"""The longest name there is."""
LONG_SOURCE = "Rekap Kepesertaan Kantor Wilayah BPJS Ketenagakerjaan Kalimantan (contoh yang panjang)"


def province(
    regencies: int = 14, *, name: str = "Kab. Contoh {}", missing: int = 0, **values: object
) -> Brief:
    """A brief of so many regencies, the last ones of which may be without data."""
    codes = [f"61.{number:02d}" for number in range(1, regencies + 1)]
    register = _register(codes, missing)
    lines = _lines(codes, register, name)
    count = register.whole(MONTH)
    standing = coverage.standing(count, TARGETS, {n: register.whole(MONTH - n) for n in coverage.PACE_MONTHS})
    behind = [
        Holding(line.regency, line.standing.count, line.standing.needed or 0, line.standing.gap or 0)
        for line in sorted(lines, key=lambda line: -(line.standing.gap or 0))
        if line.standing.gap
    ]
    known: dict[str, object] = {
        "code": "61",
        "name": "Kalimantan Barat",
        "is_province": True,
        "month": MONTH,
        "standing": standing,
        "pace": standing.paces[0],
        "surplus": None,
        "reached": sum(line.standing.gap == 0 for line in lines),
        "measured": regencies - missing,
        "lines": lines,
        "holding": tuple(behind[:5]),
        "missing_everywhere": sum(holding.missing for holding in behind),
        "segments": tuple(register.whole(MONTH, segment) for segment in ("PU", "BPU", "JAKON", "PMI")),
        "weakest": register.whole(MONTH, "BPU"),
        "sources": tuple(Source(LONG_SOURCE, datetime.date(2026, 7, day)) for day in (3, 12)),
        "legal_basis": "Perda Provinsi Kalimantan Barat Nomor 1 Tahun 2025 (contoh)",
        "construction": construction(),
        "follow_up": follow_up(),
    }
    return Brief(**{**known, **values})  # type: ignore[arg-type]


def follow_up() -> FollowUp:
    agency = "Dinas Tenaga Kerja dan Transmigrasi Kabupaten Contoh"
    return FollowUp(
        ON,
        Promised(open=17, overdue=3, due_soon=2, members=123_456, without_number=1, gap=300_000),
        tuple(Promise(LONG, agency, datetime.date(2026, 6 + n, 30), n == 0) for n in range(3)),
    )


def construction() -> Summary:
    money = Decimal(12_345_678_900)
    return Summary(
        ON,
        Tally(1_234, 987, 54_321, 43_210, 56, money * 9, money * 8, money),
        money * 2,
        12,
        True,
        345,
        tuple((rule, 100 + place) for place, rule in enumerate(Rule) if rule is not Rule.OVERPAID),
        (
            Lapse(ON, datetime.date(2026, 8, 19), 21, 8, 1_500),
            Lapse(datetime.date(2026, 8, 20), datetime.date(2026, 9, 18), 34, 13, 2_500),
        ),
    )


def _register(codes: list[str], missing: int) -> coverage.Register:
    inside = codes[: len(codes) - missing]
    shares = {"PU": 60, "BPU": 30, "JAKON": 45}
    return coverage.Register.of(
        "61",
        codes,
        list(shares),
        [
            coverage.Observation(
                code, segment, month, 900 * share + 37 * place + 11 * (month - MONTH) * place
            )
            for place, code in enumerate(inside, 1)
            for segment, share in shares.items()
            for month in months(MONTH - 12, MONTH)
        ],
        [coverage.Potential(code, segment, 2026, 100_000) for code in codes for segment in shares],
    )


def _lines(codes: list[str], register: coverage.Register, name: str) -> tuple[Line, ...]:
    standings = [
        coverage.standing(
            register.count(code, MONTH),
            TARGETS,
            {n: register.count(code, MONTH - n) for n in coverage.PACE_MONTHS},
        )
        for code in codes
    ]
    pairs = sorted(zip(codes, standings, strict=True), key=lambda pair: -(pair[1].count.percent or 0))
    return tuple(
        Line(
            Place(code, name.format(code), code[-2:], int(code[-2:]) // 8, int(code[-2:]) % 8),
            standing,
            rank if standing.count.percent is not None else None,
            has_own_target=rank == 3,
        )
        for rank, (code, standing) in enumerate(pairs, 1)
    )


def regency(**values: object) -> Brief:
    """A brief of one regency."""
    whole = province(3)
    return replace(
        whole,
        **{
            "code": "61.01",
            "name": "Kabupaten Contoh 61.01",
            "is_province": False,
            "standing": whole.lines[0].standing,
            "pace": whole.lines[0].standing.paces[0],
            "lines": (),
            "holding": (),
            "missing_everywhere": 0,
            **values,
        },
    )
