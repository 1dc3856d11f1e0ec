"""What pages are given of promises: whose, how urgent, beside which gap, and what members gained since."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from coverage_portal.lib.periods import Month
from regions import selectors
from regions.deadlines import Stage
from regions.models import Commitment, Province, Regency
from regions.selectors import commitments
from regions.selectors.commitments import Commitments, Wanted
from tests import factories

pytestmark = pytest.mark.django_db
ON = datetime.date(2025, 11, 27)
SEGMENTS = ("PU", "BPU", "JAKON")
CLOSED: dict[str, Any] = {
    "status": "selesai",
    "closed_on": datetime.date(2025, 11, 1),
    "closing_note": "terdaftar",
}


@pytest.fixture
def home() -> Province:
    return factories.province()


@pytest.fixture
def sambas() -> Regency:
    return factories.regency("61.01")


def fill(regency: Regency, month: str, *members: int) -> None:
    for segment, people in zip(SEGMENTS, members, strict=True):
        factories.membership(regency, people, month=month, segment=segment)


def potensi(regency: Regency, *people: int) -> None:
    for segment, number in zip(SEGMENTS, people, strict=True):
        factories.workforce(regency, number, segment=segment)


def of_regency(regency: Regency, user: Any, **wanted: Any) -> Commitments:
    found = commitments.of_overview(selectors.area_overview(regency, **wanted), user, ON)
    assert found is not None
    return found


def of_province(province: Province, user: Any) -> Commitments:
    found = commitments.of_overview(selectors.area_overview(province), user, ON)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("grants", "seen"),
    [(["61"], ["61.01", "61.04"]), (["61.04"], ["61.04"]), (["62"], []), ([], [])],
    ids=["province", "one regency", "elsewhere", "nowhere"],
)
def test_promises_are_for_those_with_a_grant_public_or_not(
    sambas: Regency, settings: Any, grants: list[str], seen: list[str]
) -> None:
    settings.PUBLIC_AGGREGATES = True
    factories.commitment(sambas)
    factories.commitment(factories.regency("61.04"))
    reader = factories.user("pembaca", *grants)

    for found in (Commitment.objects.visible_to(reader), Commitment.objects.editable_by(reader)):
        assert sorted(found.values_list("regency_id", flat=True)) == seen
    assert list(Commitment.objects.visible_to(AnonymousUser())) == []
    assert list(Commitment.objects.visible_to(None)) == []


@pytest.mark.parametrize("grant", [None, "61.04", "62"], ids=["nobody", "another regency", "elsewhere"])
def test_panel_of_a_regency_is_hidden_from_whoever_has_no_grant_for_it(
    sambas: Regency, grant: str | None
) -> None:
    factories.commitment(sambas)
    reader = factories.user("pembaca", grant) if grant else AnonymousUser()

    assert commitments.of_overview(selectors.area_overview(sambas), reader, ON) is None


def test_open_promises_add_up_beside_the_gap(sambas: Regency) -> None:
    potensi(sambas, 500, 400, 100)
    fill(sambas, "2025-10", 100, 50, 10)
    factories.target(sambas, "61", year=2025)
    for due_on, members, segment in (
        ("2025-11-26", 120, ""),
        ("2025-11-27", 30, "BPU"),
        ("2026-03-01", None, ""),
        ("2026-03-01", 7, "PMI"),
    ):
        factories.commitment(sambas, due_on, promised_members=members, segment=segment)
    factories.commitment(sambas, promised_members=1000, **CLOSED)
    factories.commitment(factories.regency("61.04"), promised_members=5000)

    found = of_regency(sambas, factories.user("pembaca", "61.01"))

    assert (found.total.members, found.total.gap, found.month) == (150, 450, Month(2025, 10))
    assert (found.total.open, found.total.overdue, found.total.due_soon) == (4, 1, 1)
    assert (found.total.without_number, found.whole) == (1, True)
    assert [row.stage for row in found.rows] == [Stage.OVERDUE, Stage.DUE_SOON, *[Stage.RUNNING] * 2]
    assert [row.days_left for row in found.rows[:2]] == [-1, 0]
    assert found.rows[0].days_over == 1


def test_pmi_is_in_the_sum_only_where_it_counts(sambas: Regency, settings: Any) -> None:
    factories.commitment(sambas, promised_members=7, segment="PMI")
    reader = factories.user("pembaca", "61")

    outside = of_regency(sambas, reader).total.members
    settings.INCLUDE_PMI = True

    assert (outside, of_regency(sambas, reader).total.members) == (None, 7)


def test_one_segment_has_no_gap_to_set_promises_against(sambas: Regency) -> None:
    potensi(sambas, 500, 400, 100)
    fill(sambas, "2025-10", 100, 50, 10)
    factories.target(sambas, "61", year=2025)
    factories.commitment(sambas, promised_members=5)

    found = of_regency(sambas, factories.user("pembaca", "61"), segment="PU")

    assert (found.total.members, found.total.gap) == (5, None)


def test_province_adds_up_by_regency_with_overdue_ones_first(home: Province, sambas: Regency) -> None:
    ketapang = factories.regency("61.04")
    for regency in (sambas, ketapang):
        potensi(regency, 500, 400, 100)
        fill(regency, "2025-10", 100, 50, 10)
    factories.target(home, "61", year=2025)
    factories.commitment(sambas, "2026-03-01", promised_members=10)
    factories.commitment(ketapang, "2025-11-01", promised_members=20)
    factories.commitment(ketapang, "2026-03-01", promised_members=25)

    found = of_province(home, factories.user("pembaca", "61"))

    assert [
        (
            each.regency.code,
            each.promised.open,
            each.promised.overdue,
            each.promised.members,
            each.promised.gap,
        )
        for each in found.regencies
    ] == [("61.04", 2, 1, 45, 450), ("61.01", 1, 0, 10, 450)]
    assert (found.total.members, found.total.gap, found.whole) == (55, 900, True)
    assert [row.commitment.regency_id for row in found.overdue_rows] == ["61.04"]


def test_officer_of_one_regency_sees_its_sums_on_the_provinces_page(home: Province, sambas: Regency) -> None:
    potensi(sambas, 500, 400, 100)
    fill(sambas, "2025-10", 100, 50, 10)
    factories.target(home, "61", year=2025)
    factories.commitment(sambas, promised_members=10)
    factories.commitment(factories.regency("61.04"), promised_members=20)

    found = of_province(home, factories.user("pembaca", "61.01"))

    assert [each.regency.code for each in found.regencies] == ["61.01"]
    assert (found.total.members, found.total.gap, found.whole) == (10, None, False)
    assert found.regencies[0].promised.gap == 450


def test_gain_goes_from_the_month_of_the_promise_to_the_latest_complete_one(sambas: Regency) -> None:
    potensi(sambas, 500, 400, 100)
    fill(sambas, "2025-08", 100, 50, 10)
    fill(sambas, "2025-10", 110, 90, 10)
    factories.membership(sambas, 500, month="2025-11", segment="PU")
    factories.commitment(sambas, "2026-01-01")
    factories.commitment(sambas, "2026-01-02", segment="BPU")

    whole, part = (row.gain for row in of_regency(sambas, factories.user("pembaca", "61")).rows)

    assert whole is not None
    assert (whole.since, whole.until, whole.members) == (Month(2025, 8), Month(2025, 10), 50)
    assert (whole.percent_then, whole.percent_now) == (Decimal(16), Decimal(21))
    assert part is not None
    assert (part.until, part.members) == (Month(2025, 10), 40)


@pytest.mark.parametrize(
    ("months", "until", "members"),
    [
        ({}, None, None),
        ({"2025-08": 10}, None, None),
        ({"2025-10": 10}, Month(2025, 10), None),
        ({"2025-08": 12, "2025-10": 10}, Month(2025, 10), -2),
    ],
    ids=["no data", "none later", "none then", "fewer than then"],
)
def test_gain_is_unknown_where_a_month_is_missing(
    sambas: Regency, months: dict[str, int], until: Month | None, members: int | None
) -> None:
    for month, people in months.items():
        factories.membership(sambas, people, month=month)
    factories.commitment(sambas, "2026-01-01")

    (row,) = of_regency(sambas, factories.user("pembaca", "61")).rows

    assert row.gain is not None
    assert (row.gain.until, row.gain.members) == (until, members)


def test_same_queries_however_many_promises(
    home: Province, sambas: Regency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader = factories.user("pembaca", "61")
    _ = reader.scope
    province, regency = selectors.area_overview(home), selectors.area_overview(sambas)
    reads: list[tuple[int, Callable[[], Any]]] = [
        (3, lambda: commitments.of_overview(province, reader, ON)),
        (2, lambda: commitments.of_overview(regency, reader, ON)),
        (3, lambda: [row.commitment.agency.name for row in commitments.listing(reader, Wanted(), ON).rows]),
        (1, lambda: commitments.closed_rows(sambas, reader, ON)),
    ]

    for times in (1, 12):
        for number in range(times):
            for regency_ in (sambas, factories.regency("61.04")):
                factories.commitment(regency_, promise=f"janji {number}", segment="BPU")
                factories.commitment(regency_, **CLOSED)
        for queries, read in reads:
            with django_assert_num_queries(queries):
                read()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), ["lewat", "hari ini", "nanti", "selesai", "lain"]),
        (Wanted(stage="terbuka"), ["lewat", "hari ini", "nanti", "lain"]),
        (Wanted(stage="lewat"), ["lewat"]),
        (Wanted(stage="segera"), ["hari ini"]),
        (Wanted(stage="berjalan"), ["nanti", "lain"]),
        (Wanted(stage="selesai"), ["selesai"]),
        (Wanted(stage="batal"), []),
        (Wanted(regency="61.04"), ["lain"]),
        (Wanted(regency="61.04", stage="lewat"), []),
        (Wanted(regency="62.01"), []),
    ],
)
def test_list_is_narrowed_by_regency_and_stage(sambas: Regency, wanted: Wanted, expected: list[str]) -> None:
    factories.commitment(sambas, "2025-11-26", promise="lewat")
    factories.commitment(sambas, "2025-11-27", promise="hari ini")
    factories.commitment(sambas, "2026-03-01", promise="nanti")
    factories.commitment(sambas, promise="selesai", **CLOSED)
    factories.commitment(factories.regency("61.04"), "2026-03-02", promise="lain")
    elsewhere = factories.regency("62.01", "Kotawaringin Barat")
    factories.commitment(elsewhere, agency=factories.office())
    reader = factories.user("pembaca", "61", "62")

    found = commitments.listing(reader, wanted, ON)

    assert sorted(row.commitment.promise for row in found.rows) == sorted(expected)
    assert len(found.regencies) == 14
