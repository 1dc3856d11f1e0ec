"""The dashboard as people meet it: on a phone, at a desk, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PLOTLY = "plotly-basic"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/?bulan=2026-01", "/wilayah/61.71/", "/wilayah/61.03/?bulan=2026-01"])
def test_page_fits_and_breaks_no_rule(open_tab, figures, path, width):
    tab = open_tab(width=width)

    page = tab.open(path)
    page.locator("[data-chart]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart][data-ready]")

    assert tab.overflow() == 0
    assert tab.violations == []
    assert tab.errors == []
    assert tab.barriers() == []


def test_chart_library_is_fetched_only_when_its_chart_is_scrolled_to(open_tab, figures):
    tab = open_tab(width=360)

    page = tab.open("/")
    page.wait_for_load_state("networkidle")
    before = [url for url in tab.requests if PLOTLY in url]
    drawn_by_the_server = page.locator("#trend-drawing").is_visible()
    page.locator("[data-chart]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart][data-ready]")

    assert before == []
    assert drawn_by_the_server
    assert len([url for url in tab.requests if PLOTLY in url]) == 1
    expect(page.locator("[data-chart] .main-svg").first).to_be_visible()
    expect(page.locator("#trend-drawing")).to_be_hidden()


def test_chart_stays_the_server_s_drawing_when_the_library_does_not_load(open_tab, figures):
    tab = open_tab()
    tab.page.route(f"**/{PLOTLY}*", lambda route: route.abort())

    page = tab.open("/")
    page.locator("[data-chart]").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")

    expect(page.locator("#trend-drawing")).to_be_visible()


def test_page_is_complete_without_javascript(open_tab, figures):
    page = open_tab(javascript=False).open("/")

    expect(page.locator(".headline__figure")).to_have_text("47,19\N{NO-BREAK SPACE}%")
    expect(page.locator(".ranking tbody tr")).to_have_count(14)
    expect(page.locator(".tile a")).to_have_count(14)
    expect(page.locator("#trend-drawing")).to_be_visible()
    page.get_by_text("Angka per bulan").first.click()
    expect(page.get_by_role("rowheader", name="September 2025")).to_be_visible()
    page.select_option("[name=bulan]", "2025-09")
    page.select_option("[name=segmen]", "PU")
    page.get_by_role("button", name="Tampilkan").click()
    expect(page).to_have_url(re.compile(r"/\?bulan=2025-09&segmen=PU$"))
    expect(page.get_by_role("heading", name="Cakupan segmen PU, September 2025")).to_be_visible()


def test_switch_changes_language_and_number_format_and_keeps_the_filters(open_tab, figures):
    tab = open_tab()

    page = tab.open("/?bulan=2025-12&segmen=")
    page.get_by_role("button", name="English").click()

    assert page.locator("html").get_attribute("lang") == "en"
    # A filter left empty asks for nothing.
    assert page.url.endswith("/?bulan=2025-12")
    expect(page.locator(".headline__figure")).to_have_text("47.19%")
    assert tab.violations == []


def test_keyboard_reaches_the_content_first_and_a_tile_s_page(open_tab, figures):
    page = open_tab().open("/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tile = page.locator(".tile a").first
    tile.focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Kabupaten Sambas")


def test_missing_regency_is_hatched_and_named_for_screen_readers(open_tab, figures):
    page = open_tab().open("/?bulan=2026-01")

    tile = page.get_by_role("link", name="Kab. Sanggau: data belum masuk")

    expect(tile.locator("rect")).to_have_attribute("fill", "url(#hatch)")
    assert "hatch" in tile.locator("rect").evaluate("(face) => getComputedStyle(face).fill")


def test_paper_shows_figures_and_every_table_without_controls(open_tab, figures):
    page = open_tab().open("/")

    page.emulate_media(media="print")

    expect(page.locator(".page-tools .filters")).to_be_hidden()
    expect(page.locator(".site-nav")).to_be_hidden()
    expect(page.locator(".headline__figure")).to_be_visible()
    expect(page.locator("#trend-drawing")).to_be_visible()
    for row in page.get_by_role("rowheader", name="September 2025").all():
        expect(row).to_be_visible()


@pytest.mark.parametrize("drawing", ["trend-drawing", "columns-drawing", "map-drawing"])
def test_chart_is_saved_as_a_picture(open_tab, figures, drawing):
    tab = open_tab()
    page = tab.open("/?bulan=2026-01")

    with page.expect_download() as started:
        page.locator(f"[data-picture={drawing}]").click()

    content = Path(started.value.path()).read_bytes()
    width, height = struct.unpack(">II", content[16:24])
    assert content.startswith(b"\x89PNG")
    assert width >= 900
    assert height >= 500
    assert len(set(zlib.decompress(_image_data(content)))) > 20  # more than an empty ground
    assert started.value.suggested_filename.endswith("-61-2026-01.png")
    assert tab.violations == []


def _image_data(content: bytes) -> bytes:
    """The compressed pixels of a PNG."""
    found, at = b"", 8
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        if kind == b"IDAT":
            found += content[at + 8 : at + 8 + length]
        at += length + 12
    return found


def test_ranking_is_turned_by_link_and_kept_in_the_address(open_tab, figures):
    page = open_tab().open("/")

    page.get_by_role("link", name="Menurut kekurangan peserta").click()

    expect(page).to_have_url(re.compile(r"/\?urut=kekurangan"))
    gaps = [
        int(cell.replace(".", "")) for cell in page.locator(".ranking tbody td:last-child").all_inner_texts()
    ]
    assert gaps == sorted(gaps, reverse=True)
    page.locator(".ranking tbody a").first.click()
    expect(page).to_have_url(re.compile(r"/wilayah/61\.\d\d/\?urut=kekurangan$"))


def test_plotly_wears_the_colours_of_the_night(open_tab, figures):
    tab = open_tab()
    tab.page.emulate_media(color_scheme="dark")
    page = tab.open("/")
    page.locator("[data-chart]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart][data-ready]")

    label = page.locator("[data-chart] .xtick text").first

    accent = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink').trim()")
    assert accent == "#e4edf0"
    assert label.evaluate("(text) => getComputedStyle(text).fill") == "rgb(228, 237, 240)"
