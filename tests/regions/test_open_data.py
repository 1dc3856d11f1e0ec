"""The open interface: the same figures as the pages, to those who may read them, and never a 500."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from coverage_portal.accounts import generation
from coverage_portal.demo import loading
from coverage_portal.lib.numbers import rounded
from coverage_portal.lib.periods import Month
from regions import panels, selectors
from regions.models import Province, Regency
from regions.selectors import open_data
from tests import factories

pytestmark = pytest.mark.django_db

FIELDS = [
    "area",
    "month",
    "segment",
    "members",
    "workforce",
    "coverage_percent",
    "target_percent",
    "gap",
    "basis",
    "complete",
]
TABLES = ["areas", "coverage", "membership", "workforce", "targets", "indicators"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    loading.load()


def rows_of(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def as_json(row: dict[str, str]) -> dict[str, Any]:
    """A row of CSV as its JSON item: what is empty is null, what is written as a number is one."""
    texts = {"area", "month", "segment", "basis"}
    return {
        name: None if value == "" else value if name in texts else json.loads(value)
        for name, value in row.items()
    }


def test_coverage_of_july_2025_is_as_published(client: Client, demo: None) -> None:
    response = client.get("/api/v1/coverage?area=61&month=2025-07")

    answer = response.json()
    assert set(answer) == {"items", "meta"}
    assert [item["segment"] for item in answer["items"]] == [None, "PU", "BPU", "JAKON", "PMI"]
    assert answer["items"][0] == {
        "area": "61",
        "month": "2025-07",
        "segment": None,
        "members": 575_504,
        "workforce": 1_819_430,
        "coverage_percent": 31.63,
        "target_percent": 61.0,
        "gap": 534_349,
        "basis": "reported",
        "complete": True,
    }
    assert answer["meta"]["area"] == {"code": "61", "bps_code": "61", "name": "Kalimantan Barat"}
    assert answer["meta"]["counted_segments"] == ["PU", "BPU", "JAKON"]
    assert '"coverage_percent": 31.63,' in response.content.decode()


def test_page_json_and_csv_agree_for_every_area_and_month(
    client: Client, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read through the addresses; the page's figures are those of its panels, which its files hold too."""
    # Nothing stored changes here, so it is read once.
    monkeypatch.setattr(open_data, "coverage_register", once(open_data.coverage_register))
    compared = 0
    for area in (Province.objects.get(code="61"), *Regency.objects.active().select_related("province")):
        shown = {panel.key: panel.rows for panel in panels.of(selectors.area_overview(area, Month(2025, 12)))}
        course = {row[0]: row[1:4] for row in shown["perjalanan"]}
        by_segment = {row[0]: row[1:] for row in shown["segmen-bulanan"]}
        whole = {row[0]: (row[2], row[3], row[4]) for row in shown["segmen"]}
        gap = shown["utama"][7][1]
        for month in (Month(2024, 1) + n for n in range(25)):
            query = f"?area={area.code}&month={month}"
            items = client.get(f"/api/v1/coverage{query}").json()["items"]
            table = client.get(f"/api/v1/coverage.csv{query}")

            assert [as_json(row) for row in rows_of(table)] == items
            told = [(item["members"], item["workforce"], percent_of(item)) for item in items]
            if (key := str(month)) in course:  # a month of which nothing of the area is in is on no page
                assert told[0] == tuple(course[key]), (area.code, key)
                members = [
                    n if item["complete"] else None for (n, *_rest), item in zip(told, items, strict=True)
                ]
                assert tuple(members[1:4]) == tuple(by_segment[key]), (area.code, key)
            if key == "2025-12":
                assert {
                    item["segment"]: each for item, each in zip(items[1:], told[1:], strict=True)
                } == whole
                assert items[0]["gap"] == gap
            compared += len(items)
    assert compared == 15 * 25 * 5


def once(read: Any) -> Any:
    """The same result for every call after the first."""
    found: list[Any] = []

    def reading(*arguments: Any) -> Any:
        if not found:
            found.append(read(*arguments))
        return found[0]

    return reading


