"""Page, CSV and workbook say the same: each figure of a panel is read off all three."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from html.parser import HTMLParser

import openpyxl
import pytest
from django.core.cache import cache

from coverage_portal.lib.numbers import format_number, format_percent
from coverage_portal.lib.periods import Month, format_month
from regions.models import Regency
from tests import factories

pytestmark = pytest.mark.django_db

MONTHS = ("2024-12", "2025-09", "2025-10", "2025-11", "2025-12")
PANELS = [
    "utama",
    "urutan",
    "perjalanan",
    "tahun",
    "laju",
    "perubahan",
    "segmen",
    "segmen-bulanan",
    "kutipan",
]


@pytest.fixture
def figures():
    """Fourteen regencies whose figures all differ, and one without a figure in the last month."""
    cache.clear()
    for place, regency in enumerate(Regency.objects.active().by_code()):
        for segment, people in (("PU", 10_000 + 731 * place), ("BPU", 5_000 - 97 * place), ("JAKON", 1_003)):
            factories.workforce(regency, people, segment=segment, year=2024)
            for number, month in enumerate((*MONTHS, "2026-01")):
                if (month, regency.code) == ("2026-01", "61.03"):
                    continue
                share = 0.2 + 0.03 * place + number / 90
                factories.membership(regency, int(people * share), segment=segment, month=month)
    factories.quote(factories.province(), "55", numerator=42_591, denominator=154_008)


class Tables(HTMLParser):
    """The cells of every table of a page as text, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._texts: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._texts = []

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self._texts is not None:
            self.rows[-1].append(" ".join("".join(self._texts).split()))
            self._texts = None

    def handle_data(self, data):
        if self._texts is not None:
            self._texts.append(data)

    def starting(self, label: str) -> list[list[str]]:
        return [row for row in self.rows if row and row[0] == label]


def csv_rows(client, address: str) -> list[list[str]]:
    text = client.get(address).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def sheets(client, address: str) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def same(cell: object, text: str) -> bool:
    """Whether a workbook's number or text is the CSV's; `37` and `37,00` are the same number."""
    if isinstance(cell, int | float):
        return Decimal(str(cell)) == Decimal(text.replace(",", "."))
    return ("" if cell is None else cell) == text


def shown(text: str, *, percent: bool = False) -> str:
    """A figure of the CSV as the page writes it."""
    if not text:
        return "–"
    value = Decimal(text.replace(",", "."))
    return " ".join((format_percent(value, "id") if percent else format_number(value, "id")).split())


QUERIES = ["", "?bulan=2025-10", "?bulan=2026-01", "?segmen=BPU", "?urut=kekurangan"]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("code", ["61", "61.04"])
def test_workbook_holds_what_the_csv_files_hold(client, figures, code, query):
    book = list(sheets(client, f"/unduhan/{code}.xlsx{query}").values())
    addresses = [f"/unduhan/{code}/{key}.csv{query}" for key in PANELS]
    files = [csv_rows(client, address) for address in addresses if client.get(address).status_code == 200]

    assert len(files) == len(book) - 1 >= 5
    for sheet, rows in zip(book, files, strict=False):
        assert len(sheet) == len(rows)
        for cells, texts in zip(sheet, rows, strict=True):
            assert [
                (cell, text) for cell, text in zip(cells, texts, strict=True) if not same(cell, text)
            ] == []


@pytest.mark.parametrize("query", QUERIES)
def test_ranking_of_the_page_is_the_file_s(client, figures, query):
    page = Tables(client.get(f"/{query}").content.decode())
    rows = csv_rows(client, f"/unduhan/61/urutan.csv{query}")[1:]

    ranking = [row for row in page.rows if len(row) == 5 and row[0] in {"–", *map(str, range(1, 15))}]
    assert len(ranking) == len(rows) == 14
    for row, (place, _code, _bps, name, _members, _workforce, share, target, gap, _notes) in zip(
        ranking, rows, strict=True
    ):
        assert (row[0], row[1].startswith(name), row[4]) == (place or "–", True, shown(gap))
        assert shown(share, percent=True) in row[2] or "data belum masuk" in row[2]
        assert Decimal(row[3].removesuffix("%").replace(",", ".")) == Decimal(target.replace(",", "."))


@pytest.mark.parametrize("code", ["61", "61.04"])
def test_course_of_the_page_is_the_file_s(client, figures, code):
    page = Tables(client.get("/" if code == "61" else f"/wilayah/{code}/").content.decode())
    course = csv_rows(client, f"/unduhan/{code}/perjalanan.csv")[1:]

    assert [row[0] for row in course] == [*MONTHS, "2026-01"]
    for month, members, workforce, share, path, _regencies, _notes in course:
        label = format_month(Month.parse(month), "id")
        figures_of = [shown(members), shown(workforce), shown(share, percent=True), shown(path, percent=True)]
        assert [row[1:5] for row in page.starting(label) if len(row) == 6] == [figures_of]


