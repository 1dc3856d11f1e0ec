"""The example's figures: what was published of Kalimantan Barat, and invented detail that adds up to it.

Published are province totals and some figures of regencies; their sources are named cell by cell. All else,
above all the detail by regency and segment, is made up and says so. Everything here is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Generic, TypeVar

from coverage_portal.lib.periods import Month, months

from .apportionment import apportion, interpolated

PROVINCE = "61"
PU, BPU, JAKON = "PU", "BPU", "JAKON"
INVENTED = "Contoh – ilustratif"
FIRST_MONTH, LAST_MONTH = Month(2024, 1), Month(2026, 1)
NOT_YET_IN = {Month(2026, 1): ("61.05", "61.10")}
"""Regencies whose data of the last month are still to come."""


P = TypeVar("P", Month, int)


@dataclass(frozen=True, slots=True)
class Cell(Generic[P]):
    """People of an area (the province or a regency), segment (None: total without detail) and period."""

    area: str
    segment: str | None
    period: P
    people: int
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What makes a regency's invented detail its own.

    `weight` shares out the workforce; `formal` and `building` are the weights of PU and Jakon in it, `paid`
    the percentage of PU among members outside construction, `insured` the weight of Jakon among members.
    `rates` are coverage in hundredths of a percent in January and December 2024, June and December 2025.
    """

    weight: int
    formal: int
    building: int
    paid: int
    insured: int
    rates: tuple[int, int, int, int]


PROFILES = {
    "61.01": Profile(651, 36, 80, 52, 85, (2620, 2450, 2260, 2900)),
    "61.02": Profile(314, 45, 95, 60, 105, (3850, 3800, 3250, 3900)),
    "61.03": Profile(499, 47, 85, 64, 130, (3050, 2850, 2450, 3300)),
    "61.04": Profile(584, 57, 90, 65, 25, (6100, 6802, 5250, 6100)),
    "61.05": Profile(457, 42, 80, 60, 95, (2650, 2450, 2250, 3000)),
    "61.06": Profile(277, 38, 80, 55, 90, (3700, 3350, 2650, 3300)),
    "61.07": Profile(296, 40, 80, 58, 90, (2600, 2400, 2150, 2900)),
    "61.08": Profile(415, 41, 75, 58, 95, (4750, 5343, 4700, 5200)),
    "61.09": Profile(225, 41, 78, 57, 95, (2750, 2500, 2250, 2950)),
    "61.10": Profile(218, 38, 78, 55, 85, (2400, 2200, 2000, 2700)),
    "61.11": Profile(127, 40, 80, 55, 110, (4250, 4550, 4850, 5480)),
    "61.12": Profile(646, 50, 110, 66, 110, (3800, 3300, 2700, 3350)),
    "61.71": Profile(687, 60, 135, 76, 125, (3600, 3400, 3100, 4000)),
    "61.72": Profile(250, 50, 105, 62, 105, (2450, 2350, 2278, 2800)),
}
RATE_MONTHS = (Month(2024, 1), Month(2024, 12), Month(2025, 6), Month(2025, 12))

HARIAN_BERKAT = "BPJS Ketenagakerjaan, harianberkat.com, 24 September 2025"
AKSARALOKA = "BPJS Ketenagakerjaan, aksaraloka.com, 9 Juli 2025"
TARUNAKOTA = "BPJS Ketenagakerjaan, tarunakota, 2024"
TRIBUN_SINGKAWANG = "BPJS Ketenagakerjaan, kaltim.tribunnews.com, 18 Juni 2025"
KETAPANG_MEDIA = "BPJS Ketenagakerjaan, ketapangmedia, 31 Juli 2025"
SANGGAU_PRESS = "BPJS Ketenagakerjaan, pemberitaan, Juli 2025"

WORKFORCE_BY_SEGMENT = {
    2024: {PU: 782_300, BPU: 857_900, JAKON: 150_800},
    2025: {PU: 800_904, BPU: 864_518, JAKON: 154_008},
}
WORKFORCE_KNOWN = {
    2024: {"61.04": 181_500, "61.06": 93_600, "61.08": 130_245, "61.12": 276_300, "61.72": 72_100},
    2025: {"61.04": 179_800, "61.06": 95_000, "61.08": 130_245, "61.12": 280_600, "61.72": 73_236},
}
BUILDING_KNOWN: dict[int, dict[str, int]] = {2024: {}, 2025: {"61.03": 12_320}}
WORKFORCE_PUBLISHED = (
    *(Cell(PROVINCE, segment, 2025, n, HARIAN_BERKAT) for segment, n in WORKFORCE_BY_SEGMENT[2025].items()),
    Cell("61.03", JAKON, 2025, 12_320, SANGGAU_PRESS),
    Cell("61.08", None, 2024, 130_245, TARUNAKOTA),
    Cell("61.72", None, 2025, 73_236, TRIBUN_SINGKAWANG),
)

JULY, DECEMBER = Month(2025, 7), Month(2025, 12)
MEMBERS = {
    Month(2024, 1): 641_000,
    Month(2024, 12): 627_600,
    Month(2025, 6): 543_282,  # 29.86 %
    JULY: 575_504,
    Month(2025, 8): 566_800,
    Month(2025, 9): 553_289,  # 30.41 %
    Month(2025, 10): 590_300,
    Month(2025, 11): 631_900,
    DECEMBER: 673_189,  # 37.00 %
    Month(2026, 1): 681_400,
}
"""Members of the province; a straight line between these months."""
BUILDING = {
    Month(2024, 1): 37_100,
    Month(2024, 12): 40_200,
    Month(2025, 6): 42_591,
    JULY: 44_310,
    DECEMBER: 52_900,
    Month(2026, 1): 50_400,
}
"""Of these, members in construction."""
RIPPLE = (0, 1450, -620, 980, -1310, 540, 0, 1120, -870, 330, -1490, 760)
"""What a month differs from the line by, in persons, by month of the year; not in the months above."""