def percent_of(item: dict[str, Any]) -> Decimal | None:
    percent = item["coverage_percent"]
    return None if percent is None else Decimal(str(percent))


def test_membership_is_that_of_each_month_s_coverage(client: Client, demo: None) -> None:
    items = client.get("/api/v1/membership?area=61.04").json()["items"]

    found = {(item["month"], item["segment"]): item["members"] for item in items}
    december = client.get("/api/v1/coverage?area=61.04&month=2024-12").json()["items"]
    assert len(items) == 25 * 5
    assert [found["2024-12", item["segment"]] for item in december] == [item["members"] for item in december]
    assert (found["2024-12", "PU"], found["2024-12", "BPU"]) == (80_101, 42_217)


def test_areas_have_both_codes(client: Client) -> None:
    items = {item["code"]: item for item in client.get("/api/v1/areas").json()["items"]}

    assert len(items) == 15
    assert items["61.07"] == {
        "code": "61.07",
        "bps_code": "6102",
        "name": "Bengkayang",
        "kind": "kabupaten",
        "province": "61",
    }


def test_targets_are_an_area_s_own_or_its_province_s(client: Client) -> None:
    factories.target(factories.province(), "61")
    factories.target(factories.regency("61.71"), "45")

    own = client.get("/api/v1/targets?area=61.71&year=2026").json()["items"]
    other = client.get("/api/v1/targets?area=61.04&year=2026").json()["items"]

    assert [(t["target_percent"], t["own"]) for t in (*own, *other)] == [(45.0, True), (61.0, False)]


def test_indicators_carry_satu_data_metadata(client: Client, demo: None) -> None:
    items = client.get("/api/v1/indicators").json()["items"]

    assert [item["code"] for item in items] == ["coverage", "members", "workforce", "target", "gap"]
    coverage = items[0]
    assert (coverage["kemendagri_code"], coverage["bps_code"]) == ("61", "61")
    assert (coverage["unit"], coverage["period"], coverage["data_date"]) == (
        "persen",
        "bulanan",
        "2026-01-31",
    )
    empty = [
        (item["code"], name) for item in items for name, value in item.items() if value in ("", [], None)
    ]
    assert empty == [("workforce", "data_date"), ("target", "data_date")]


@pytest.mark.parametrize(
    ("path", "status", "parameter", "code"),
    [
        ("coverage?area=62", 404, "area", "unknown_area"),
        ("coverage?area=61.99", 404, "area", "unknown_area"),
        ("coverage?area=kalbar", 422, "area", "unreadable"),
        ("coverage?area=61.1", 422, "area", "unreadable"),
        ("coverage?area=6%00", 422, "area", "unreadable"),
        ("coverage?area=", 422, "area", "unreadable"),
        ("coverage?month=2031-01", 404, "month", "unknown_month"),
        ("coverage?month=2025-13", 422, "month", "unreadable"),
        ("coverage?month=Juli", 422, "month", "unreadable"),
        ("coverage.csv?segment=PBPU", 422, "segment", "unreadable"),
        ("coverage?bulan=2025-07", 422, "bulan", "unknown"),
        ("coverage?area=61&area=61.04", 422, "area", "repeated"),
        ("workforce?year=1999", 422, "year", "unreadable"),
        ("targets?year=dua", 422, "year", "unreadable"),
        ("areas?area=61", 422, "area", "unknown"),
        ("tidak-ada", 404, None, "unknown_address"),
        ("", 404, None, "unknown_address"),
    ],
)
def test_bad_input_is_refused_in_json(
    client: Client, path: str, status: int, parameter: str | None, code: str
) -> None:
    factories.membership(factories.regency(), 370)

    response = client.get(f"/api/v1/{path}")

    (fault,) = response.json()["errors"]
    assert (response.status_code, fault["parameter"], fault["code"]) == (status, parameter, code)
    assert response["Content-Type"] == "application/json"
    assert fault["message"]


