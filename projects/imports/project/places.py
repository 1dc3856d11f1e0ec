"""Which regency a cell of a project list means, anywhere in the country."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from coverage_portal.lib.values import tidy
from regions import reference
from regions.names import AreaIndex, Resolution, index_of
from regions.spellings import key_of, readings

_SEPARATOR = re.compile(r"[;\n]")


def parts_of(text: str) -> list[str]:
    """The places that a cell lists, one a line or with semicolons between."""
    return [part for part in map(tidy, _SEPARATOR.split(text)) if part]


def find_regency(text: str, code: object, province: str, home: str) -> Resolution | str:
    """The code of a regency, or the resolution that says what is wrong with its name.

    Names are read as those of the home province unless the list says another. Elsewhere only a name that
    means one regency counts.
    """
    index: AreaIndex = index_of(home)
    if not province or key_of(province) in _province_keys(home):
        found = index.resolve(text, code)
        if found.code is not None or found.problem not in ("other_province", "unknown_name"):
            return found if found.code is None else str(found.code)
    else:
        found = index.resolve(text)
    elsewhere = _elsewhere(text, province, home)
    return elsewhere.pop() if len(elsewhere) == 1 else found


def _elsewhere(text: str, province: str, home: str) -> set[str]:
    """The regencies of other provinces that a name means, in the province named where it has one.

    Lists keep provinces as they were: Malinau stands under Kalimantan Timur, which it has left.
    """
    keys = {key_of(province)} if province else set()
    within = {p.code for p in reference.provinces() if keys & _province_keys(p.code)}
    found = {
        code
        for kind, key in readings(text, ())
        for code, its_kind in _regencies().get(key, ())
        if kind in (None, its_kind) and code[:2] != home
    }
    return {code for code in found if code[:2] in within} or found


@lru_cache(maxsize=1)
def _regencies() -> dict[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for regency in reference.regencies():
        found[key_of(regency.name)].append((regency.code, regency.kind))
    return dict(found)


@lru_cache(maxsize=64)
def _province_keys(code: str) -> frozenset[str]:
    """The keys of all names of a province."""
    province = next(p for p in reference.provinces() if p.code == code)
    return frozenset(key_of(name) for name in (province.name, *province.also))
