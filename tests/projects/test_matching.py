"""Which registration a package may be: the score, its reasons, and what is never proposed."""

from __future__ import annotations

import datetime
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects import matching
from projects.matching import LEAST_SCORE, Candidate, Fact, compare, proposals
from projects.names import contractor_words, project_words

KETAPANG, SAMBAS = frozenset({"61.04"}), frozenset({"61.01"})
NPWP, OTHER_NPWP = "0011368974541000", "0013098561541000"


def package(**values: Any) -> Candidate:
    known = {"id": 1, "name": "Peningkatan Jalan Sungai Raya", "package_code": "10012345"}
    return Candidate(**{**known, "regencies": KETAPANG, **values})


def registration(**values: Any) -> Candidate:
    known = {"id": 7, "name": "PENINGKATAN JLN. SEI RAYA TA 2025", "bpjs_number": "2500000000001"}
    return Candidate(**{**known, "regencies": KETAPANG, **values})


def facts(one: Candidate, other: Candidate) -> dict[Fact, int]:
    found = compare(one, other)
    assert found is not None
    return {reason.fact: reason.points for reason in found.reasons}


def score(one: Candidate, other: Candidate) -> int | None:
    found = compare(one, other)
    return None if found is None else found.score


def test_same_name_spelt_otherwise_in_the_same_regency() -> None:
    assert facts(package(), registration()) == {Fact.NAME: 55, Fact.SAME_REGENCY: 5}
    assert score(package(), registration()) == 60


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Jalan (paket 10012345)"},
        {"name": "Jalan lain sama sekali", "contract_number": "602/10012345/SPK"},
        {"name": "Jalan lain sama sekali", "bpjs_number": "10012345"},
        {"name": "10012345 Jalan", "regencies": SAMBAS, "npwp": OTHER_NPWP},
    ],
    ids=["in the name", "in the contract number", "as the number", "although all else speaks against it"],
)
def test_package_code_in_the_registration_is_certain(values: dict[str, Any]) -> None:
    one, other = package(npwp=NPWP), registration(**values)

    found = proposals([one], [other])[1][0]

    assert (found.score, found.is_certain, found.reasons[0].fact) == (100, True, Fact.PACKAGE_CODE)


@pytest.mark.parametrize("name", ["Jalan 100123456", "Jalan 1001234", "Jalan 2025"], ids=str)
def test_part_of_a_code_is_none(name: str) -> None:
    found = compare(package(package_code="10012345"), registration(name=name))

    assert found is not None
    assert not found.is_certain
    assert found.score < 100


def test_short_code_is_not_looked_for() -> None:
    found = compare(package(package_code="2025"), registration(name="Jalan 2025"))

    assert found is not None
    assert not found.is_certain


@pytest.mark.parametrize(
    ("one", "other", "unknown"),
    [
        ({"regencies": KETAPANG}, {"regencies": SAMBAS}, {"regencies": frozenset()}),
        ({"npwp": NPWP}, {"npwp": OTHER_NPWP}, {"npwp": ""}),
    ],
    ids=["different regencies", "different NPWPs"],
)
def test_contradiction_is_never_proposed_without_the_code(
    one: dict[str, Any], other: dict[str, Any], unknown: dict[str, Any]
) -> None:
    same_name = {"name": "Peningkatan Jalan Sungai Raya", "contract_number": "602/77/SPK/2025"}

    assert proposals([package(**same_name, **one)], [registration(**same_name, **other)]) == {}
    # The control arm: as soon as one side does not know, it is.
    assert proposals([package(**same_name, **one)], [registration(**same_name, **unknown)]) != {}


def test_regency_of_several_is_enough() -> None:
    both = registration(regencies=KETAPANG | SAMBAS)

    assert Fact.SAME_REGENCY in facts(package(regencies=SAMBAS), both)


def test_branches_of_one_firm_have_one_npwp() -> None:
    branch = NPWP[:-3] + "001"

    assert facts(package(npwp=NPWP), registration(npwp=branch))[Fact.SAME_NPWP] == 25


