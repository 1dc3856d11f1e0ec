"""Which registration at BPJS Ketenagakerjaan a procurement package may be: proposals for a person to judge.

A package of SPSE and a registration at BPJS speak of one project in different words. Each pair gets a score
from 0 to 100, made of facts that speak for it or against it; a package code that stands in the registration's
own texts is certain, everything else stays below. Nothing here decides: the facts are shown with the score.

Two projects are never proposed when they lie in different regencies, or when their contractors have different
NPWPs, unless the package code says that they are one.

Not every pair is compared, for 5,000 packages and 3,000 registrations make 15 million. A package meets the
registrations that carry its code or contract number, those of its contractor, those of the very same name,
and the `NEAREST` that share the rarest words with its name: at most some 40, whatever the size of the lists.
So the cost grows with the packages and, by the length of the words' lists, slowly with the registrations;
the case above takes two seconds on one core, and up to five where no regency is known.

Pure: no database, no Django.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from rapidfuzz import fuzz

from .names import contractor_words, numbers_in, project_words

LEAST_SCORE = 45
"""Below it a pair is not worth a person's time: a name half alike alone, or a contractor alone."""
MOST_PROPOSALS = 5
NEAREST = 12
"""Registrations that are compared for the words they share with a package's name."""

CERTAIN, ALMOST_CERTAIN = 100, 99
NAME_POINTS, NAME_FLOOR = 55, 50
"""A name of 50 % likeness earns nothing, for all names of construction packages share as much."""
CONTRACTOR_POINTS, CONTRACTOR_ALIKE, CONTRACTOR_UNLIKE = 25, 85, 60
VALUE_TOLERANCE, VALUE_CONTRADICTS = Decimal("0.01"), Decimal("0.20")
VAT_FACTORS = (Decimal("1.10"), Decimal("1.11"), Decimal("1.12"))
"""What a value with VAT is to one without, by the rates there were."""
DAYS_APART = 180
_LEAST_CODE = 6
_COMMON_SHARE, _COMMON = 20, 100
"""Words in more than a twentieth of the registrations, and in more than 100, lead nowhere."""
_EVERYWHERE = "*"


class Fact(StrEnum):
    """What speaks for or against two records being one project."""

    PACKAGE_CODE = "package_code"
    CONTRACT_NUMBER = "contract_number"
    NAME = "name"
    NUMBERS_DIFFER = "numbers_differ"
    SAME_NPWP = "same_npwp"
    CONTRACTOR_ALIKE = "contractor_alike"
    CONTRACTOR_DIFFERS = "contractor_differs"
    NPWP_DIFFERS = "npwp_differs"
    SAME_REGENCY = "same_regency"
    REGENCY_DIFFERS = "regency_differs"
    SAME_VALUE = "same_value"
    VALUE_BUT_VAT = "value_but_vat"
    VALUE_DIFFERS = "value_differs"
    SAME_SPK_DATE = "same_spk_date"
    SPK_DATES_APART = "spk_dates_apart"
    REGISTERED_BEFORE_SPK = "registered_before_spk"