MEMBERSHIP_PUBLISHED = (
    Cell(PROVINCE, None, JULY, 575_504, HARIAN_BERKAT),
    Cell(PROVINCE, JAKON, Month(2025, 6), 42_591, AKSARALOKA),
    Cell("61.08", None, Month(2024, 12), 69_590, TARUNAKOTA),
    Cell("61.72", None, Month(2025, 6), 16_684, TRIBUN_SINGKAWANG),
    Cell("61.04", PU, Month(2024, 12), 80_101, KETAPANG_MEDIA),
    Cell("61.04", BPU, Month(2024, 12), 42_217, KETAPANG_MEDIA),
    Cell("61.03", JAKON, JULY, 4_519, SANGGAU_PRESS),
)
"""Totals without detail stand beside the detail; cells with a regency and a segment are part of it."""
SHARES_PUBLISHED = {
    ("61.02", Month(2024, 9)): "38.54",
    ("61.04", Month(2024, 12)): "68.02",
    ("61.01", Month(2025, 8)): "24",
    ("61.11", Month(2025, 10)): "51.59",
    ("61.71", DECEMBER): "40",
}
"""Where only a percentage was published: the members follow from the example's own workforce."""


@cache
def workforce(year: int) -> dict[str, dict[str, int]]:
    """The workforce of a year by regency and segment."""
    by_segment = WORKFORCE_BY_SEGMENT[year]
    totals = apportion(
        sum(by_segment.values()),
        {code: profile.weight for code, profile in PROFILES.items()},
        WORKFORCE_KNOWN[year],
    )
    building = apportion(
        by_segment[JAKON],
        {code: totals[code] * profile.building for code, profile in PROFILES.items()},
        BUILDING_KNOWN[year],
    )
    formal = apportion(
        by_segment[PU],
        {code: (totals[code] - building[code]) * profile.formal for code, profile in PROFILES.items()},
    )
    return {
        code: {PU: formal[code], BPU: totals[code] - formal[code] - building[code], JAKON: building[code]}
        for code in PROFILES
    }


def members(month: Month) -> dict[str, dict[str, int]]:
    """The members of a month by regency and segment; all 14 regencies, also those not yet in."""
    people = {code: sum(cells.values()) for code, cells in workforce(min(month.year, 2025)).items()}
    totals = apportion(
        _on_line(MEMBERS, month) + (0 if month in MEMBERS else RIPPLE[month.month - 1]),
        {code: people[code] * _rate(profile, month) for code, profile in PROFILES.items()},
        _known_totals(month, people),
    )
    cells = {(cell.area, cell.segment): cell.people for cell in _published_detail(month)}
    building_known = {code: n for (code, segment), n in cells.items() if segment == JAKON}
    for code in PROFILES:
        if (code, PU) in cells and (code, BPU) in cells:
            building_known[code] = totals[code] - cells[code, PU] - cells[code, BPU]
    building = apportion(
        _on_line(BUILDING, month),
        {code: workforce(min(month.year, 2025))[code][JAKON] * p.insured for code, p in PROFILES.items()},
        building_known,
    )
    result = {}
    for code, profile in PROFILES.items():
        others = totals[code] - building[code]
        formal = cells.get((code, PU), others * profile.paid // 100)
        result[code] = {PU: formal, BPU: others - formal, JAKON: building[code]}
    return result


def workforce_cells() -> Iterator[Cell[int]]:
    """Every stored potensi of the example."""
    published = {(cell.area, cell.segment, cell.period): cell for cell in WORKFORCE_PUBLISHED}
    for year in WORKFORCE_BY_SEGMENT:
        for code, segments in workforce(year).items():
            for segment, people in segments.items():
                own = Cell(code, segment, year, people, INVENTED)
                yield published.pop((code, segment, year), own)
    yield from published.values()


def membership_cells() -> Iterator[Cell[Month]]:
    """Every stored membership of the example."""
    published = {(cell.area, cell.segment, cell.period): cell for cell in MEMBERSHIP_PUBLISHED}
    for month in months(FIRST_MONTH, LAST_MONTH):
        for code, segments in members(month).items():
            if code in NOT_YET_IN.get(month, ()):
                continue
            for segment, people in segments.items():
                own = Cell(code, segment, month, people, INVENTED)
                yield published.pop((code, segment, month), own)
    yield from published.values()


def _published_detail(month: Month) -> list[Cell[Month]]:
    return [
        cell for cell in MEMBERSHIP_PUBLISHED if cell.period == month and "." in cell.area and cell.segment
    ]


def _known_totals(month: Month, people: dict[str, int]) -> dict[str, int]:
    known = {
        cell.area: cell.people
        for cell in MEMBERSHIP_PUBLISHED
        if cell.period == month and "." in cell.area and cell.segment is None
    }
    for (code, at), percent in SHARES_PUBLISHED.items():
        if at == month:
            share = Decimal(percent) * people[code] / 100
            known[code] = int(share.to_integral_value(rounding=ROUND_HALF_UP))
    return known


def _rate(profile: Profile, month: Month) -> int:
    anchors = {_number(at): rate for at, rate in zip(RATE_MONTHS, profile.rates, strict=True)}
    return interpolated(anchors, _number(month))


def _on_line(anchors: dict[Month, int], month: Month) -> int:
    return interpolated({_number(at): value for at, value in anchors.items()}, _number(month))


def _number(month: Month) -> int:
    return month - FIRST_MONTH
