"""Uploads of these tests go to a folder of their own; many small files are read without a child."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import pytest
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.lib import spreadsheets
from projects.models import Project
from tests.imports import staff
from tests.projects import records
from tests.projects.pairs import NUMBER


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def _read_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of a CSV without the reading process, whose start takes longer than all the rest."""

    @contextmanager
    def read(file: BinaryIO, **_options: Any) -> Iterator[Any]:
        text = io.StringIO(file.read().decode("utf-8-sig"))
        rows = [
            (n, [cell or None for cell in row]) for n, row in enumerate(csv.reader(text, delimiter=";"), 1)
        ]
        book = SimpleNamespace(format="csv", encoding="utf-8", delimiter=";", sheets=())
        yield SimpleNamespace(
            sheet="CSV", workbook=book, rows=iter(rows), rows_total=len(rows), notes=(), samples={}
        )

    monkeypatch.setattr(spreadsheets, "read", read)


@pytest.fixture
def reader() -> User:
    """Someone who may read everything of the province, and change nothing."""
    return staff("pembaca", "61", group="Pembaca")


@pytest.fixture
def page(client: Client, reader: User) -> Callable[..., Any]:
    """The page of a project, as a reader of the province gets it."""
    client.force_login(reader)
    return lambda project, **query: client.get(f"/proyek/{project.pk}/", query)


@pytest.fixture
def package(db: None) -> Project:
    return records.project("Jembatan Contoh", package_code="10012345", contract_value=Decimal("5000000.00"))


@pytest.fixture
def registration(db: None) -> Project:
    return records.project(
        "JEMB. CONTOH",
        bpjs_number=NUMBER,
        registered_on=records.day("2025-02-01"),
        certified_on=records.day("2025-02-12"),
        cover_end=records.day("2025-12-31"),
        contract_value=Decimal("5500000.00"),
        spk_date=records.day("2025-01-15"),
        planned_workers=10,
    )
