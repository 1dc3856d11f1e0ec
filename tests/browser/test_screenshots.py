"""The README's pictures of the example, taken with SCREENSHOTS=1 in the environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from coverage_portal.demo import loading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


@pytest.fixture
def example(transactional_db, settings, tmp_path):
    """The example in the database, remembered in a folder of its own, for other tests run beside this one."""
    settings.VAR_DIR = tmp_path
    cache.clear()
    loading.load()


@pytest.mark.parametrize(
    ("width", "height", "name"), [(1280, 1500, "dashboard.png"), (360, 1120, "dashboard-phone.png")]
)
def test_example_s_dashboard_is_fit_for_a_picture(open_tab, example, width, height, name):
    tab = open_tab(width=width)

    page = tab.open("/")
    if os.environ.get("SCREENSHOTS") == "1":
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=IMAGES / name)

    expect(page.locator(".demo-banner")).to_contain_text("Data contoh")
    expect(page.locator(".headline__figure")).to_have_text("37,00\N{NO-BREAK SPACE}%")
    expect(page.locator(".ranking tbody tr")).to_have_count(14)
    assert tab.overflow() == 0
    assert tab.errors == []