@pytest.mark.parametrize(
    ("name", "fact", "points"),
    [
        ("CONTOH KARYA, PT", Fact.CONTRACTOR_ALIKE, 25),
        ("PT. Contoh Karya (Persero)", Fact.CONTRACTOR_ALIKE, 25),
        ("CV Contoh Kariya", Fact.CONTRACTOR_ALIKE, 24),
        ("UD Lain Sekali", Fact.CONTRACTOR_DIFFERS, -15),
    ],
)
def test_contractor_by_name(name: str, fact: Fact, points: int) -> None:
    assert facts(package(contractor="PT Contoh Karya"), registration(contractor=name))[fact] == points


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1000000000", {Fact.SAME_VALUE: 10}),
        ("1010000000", {Fact.SAME_VALUE: 10}),
        ("1010000001", {}),
        ("1110000000", {Fact.VALUE_BUT_VAT: 8}),
        ("1200000000", {}),
        ("1200000001", {Fact.VALUE_DIFFERS: -10}),
    ],
)
def test_values_support_or_contradict(value: str, expected: dict[Fact, int]) -> None:
    found = facts(package(value=Decimal("1000000000")), registration(value=Decimal(value)))

    assert {fact: points for fact, points in found.items() if "value" in fact} == expected


def test_dates_support_or_contradict() -> None:
    spk = datetime.date(2025, 3, 1)
    one = package(spk_date=spk)

    assert facts(one, registration(spk_date=spk))[Fact.SAME_SPK_DATE] == 5
    assert facts(one, registration(spk_date=datetime.date(2026, 3, 1)))[Fact.SPK_DATES_APART] == -15
    early = registration(registered_on=datetime.date(2025, 2, 28))
    assert facts(one, early)[Fact.REGISTERED_BEFORE_SPK] == -10


def test_school_of_another_number_is_another_school() -> None:
    fifth = package(name="Rehabilitasi Ruang Kelas SDN 5 Kubu")
    same, other = (registration(name=f"Rehab Ruang Kelas SD Negeri {n} Kubu") for n in ("05", "7"))

    assert facts(fifth, other)[Fact.NUMBERS_DIFFER] == -20
    assert (score(fifth, same), 38 <= (score(fifth, other) or 0) < LEAST_SCORE) == (60, True)


def test_another_project_of_the_same_contractor_is_not_proposed() -> None:
    one = package(npwp=NPWP, contractor="PT Contoh Karya")
    other = registration(npwp=NPWP, name="Pembangunan Gedung Puskesmas Kendawangan")

    assert score(one, other) == 30
    assert proposals([one], [other]) == {}


def test_at_most_five_the_best_first_and_without_the_rejected() -> None:
    others = [registration(id=number, value=Decimal(100 + number)) for number in range(20, 28)]
    one = package(value=Decimal(127))

    found = proposals([one], others)[1]
    rest = proposals([one], others, rejected={(1, 27), (2, 26)})[1]

    assert [(p.registration, p.score) for p in found] == [(26, 70), (27, 70), (20, 60), (21, 60), (22, 60)]
    assert [p.registration for p in rest] == [26, 20, 21, 22, 23]


WORDS = ("jalan", "sei", "raya", "sdn", "5", "7", "kubu", "paket", "10012345", "gedung", "II")
candidates = st.builds(
    Candidate,
    id=st.integers(1, 10**6),
    name=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    package_code=st.sampled_from(["", "10012345", "10012346"]),
    contractor=st.sampled_from(["", "PT Contoh", "CV. CONTOH", "PT Lain"]),
    npwp=st.sampled_from(["", NPWP, OTHER_NPWP]),
    regencies=st.sampled_from([frozenset(), KETAPANG, SAMBAS, KETAPANG | SAMBAS]),
    value=st.sampled_from([None, Decimal(100), Decimal(111)]),
)
lists = st.lists(candidates, max_size=12, unique_by=lambda candidate: candidate.id)


