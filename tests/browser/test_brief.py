"""The brief in a browser: printed on one sheet of A4, with nothing around it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from coverage_portal.demo import loading
from tests import factories, pdf_text
from tests.browser.conftest import WIDTHS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PICTURES = os.environ.get("PICTURES")
"""A folder to leave pictures of what was tested in, to be looked at."""


@pytest.fixture
def example(transactional_db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    cache.clear()
    loading.load()


@pytest.mark.parametrize("path", ["/ringkasan/", "/ringkasan/?wilayah=61.04", "/ringkasan/?bulan=2026-01"])
def test_page_prints_on_one_sheet(open_tab, example, path):
    tab = open_tab()
    tab.sign_in(factories.user("pejabat", "61"))
    page = tab.open(path)

    printed = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")

    assert pdf_text.page_count(printed) == 1
    assert [page.locator(css).is_visible() for css in (".site-header", ".site-footer", ".brief__tools")] == [
        False
    ] * 3
    expect(page.locator(".brief")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "path"), [("province", "/ringkasan/?bulan=2026-01"), ("regency", "/ringkasan/?wilayah=61.04")]
)
def test_brief_is_read_at_any_width_by_day_and_by_night(open_tab, example, name, path):
    tab = open_tab()
    tab.sign_in(factories.user("pejabat", "61"))

    page = tab.open(path)

    expect(page.locator(".brief__demo")).to_have_text("Data contoh, bukan angka resmi")
    assert (tab.problems(), tab.errors) == ([], [])
    for width in WIDTHS if PICTURES else ():
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=Path(PICTURES) / f"brief-{name}-{width}.png", full_page=True)


def test_file_is_downloaded(open_tab, example):
    tab = open_tab()
    tab.sign_in(factories.user("pejabat", "61"))
    page = tab.open("/ringkasan/?bulan=2025-06")

    with page.expect_download(timeout=120_000) as started:
        page.click("text=Unduh PDF", no_wait_after=True)

    assert started.value.suggested_filename == "ringkasan-61-2025-06.pdf"
    assert pdf_text.page_count(Path(started.value.path()).read_bytes()) == 1
