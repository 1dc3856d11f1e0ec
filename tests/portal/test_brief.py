"""Every number of a brief is the dashboard's or the project list's, in the PDF as well.

The same user, month and day are asked of both.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import Sum
from django.utils import timezone

from coverage_portal.accounts.models import User
from coverage_portal.brief import Brief, compose, sheet
from coverage_portal.demo import project_loading
from coverage_portal.lib.numbers import format_number, format_percent, format_rupiah
from coverage_portal.lib.periods import Month
from projects.selectors import listing, work_lists
from projects.selectors.calendar import calendar
from projects.selectors.listing import RUNNING, Wanted
from regions import selectors
from regions.models import Agency, Commitment, Province, Regency, Target
from regions.selectors import commitments
from tests import factories, pdf_text

pytestmark = pytest.mark.django_db

JULY, JUNE = Month(2025, 7), Month(2025, 6)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def figures() -> None:
    """Two years of workforce and half a year of members, of which the last month lacks two regencies."""
    for place, regency in enumerate(Regency.objects.active().by_code()):
        for segment, people in (("PU", 60_000), ("BPU", 50_000), ("JAKON", 9_000)):
            factories.workforce(regency, people + 1_001 * place, segment=segment)
            for number in range(1, 9):
                if number == 8 and regency.code in ("61.05", "61.10"):
                    continue
                members = (people // 4) + 707 * place + (number * 100 if place % 2 else 0)
                factories.membership(
                    regency,
                    members,
                    segment=segment,
                    month=f"2025-{number:02d}",
                    data_date=datetime.date(2025, number, 28),
                )
    factories.target(factories.regency("61.71"), "45")


@pytest.fixture
def projects() -> None:
    project_loading.load()


@pytest.fixture
def official() -> User:
    return factories.user("pejabat", "61")


def brief_of(
    user: Any, code: str = "61", month: Month | None = None, on: datetime.date | None = None
) -> Brief:
    area: Province | Regency = (
        factories.province() if code == "61" else Regency.objects.select_related("province").get(code=code)
    )
    brief = compose(selectors.area_overview(area, month), user, on or timezone.localdate())
    assert brief is not None
    return brief


@pytest.mark.parametrize("month", [None, JUNE, Month(2025, 8)], ids=["latest whole", "June", "not all in"])
def test_coverage_is_the_dashboard_s(figures: None, official: User, month: Month | None) -> None:
    overview = selectors.area_overview(factories.province(), month)

    brief = brief_of(official, month=month)

    assert brief.month == overview.month == (month or JULY)
    assert brief.standing == overview.standing
    assert [(line.regency.code, line.standing, line.rank, line.has_own_target) for line in brief.lines] == [
        (row.regency.code, row.standing, row.rank, row.has_own_target) for row in overview.rows
    ]
    assert brief.segments == overview.segments
    assert brief.sources == overview.sources


def test_projects_are_the_list_s_the_calendar_s_and_the_letters(projects: None, figures: None) -> None:
    user, on = factories.user("pejabat", "61"), timezone.localdate()

    built = brief_of(user).construction

    assert built is not None
    assert built.total == listing.listing(user, Wanted(), on).total
    assert built.total.projects > built.total.registered > 0
    assert [
        (lapse.first, lapse.last, lapse.projects, lapse.going_on, lapse.workers) for lapse in built.lapses
    ] == [
        (span.first, span.last, span.projects, span.going_on, span.workers)
        for span in calendar(user, on).spans[:2]
    ]
    assert built.lapsing > 0
    counted = {
        rule: listing.listing(user, Wanted(rule=rule), on).page.paginator.count for rule in work_lists.ASKING
    }
    assert {rule.value: projects for rule, projects in built.by_rule} == {
        k: n for k, n in counted.items() if n
    }
    assert built.asking == sum(line.projects for line in work_lists.agencies(user, on).lines)
    lines = listing.projects_as_of(user, Wanted(), on).filter(RUNNING)
    assert built.unpaid == lines.aggregate(sum=Sum("outstanding"))["sum"] > built.total.arrears
    assert built.without_due == lines.filter(outstanding=None).count() > 0


def test_pdf_and_pages_show_the_same_numbers(
    figures: None, projects: None, official: User, client: Any
) -> None:
    client.force_login(official)
    dashboard = client.get("/", headers={"accept-language": "id"}).content.decode().replace("\xa0", " ")
    project_list = client.get("/proyek/").content.decode().replace("\xa0", " ")
    brief = brief_of(official)

    text = pdf_text.text_of(sheet.file(brief, timezone.now()))

    standing, count, built = brief.standing, brief.standing.count, brief.construction
    assert built is not None
    assert standing.target_percent is not None
    assert brief.pace is not None
    assert brief.pace.per_month is not None
    on_dashboard = [
        percent(count.percent),
        *map(number, (count.members, count.workforce, standing.gap, standing.needed)),
        number(standing.required_per_month),
        number(brief.pace.per_month),
        *[percent(line.standing.count.percent) for line in brief.lines],
        *[number(line.standing.gap) for line in brief.lines if line.standing.gap],
        *[percent(segment.percent) for segment in brief.segments if segment.members is not None],
        *[number(segment.members) for segment in brief.segments if segment.members is not None],
    ]
    on_list = [
        f"{number(built.total.registered)} dari {number(built.total.projects)}",
        f"{number(built.total.protected)} dari {number(built.total.planned)}",
    ]
    on_paper_only = [
        *[number(holding.missing) for holding in brief.holding],
        *[number(holding.needed) for holding in brief.holding],
        number(brief.missing_here),
        number(brief.missing_everywhere),
        format_rupiah(built.unpaid, "id"),
        format_rupiah(built.total.arrears, "id"),
    ]
    assert len(on_dashboard) > 40
    assert [shown for shown in on_dashboard if shown not in dashboard] == []
    assert [shown for shown in on_list if shown not in project_list] == []
    assert [shown for shown in [*on_dashboard, *on_list, *on_paper_only] if shown not in text] == []
    assert f"Target2025:{percent(standing.target_percent, 0)}".replace(" ", "") in text.replace(
        "2026", "2025"
    )


def number(value: Decimal | int | None) -> str:
    return format_number(value, "id")


def percent(value: Decimal | None, places: int = 2) -> str:
    return format_percent(value, "id", places).replace("\xa0", " ")


def _cell(code: str, workforce: int, members: int) -> None:
    factories.workforce(factories.regency(code), workforce)
    factories.membership(factories.regency(code), members)


def test_who_holds_the_province_back_is_measured_by_the_province_s_target() -> None:
    factories.target(factories.province(), "60.80")
    factories.target(factories.regency("61.71"), "20")
    for code, workforce, members in (
        ("61.01", 1_001, 100),  # 608.608 -> 609 needed, 509 missing
        ("61.02", 1_000, 608),  # exactly enough
        ("61.03", 500, 10),  # 304 needed, 294 missing
        ("61.04", 10_000, 9_000),  # more than enough: takes nothing off the others
        ("61.05", 1_000, 599),  # 9 missing
        ("61.06", 1_000, 599),
        ("61.07", 1_000, 607),  # 1 missing, the sixth
        ("61.71", 1_000, 300),  # its own target is met; of the province's 308 are missing
    ):
        _cell(code, workforce, members)

    brief = brief_of(None)

    assert [(one.regency.code, one.needed, one.missing) for one in brief.holding] == [
        ("61.01", 609, 509),
        ("61.71", 608, 308),
        ("61.03", 304, 294),
        ("61.05", 608, 9),
        ("61.06", 608, 9),
    ]
    assert (brief.missing_here, brief.missing_everywhere) == (1_129, 1_130)
    assert brief.standing.gap == 0
    by_code = {line.regency.code: line.standing for line in brief.lines}
    assert [by_code[one.regency.code].gap for one in brief.holding] == [509, 0, 294, 9, 9]


def test_without_a_target_nobody_holds_back() -> None:
    Target.objects.all().delete()
    _cell("61.01", 1_000, 100)

    brief = brief_of(None)

    assert (brief.holding, brief.missing_everywhere, brief.share_here) == ((), 0, None)
    assert "Target belum ditetapkan" in sheet.html(brief, timezone.now())


def test_regency_s_brief_has_its_segments_and_its_projects_only(
    figures: None, projects: None, settings: Any
) -> None:
    settings.PUBLIC_AGGREGATES = False
    own, on = factories.user("ketapang", "61.04"), timezone.localdate()
    provincial = factories.user("pejabat", "61")
    overview = selectors.area_overview(Regency.objects.select_related("province").get(code="61.04"))

    brief = brief_of(own, "61.04")

    assert (brief.lines, brief.holding) == ((), ())
    assert (brief.standing, brief.segments) == (overview.standing, overview.segments)
    assert brief.construction is not None
    assert brief.construction.total == listing.listing(own, Wanted(), on).total
    assert 0 < brief.construction.total.projects < brief_of(provincial).construction.total.projects  # type: ignore[union-attr]
    assert brief == brief_of(provincial, "61.04")


@pytest.mark.parametrize(("areas", "sees"), [((), False), (("61.04",), False), (("61",), True)])
def test_projects_of_the_province_are_for_those_who_may_see_all_of_it(
    figures: None, projects: None, areas: tuple[str, ...], sees: bool
) -> None:
    brief = brief_of(factories.user("pembaca", *areas))

    assert (brief.construction is not None) is sees
    assert ("Jasa konstruksi:" in sheet.html(brief, timezone.now())) is sees


def test_projects_are_judged_as_of_the_day_asked_for(figures: None, projects: None, official: User) -> None:
    then = timezone.localdate() - datetime.timedelta(days=200)

    brief = brief_of(official, on=then)

    assert brief.construction is not None
    assert brief.construction.total == listing.listing(official, Wanted(), then).total
    assert brief.construction != brief_of(official).construction


def test_official_total_without_detail_makes_a_brief(official: User) -> None:
    factories.workforce(factories.province(), 1_819_430)
    factories.target(factories.province(), "60.80")
    factories.membership(factories.province(), 575_504)

    brief = brief_of(official)
    html = sheet.html(brief, timezone.now()).replace("\xa0", " ")

    assert (brief.standing.gap, brief.standing.required_per_month) == (530_710, 31_219)
    assert "31,63 %" in html
    assert "Belum dapat dihitung: rincian kab/kota belum masuk." in html
    assert "Peserta aktif adalah angka resmi yang belum dirinci." in html
    assert "Belum ada proyek jasa konstruksi dalam portal ini." in html


def test_promises_are_those_of_the_page_of_follow_up(figures: None, official: User) -> None:
    factories_of_promises()
    area, today = Province.objects.get(code="61"), datetime.date(2025, 8, 20)
    overview = selectors.area_overview(area, JULY)

    brief = compose(overview, official, today)

    found = commitments.of_overview(overview, official, today)
    assert brief is not None
    assert brief.follow_up is not None
    assert found is not None
    assert brief.follow_up.promised == found.total
    assert (found.total.open, found.total.overdue) == (2, 1)
    assert [(p.regency, p.is_overdue) for p in brief.follow_up.named] == [
        ("Kab. Sambas", True),
        ("Kab. Ketapang", False),
    ]
    text = " ".join(pdf_text.text_of(sheet.file(brief, timezone.now())).split())
    assert "2 janji berjalan" in text
    assert "1 lewat tenggat" in text


def test_promises_are_for_those_who_may_see_all_of_the_area(figures: None) -> None:
    factories_of_promises()
    overview = selectors.area_overview(Province.objects.get(code="61"), JULY)

    brief = compose(overview, factories.user("sambas", "61.01"), datetime.date(2025, 8, 20))

    assert brief is not None
    assert brief.follow_up is None


def factories_of_promises() -> None:
    agency = Agency.objects.create(
        code="61.NAKER", name="Disnaker (contoh)", kind="opd_prov", province_id="61"
    )
    for code, day in (("61.04", 25), ("61.01", 10)):
        Commitment.objects.create(
            regency_id=code,
            agency=agency,
            promise="Mendaftarkan pekerja rentan (contoh)",
            promised_members=1_000,
            made_on=datetime.date(2025, 7, 1),
            due_on=datetime.date(2025, 8, day),
            source="Rapat contoh",
        )
