"""The example: what it shows, through the selectors that pages use, and how it comes and goes."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django_tasks_db.models import DBTaskResult

from coverage_portal import demo
from coverage_portal.accounts import generation
from coverage_portal.accounts.models import AreaGrant, Change, User
from coverage_portal.demo import figures
from coverage_portal.demo.apportionment import apportion, interpolated
from coverage_portal.demo.clearing import RECORDS
from coverage_portal.intake import services as intake_services
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month, months
from projects.models import Holiday
from regions.coverage import Count
from regions.models import (
    Baseline,
    Membership,
    PeriodStatus,
    Province,
    QuotedFigure,
    Regency,
    Release,
    Target,
    Workforce,
)
from regions.selectors import area_overview
from tests import factories


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def loaded(db: None) -> None:
    call_command("demo")


def province_count(month: Month, segment: str | None = None) -> Count:
    standing = area_overview(Province.objects.get(code="61"), month, segment).standing
    assert standing is not None
    return standing.count


def regency_count(code: str, month: Month, segment: str | None = None) -> Count:
    standing = area_overview(Regency.objects.get(code=code), month, segment).standing
    assert standing is not None
    return standing.count


def rounded(percent: Decimal | None) -> str:
    assert percent is not None
    return str(percent.quantize(Decimal("0.01"), ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("month", "segment", "members", "workforce", "percent"),
    [
        (Month(2025, 7), None, 575_504, 1_819_430, "31.63"),
        (Month(2025, 12), None, 673_189, 1_819_430, "37.00"),
        (Month(2025, 6), None, 543_282, 1_819_430, "29.86"),
        (Month(2025, 9), None, 553_289, 1_819_430, "30.41"),
        (Month(2025, 6), "JAKON", 42_591, 154_008, "27.66"),
    ],
    ids=["July 2025", "December 2025", "June 2025", "September 2025", "construction, June 2025"],
)
def test_province_is_as_published(
    loaded: None, month: Month, segment: str | None, members: int, workforce: int, percent: str
) -> None:
    count = province_count(month, segment)

    assert (count.members, count.workforce, rounded(count.percent)) == (members, workforce, percent)
    assert (count.complete, count.regencies_in, count.regencies_all) == (True, 14, 14)
    assert count.difference in (None, 0)


@pytest.mark.parametrize(("segment", "people"), [("PU", 800_904), ("BPU", 864_518), ("JAKON", 154_008)])
def test_workforce_of_the_province_is_as_published(loaded: None, segment: str, people: int) -> None:
    assert province_count(Month(2025, 7), segment).workforce == people


@pytest.mark.parametrize(
    ("code", "month", "segment", "members", "workforce", "percent"),
    [
        ("61.04", Month(2024, 12), None, None, None, "68.02"),
        ("61.04", Month(2024, 12), "PU", 80_101, None, None),
        ("61.04", Month(2024, 12), "BPU", 42_217, None, None),
        ("61.08", Month(2024, 12), None, 69_590, 130_245, "53.43"),
        ("61.11", Month(2025, 10), None, None, None, "51.59"),
        ("61.71", Month(2025, 12), None, None, None, "40.00"),
        ("61.02", Month(2024, 9), None, None, None, "38.54"),
        ("61.01", Month(2025, 8), None, None, None, "24.00"),
        ("61.72", Month(2025, 6), None, 16_684, 73_236, "22.78"),
        ("61.03", Month(2025, 7), "JAKON", 4_519, 12_320, "36.68"),
        ("61.08", Month(2025, 7), None, None, 130_245, None),
        ("61.04", Month(2025, 7), None, None, 179_800, None),
        ("61.12", Month(2025, 7), None, None, 280_600, None),
        ("61.06", Month(2025, 7), None, None, 95_000, None),
    ],
)
def test_regency_is_as_published(
    loaded: None,
    code: str,
    month: Month,
    segment: str | None,
    members: int | None,
    workforce: int | None,
    percent: str | None,
) -> None:
    count = regency_count(code, month, segment)

    assert members in (None, count.members)
    assert workforce in (None, count.workforce)
    assert percent in (None, rounded(count.percent))
    assert count.difference in (None, 0)


def test_dashboard_opens_on_the_latest_complete_month(loaded: None) -> None:
    overview = area_overview(Province.objects.get(code="61"))

    assert overview.month == overview.headline_month == Month(2025, 12)
    assert overview.standing is not None
    assert (overview.standing.target_year, overview.standing.target_percent) == (2026, Decimal("61.00"))
    assert overview.standing.gap == 1_109_853 - 673_189
    assert [pace.per_month is None for pace in overview.standing.paces] == [False, False, False]
    assert [row.rank for row in overview.rows] == list(range(1, 15))


def test_last_month_waits_for_two_regencies(loaded: None) -> None:
    overview = area_overview(Province.objects.get(code="61"), Month(2026, 1))

    assert overview.standing is not None
    count = overview.standing.count
    assert (count.complete, count.partial, count.regencies_in, count.older_workforce_year) == (
        False,
        True,
        12,
        2025,
    )
    assert sorted(row.regency.code for row in overview.missing_rows) == ["61.05", "61.10"]


def test_trend_reaches_back_two_years_and_shows_the_new_workforce(loaded: None) -> None:
    trend = area_overview(Province.objects.get(code="61")).trend

    assert [point.month for point in trend] == months(Month(2024, 1), Month(2026, 1))
    assert [point.month for point in trend if point.workforce_break] == [Month(2025, 1)]
    assert trend[0].count.workforce == 1_791_000


def test_pontianak_has_its_own_target(loaded: None) -> None:
    rows = area_overview(Province.objects.get(code="61")).rows

    own = {row.regency.code: row.standing.target_percent for row in rows if row.has_own_target}
    assert own == {"61.71": Decimal("45.00")}


def test_first_quoted_figures_are_in_it(loaded: None) -> None:
    construction = QuotedFigure.objects.get(province_id="61", segment="JAKON")
    singkawang = QuotedFigure.objects.get(regency_id="61.72")

    assert (construction.quoted_percent, construction.numerator, construction.denominator) == (
        55,
        42_591,
        154_008,
    )
    assert (rounded(construction.own_percent), construction.is_off) == ("27.66", True)
    assert (singkawang.quoted_percent, singkawang.numerator) == (Decimal("22.77"), 16_684)
    assert singkawang.denominator == 89_920
    assert singkawang.is_off


def test_every_cell_lies_within_its_workforce(loaded: None) -> None:
    for month in months(figures.FIRST_MONTH, figures.LAST_MONTH):
        workforce = figures.workforce(min(month.year, 2025))
        for code, cells in figures.members(month).items():
            for segment, people in cells.items():
                assert 0 < people <= workforce[code][segment], (month, code, segment)


def test_invented_figures_say_so_and_published_ones_name_their_source(loaded: None) -> None:
    sources = {
        (m.area_code, m.segment, str(m.month)): m.source
        for m in Membership.objects.exclude(source=figures.INVENTED)
    }

    assert len(sources) == 7
    assert sources["61.04", "PU", "2024-12"] == "BPJS Ketenagakerjaan, ketapangmedia, 31 Juli 2025"
    assert sources["61", None, "2025-07"] == "BPJS Ketenagakerjaan, harianberkat.com, 24 September 2025"
    assert figures.INVENTED == "Contoh – ilustratif"
    assert Membership.objects.filter(source=figures.INVENTED).count() > 1000


@pytest.mark.parametrize(
    ("name", "area", "permission", "is_superuser"),
    [
        ("demo.pejabat", "61", "regions.view_membership", False),
        ("demo.bpjs", "61", "intake.confirm_import", False),
        ("demo.ketapang", "61.04", "intake.confirm_import", False),
        ("demo.admin", None, "accounts.delete_user", True),
    ],
)
def test_users_of_the_example_can_sign_in(
    loaded: None, client: Client, name: str, area: str | None, permission: str, is_superuser: bool
) -> None:
    client.post("/masuk/", {"username": name, "password": dict(demo.SIGN_INS)[name]})
    user = User.objects.get(username=name)

    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.has_perm(permission)
    assert user.is_superuser is is_superuser
    assert list(user.grants.values_list("area_code", flat=True)) == ([] if area is None else [area])


def test_loading_leaves_a_history_and_says_so_on_pages(loaded: None) -> None:
    figures_and_months = (Membership, Workforce, QuotedFigure, PeriodStatus, Release)
    written = (User, AreaGrant, *figures_and_months, *RECORDS)
    rows = sum(m.objects.count() for m in written) + 1 - Holiday.objects.count()

    assert demo.is_loaded()
    assert Change.objects.filter(source="command", reason="Data contoh").count() == rows


@pytest.mark.django_db
def test_clearing_leaves_nothing_of_it(client: Client, tmp_path: Path) -> None:
    targets, baselines = list(Target.objects.values()), list(Baseline.objects.values())
    call_command("demo", if_new=True)
    version = generation.current()
    bpjs = User.objects.get(username="demo.bpjs")
    client.force_login(bpjs)
    batch = intake_services.receive(
        kind="membership", file_name="a.csv", parts=[b"a;b\n"], user=bpjs, options={}
    )
    intake_services.cancel(batch=batch)

    call_command("demo", clear=True)

    empty = (User, AreaGrant, Membership, Workforce, QuotedFigure, ImportBatch, Change, Session, DBTaskResult)
    assert {model.__name__: model.objects.count() for model in empty} == dict.fromkeys(
        (m.__name__ for m in empty), 0
    )
    assert (list(Target.objects.values()), list(Baseline.objects.values())) == (targets, baselines)
    assert not list((tmp_path / "uploads").iterdir())
    assert not demo.is_loaded()
    assert generation.current() != version


def test_clearing_keeps_what_others_entered_and_gives_back_what_its_users_changed(
    loaded: None, client: Client
) -> None:
    real = factories.user("pengelola", is_staff=True, is_superuser=True)
    corrected = Membership.objects.get(regency_id="61.04", segment="PU", month=Month(2025, 12))
    spoilt = Membership.objects.get(regency_id="61.08", segment="PU", month=Month(2025, 12))
    start = Target.objects.get(province_id="61")
    client.force_login(real)
    for row in (corrected, spoilt):
        client.post(f"/admin/regions/membership/{row.pk}/change/", {"reported": "4711", "source": "Rekap"})
    client.force_login(User.objects.get(username="demo.admin"))
    client.post(f"/admin/regions/membership/{spoilt.pk}/change/", {"reported": "1", "source": "coba"})
    client.post(f"/admin/regions/target/{start.pk}/change/", {"percent": "99", "legal_basis": "coba"})

    call_command("demo", clear=True)

    kept = {(row.regency_id, row.reported, row.source) for row in Membership.objects.all()}
    assert kept == {("61.04", 4711, "Rekap"), ("61.08", 4711, "Rekap")}
    assert Target.objects.get().percent == Decimal("61.00")
    assert [user.username for user in User.objects.all()] == ["pengelola"]
    assert set(Change.objects.values_list("actor", flat=True)) == {"pengelola"}


def test_cleared_example_does_not_come_back_by_itself(loaded: None) -> None:
    call_command("demo", clear=True)

    call_command("demo", if_new=True)
    with pytest.raises(CommandError, match="--force"):
        call_command("demo")

    assert not User.objects.exists()
    call_command("demo", force=True)
    assert demo.is_loaded()


@pytest.mark.parametrize(
    "make", [factories.user, lambda: factories.workforce(factories.regency(), 1)], ids=["user", "figure"]
)
@pytest.mark.django_db
def test_database_that_is_not_empty_is_left_alone(make: Any) -> None:
    make()

    call_command("demo", if_new=True)
    with pytest.raises(CommandError, match="sudah berisi"):
        call_command("demo")

    assert not Membership.objects.exists()
    assert demo.state() == ""
    assert not demo.is_loaded()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("EMBEDDED", False, "tidak pernah dengan DATABASE_URL"), ("HOME_PROVINCE", "62", "HOME_PROVINCE=61")],
    ids=["own database", "other province"],
)
def test_example_is_only_for_its_own_database_and_province(
    settings: Any, name: str, value: Any, sentence: str
) -> None:
    setattr(settings, name, value)

    call_command("demo", if_new=True)
    with pytest.raises(CommandError, match=sentence):
        call_command("demo")

    assert not User.objects.exists()


def test_own_database_never_shows_the_banner(loaded: None, settings: Any) -> None:
    settings.EMBEDDED = False

    assert not demo.is_loaded()


@pytest.mark.django_db
def test_failed_load_leaves_no_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise RuntimeError

    monkeypatch.setattr(generation, "move", refuse)

    with pytest.raises(RuntimeError):
        call_command("demo")

    assert demo.state() == ""
    assert not User.objects.exists()


def test_clearing_needs_an_example() -> None:
    with pytest.raises(CommandError, match="never loaded"):
        call_command("demo", clear=True)


@pytest.mark.parametrize(
    ("total", "weights", "fixed", "parts"),
    [
        (10, {"a": 1, "b": 1, "c": 1}, {}, {"a": 4, "b": 3, "c": 3}),
        (10, {"a": 5, "b": 3, "c": 1}, {}, {"a": 6, "b": 3, "c": 1}),
        (10, {"a": 1, "b": 1, "c": 1}, {"b": 7}, {"a": 2, "b": 7, "c": 1}),
        (0, {"a": 1, "b": 2}, {}, {"a": 0, "b": 0}),
        (7, {"a": 1, "b": 0}, {"a": 7}, {"a": 7, "b": 0}),
        (5, {"a": 0, "b": 1}, {}, {"a": 0, "b": 5}),
    ],
    ids=["ties go to the first", "largest remainder", "fixed part", "nothing", "all fixed", "no weight"],
)
def test_apportion(total: int, weights: dict[str, int], fixed: dict[str, int], parts: dict[str, int]) -> None:
    assert apportion(total, weights, fixed) == parts


@pytest.mark.parametrize(
    ("total", "weights", "fixed"), [(5, {"a": 1}, {"a": 6}), (5, {"a": 0}, {}), (5, {"a": 1}, {"a": 4})]
)
def test_apportion_refuses_what_cannot_add_up(
    total: int, weights: dict[str, int], fixed: dict[str, int]
) -> None:
    with pytest.raises(ValueError, match="cannot be apportioned"):
        apportion(total, weights, fixed)


@pytest.mark.parametrize(
    ("at", "value"), [(-1, 10), (0, 10), (5, 15), (10, 20), (11, 18), (15, 10), (99, 10)]
)
def test_interpolated(at: int, value: int) -> None:
    assert interpolated({0: 10, 10: 20, 15: 10}, at) == value
