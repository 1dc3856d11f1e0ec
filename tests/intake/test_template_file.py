"""The templates: they say what to fill in, and nothing of them can be imported by mistake."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake import kinds
from coverage_portal.intake.models import ImportBatch
from tests.sheets import codes, upload

pytestmark = pytest.mark.django_db
SLUGS = ["membership", "workforce", "target", "quoted_figures"]


def template(page: Client, slug: str) -> bytes:
    response = page.get(f"/impor/templat/{slug}.xlsx")
    assert response["Content-Disposition"] == f'attachment; filename="templat-{slug}.xlsx"'
    return response.getvalue()


def filled(content: bytes, rows: list[list[Any]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in rows:
        book["Data"].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("slug", SLUGS)
def test_empty_template_has_no_data_rows(page: Client, slug: str) -> None:
    batch = upload(slug, template(page, slug))

    assert (batch.state, codes(batch)) == (ImportBatch.State.REFUSED, ["no_data_rows"])


@pytest.mark.parametrize("slug", SLUGS)
def test_template_filled_with_its_own_examples_imports(page: Client, uploader: User, slug: str) -> None:
    asked = ["change_target", "change_quotedfigure"]
    uploader.user_permissions.add(*Permission.objects.filter(codename__in=asked))
    examples = [column.example for column in kinds.get(slug).columns]

    batch = upload(slug, filled(template(page, slug), [examples]), user=uploader)

    assert (batch.state, codes(batch)) == (ImportBatch.State.READY, [])
    assert (batch.counts["read"], batch.counts["wrong"], batch.counts["skipped"]) == (1, 0, 0)


def test_template_keeps_codes_as_text_and_explains_each_column(page: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(page, "membership")))

    headings = [cell.value for cell in book["Data"][1]]
    assert headings == [
        "Kode Wilayah",
        "Wilayah",
        "Segmen",
        "Bulan",
        "Peserta Aktif",
        "Sumber",
        "Tanggal Data",
    ]
    assert book["Data"].max_row == 1
    assert book["Data"].freeze_panes == "A2"
    assert book["Data"].column_dimensions["A"].number_format == "@"
    assert [row[0].value for row in book["Petunjuk"].iter_rows(min_row=2)] == headings
    assert [cell.value for cell in book["Petunjuk"][3]] == [
        "Wilayah",
        "ya",
        "Nama kabupaten/kota atau provinsi.",
        "Kabupaten Ketapang",
    ]
