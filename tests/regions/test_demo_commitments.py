"""The example's promises: in every stage, labelled, and gone with the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from coverage_portal.accounts.models import Change, User
from regions import deadlines, selectors
from regions.deadlines import Stage
from regions.models import Agency, Commitment, Province, Regency
from regions.selectors import commitments
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    settings.UPLOAD_DIR = tmp_path / "uploads"
    call_command("demo")


def test_every_stage_is_there_and_says_that_it_is_an_example() -> None:
    today = timezone.localdate()
    promises = list(Commitment.objects.select_related("agency"))

    assert {deadlines.stage(each.status, each.due_on, today) for each in promises} == set(Stage)
    assert all(each.promise.startswith("Contoh: ") for each in promises)
    assert all(each.source.startswith("Contoh – ilustratif") for each in promises)
    assert all(each.agency.name.endswith("(contoh)") for each in promises)
    traced = Change.objects.filter(model="regions.commitment", reason="Data contoh")
    assert traced.count() == len(promises) == 9
    for each in promises:
        each.full_clean()


def test_pages_have_something_to_say_of_them() -> None:
    reader, today = User.objects.get(username="demo.pejabat"), timezone.localdate()

    sambas = commitments.of_overview(
        selectors.area_overview(Regency.objects.get(code="61.01")), reader, today
    )
    whole = commitments.of_overview(selectors.area_overview(Province.objects.get(code="61")), reader, today)

    assert sambas is not None
    assert (sambas.total.open, sambas.total.overdue, sambas.total.members) == (3, 1, 12_000)
    assert all(row.gain is not None and row.gain.members is not None for row in sambas.rows)
    assert whole is not None
    assert (whole.total.open, whole.total.overdue, whole.total.members) == (7, 2, 22_000)


def test_clearing_takes_them_and_leaves_those_of_others() -> None:
    own = factories.commitment(
        factories.regency("61.01"), agency=Agency.objects.get(code="61.01.CONTOH-NAKER")
    )

    call_command("demo", clear=True)

    assert list(Commitment.objects.all()) == [own]
    assert [agency.code for agency in Agency.objects.all()] == ["61.01.CONTOH-NAKER"]
