"""The same file again: not read while nothing has changed since, read as soon as anything has."""

from __future__ import annotations

from typing import Any

import pytest

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from coverage_portal.intake import checking
from coverage_portal.intake.models import ImportBatch
from projects.models import Enrollment, Worker
from tests.imports import staff
from tests.projects.people import member, nik, send
from tests.sheets import codes, confirm, undo

pytestmark = pytest.mark.django_db
State = ImportBatch.State
ROWS = [member(1), member(2)]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read."""
    names: list[str] = []
    read = checking._read

    def counted(batch: ImportBatch, *args: Any) -> Any:
        names.append(str(batch.pk))
        return read(batch, *args)

    monkeypatch.setattr(checking, "_read", counted)
    return names


def test_unchanged_file_over_unchanged_data_is_not_read(readings: list[str]) -> None:
    confirm(send(ROWS))
    readings.clear()

    again = send(ROWS)

    assert readings == []
    assert again.state == State.READY
    assert again.counts == {"read": 2, "new": 0, "changed": 0, "same": 2, "wrong": 0, "skipped": 0}
    assert "unchanged_since" in codes(again, "note")
    version = generation.current()
    assert confirm(again).state == State.APPLIED
    assert generation.current() == version


@pytest.mark.parametrize("is_confirmed_in_between", [True, False])
def test_file_sent_five_times_is_applied_once(is_confirmed_in_between: bool) -> None:
    waiting = [] if is_confirmed_in_between else [send(ROWS) for _time in range(5)]
    applied, versions = [], [generation.current()]

    for turn in range(5):
        applied.append(confirm(send(ROWS) if is_confirmed_in_between else waiting[turn]))
        versions.append(generation.current())

    assert [batch.state for batch in applied] == [State.APPLIED] * 5
    assert len(set(versions)) == len({versions[0], versions[-1]}) == 2
    # Also of a file that was shown two new persons, who were there when it was confirmed.
    assert [(batch.counts["new"], batch.counts["same"]) for batch in applied] == [(2, 0)] + [(0, 2)] * 4
    assert (Worker.objects.count(), Enrollment.objects.count()) == (2, 2)
    assert Change.objects.filter(source=Change.Source.IMPORT).count() == 1
    assert all("same_file" in codes(batch, "note") for batch in applied[1:]) == is_confirmed_in_between


def test_file_is_read_after_an_edit(readings: list[str]) -> None:
    from projects import services

    confirm(send(ROWS))
    worker = Worker.objects.get(nik_last4=nik(1)[12:])
    with services.enrollments_of([worker.pk]):
        Enrollment.objects.filter(worker=worker).update(regency_id="61.01")
    readings.clear()

    again = send(ROWS)

    assert len(readings) == 1
    assert (again.counts["changed"], again.counts["same"]) == (1, 1)


def test_file_is_read_after_its_undo(readings: list[str]) -> None:
    undo(confirm(send(ROWS)))
    readings.clear()

    assert send(ROWS).counts["new"] == 2
    assert len(readings) == 1


def test_file_with_other_answers_is_read(readings: list[str]) -> None:
    confirm(send(ROWS))
    readings.clear()

    send(ROWS, funding="APBD")

    assert len(readings) == 1


def test_file_with_a_wrong_row_is_read_for_its_cells(readings: list[str]) -> None:
    rows = [*ROWS, [nik(3)[:15], "CONTOH TIGA", *member(3)[2:]]]
    confirm(send(rows), good_rows_only=True)
    readings.clear()

    again = send(rows)

    assert len(readings) == 1
    assert again.counts["wrong"] == 1


def test_file_of_another_area_is_read_and_refused(readings: list[str]) -> None:
    confirm(send(ROWS))
    readings.clear()

    again = send(ROWS, user=staff("sambas", "61.01"))

    assert len(readings) == 1
    assert again.counts["wrong"] == 2


def test_file_is_read_by_newer_code(readings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    confirm(send(ROWS))
    readings.clear()
    monkeypatch.setattr("coverage_portal.intake.repeats._code", lambda: "newer")

    send(ROWS)

    assert len(readings) == 1