@given(lists, lists, st.randoms())
def test_order_of_the_lists_changes_nothing(one: Any, other: Any, random: Any) -> None:
    expected = proposals(one, other)
    shuffled, others = list(one), list(other)
    random.shuffle(shuffled)
    random.shuffle(others)

    assert proposals(shuffled, others) == expected
    for found in expected.values():
        assert 0 < len(found) <= 5
        assert all(LEAST_SCORE <= proposal.score <= 100 for proposal in found)
        assert [-p.score for p in found] == sorted(-p.score for p in found)


@given(lists, lists)
def test_what_is_proposed_is_what_comparing_the_pair_says(one: Any, other: Any) -> None:
    by_id = {candidate.id: candidate for candidate in one}
    others = {candidate.id: candidate for candidate in other}

    for found in proposals(one, other).values():
        for proposal in found:
            pair = by_id[proposal.package], others[proposal.registration]
            assert compare(*pair) == proposal


@given(st.lists(candidates, max_size=8, unique_by=lambda candidate: candidate.id), candidates)
def test_looking_up_by_words_loses_no_pair_of_a_short_list(others: Any, one: Any) -> None:
    scores = [found.score for other in others if (found := compare(one, other)) is not None]

    found = proposals([one], others).get(one.id, ())

    assert [p.score for p in found] == sorted((s for s in scores if s >= LEAST_SCORE), reverse=True)[:5]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "Pekerjaan Peningkatan Jln. Sei Raya-Kubu (Tahap II) TA. 2025",
            "peningkatan jalan sungai raya kubu tahap 2",
        ),
        ("REHAB RUANG KELAS SDN05 KEC.KUBU", "rehabilitasi ruang kelas sd negeri 5 kecamatan kubu"),
        ("Paket Pekerjaan Tahun Anggaran 2025", "paket pekerjaan tahun anggaran 2025"),
        ("", ""),
    ],
)
def test_names_are_brought_into_one_spelling(name: str, words: str) -> None:
    assert " ".join(project_words(name)) == words


def test_firms_are_known_without_their_legal_form() -> None:
    assert contractor_words("P.T. CONTOH KARYA, Tbk") == ["contoh", "karya"]
    assert contractor_words("PT.Contoh Karya") == ["contoh", "karya"]
    assert contractor_words("CV") == ["cv"]


def test_five_thousand_packages_take_seconds() -> None:
    places = [
        f"{a}{b}" for a in ("ka", "su", "me", "ran", "pa", "te") for b in ("lam", "bas", "wi", "ngo", "rau")
    ]

    def name(number: int) -> str:
        first, second = places[number % 30], places[number * 7 % 29]
        return f"Peningkatan Jalan {first} {second} ruas {places[number * 11 % 28]}{number % 50}"

    def regency(number: int) -> frozenset[str]:
        return frozenset({f"61.{number % 14:02d}"})

    packages = [Candidate(n, name(n), f"{10_000_000 + n}", regencies=regency(n)) for n in range(5000)]
    others = [Candidate(n, name(n * 3), regencies=regency(n * 3)) for n in range(3000)]

    began = time.process_time()
    found = proposals(packages, others)
    took = time.process_time() - began

    assert len(found) > 1500
    assert took < 20, "about three seconds on a quiet machine"


@pytest.mark.parametrize(
    ("looks_up", "most"), [(True, 300 * 40), (False, 300 * 300)], ids=["", "control arm"]
)
def test_few_pairs_are_compared(looks_up: bool, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    compare_pair = matching._compare

    def counted(*pair: Any) -> Any:
        nonlocal compared
        compared += 1
        return compare_pair(*pair)

    def every(index: Any, _package: Any) -> list[Any]:
        return [read for group in index._by_name.values() for read in group]

    monkeypatch.setattr(matching, "_compare", counted)
    if not looks_up:
        monkeypatch.setattr(matching._Index, "near", every)
    names = [f"Jalan {'abcdefghij'[n % 10] * 3} {'klmnopqrst'[n // 10 % 10] * 3}" for n in range(300)]
    listed = [Candidate(n, name) for n, name in enumerate(names)]

    proposals(listed, listed)

    assert compared <= most
    assert (compared <= 300 * 40) == looks_up
