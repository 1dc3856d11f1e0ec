"""The trend's figure at its own address: made for who scrolls to it, given to who may see the area."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import transaction

from coverage_portal.accounts import generation
from regions import charts
from tests import factories
from tests.regions.test_views import fill, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    """Tests change figures without moving the data version: nothing kept for it may outlive a test."""
    cache.clear()


FIGURE = "/wilayah/61/perjalanan.json"


def test_figure_is_built_for_who_scrolls_to_it_and_once_per_data_version(client, monkeypatch):
    fill()
    built = []
    real = charts.trend_figure
    monkeypatch.setattr(charts, "trend_figure", lambda *args: built.append(args) or real(*args))

    page = text_of(client.get("/"))
    before = len(built)
    client.get(FIGURE)
    client.get(FIGURE)
    with transaction.atomic():
        generation.move()
    client.get(FIGURE)

    assert f'data-chart="{FIGURE}"' in page
    assert (before, len(built)) == (0, 2)


def test_figure_has_the_page_s_month_and_segment(client):
    fill()

    address = re.search(r'data-chart="([^"]+)"', text_of(client.get("/?bulan=2025-12&urut=kekurangan")))
    whole = client.get(address[1])
    of_segment = client.get(f"{address[1]}&segmen=BPU")

    assert address[1] == f"{FIGURE}?bulan=2025-12"
    assert whole["Content-Type"] == "application/json"
    assert whole.json()["data"][0]["y"] == [37.0]
    assert of_segment.json()["data"] == []


@pytest.mark.parametrize("code", ["62", "62.01", "61.99"])
def test_figure_of_an_area_elsewhere_is_not_found(client, code):
    assert client.get(f"/wilayah/{code}/perjalanan.json").status_code == 404


def test_figure_is_given_to_whoever_may_see_the_area_alone(client, settings):
    settings.PUBLIC_AGGREGATES = False
    fill()

    stranger = client.get(FIGURE).status_code
    client.force_login(factories.user("sambas", "61.01"))
    own, other, whole = (
        client.get(f"/wilayah/{code}/perjalanan.json").status_code for code in ("61.01", "61.04", "61")
    )

    assert (stranger, own, other, whole) == (302, 200, 404, 404)