POINTS = {
    Fact.PACKAGE_CODE: CERTAIN,
    Fact.CONTRACT_NUMBER: 20,
    Fact.NUMBERS_DIFFER: -20,
    Fact.SAME_NPWP: CONTRACTOR_POINTS,
    Fact.CONTRACTOR_DIFFERS: -15,
    Fact.NPWP_DIFFERS: -25,
    Fact.SAME_REGENCY: 5,
    Fact.REGENCY_DIFFERS: -20,
    Fact.SAME_VALUE: 10,
    Fact.VALUE_BUT_VAT: 8,
    Fact.VALUE_DIFFERS: -10,
    Fact.SAME_SPK_DATE: 5,
    Fact.SPK_DATES_APART: -15,
    Fact.REGISTERED_BEFORE_SPK: -10,
}
"""What each fact adds to the score; those of names depend on how alike they are."""
_MOST_OF_OTHERS = sum(
    POINTS[fact] for fact in (Fact.CONTRACT_NUMBER, Fact.SAME_REGENCY, Fact.SAME_VALUE, Fact.SAME_SPK_DATE)
)
"""What contract number, place, value and dates can add at most."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a project, of either kind; unknown text is empty, everything else None.

    `regencies` are the codes of all that it is built in, `npwp` has 16 digits.
    """

    id: int
    name: str
    package_code: str = ""
    bpjs_number: str = ""
    contract_number: str = ""
    contractor: str = ""
    npwp: str = ""
    regencies: frozenset[str] = frozenset()
    value: Decimal | None = None
    spk_date: date | None = None
    registered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact and what it adds to the score; `alike` is the likeness of names in whole percent."""

    fact: Fact
    points: int
    alike: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """That a package may be this registration. `is_certain`: the package code says so."""

    package: int
    registration: int
    score: int
    reasons: tuple[Reason, ...]

    @property
    def is_certain(self) -> bool:
        return self.reasons[0].fact is Fact.PACKAGE_CODE


def proposals(
    packages: Iterable[Candidate],
    registrations: Iterable[Candidate],
    *,
    rejected: Collection[tuple[int, int]] = frozenset(),
) -> dict[int, tuple[Proposal, ...]]:
    """For each package that has any its best proposals by score, then by the registration's id.

    The order in which the two lists come changes nothing.

    Args:
        rejected: (package, registration) of which a person has said that they are two.
    """
    index = _Index(_Read(candidate) for candidate in registrations)
    found = {}
    for package in map(_Read, packages):
        pairs = (
            _compare(package, other, LEAST_SCORE)
            for other in index.near(package)
            if (package.of.id, other.of.id) not in rejected
        )
        best = heapq.nsmallest(
            MOST_PROPOSALS,
            (pair for pair in pairs if pair is not None and pair.score >= LEAST_SCORE),
            key=lambda proposal: (-proposal.score, proposal.registration),
        )
        if best:
            found[package.of.id] = tuple(best)
    return found


def compare(package: Candidate, registration: Candidate) -> Proposal | None:
    """The score of one pair with its reasons; None where it is never to be proposed."""
    return _compare(_Read(package), _Read(registration))


class _Read:
    """A candidate with what comparing needs of its texts, worked out once."""

    __slots__ = (
        "code",
        "codes",
        "contract",
        "contractor",
        "npwp",
        "numbers",
        "of",
        "sorted_words",
        "text",
        "words",
    )

    def __init__(self, of: Candidate) -> None:
        self.of = of
        words = project_words(of.name)
        self.words = frozenset(words)
        self.text = " ".join(words)
        self.sorted_words = " ".join(sorted(words))
        self.numbers = numbers_in(words)
        self.contractor = " ".join(contractor_words(of.contractor))
        self.npwp = _body_of(of.npwp)
        self.contract = _squeezed(of.contract_number)
        code = _squeezed(of.package_code)
        self.code = code if _is_code(code) else ""
        self.codes = frozenset(_codes_in(of.name, of.bpjs_number, of.contract_number))


class _Index:
    """Registrations by what may lead to them from a package."""

    def __init__(self, registrations: Iterable[_Read]) -> None:
        every = sorted(registrations, key=lambda read: read.of.id)
        self._by_code: defaultdict[str, list[_Read]] = defaultdict(list)
        for read in every:
            for code in read.codes:
                self._by_code[code].append(read)
        self._by_contract = _grouped(every, lambda read: read.contract if _is_code(read.contract) else "")
        self._by_npwp = _grouped(every, lambda read: read.npwp)
        self._by_contractor = _grouped(every, lambda read: read.contractor)
        self._by_name = _grouped(every, lambda read: read.sorted_words)
        self._by_word: defaultdict[tuple[str, str], list[_Read]] = defaultdict(list)
        self._having: Counter[str] = Counter()
        for read in every:
            for word in read.words - read.numbers:
                self._having[word] += 1
                for place in (_EVERYWHERE, *(read.of.regencies or ("",))):
                    self._by_word[word, place].append(read)
        self._common = max(_COMMON, len(every) // _COMMON_SHARE)
        self._total = len(every)

    def near(self, package: _Read) -> list[_Read]:
        """The registrations to compare a package with, each once, in the order of their ids."""
        found = {read.of.id: read for read in self._sharing_words(package)}
        for index, key in (
            (self._by_code, package.code),
            (self._by_contract, package.contract),
            (self._by_npwp, package.npwp),
            (self._by_contractor, package.contractor),
            (self._by_name, package.sorted_words),
        ):
            found.update((read.of.id, read) for read in (index.get(key, ()) if key else ()))
        return [found[pk] for pk in sorted(found)]

    def _sharing_words(self, package: _Read) -> list[_Read]:
        """Those that share the rarest words with its name, as far as nothing rules them out."""
        places = ("", *package.of.regencies) if package.of.regencies else (_EVERYWHERE,)
        weights: dict[int, float] = {}
        named: dict[int, _Read] = {}
        for word in sorted(package.words - package.numbers):
            having = self._having.get(word, 0)
            if not having or having > self._common:
                continue
            weight = math.log(1 + self._total / having)
            sharing = {read.of.id: read for place in places for read in self._by_word.get((word, place), ())}
            named |= sharing
            for pk in sharing:
                weights[pk] = weights.get(pk, 0.0) + weight
        order = sorted(weights, key=lambda pk: (-round(weights[pk], 6), pk))
        nearest = (named[pk] for pk in order if not _is_ruled_out(package, named[pk]))
        return list(islice(nearest, NEAREST))


def _grouped(every: list[_Read], key_of: Callable[[_Read], str]) -> dict[str, list[_Read]]:
    groups: defaultdict[str, list[_Read]] = defaultdict(list)
    for read in every:
        groups[key_of(read)].append(read)
    groups.pop("", None)
    return groups


def _is_ruled_out(package: _Read, registration: _Read) -> bool:
    """Whether the two lie in different regencies or have contractors of different NPWPs."""
    places, others = package.of.regencies, registration.of.regencies
    if places and others and places.isdisjoint(others):
        return True
    return bool(package.npwp and registration.npwp and package.npwp != registration.npwp)


def _compare(package: _Read, registration: _Read, least: int = 0) -> Proposal | None:
    """The score of a pair; None where it is never to be proposed, or cannot reach `least`."""
    is_certain = bool(package.code) and package.code in registration.codes
    if not is_certain and _is_ruled_out(package, registration):
        return None
    reasons = [*_of_names(package, registration), *_of_contractors(package, registration)]
    total = sum(reason.points for reason in reasons)
    if not is_certain and total + _MOST_OF_OTHERS < least:
        return None
    others = list(_other_facts(package, registration))
    total += sum(POINTS[fact] for fact in others)
    if is_certain:
        reasons.insert(0, Reason(Fact.PACKAGE_CODE, CERTAIN))
    reasons += (Reason(fact, POINTS[fact]) for fact in others)
    score = CERTAIN if is_certain else max(0, min(ALMOST_CERTAIN, total))
    return Proposal(package.of.id, registration.of.id, score, tuple(reasons))


def _of_names(package: _Read, registration: _Read) -> Iterator[Reason]:
    """Half of it the words in any order, half the words that one has and the other may have more of."""
    alike = round(
        (
            fuzz.ratio(package.sorted_words, registration.sorted_words)
            + fuzz.token_set_ratio(package.text, registration.text)
        )
        / 2
    )
    if not package.text or not registration.text:
        alike = 0
    points = round(NAME_POINTS * max(0, alike - NAME_FLOOR) / (100 - NAME_FLOOR))
    yield Reason(Fact.NAME, points, alike)
    if package.numbers and registration.numbers and package.numbers != registration.numbers:
        yield Reason(Fact.NUMBERS_DIFFER, POINTS[Fact.NUMBERS_DIFFER])


def _of_contractors(package: _Read, registration: _Read) -> Iterator[Reason]:
    if package.npwp and registration.npwp:
        fact = Fact.SAME_NPWP if package.npwp == registration.npwp else Fact.NPWP_DIFFERS
        yield Reason(fact, POINTS[fact])
        return
    if not package.contractor or not registration.contractor:
        return
    alike = round(fuzz.token_sort_ratio(package.contractor, registration.contractor))
    if alike >= CONTRACTOR_ALIKE:
        yield Reason(Fact.CONTRACTOR_ALIKE, round(CONTRACTOR_POINTS * alike / 100), alike)
    elif alike < CONTRACTOR_UNLIKE:
        yield Reason(Fact.CONTRACTOR_DIFFERS, POINTS[Fact.CONTRACTOR_DIFFERS], alike)


def _other_facts(package: _Read, registration: _Read) -> Iterator[Fact]:
    one, other = package.of, registration.of
    if package.contract and package.contract == registration.contract:
        yield Fact.CONTRACT_NUMBER
    if one.regencies and other.regencies:
        yield Fact.REGENCY_DIFFERS if one.regencies.isdisjoint(other.regencies) else Fact.SAME_REGENCY
    if one.value and other.value:
        yield from _of_values(one.value, other.value)
    if one.spk_date and other.spk_date:
        days = abs((one.spk_date - other.spk_date).days)
        if days == 0:
            yield Fact.SAME_SPK_DATE
        elif days > DAYS_APART:
            yield Fact.SPK_DATES_APART
    if one.spk_date and other.registered_on and other.registered_on < one.spk_date:
        yield Fact.REGISTERED_BEFORE_SPK


def _of_values(one: Decimal, other: Decimal) -> Iterator[Fact]:
    low, high = sorted((one, other))
    if high <= low * (1 + VALUE_TOLERANCE):
        yield Fact.SAME_VALUE
    elif any(abs(high - low * factor) <= low * factor * VALUE_TOLERANCE / 10 for factor in VAT_FACTORS):
        yield Fact.VALUE_BUT_VAT
    elif high > low * (1 + VALUE_CONTRADICTS):
        yield Fact.VALUE_DIFFERS


def _body_of(npwp: str) -> str:
    """The part of an NPWP that names the firm: the former numbers go on with tax office and branch."""
    return npwp[:10] if npwp.startswith("0") else npwp


def _codes_in(*texts: str) -> Iterator[str]:
    """What in the texts of a registration may be the code of a package."""
    for text in texts:
        for word in re.findall(r"[0-9A-Za-z][0-9A-Za-z.-]*", text):
            yield from (part for part in {_squeezed(word), *_parts(word)} if _is_code(part))


def _squeezed(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.casefold())


def _parts(word: str) -> list[str]:
    return [part.casefold() for part in re.split(r"[^0-9A-Za-z]+", word)]


def _is_code(text: str) -> bool:
    """Long enough, and with a digit, so that no word and no year is taken for a code."""
    return len(text) >= _LEAST_CODE and any(letter.isdigit() for letter in text)
