"""What the pages are given: one pass over the stored parts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from coverage_portal.accounts.models import Role
from coverage_portal.lib.periods import Month
from regions import selectors
from regions.models import Membership, Province, Regency, Target
from tests import factories

pytestmark = pytest.mark.django_db
JULY = Month(2025, 7)


def fill(
    code: str, month: str, *, members: tuple[int, int, int], people: tuple[int, int, int] | None = None
) -> Regency:
    area = Regency.objects.get(code=code)
    for place, segment in enumerate(("PU", "BPU", "JAKON")):
        factories.membership(area, members[place], month=month, segment=segment)
        if people:
            factories.workforce(area, people[place], year=2025, segment=segment)
    return area


@pytest.fixture(autouse=True)
def _nothing_is_small(settings: Any) -> None:
    """Whose few people these figures are of does not matter here."""
    settings.SMALL_CELLS_BELOW = 0


@pytest.fixture
def home() -> Province:
    return Province.objects.get(code="61")


def test_ranking_goes_by_coverage_and_puts_missing_ones_last_without_a_rank(home: Province) -> None:
    fill("61.01", "2025-07", members=(10, 0, 0), people=(100, 50, 50))
    fill("61.04", "2025-07", members=(50, 0, 0), people=(50, 25, 25))

    overview = selectors.area_overview(home, JULY)

    first, second, third = overview.rows[:3]
    assert (first.regency.code, first.rank, first.standing.count.percent) == ("61.04", 1, Decimal(50))
    assert (second.regency.code, second.rank, second.standing.count.percent) == ("61.01", 2, Decimal(5))
    assert third.rank is None
    assert len(overview.missing_rows) == 12


def test_own_target_overrides_the_provinces_for_its_year(home: Province) -> None:
    pontianak = fill("61.71", "2025-07", members=(40, 0, 0), people=(50, 25, 25))
    factories.target(pontianak, "45", year=2026)

    overview = selectors.area_overview(home, JULY)
    row = next(row for row in overview.rows if row.regency == pontianak)

    assert (row.standing.target_percent, row.has_own_target, row.standing.gap) == (Decimal(45), True, 5)
    assert overview.standing is not None
    assert overview.standing.target_percent == Decimal(61)


def test_targets_start_with_the_perda_and_its_baseline(home: Province) -> None:
    assert [(t.year, t.percent) for t in Target.objects.filter(province=home)] == [(2026, Decimal(61))]
    assert selectors.area_overview(home).targets.baseline == (Month(2025, 12), Decimal(37))


def test_headline_stays_on_the_latest_complete_month(home: Province) -> None:
    for code in Regency.objects.active().values_list("code", flat=True):
        fill(code, "2025-07", members=(1, 1, 1), people=(5, 5, 5))
    fill("61.01", "2025-08", members=(5, 5, 5))

    overview = selectors.area_overview(home)

    assert (overview.month, overview.headline_month) == (JULY, JULY)
    assert overview.months[-1] == JULY + 1
    later = selectors.area_overview(home, JULY + 1).standing
    assert later is not None
    assert (later.count.percent, later.count.complete, later.count.regencies_in) == (Decimal(100), False, 1)


def test_pmi_is_shown_and_stays_outside_unless_the_setting_includes_it(home: Province, settings: Any) -> None:
    sambas = fill("61.01", "2025-07", members=(1, 1, 1), people=(10, 10, 10))
    factories.membership(sambas, 7, month="2025-07", segment="PMI")
    factories.workforce(sambas, 10, year=2025, segment="PMI")

    outside = selectors.area_overview(sambas, JULY)
    settings.INCLUDE_PMI = True
    inside = selectors.area_overview(sambas, JULY)

    assert outside.standing is not None
    assert inside.standing is not None
    assert (outside.standing.count.members, inside.standing.count.members) == (3, 10)
    assert outside.segments[-1].members == 7


def test_new_workforce_draws_a_break_and_alters_no_earlier_month() -> None:
    sambas = fill("61.01", "2025-12", members=(1, 1, 1), people=(10, 10, 10))
    fill("61.01", "2026-01", members=(1, 1, 1))
    before = selectors.area_overview(sambas).trend
    for segment in ("PU", "BPU", "JAKON"):
        factories.workforce(sambas, 20, year=2026, segment=segment)

    after = selectors.area_overview(sambas).trend

    assert [p.workforce_break for p in before] == [False, False]
    assert [p.workforce_break for p in after] == [False, True]
    assert after[0].count == before[0].count


def test_empty_portal_has_no_month_and_no_standing(home: Province) -> None:
    overview = selectors.area_overview(home)

    assert (overview.month, overview.standing, overview.months, overview.trend) == (None, None, (), ())


def test_overview_costs_the_same_queries_however_much_there_is(
    home: Province, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill("61.01", "2025-07", members=(1, 1, 1), people=(10, 10, 10))
    with django_assert_num_queries(8):
        selectors.area_overview(home)
    for code in ("61.02", "61.03", "61.04", "61.05"):
        for month in ("2025-04", "2025-05", "2025-06", "2025-07"):
            fill(code, month, members=(1, 1, 1))

    with django_assert_num_queries(8):
        selectors.area_overview(home)


@pytest.mark.parametrize(
    ("granted", "seen"),
    [
        pytest.param(["61"], {"61", "61.01", "61.04"}, id="province"),
        pytest.param(["61.04"], {"61.04"}, id="one regency"),
        pytest.param([], set(), id="nothing"),
    ],
)
def test_figures_are_visible_within_the_scope_where_aggregates_are_not_public(
    home: Province, settings: Any, granted: list[str], seen: set[str]
) -> None:
    settings.PUBLIC_AGGREGATES = False
    factories.membership(home, 10, month="2025-07")
    for code in ("61.01", "61.04"):
        factories.membership(Regency.objects.get(code=code), 1, month="2025-07")
    officer = factories.user("petugas", *granted, role=Role.EDITOR)

    visible = {row.area_code for row in Membership.objects.visible_to(officer)}
    editable = {row.area_code for row in Membership.objects.editable_by(officer)}

    assert visible == editable == seen
