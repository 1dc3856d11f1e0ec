"""Charts and map by the arrow keys: from point to point, each said; and Enter leads where a click does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SCRIPT = "**/js/walk*.js"


def line(page: Page, drawing: str) -> Any:
    return page.locator(f'[data-walk="{drawing}"]')


def test_arrow_keys_walk_a_drawing_and_say_each_point(open_tab: Any, figures: None) -> None:
    drawing = "columns-drawing"
    tab = open_tab()
    page = tab.open("/")
    titles = page.locator(f"#{drawing} :is(rect, circle) > title").all_text_contents()

    page.locator(f"#{drawing}").focus()
    expect(line(page, drawing)).to_have_text("Panah kiri dan kanan: titik demi titik.")
    page.keyboard.press("ArrowRight")
    expect(line(page, drawing)).to_have_text(titles[-1])
    page.keyboard.press("ArrowLeft")
    expect(line(page, drawing)).to_have_text(titles[-2])
    page.keyboard.press("Home")

    expect(line(page, drawing)).to_have_text(titles[0])
    expect(page.locator(f"#{drawing} .is-current")).to_have_count(1)
    expect(line(page, drawing)).to_have_attribute("role", "status")
    assert tab.barriers() == []
    assert tab.violations == []


def test_trend_is_walked_in_plotly_s_drawing_as_well(open_tab: Any, figures: None) -> None:
    tab = open_tab()
    page = tab.open("/")
    chart = page.locator("[data-chart]")
    chart.scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart][data-ready]")
    last = page.locator("#trend-drawing .trend__dots title").last.text_content()

    chart.focus()
    page.keyboard.press("End")

    expect(line(page, "trend-drawing")).to_have_text(last)
    expect(chart.locator(".hoverlayer .hovertext")).to_be_visible()
    month, share = last.split(": ")
    expect(chart.locator(".hoverlayer .hovertext")).to_contain_text(month)
    expect(chart.locator(".hoverlayer .hovertext")).to_contain_text(share)
    page.mouse.move(0, 0)
    chart.locator(".points path").first.hover(force=True)
    assert tab.barriers() == []
    assert tab.violations == []


def test_arrow_keys_lead_over_the_map_and_enter_into_a_regency(open_tab: Any, figures: None) -> None:
    tab = open_tab()
    page = tab.open("/")
    tiles = page.locator("#map-drawing a")
    names = [tile.get_attribute("aria-label") for tile in tiles.all()]

    tiles.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    expect(line(page, "map-drawing")).to_have_text(names[1])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    below = page.locator("#map-drawing a:focus")
    assert below.locator("rect").bounding_box()["y"] > tiles.first.locator("rect").bounding_box()["y"]
    address = below.get_attribute("href")
    page.keyboard.press("Enter")
    # As long as a page may take to load on a busy machine, not as long as an assertion waits.
    page.wait_for_url(re.compile(re.escape(address) + "$"))


def test_without_its_script_the_keys_do_nothing_and_nothing_is_lost(open_tab: Any, figures: None) -> None:
    tab = open_tab()
    tab.page.route(SCRIPT, lambda route: route.abort())
    page = tab.open("/")
    tiles = page.locator("#map-drawing a")

    tiles.first.focus()
    page.keyboard.press("ArrowRight")

    expect(tiles.first).to_be_focused()
    expect(line(page, "columns-drawing")).to_have_text("")
    assert page.locator("#columns-drawing").get_attribute("tabindex") is None
    page.get_by_text("Angka per segmen dan bulan").first.click()
    expect(page.locator("#columns-drawing ~ details table")).to_be_visible()
