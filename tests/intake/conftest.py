"""Who meets an import: the one who uploaded it, a colleague of the province, staff elsewhere, a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests.imports import GOOD, MIXED, staff
from tests.sheets import upload, xlsx


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_DIR = tmp_path / "uploads"


@pytest.fixture
def uploader() -> User:
    return staff("petugas", "61")


@pytest.fixture
def colleague() -> User:
    return staff("rekan", "61")


@pytest.fixture
def outsider() -> User:
    return staff("petugas.ketapang", "61.04")


@pytest.fixture
def reader() -> User:
    return staff("pembaca", "61", group="Pembaca")


@pytest.fixture
def page(client: Client, uploader: User) -> Client:
    """A browser in which the uploader has signed in."""
    client.force_login(uploader)
    return client


@pytest.fixture
def ready(uploader: User) -> ImportBatch:
    return upload("membership", xlsx(GOOD), user=uploader)


@pytest.fixture
def mixed(uploader: User) -> ImportBatch:
    """One good row, two wrong ones with three errors, and a total."""
    return upload("membership", xlsx(MIXED), user=uploader)
