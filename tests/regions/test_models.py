"""What the database itself refuses, shown by writes that go around every Python check."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from coverage_portal.lib.periods import Month
from regions.models import Baseline, Membership, Province, QuotedFigure, Regency, Target, Workforce

pytestmark = pytest.mark.django_db

JULY = Month(2025, 7)
MEMBERSHIP = {"regency_id": "61.04", "segment": "PU", "month": JULY, "reported": 1, "source": "x"}
WORKFORCE = {"regency_id": "61.04", "segment": "PU", "year": 2025, "people": 1, "source": "x"}
TARGET = {"regency_id": "61.04", "year": 2026, "percent": Decimal(45), "legal_basis": "x"}
BASELINE = {"regency_id": "61.04", "month": JULY, "percent": Decimal(30), "source": "x"}
QUOTE = {"regency_id": "61.04", "quoted_percent": Decimal(55), "source": "x"}

NO_AREA: Mapping[str, Any] = {"regency_id": None}
TWO_AREAS: Mapping[str, Any] = {"province_id": "61"}

REFUSED = [
    (Membership, MEMBERSHIP | NO_AREA, "membership_one_area"),
    (Membership, MEMBERSHIP | TWO_AREAS, "membership_one_area"),
    (Membership, MEMBERSHIP | {"segment": "PNS"}, "membership_segment_known"),
    (Membership, MEMBERSHIP | {"reported": 300_000_001}, "membership_reported_range"),
    (Membership, MEMBERSHIP | {"reported": -1}, "regions_membership_reported_check"),
    (Membership, MEMBERSHIP | {"segment": None, "counted": 5}, "membership_counted_has_detail"),
    (
        Membership,
        MEMBERSHIP | {"regency_id": None, "province_id": "61", "complete_list": True},
        "membership_counted_has_detail",
    ),
    (Workforce, WORKFORCE | NO_AREA, "workforce_one_area"),
    (Workforce, WORKFORCE | TWO_AREAS, "workforce_one_area"),
    (Workforce, WORKFORCE | {"segment": "pu"}, "workforce_segment_known"),
    (Workforce, WORKFORCE | {"year": 1999}, "workforce_year_range"),
    (Workforce, WORKFORCE | {"year": 2101}, "workforce_year_range"),
    (Workforce, WORKFORCE | {"people": 300_000_001}, "workforce_people_range"),
    (Workforce, WORKFORCE | {"people": -1}, "regions_workforce_people_check"),
    (Target, TARGET | NO_AREA, "target_one_area"),
    (Target, TARGET | TWO_AREAS, "target_one_area"),
    (Target, TARGET | {"percent": Decimal(0)}, "target_percent_range"),
    (Target, TARGET | {"percent": Decimal("100.01")}, "target_percent_range"),
    (Target, TARGET | {"year": 1999}, "target_year_range"),
    (Baseline, BASELINE | NO_AREA, "baseline_one_area"),
    (Baseline, BASELINE | {"percent": Decimal("-0.01")}, "baseline_percent_range"),
    (Baseline, BASELINE | {"percent": Decimal("100.01")}, "baseline_percent_range"),
    (QuotedFigure, QUOTE | TWO_AREAS, "quotedfigure_one_area"),
    (QuotedFigure, QUOTE | {"segment": "PNS"}, "quotedfigure_segment_known"),
    (QuotedFigure, QUOTE | {"quoted_percent": Decimal(-1)}, "quotedfigure_percent_not_negative"),
    (Province, {"code": "6", "name": "x"}, "province_code_form"),
    (Province, {"code": "61", "name": "x"}, "regions_province_code"),
    (Regency, {"code": "6104", "province_id": "61", "kind": "kota", "name": "x"}, "regency_code_form"),
    (
        Regency,
        {"code": "62.99", "province_id": "61", "kind": "kota", "name": "x"},
        "regency_code_within_province",
    ),
    (Regency, {"code": "61.99", "province_id": "61", "kind": "desa", "name": "x"}, "regency_kind_known"),
    (
        Regency,
        {"code": "61.99", "province_id": "61", "kind": "kota", "name": "x", "bps_code": "6106"},
        "regency_bps_code_unique",
    ),
    (
        Regency,
        {"code": "61.99", "province_id": "61", "kind": "kota", "name": "x", "tile_row": 0, "tile_column": 0},
        "regency_tile_unique",
    ),
]


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    REFUSED,
    ids=[f"{model.__name__}-{name}" for model, _v, name in REFUSED],
)
def test_database_refuses(model: type[models.Model], values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.bulk_create([model(**values)])


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Membership, MEMBERSHIP, "membership_once"),
        (Membership, MEMBERSHIP | {"segment": None}, "membership_once"),
        (
            Membership,
            MEMBERSHIP | {"regency_id": None, "province_id": "61", "segment": None},
            "membership_once",
        ),
        (Workforce, WORKFORCE, "workforce_once"),
        (Workforce, WORKFORCE | {"segment": None}, "workforce_once"),
        (Target, TARGET, "target_once"),
        (Baseline, BASELINE, "baseline_once"),
    ],
    ids=[
        "membership",
        "membership without segment",
        "membership of the province",
        "workforce",
        "workforce without segment",
        "target",
        "baseline",
    ],
)
def test_database_refuses_a_second_record_of_one_cell(
    model: type[models.Model], values: dict[str, Any], constraint: str
) -> None:
    model._default_manager.bulk_create([model(**values)])

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.bulk_create([model(**values)])


@pytest.mark.parametrize("table", ["regions_membership", "regions_baseline"])
def test_database_refuses_a_day_within_a_month(table: str) -> None:
    Membership.objects.bulk_create([Membership(**MEMBERSHIP)])
    Baseline.objects.bulk_create([Baseline(**BASELINE)])

    with (
        pytest.raises(IntegrityError, match="month_first_day"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET month = '2025-07-31'")  # noqa: S608 - a constant of this test


@pytest.mark.parametrize("model", [Membership, Workforce, Target, Baseline, QuotedFigure])
def test_area_with_figures_cannot_be_deleted(model: type[models.Model]) -> None:
    values = {
        Membership: MEMBERSHIP,
        Workforce: WORKFORCE,
        Target: TARGET,
        Baseline: BASELINE,
        QuotedFigure: QUOTE,
    }
    model._default_manager.bulk_create([model(**values[model])])  # type: ignore[index]

    with pytest.raises(models.ProtectedError):
        Regency.objects.filter(code="61.04").delete()


def test_migration_loads_the_country_and_kalbar_in_detail() -> None:
    ketapang = Regency.objects.get(code="61.04")

    assert (Province.objects.count(), Regency.objects.count()) == (38, 514)
    assert Regency.objects.filter(province_id="61").count() == 14
    assert (ketapang.full_name, ketapang.bps_code, ketapang.capital) == (
        "Kabupaten Ketapang",
        "6106",
        "Ketapang",
    )
    assert not Regency.objects.filter(province_id="61", tile_row=None).exists()
    assert not Regency.objects.exclude(province_id="61").exclude(tile_row=None).exists()


def test_register_of_targets_starts_with_61_percent_from_37() -> None:
    targets = Target.objects.values_list("province_id", "regency_id", "year", "percent", "legal_basis")
    baselines = Baseline.objects.values_list("province_id", "month", "percent")

    assert list(targets) == [
        ("61", None, 2026, Decimal("61.00"), "Perda Provinsi Kalimantan Barat (nomor belum diverifikasi)")
    ]
    assert list(baselines) == [("61", Month(2025, 12), Decimal("37.00"))]
