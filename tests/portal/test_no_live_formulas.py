"""Texts like formulas in every table, and every file that the portal hands out: no spreadsheet runs one.

The files are found by asking every address that the resolver knows, so that a new one cannot escape.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
import tablib
from django.test import Client
from import_export.formats import base_formats

from coverage_portal.accounts import events, history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, Event
from coverage_portal.lib import exports
from coverage_portal.lib.values import tidy
from tests import factories
from tests.lib.spreadsheet_files import read_all
from tests.portal.crawling import addresses
from tests.portal.furnished import HERE, Scene, furnish
from tests.portal.payloads import PAYLOADS
from tests.projects import records
from tests.sheets import codes, confirm, csv_bytes, upload

pytestmark = pytest.mark.django_db

TRIGGERS = "=+-@|%\t\r\n＝＋－＠｜％"
NOT_SEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*(?:E[-+]\d+)?")
STOCK = r"^admin/(?:.*/)?(?:add|change|history|delete|autocomplete|jsi18n)/$|^admin/\w+/(?:\w+/)?$"
NO_FILE = re.compile(rf"{STOCK}|/(?:pdf|cetak)/$|/surat/|^keluar/|^api/(?!.*csv$)")
"""The stock pages of the admin, letters as PDF, and JSON: no tables, and slow."""
EXPORT = re.compile(r"^admin/\w+/\w+/export/$")


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    found = Scene()
    furnish(HERE, "=MILIK", found.here)
    return found


def live_in(content: bytes) -> list[str]:
    """The cells of a workbook that are formulas, or the fields of a CSV that a spreadsheet takes for one."""
    if content.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        return [
            str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"
        ]
    return [field for field in fields_of(content) if is_live(field)]


def fields_of(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    return [field for row in rows for field in row]


def is_live(field: str) -> bool:
    seen = NOT_SEEN.sub("", field)
    return not NUMBER.fullmatch(field) and (field[:1] in TRIGGERS or seen[:1] in TRIGGERS) and bool(field)


def texts_in(content: bytes) -> set[str]:
    """The texts of a file as the portal's own reader reads them, without the apostrophe of a CSV."""
    rows = read_all(content)[1]
    return {tidy(cell) for _number, cells in rows for cell in cells if isinstance(cell, str)}


def as_read(text: str, content: bytes) -> str:
    """What the portal's own reader must make of a text in a file; no file can hold a control character."""
    return tidy(text.replace("\x07", "\N{REPLACEMENT CHARACTER}" if content.startswith(b"PK") else ""))


def fill(scene: Scene) -> None:
    """A record for each payload in the tables of texts, and one payload in each text of the other records."""
    regency, project = scene.here["regions.regency"], scene.here["projects.project"]
    author = Author(None, Change.Source.COMMAND, "")
    for number, text in enumerate(PAYLOADS):
        month = f"20{18 + number // 12}-{1 + number % 12:02}"
        records.project(text, regency=HERE, owner=text, ppk=text, contract_number=text, source=text)
        records.contractor(text)
        records.agency(f"{HERE}.X{number}", text, kind="opd_kab", regency_id=HERE)
        records.payment(project, amount=number + 1, reference=text[:20], note=text)
        factories.membership(regency, 1 + number, month=month, segment="BPU", source=text)
        factories.commitment(regency, promise=text, source=text, agency=scene.here["regions.agency"])
        factories.quote(regency, str(1 + number), source=text, month=month)
        history.record(
            Author(None, author.source, text), [(project, {"name": text}, history.snapshot(project))]
        )
        events.note(Event.Kind.EXPORTED, user=None, what=text)
    lines: list[list[Any]] = [
        ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"],
        *([text, "PU", "2025-07", 1] for text in PAYLOADS),
    ]
    scene.here["intake.importbatch"] = upload("membership", csv_bytes(lines), name="=1+1.csv")


