"""Sheets of a recap, the requests that upload them, and the staff who do."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch
from tests import factories
from tests.sheets import xlsx

HEADING = ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"]
GOOD: list[list[Any]] = [HEADING, ["Sambas", "PU", "2025-07", 100], ["Landak", "BPU", "2025-07", 20]]
MIXED = [
    ["Rekap peserta aktif, Juli 2025"],
    [],
    ["Wilayah", "Segmen", "Peserta Aktif"],
    ["Sambas", "PU", 100],
    ["Landak", "PU", -5],
    ["Atlantis", "BPU", "seribu"],
    ["JUMLAH", None, 95],
]


def staff(name: str, *areas: str, group: str = "Staf BPJS") -> User:
    user = factories.user(name, *areas)
    user.groups.add(Group.objects.get(name=group))
    return user


def address(batch: ImportBatch, ending: str = "") -> str:
    return f"/impor/{batch.pk}/{ending}"


def upload_fields(content: bytes | None = None, *, name: str = "rekap.xlsx", **fields: str) -> dict[str, Any]:
    return {
        "kind": "membership",
        "file": SimpleUploadedFile(name, xlsx(GOOD) if content is None else content),
        **fields,
    }