def test_segments_of_the_page_are_the_file_s(client, figures):
    page = Tables(client.get("/").content.decode())

    for _code, name, members, workforce, share, _notes in csv_rows(client, "/unduhan/61/segmen.csv")[1:4]:
        (row,) = page.starting(name)
        assert row[1:] == [shown(members), shown(workforce), shown(share, percent=True)]
    for month, *members in csv_rows(client, "/unduhan/61/segmen-bulanan.csv")[1:]:
        label = format_month(Month.parse(month), "id")
        assert [row[1:] for row in page.starting(label) if len(row) == 4] == [[shown(n) for n in members]]


def test_years_of_the_page_are_the_file_s(client, figures):
    page = Tables(client.get("/").content.decode())
    years = csv_rows(client, "/unduhan/61/tahun.csv")[1:]

    assert [row[0] for row in years] == ["2025", "2024"]
    for year, *shares in years:
        assert [row[1:] for row in page.starting(year)] == [[shown(share, percent=True) for share in shares]]


def test_headline_of_the_page_is_the_file_s(client, figures):
    page = " ".join(client.get("/").content.decode().split())
    rows = {row[0]: row[1] for row in csv_rows(client, "/unduhan/61/utama.csv")}

    assert rows["Bulan data"] == "2025-12"
    for label in ("Peserta aktif", "Potensi tenaga kerja"):
        assert f"<strong>{shown(rows[label])}</strong>" in page
    for label in ("Kekurangan peserta", "Perlu per bulan"):
        assert f"<dt>{label}</dt> <dd>{shown(rows[label])}</dd>" in page
    assert f'<p class="headline__figure">{shown(rows["Cakupan"], percent=True)}' in page


def test_codes_stay_text_and_figures_are_numbers(client, figures):
    (_headings, first, *_rest) = sheets(client, "/unduhan/61.xlsx?urut=kekurangan")[
        "Urutan menurut kekurangan"
    ]

    assert (first[1], first[2]) == ("61.01", "6101")
    assert [type(value) for value in first[4:9]] == [int, int, float, int, int]


def test_workbook_says_what_its_figures_are(client, figures):
    about = dict(sheets(client, "/unduhan/61.xlsx?bulan=2025-10&segmen=BPU")["Tentang"][1:])

    assert about["Bulan data"] == "Oktober 2025"
    assert about["Segmen"] == "BPU – Bukan Penerima Upah"
    assert about["Alamat halaman"] == "http://testserver/?bulan=2025-10&segmen=BPU"
    assert about["Data masuk"] == "14 dari 14 kab/kota"
    assert "bukan rata-rata" in about["Cakupan"]


def test_source_that_begins_like_a_formula_is_a_text(client, figures):
    factories.quote(factories.province(), "12", source="=1+1")

    quotes = csv_rows(client, "/unduhan/61/kutipan.csv")[1:]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/unduhan/61.xlsx").content))
    cells = [cell for row in book["Angka kutipan"].iter_rows() for cell in row if cell.value == "=1+1"]

    assert "'=1+1" in {row[0] for row in quotes}
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize(
    "address",
    ["/unduhan/61/lain.csv", "/unduhan/61.99.xlsx", "/unduhan/62.xlsx", "/unduhan/61.99/urutan.csv"],
)
def test_what_is_not_there_is_not_found(client, figures, address):
    assert client.get(address).status_code == 404


def test_files_are_named_after_area_month_and_segment(client, figures):
    def name(address: str) -> str:
        return client.get(address)["Content-Disposition"]

    assert name("/unduhan/61.xlsx") == 'attachment; filename="cakupan-61-2025-12.xlsx"'
    assert (
        name("/unduhan/61.04/perjalanan.csv?bulan=2025-10&segmen=PU")
        == 'attachment; filename="perjalanan-61.04-2025-10-PU.csv"'
    )


def test_files_of_another_area_are_not_found(client, figures, settings):
    settings.PUBLIC_AGGREGATES = False
    client.force_login(factories.user("ketapang", "61.04"))

    assert client.get("/unduhan/61.04.xlsx").status_code == 200
    assert client.get("/unduhan/61.01.xlsx").status_code == 404
    assert client.get("/unduhan/61/urutan.csv").status_code == 404


def test_files_ask_for_the_sign_in_where_aggregates_are_not_public(client, figures, settings):
    settings.PUBLIC_AGGREGATES = False

    assert client.get("/unduhan/61.xlsx").url.startswith("/masuk/?next=/unduhan/61.xlsx")


def test_without_figures_there_is_no_file(client):
    assert client.get("/unduhan/61.xlsx").status_code == 404
