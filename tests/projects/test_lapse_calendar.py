"""The lapse calendar: what ends when, who is then without cover, and what coverage is left."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change
from coverage_portal.lib.periods import Month
from projects import lapses, services
from projects.lapses import Base
from projects.models import Enrollment, Project, Worker
from regions.models import Regency
from tests import factories

from . import records

TODAY = datetime.date(2025, 6, 30)


def month(text: str) -> Month:
    return Month.parse(text)


def test_lost_workers_add_up_and_coverage_never_falls_below_zero() -> None:
    base = Base(month("2025-05"), members=100, workforce=400)

    found = lapses.ahead(
        month("2025-06"), {month("2025-07"): 2}, {month("2025-07"): 60, month("2025-09"): 50}, base
    )

    assert [line.month for line in found] == [month("2025-06") + n for n in range(12)]
    assert [line.lost for line in found[:5]] == [0, 60, 60, 110, 110]
    assert [line.percent for line in found[:5]] == [25, 10, 10, 0, 0]
    assert [line.projects for line in found[:3]] == [0, 2, 0]


def test_without_known_coverage_there_is_no_percentage() -> None:
    assert {line.percent for line in lapses.ahead(month("2025-06"), {}, {month("2025-07"): 1}, None)} == {
        None
    }


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)
    cache.clear()


def covered(name: str, cover_end: str, last_day: str, regency: str = "61.04") -> Project:
    """A project that has paid, covered up to a day."""
    made = records.project(
        name,
        regency=regency,
        contractor=records.contractor(f"PT {name}"),
        spk_date=records.day("2025-01-06"),
        start=records.day("2025-01-13"),
        end=records.day(last_day),
        has_maintenance=False,
        contract_value=Decimal(100_000_000),
        registered_on=records.day("2025-01-08"),
        cover_end=records.day(cover_end),
    )
    with services.payments_of([made.pk]):
        records.payment(made)
    return made


@pytest.fixture
def official(client: Client) -> Client:
    client.force_login(factories.user("pejabat", "61"))
    return client


def calendar(client: Client, **given: str) -> Any:
    return client.get("/proyek/kalender/", given).context["calendar"]


@pytest.mark.django_db
def test_spans_reach_from_today_to_ninety_days_ahead(official: Client) -> None:
    for name, day in {
        "A": "2025-06-29",  # lapsed already
        "B": "2025-06-30",
        "C": "2025-07-30",
        "D": "2025-07-31",
        "E": "2025-08-29",
        "F": "2025-08-30",
        "G": "2025-09-28",
        "H": "2025-09-29",  # the 91st day
    }.items():
        covered(name, day, "2025-12-31")

    spans = calendar(official).spans

    assert [[line.project.name for line in span.shown] for span in spans] == [
        ["B", "C"],
        ["D", "E"],
        ["F", "G"],
    ]
    assert [span.projects for span in spans] == [2, 2, 2]


@pytest.mark.django_db
def test_work_that_goes_on_is_told_from_work_that_ends_too(official: Client) -> None:
    covered("Selesai bersama", "2025-07-10", "2025-07-10")
    covered("Masih berjalan", "2025-07-12", "2025-12-31")

    page = official.get("/proyek/kalender/")
    span = page.context["calendar"].spans[0]

    assert (span.projects, span.going_on) == (2, 1)
    assert page.content.decode().count("perlu diperpanjang") == 1


@pytest.mark.django_db
def test_each_worker_is_lost_once_when_the_last_cover_ends(official: Client) -> None:
    first, second = covered("A", "2025-07-31", "2025-12-31"), covered("B", "2025-09-30", "2025-12-31")
    both = records.enrolled(first, 9001)
    Enrollment.objects.create(
        worker=both.worker,
        segment="JAKON",
        regency_id="61.04",
        project=second,
        start=records.day("2025-02-01"),
    )
    records.enrolled(first, 9002)
    leaving = records.enrolled(second, 9003)
    Enrollment.objects.filter(pk=leaving.pk).update(end=records.day("2025-08-15"))
    gone = records.enrolled(first, 9004)
    Enrollment.objects.filter(pk=gone.pk).update(end=records.day("2025-05-31"))

    months = calendar(official).months

    assert {
        line.month: (line.projects, line.workers) for line in months if line.projects or line.workers
    } == {
        month("2025-07"): (1, 1),
        month("2025-08"): (0, 1),
        month("2025-09"): (1, 1),
    }
    assert Worker.objects.count() == 4


@pytest.mark.django_db
def test_coverage_is_that_of_the_headline_month_less_who_is_lost(official: Client) -> None:
    made = covered("A", "2025-07-31", "2025-12-31")
    for serial in range(9001, 9004):
        records.enrolled(made, serial)
    _figures()

    shown = calendar(official)

    assert shown.base == Base(month("2025-05"), 14 * 250, 14 * 1000)
    assert shown.months[0].percent == 25
    assert shown.months[1].percent == Decimal(14 * 250 - 3) * 100 / (14 * 1000)


def _figures() -> None:
    for regency in Regency.objects.active():
        factories.workforce(regency, 1000)
        factories.membership(regency, 250, month="2025-05")


@pytest.mark.django_db
def test_regency_s_official_sees_their_own_only(client: Client) -> None:
    covered("Ketapang", "2025-07-10", "2025-12-31")
    covered("Pontianak", "2025-07-10", "2025-12-31", regency="61.71")
    _figures()
    client.force_login(factories.user("pontianak", "61.71"))

    shown = calendar(client)

    assert [line.project.name for line in shown.spans[0].shown] == ["Pontianak"]
    assert (shown.area.code, shown.base.workforce) == ("61.71", 1000)
    assert sum(line.projects for line in shown.months) == 1


@pytest.mark.django_db
def test_of_several_regencies_no_coverage_is_made_up(client: Client) -> None:
    _figures()
    client.force_login(factories.user("dua", "61.71", "61.04"))

    assert calendar(client).base is None


@pytest.mark.django_db
def test_change_is_seen_at_the_next_visit(official: Client) -> None:
    made = covered("A", "2025-07-10", "2025-12-31")
    assert calendar(official).months[1].projects == 1

    services.edit_projects(
        projects=[made.pk],
        values={"cover_end": records.day("2025-08-10")},
        author=Author(None, Change.Source.COMMAND),
    )

    shown = calendar(official)
    assert [line.projects for line in shown.months[:3]] == [0, 0, 1]
    assert [span.projects for span in shown.spans] == [0, 1, 0]


@pytest.mark.django_db
def test_same_queries_however_many_lapse(official: Client) -> None:
    def queries() -> int:
        calendar(official)
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            calendar(official)
        return len(captured)

    covered("A", "2025-07-10", "2025-12-31")
    few = queries()
    for number in range(10):
        records.enrolled(covered(f"B{number}", f"2025-0{7 + number % 3}-11", "2025-12-31"), 9010 + number)

    assert queries() == few <= 18
