"""What the admin exports, the import takes back unchanged, in both formats and both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from coverage_portal.demo import loading
from coverage_portal.lib.exports import CSV, XLSX
from regions.models import Membership, QuotedFigure, Target, Workforce
from regions.resources import MembershipResource, QuotedFigureResource, TargetResource, WorkforceResource
from tests.sheets import codes, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _example(db: None, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    loading.load()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("file_format", [XLSX, CSV])
@pytest.mark.parametrize(
    ("kind", "resource", "model"),
    [
        ("membership", MembershipResource, Membership),
        ("workforce", WorkforceResource, Workforce),
        ("target", TargetResource, Target),
        ("quoted_figures", QuotedFigureResource, QuotedFigure),
    ],
)
def test_export_imports_as_no_change(kind, resource, model, file_format, language) -> None:
    with translation.override(language):
        content = file_format().export_data(resource().export(model.objects.order_by("pk")))

    batch = upload(kind, content if isinstance(content, bytes) else content.encode(), name="ekspor")

    assert (codes(batch), batch.counts["same"]) == ([], model.objects.count())
    assert batch.counts["new"] == batch.counts["changed"] == 0
