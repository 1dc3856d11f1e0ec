"""From a spreadsheet as it comes to a changed dashboard and back, on the whole portal as `serve` runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coverage_portal.demo import SIGN_INS
from tests.serving import Portal
from tests.sheets import xlsx

pytestmark = pytest.mark.browser

REGENCIES = (
    "KAB. SAMBAS",
    "Kab Mempawah",
    "Sanggau",
    "Kabupaten Ketapang",
    "Sintang",
    "Kapuas Hulu",
    "Bengkayang",
    "Landak",
    "Sekadau",
    "Melawi",
    "Kayong Utara",
    "Kubu Raya",
    "Kota Pontianak",
    "Kota Singkawang",
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = Portal(tmp_path_factory.mktemp("var"))
    portal.start()
    yield portal
    portal.stop()


@pytest.fixture
def recap(tmp_path: Path) -> Path:
    """The recap of February 2026 with titles, a merged heading of two rows, totals and a signature."""
    rows: list[list[object]] = [
        ["REKAPITULASI PESERTA AKTIF BPJS KETENAGAKERJAAN"],
        ["Kantor Cabang Pontianak"],
        ["Posisi 28 Februari 2026"],
        [],
        ["No", "Kabupaten/Kota", "Peserta Aktif", None, None, None],
        [None, None, "PU", "BPU", "Jakon", "Total"],
        *([n, name, 30_000, 15_000, 5_000, 50_000] for n, name in enumerate(REGENCIES, start=1)),
        ["JUMLAH", None, 420_000, 210_000, 70_000, 700_000],
        [],
        [None, None, None, None, "Pontianak, 5 Maret 2026"],
        [None, None, None, None, "Kepala Kantor Cabang"],
    ]
    path = tmp_path / "Rekap Februari 2026.xlsx"
    path.write_bytes(xlsx(rows, merge="C5:F5"))
    return path


def figures(page: Page, address: str) -> str:
    page.goto(f"{address}/")
    return " ".join(page.inner_text("main").split())


def test_recap_changes_the_dashboard_and_undo_brings_the_old_figures_back(
    browser: Browser, portal: Portal, recap: Path
) -> None:
    address = f"http://127.0.0.1:{portal.port}"
    page = browser.new_context(locale="id-ID").new_page()
    name, password = next(pair[:2] for pair in SIGN_INS if pair[0] == "demo.bpjs")
    page.goto(f"{address}/masuk/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    before = figures(page, address)

    page.goto(f"{address}/impor/")
    page.check("input[value=membership]")
    page.set_input_files("input[type=file]", recap)
    page.click("main button[type=submit]")
    expect(page.get_by_text("Siap dikonfirmasi", exact=True)).to_be_visible(timeout=20_000)
    assert figures(page, address) == before
    page.go_back()
    page.get_by_role("button", name="Terapkan").first.click()
    expect(page.get_by_text("Diterapkan", exact=True).first).to_be_visible(timeout=20_000)
    batch = page.url

    changed = figures(page, address)
    assert "Februari 2026" in changed
    assert "38,47" in changed  # 700,000 of 1,819,430

    page.goto(batch)
    page.get_by_text("Batalkan impor ini").first.click()
    page.get_by_role("button", name="Ya, batalkan impor ini").click()
    expect(page.get_by_text("Impor dibatalkan", exact=True).first).to_be_visible(timeout=20_000)
    assert figures(page, address) == before
