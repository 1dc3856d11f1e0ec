"""Who is active by group: pekerja rentan by payer, the village's own people, and all occupations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coverage_portal.accounts.areas import scope_of
from coverage_portal.lib.periods import Month
from projects.choices import VILLAGE, VULNERABLE_PAYERS, Occupation
from projects.models import GroupCount, GroupsCounted
from regions.models import Regency

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its label, and how many persons of it are active; `key` is "" where it is not known."""

    key: str
    label: str
    people: int


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One regency: its persons in all, those of budgets, and the village's own."""

    regency: Regency
    people: int
    vulnerable: int
    village: int


@dataclass(frozen=True, slots=True)
class Groups:
    """What the page shows of the areas of one user; `month` is None before anyone was counted."""

    month: Month | None
    area: Regency | None
    people: int
    vulnerable: tuple[Line, ...]
    village: tuple[Line, ...]
    occupations: tuple[Line, ...]
    areas: tuple[AreaLine, ...]

    @property
    def vulnerable_people(self) -> int:
        return sum(line.people for line in self.vulnerable)

    @property
    def village_people(self) -> int:
        return sum(line.people for line in self.village)


def groups(user: User, area: Regency | None = None) -> Groups:
    """The groups in all areas that a user may see, or in one of them."""
    counted = GroupsCounted.objects.filter(pk=1).first()
    rows = [
        (str(code), occupation, funding, people)
        for code, occupation, funding, people in GroupCount.objects.visible_to(user).values_list(
            "regency_id", "occupation", "funding", "people"
        )
    ]
    regencies = Regency.objects.active().filter(scope_of(user).condition("code")).defer("boundary").by_code()
    inside = [row for row in rows if area is None or row[0] == area.code]
    by_occupation = _sums((occupation, people) for _code, occupation, _funding, people in inside)
    by_payer = _sums((funding, people) for _code, _occupation, funding, people in inside)
    return Groups(
        month=counted.month if counted else None,
        area=area,
        people=sum(by_occupation.values()),
        vulnerable=_lines(VULNERABLE_PAYERS, by_payer),
        village=_lines(VILLAGE, by_occupation),
        occupations=_lines([*Occupation, ""], by_occupation),
        areas=_areas(regencies, rows),
    )


def _sums(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums = Counter[str]()
    for key, people in pairs:
        sums[key] += people
    return sums


def _lines(keys: Iterable[Any], sums: Counter[str]) -> tuple[Line, ...]:
    return tuple(Line(str(key), str(getattr(key, "label", "")), sums[str(key)]) for key in keys)


def _areas(regencies: Iterable[Regency], rows: Iterable[tuple[str, str, str, int]]) -> tuple[AreaLine, ...]:
    people, vulnerable, village = Counter[str](), Counter[str](), Counter[str]()
    for code, occupation, funding, number in rows:
        people[code] += number
        if funding in VULNERABLE_PAYERS:
            vulnerable[code] += number
        if occupation in VILLAGE:
            village[code] += number
    return tuple(AreaLine(r, people[r.code], vulnerable[r.code], village[r.code]) for r in regencies)
