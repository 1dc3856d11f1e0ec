"""Invented people for enrollment sheets: the same ones for the same seed, each once.

Nobody real can be among them: serials run from 9001 to 9999, and the names are put together from lists made
for this purpose.
"""

from __future__ import annotations

import datetime
import math
import random
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from coverage_portal.lib.identity import districts

_Choice = TypeVar("_Choice")

_REGENCIES = {
    "6101": "Kabupaten Sambas",
    "6102": "Kabupaten Mempawah",
    "6103": "Kabupaten Sanggau",
    "6104": "Kabupaten Ketapang",
    "6105": "Kabupaten Sintang",
    "6106": "Kabupaten Kapuas Hulu",
    "6107": "Kabupaten Bengkayang",
    "6108": "Kabupaten Landak",
    "6109": "Kabupaten Sekadau",
    "6110": "Kabupaten Melawi",
    "6111": "Kabupaten Kayong Utara",
    "6112": "Kabupaten Kubu Raya",
    "6171": "Kota Pontianak",
    "6172": "Kota Singkawang",
}
_DISTRICTS = sorted(code for code in districts.known() if code[:4] in _REGENCIES)

_FIRST_SERIAL, _SERIALS = 9001, 999
_FIRST_BIRTH, _BIRTHS = datetime.date(1962, 1, 1), 15_700  # up to the end of 2004
_POSSIBLE = len(_DISTRICTS) * _BIRTHS * 2 * _SERIALS

_FIRST_NAMES = {
    "L": "ARDANU BINTORO CAKRAWAN DIMASTA EKANATA FARHANU GALIHTO HARMADI INDRAWA JATMIKO KERTANA LUKMADI "
    "MAHENDU NAROTAMA OKTAVAN PRASETA RADITO SATRIWA TIRTANA WIRATMO",
    "P": "ANINDRA BUNGARI CENDANI DEWANTI ELOKSARI FITRIANU GENDISA HASTARI INTANIA JELITANI KARTIWI "
    "LARASWATI MELATIRA NIRMALAN OKTAVIRA PUSPANI RATNADI SEKARINI TANJUNGI WULANSARI",
}
_FIRST = {sex: tuple(names.split()) for sex, names in _FIRST_NAMES.items()}
_MIDDLE = (
    "", "ADI", "AGUNG", "AYU", "BAYU", "CITRA", "DWI", "EKA", "FAJAR", "GILANG", "INTAN", "KUSUMA", "LESTARI",
    "MUDA", "NUR", "PUTRA", "RAHAYU", "SURYA", "TRI", "UTAMA",
)  # fmt: skip
_LAST = (
    "ALAMSYAHRI", "BORNEOWAN", "CAHYANTO", "DERMAGAWAN", "ENGGANGSA", "GAHARUDI", "HULUNDA", "KAPUASWAN",
    "KATULISTA", "KHATAMI", "LANDAKSA", "MELAWIRA", "MERANTIJA", "NIPAHWAN", "PALUNGSARI", "RIMBAWANA",
    "SAMBASTYA", "SEKAYAMTA", "SUNGAIRA", "TEMBESUNA", "TENGKAWA", "ULINDRA",
)  # fmt: skip

_OCCUPATIONS = {
    "PU": ("Karyawan perusahaan", "Pekerja kebun sawit", "Pegawai non-ASN", "Lainnya"),
    "BPU": ("Nelayan", "Petani", "Pedagang", "Pengemudi dan ojek", "Kader", "Pengurus RT/RW", "Linmas"),
}
_FUNDING = {
    "PU": ("Perusahaan",),
    "BPU": ("Mandiri", "Mandiri", "APBD", "APBDes", "DBH sawit", "CSR"),
}
_EMPLOYERS = 6_000
_FIRST_START, _STARTS = datetime.date(2023, 1, 2), 1_000  # up to the end of September 2025
_PAID_THROUGH = tuple(
    datetime.date(2025, month, day) for month, day in ((9, 30), (10, 31), (11, 30), (12, 31))
)


class Person(NamedTuple):
    """One row of an enrollment sheet. `paid_through` is unknown for one in a hundred."""

    nik: str
    name: str
    sex: str
    birth_date: datetime.date
    kpj: str
    segment: str
    regency: str
    npp: str
    occupation: str
    funding: str
    start: datetime.date
    paid_through: datetime.date | None


def people(count: int, seed: int = 61) -> Iterator[Person]:
    """`count` different people, up to the several billion that there are NIKs for."""
    draw = random.Random(seed).random  # noqa: S311 - invented people, no secrets
    step = _step()
    place = int(draw() * _POSSIBLE)
    regencies = tuple(_REGENCIES.values())
    for number in range(count):
        # Steps that share no divisor with the number of places come to each place once.
        place = (place + step) % _POSSIBLE
        rest, serial = divmod(place, _SERIALS)
        rest, days = divmod(rest, _BIRTHS)
        district, sex = _DISTRICTS[rest >> 1], "LP"[rest & 1]
        birth = _FIRST_BIRTH + datetime.timedelta(days=days)
        day = birth.day + (40 if sex == "P" else 0)
        segment = "PU" if draw() < 0.55 else "BPU"
        yield Person(
            f"{district}{day:02}{birth.month:02}{birth.year % 100:02}{_FIRST_SERIAL + serial}",
            _name(sex, draw(), draw(), draw()),
            sex,
            birth,
            f"{90_000_000_000 + (number * 7_919 + seed) % 10_000_000_000}",
            segment,
            _REGENCIES[district[:4]] if draw() < 0.85 else _pick(regencies, draw()),
            f"Z{int(draw() * _EMPLOYERS):07}" if segment == "PU" else "",
            _pick(_OCCUPATIONS[segment], draw()),
            _pick(_FUNDING[segment], draw()),
            _FIRST_START + datetime.timedelta(days=int(draw() * _STARTS)),
            None if draw() < 0.01 else _pick(_PAID_THROUGH, draw()),
        )


def _step() -> int:
    step = int(_POSSIBLE * 0.618)
    while math.gcd(step, _POSSIBLE) != 1:
        step += 1
    return step


def _name(sex: str, first: float, middle: float, last: float) -> str:
    parts = (_pick(_FIRST[sex], first), _pick(_MIDDLE, middle), _pick(_LAST, last))
    return " ".join(part for part in parts if part)


def _pick(choices: tuple[_Choice, ...], drawn: float) -> _Choice:
    return choices[int(drawn * len(choices))]
