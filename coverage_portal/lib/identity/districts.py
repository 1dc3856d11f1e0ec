"""The districts (kecamatan) that exist now, for the first six digits of a NIK.

A NIK keeps the code of the district where its owner was first registered, for life. Codes that have been
retired since are therefore in use and missing here: an unknown code is worth a warning, never a refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("districts.txt")


@cache
def known() -> frozenset[str]:
    """The six digits of each district, `617101` for 61.71.01."""
    lines = _TABLE.read_text(encoding="ascii").splitlines()
    return frozenset(code for line in lines if not line.startswith("#") for code in _expanded(line))


@cache
def regencies() -> frozenset[str]:
    """The four digits of each regency, `6171` for 61.71."""
    return frozenset(code[:4] for code in known())


@cache
def provinces() -> frozenset[str]:
    """The two digits of each province."""
    return frozenset(code[:2] for code in known())


def _expanded(line: str) -> Iterator[str]:
    """The districts of one line, which is a regency's code and ranges of numbers: `61.03 1-13 20-21`."""
    regency, *ranges = line.split()
    for numbers in ranges:
        first, _, last = numbers.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{regency.replace('.', '')}{number:02}"