def files(client: Client, scene: Scene) -> dict[str, bytes]:
    """Every workbook and CSV that any address hands out, by its address."""
    found: dict[str, bytes] = {}
    for path in (path for path in addresses(scene.here) if not NO_FILE.search(path)):
        asked: list[tuple[str, dict[str, str]]] = [(f"/{path}", {})]
        if path.endswith(("berkas/", "unduhan/")):
            asked.append((f"/{path}", {"bentuk": "csv"}))
        if path.startswith("api/"):
            asked.append((f"/{path}", {"area": HERE, "month": "2025-12"}))
        answers = [(f"{address}?{query}", client.get(address, query)) for address, query in asked]
        if EXPORT.match(path):
            answers += [
                (f"/{path}{n}", client.post(f"/{path}", {"format": n, "resource": "0"})) for n in ("0", "1")
            ]
        for address, answer in answers:
            kind = answer.headers.get("Content-Type", "")
            if answer.status_code == 200 and (kind.startswith("text/csv") or kind == exports.XLSX_TYPE):
                found[address] = answer.getvalue()
    return found


SHOWING = [
    *(f"/admin/{model}/export/{n}" for model in ("projects/project", "projects/contractor") for n in (0, 1)),
    *(
        f"/{path}/?{query}"
        for path in ("proyek/berkas", "riwayat/unduhan")
        for query in ({}, {"bentuk": "csv"})
    ),
]
"""Files that must show all of the payloads, lest nothing was asked."""


def test_no_file_of_the_portal_holds_a_live_formula(scene: Scene) -> None:
    fill(scene)
    client = Client()
    client.force_login(factories.user("pengelola", is_staff=True, is_superuser=True))

    found = files(client, scene)

    live = {address: cells[:3] for address, content in found.items() if (cells := live_in(content))}
    assert live == {}
    asked = {path.partition("?")[0] for path in found}
    # Of groups nobody takes a file, not even a superuser.
    exporting = {
        f"/{path}"
        for path in addresses(scene.here)
        if EXPORT.match(path) and client.get(f"/{path}").status_code != 403
    }
    assert {path for path in exporting if f"{path}0" not in asked or f"{path}1" not in asked} == set()
    for ending in SHOWING:
        content = found[ending]
        assert {as_read(text, content) for text in PAYLOADS} <= texts_in(content), ending


@pytest.mark.parametrize("file_format", [base_formats.XLSX, base_formats.CSV])
def test_control_arm_the_librarys_own_setting_leaves_live_formulas(file_format: Any, settings: Any) -> None:
    settings.IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
    # Of a control character the library makes a workbook not at all.
    data = tablib.Dataset(*([text] for text in PAYLOADS if "\x07" not in text), headers=["=1+1"])

    written = file_format().export_data(data)

    content = written if isinstance(written, bytes) else written.encode()
    assert len(live_in(content)) >= 2


@pytest.mark.parametrize("file_format", [exports.XLSX, exports.CSV])
def test_portals_own_formats_leave_none_in_heading_or_cell(file_format: Any) -> None:
    others = [[f"isi {number}"] * len(PAYLOADS) for number in range(10)]

    content = file_format().export_data(tablib.Dataset(PAYLOADS, *others, headers=PAYLOADS))

    assert live_in(content) == []
    headings, cells, *rest = (cells for _number, cells in read_all(content)[1])
    assert [tidy(str(cell)) for cell in headings] == [as_read(text, content) for text in PAYLOADS]
    assert (cells, rest) == (headings, others)


HEADINGS: dict[str, list[str]] = {
    "membership": ["Kode Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber"],
    "project": ["Nama Paket", "Kode Wilayah", "Kode Paket", "Pemilik Proyek"],
}


def rows_for(kind: str) -> list[list[Any]]:
    if kind == "membership":
        return [[HERE, "PU", f"20{20 + n // 12}-{1 + n % 12:02}", n + 1, t] for n, t in enumerate(PAYLOADS)]
    return [[text, HERE, f"{1000 + number}", text] for number, text in enumerate(PAYLOADS)]


@pytest.mark.parametrize(
    ("kind", "path"), [("membership", "regions/membership"), ("project", "projects/project")]
)
def test_exported_payloads_import_as_no_change(kind: str, path: str, settings: Any, tmp_path: Any) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    user = factories.user("pengelola", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    sheet = exports.xlsx_file("Data", HEADINGS[kind], rows_for(kind))
    batch = confirm(upload(kind, sheet, user=user))
    assert (codes(batch), batch.counts["new"]) == ([], len(PAYLOADS))

    for number in ("0", "1"):
        content = client.post(f"/admin/{path}/export/", {"format": number, "resource": "0"}).content
        again = upload(kind, content, user=user, name="ekspor")

        assert (codes(again), again.counts["same"]) == ([], len(PAYLOADS))
