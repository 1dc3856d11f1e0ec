"""The example's construction projects: invented, in every situation that the pages tell apart.

Each has a name that says so. Contributions are what the law's rates give, so that nothing here is owed by
mistake; what is wrong with a project is wrong on purpose. Dates follow the day on which the example is
loaded, so that something is due, running and about to lapse; all else is deterministic.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from projects import contributions
from projects.contributions import Contract
from regions import reference
from regions.choices import AgencyKind

from .figures import PROFILES, PROVINCE

WORKS = (
    "Peningkatan Jalan",
    "Pembangunan Jembatan",
    "Rehabilitasi Ruang Kelas",
    "Pembangunan Puskesmas",
    "Normalisasi Saluran",
    "Pembangunan Pasar Rakyat",
)
CONTRACTORS = ("CV Contoh Bangun", "PT Contoh Karya", "CV Contoh Khatulistiwa", "PT Contoh Kapuas")
VALUES = (185_000_000, 450_000_000, 975_000_000, 2_400_000_000, 7_850_000_000, 32_000_000_000)
EACH = 3
"""Projects a regency."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How a project stands on the day that the example is loaded.

    `ago` is how many days ago its SPK was; other days are counted from the SPK. What is None has not happened
    or is not known. `paid` are the parts of the contribution paid, in percent, each with its day; `terms` the
    parts due.
    """

    title: str
    ago: int | None = 75
    registered: int | None = None
    paid: tuple[tuple[int, int], ...] = ()
    terms: tuple[tuple[int, int], ...] = ()
    duration: int = 180
    maintenance: int | None = 180
    cover: int | None = None
    planned: int | None = 6
    workers: int = 6
    is_cancelled: bool = False
    raised: int = 0
    has_value: bool = True
    has_contractor: bool = True


SITUATIONS = (
    Situation("belum terdaftar", ago=45, planned=12, workers=0),
    Situation("mendaftar, belum dibayar", ago=14, registered=5, terms=((60, 100),), planned=8, workers=0),
    Situation("lunas", registered=8, paid=((12, 100),), terms=((30, 100),), cover=360),
    Situation("termin berjalan", registered=9, paid=((15, 40),), terms=((30, 40), (150, 60))),
    Situation(
        "menunggak",
        ago=110,
        registered=9,
        paid=((15, 30),),
        terms=((30, 40), (60, 30), (90, 30)),
    ),
    Situation("terlambat mendaftar", registered=50, paid=((55, 100),), terms=((80, 100),)),
    Situation(
        "masa pemeliharaan",
        ago=220,
        registered=6,
        paid=((9, 100),),
        duration=150,
        maintenance=365,
        cover=515,
    ),
    Situation(
        "perlindungan berakhir sebelum FHO",
        ago=130,
        registered=6,
        paid=((9, 100),),
        cover=180,
    ),
    Situation("selesai", ago=430, registered=5, paid=((7, 100),), duration=120, maintenance=180, cover=300),
    Situation("batal", registered=10, is_cancelled=True),
    Situation("data belum lengkap", ago=None, has_value=False, has_contractor=False, planned=None, workers=0),
    Situation("kurang bayar sesudah addendum", registered=8, paid=((12, 100),), raised=40),
    Situation("pekerja kurang dari rencana", registered=8, paid=((12, 100),), planned=14),
    Situation("lebih bayar", registered=8, paid=((12, 100), (20, 10)), terms=((30, 100),)),
    Situation("swakelola lintas kabupaten", registered=11, paid=((14, 100),), has_contractor=False),
)
ROUND = 12
"""So many days older is each further project in the same situation."""


@dataclass(frozen=True, slots=True)
class Example:
    """One project of the example: what is known of its contract, and its situation."""

    number: int
    work: str
    name: str
    regency: str
    further: tuple[str, ...]
    situation: Situation
    spk: datetime.date | None
    value: Decimal | None
    contractor: str
    due: Decimal

    def day(self, after: int | None) -> datetime.date | None:
        return None if self.spk is None or after is None else self.spk + datetime.timedelta(days=after)


def examples(today: datetime.date) -> Iterator[Example]:
    """The projects as they stand on a day, in the order of their regencies."""
    regencies = sorted(PROFILES)
    for number in range(EACH * len(regencies)):
        situation = SITUATIONS[number % len(SITUATIONS)]
        regency = regencies[number // EACH]
        others = [code for code in regencies if code != regency]
        older = number // len(SITUATIONS) * ROUND
        spk = None if situation.ago is None else today - datetime.timedelta(days=situation.ago + older)
        value = Decimal(VALUES[number % len(VALUES)]) if situation.has_value else None
        yield Example(
            number + 1,
            WORKS[number % len(WORKS)],
            f"Contoh: {WORKS[number % len(WORKS)]} {number + 1} ({situation.title})",
            regency,
            (others[number % len(others)],) if "lintas" in situation.title else (),
            situation,
            spk,
            value,
            CONTRACTORS[number % len(CONTRACTORS)] if situation.has_contractor else "",
            _due(value, spk),
        )


def _due(value: Decimal | None, spk: datetime.date | None) -> Decimal:
    """What the law's rates give for a contract without VAT."""
    if value is None or spk is None:
        return Decimal(0)
    return contributions.assess(Contract(value, vat_included=False, signed_on=spk), on=spk).total


def parts(total: Decimal, percents: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, Decimal]]:
    """Days and whole rupiah for parts in percent."""
    for day, percent in percents:
        yield day, (total * percent / 100).quantize(Decimal(1))


def agencies() -> Iterator[tuple[str, str, str, str]]:
    """(code, name, kind, area) of the agencies that have them built."""
    yield (f"{PROVINCE}.CONTOH", "Dinas PUPR Provinsi (contoh)", AgencyKind.PROVINCE.value, PROVINCE)
    names = {record.code: record.name for record in reference.regencies()}
    for code in sorted(PROFILES):
        yield (f"{code}.CONTOH", f"Dinas PUPR {names[code]} (contoh)", AgencyKind.REGENCY.value, code)


def niks() -> Iterator[str]:
    """The NIKs of the invented workers: serials of 9001 and above belong to nobody."""
    projects = EACH * len(PROFILES)
    for number in range(sum(SITUATIONS[place % len(SITUATIONS)].workers for place in range(projects))):
        yield f"617101170890{9001 + number}"
