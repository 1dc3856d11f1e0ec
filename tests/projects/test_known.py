"""Whoever a list speaks of is found alike, whether each row is looked up or the stored tables are read."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from coverage_portal.accounts.areas import EVERYTHING
from coverage_portal.intake.models import ImportBatch
from projects import counting, resolving
from projects.models import Enrollment, StagedEnrollment, Worker
from projects.plan import Plan
from tests.projects.people import HEADING, member, send
from tests.sheets import confirm, undo

pytestmark = pytest.mark.django_db
WITH_END = [*HEADING, "Tanggal Berakhir"]
STORED = [member(number) for number in range(1, 8)]
LIST = [
    [*member(1), "2025-06-30"],
    [*member(2, regency="Kab. Sambas"), ""],
    [*member(3), ""],
    [*member(4, start="2025-03-01"), ""],
    [*member(5, "BPU", npp=""), ""],
    [*member(6), "2025-02-28"],
    [*member(6, start="2025-03-01"), ""],
    [*member(20), ""],
]


def told(batch: ImportBatch) -> Any:
    """Everything that a preview shows."""
    return (
        batch.counts,
        sorted(batch.issues.values_list("severity", "row_number", "code"), key=str),
        sorted(batch.records.values_list("row_number", "outcome", "label")),
        batch.effects,
    )


def stored() -> Any:
    columns = ("worker__name", "segment", "regency", "start", "end")
    return sorted(Enrollment.objects.values_list(*columns), key=str), counting.stored()


def test_looking_up_and_reading_tell_and_write_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(send(STORED))
    before = stored()
    found = []
    for looks_up in (False, True):
        monkeypatch.setattr(resolving, "is_outnumbered", lambda _cursor, _plan, answer=looks_up: answer)
        batch = send(LIST, heading=WITH_END)
        preview = told(batch)
        confirm(batch, good_rows_only=True)
        found.append((preview, stored()))
        undo(batch)
        assert stored() == before

    assert found[0] == found[1]
    assert set(found[0][0][0].items()) >= {("new", 3), ("changed", 3), ("wrong", 1)}


@pytest.mark.parametrize(("rows", "looks_up"), [(1, True), (2, False)])
def test_rows_are_looked_up_where_the_stored_ones_outnumber_them(rows: int, looks_up: bool) -> None:
    confirm(send(STORED))
    assert Worker.objects.count() == 7 == resolving.OUTNUMBERED + 1
    batch = send([member(number) for number in range(rows)])
    assert StagedEnrollment.objects.filter(batch_id=batch.pk).count() == rows
    plan = Plan.of(batch.pk, {}, EVERYTHING, has_start=True)

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_worker")
        assert resolving.is_outnumbered(cursor, plan) is looks_up