def test_portal_without_figures_answers_404(client: Client) -> None:
    assert client.get("/api/v1/coverage").status_code == 404
    assert client.get("/api/v1/membership").json()["items"] == []


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    response = getattr(client, method)("/api/v1/coverage")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response.json()["errors"][0]["code"] == "read_only"


@pytest.mark.parametrize("name", [*TABLES, *(f"{name}.csv" for name in TABLES)])
def test_head_is_answered_like_get(client: Client, demo: None, name: str) -> None:
    got, headed = client.get(f"/api/v1/{name}"), client.head(f"/api/v1/{name}")

    assert (got.status_code, headed.status_code, headed.content) == (200, 200, b"")
    assert (headed["ETag"], headed["Content-Type"]) == (got["ETag"], got["Content-Type"])


@pytest.mark.parametrize("name", ["coverage", "coverage.csv", "membership", "areas", "indicators"])
def test_unchanged_figures_are_answered_304_and_changed_ones_anew(client: Client, name: str) -> None:
    factories.membership(factories.regency(), 370)
    first = client.get(f"/api/v1/{name}")
    tag = first["ETag"]

    again = client.get(f"/api/v1/{name}", headers={"if-none-match": f'"x", {tag}'})
    with transaction.atomic():
        generation.move()
    moved = client.get(f"/api/v1/{name}", headers={"if-none-match": tag})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert (moved.status_code, moved["ETag"] == tag) == (200, False)


def test_tag_is_no_pass(client: Client, settings: Any) -> None:
    factories.membership(factories.regency(), 370)
    tag = client.get("/api/v1/coverage")["ETag"]
    settings.PUBLIC_AGGREGATES = False

    assert client.get("/api/v1/coverage", headers={"if-none-match": tag}).status_code == 401
    assert client.get("/api/v1/coverage", headers={"if-none-match": "*"}).status_code == 401


def test_aggregates_are_public_only_where_the_setting_says_so(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False
    factories.membership(factories.regency(), 370)

    statuses = {name: client.get(f"/api/v1/{name}").status_code for name in TABLES}

    assert statuses == dict.fromkeys(TABLES, 401)
    assert client.get("/api/v1/openapi.json").status_code == 200
    client.force_login(factories.user("tanpa-wilayah"))
    assert client.get("/api/v1/coverage").status_code == 403


def test_area_of_another_is_not_found(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False
    for code in ("61.04", "61.08"):
        factories.membership(factories.regency(code), 370)
        factories.workforce(factories.regency(code), 1000)
    client.force_login(factories.user("ketapang", "61.04"))

    own = client.get("/api/v1/coverage?area=61.04&month=2025-07")
    others = [
        client.get(f"/api/v1/{n}?area={a}").status_code
        for n in ("coverage", "targets")
        for a in ("61", "61.08")
    ]

    assert own.json()["items"][0]["members"] == 370
    assert others == [404] * 4
    assert [item["code"] for item in client.get("/api/v1/areas").json()["items"]] == ["61.04"]
    assert {item["area"] for item in client.get("/api/v1/workforce").json()["items"]} == {"61.04"}
    assert client.get("/api/v1/coverage").json()["meta"]["area"]["code"] == "61.04"


def test_text_that_a_spreadsheet_would_run_is_kept_from_running(client: Client) -> None:
    factories.workforce(factories.regency(), 1000, source='=HYPERLINK("http://contoh")')

    (row,) = rows_of(client.get("/api/v1/workforce.csv"))

    assert row["source"] == '\'=HYPERLINK("http://contoh")'


def test_percentages_are_rounded_half_up_as_on_the_pages(client: Client) -> None:
    area = factories.regency()
    factories.workforce(area, 16_000)
    factories.membership(area, 1)

    item = client.get("/api/v1/coverage?area=61.04&month=2025-07").json()["items"][0]

    assert item["members"] is None  # one person is too few for the public
    factories.membership(area, 1_601, month="2025-08")
    item = client.get("/api/v1/coverage?area=61.04&month=2025-08").json()["items"][0]
    assert (item["coverage_percent"], rounded(Decimal("10.00625"), 2)) == (10.01, Decimal("10.01"))
