"""Daftar lengkap: who is not on the list ends, and the cell it covers is known to be complete."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from coverage_portal.intake import services
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects import counting
from projects.models import CompleteList, CountingHorizon, Enrollment, Project
from regions.models import Membership
from tests import factories
from tests.projects.people import HEADING, member, nik, person, send
from tests.sheets import codes, confirm, undo

pytestmark = pytest.mark.django_db
State = ImportBatch.State
PONTIANAK_PU = {"mode": "daftar_lengkap", "regency": "61.71", "segment": "PU"}


def complete(rows: list[list[Any]], day: str = "2025-07-31", **options: str) -> ImportBatch:
    return send(rows, data_date=day, **(PONTIANAK_PU | options))


def ends() -> dict[str, datetime.date | None]:
    return dict(Enrollment.objects.values_list("worker__nik_last4", "end"))


def cell(month: str = "2025-07", regency: str = "61.71") -> tuple[int | None, bool] | None:
    found = Membership.objects.filter(regency_id=regency, segment="PU", month=Month.parse(month)).first()
    return None if found is None else (found.counted, found.complete_list)


def test_whoever_is_missing_ends_the_day_before_and_is_shown_first() -> None:
    confirm(send([member(1), member(2), member(3, "BPU"), member(4, regency="Kab. Sambas")]))

    batch = complete([member(1)])

    said = {issue.code: issue.message for issue in batch.issues.all()}
    assert said["list_ends"] == (
        "1 peserta tidak ada di daftar lengkap ini dan akan berakhir: hari terakhirnya 30-07-2025."
    )
    assert said["list_ends_person"] == ("Akan berakhir: C… C… · ************9002 · PU · 61.71 · 15-01-2025")
    confirm(batch)
    assert ends() == {"9001": None, "9002": datetime.date(2025, 7, 30), "9003": None, "9004": None}
    assert cell() == (1, True)
    assert CompleteList.objects.filter(regency_id="61.71", segment="PU", month=Month(2025, 7)).exists()
    assert counting.mismatches() == {}


def test_list_without_anyone_active_counts_0() -> None:
    confirm(send([member(1)]))

    confirm(complete([[*member(2), "2025-06-30"]], heading=[*HEADING, "Tanggal Berakhir"]))

    assert cell() == (0, True)


def test_undo_of_a_list_gives_ends_cell_and_horizon_back() -> None:
    confirm(send([member(1), member(2)], data_date="2025-06-30"))
    before = [*Enrollment.objects.order_by("pk").values(), *Membership.objects.order_by("month").values()]
    batch = confirm(complete([member(1)]))
    assert CountingHorizon.objects.get().counted_to == Month(2025, 7)

    undo(batch)

    after = [*Enrollment.objects.order_by("pk").values(), *Membership.objects.order_by("month").values()]
    assert after == before
    assert CountingHorizon.objects.get().counted_to == Month(2025, 6)
    assert not CompleteList.objects.exists()


def test_list_stays_complete_while_another_import_says_so() -> None:
    first = confirm(complete([member(1)]))
    second = confirm(complete([member(1), member(2)]))

    undo(first)
    assert cell() == (1, True)
    undo(second)

    assert (cell(), CompleteList.objects.exists(), CountingHorizon.objects.exists()) == (None, False, False)


def test_whoever_is_back_on_the_list_is_active_again() -> None:
    confirm(send([member(1), member(2)]))
    confirm(complete([member(1)]))

    confirm(complete([member(1), member(2)], day="2025-08-31"))

    assert ends() == {"9001": None, "9002": None}
    assert cell("2025-08") == (2, True)


def test_row_of_another_cell_is_refused_and_the_list_needs_every_row() -> None:
    batch = complete([member(1), member(2, "BPU")])

    assert sorted(codes(batch)) == ["complete_list_needs_every_row", "outside_list"]
    with pytest.raises(services.Conflict):
        confirm(batch, good_rows_only=True)


def test_list_of_a_project_ends_its_workers_only() -> None:
    project = Project.objects.create(
        source="contoh", name="Jembatan", bpjs_number="2500000000001", regency_id="61.71"
    )
    heading = ["NIK", "Nama", "Nomor Proyek", "Tanggal Mulai"]
    rows = [person(n, "2500000000001", "2025-02-01") for n in (1, 2)]
    confirm(send(rows, heading=heading, segment="JAKON"))
    confirm(send([member(2)]))

    options = {"mode": "daftar_lengkap", "project": str(project.pk), "data_date": "2025-07-31"}
    confirm(send(rows[:1], heading=heading, **options))

    found = (
        Enrollment.objects.filter(worker__nik_last4="9002").order_by("segment").values_list("segment", "end")
    )
    assert list(found) == [("JAKON", datetime.date(2025, 7, 30)), ("PU", None)]
    assert not CompleteList.objects.exists()


def test_what_the_list_is_of_is_asked() -> None:
    batch = send([[nik(1), "CONTOH"]], heading=["NIK", "Nama"], mode="daftar_lengkap", data_date="")

    assert batch.state == State.ASKING
    assert [question["name"] for question in batch.questions if not question["optional"]] == [
        "regency",
        "segment",
        "start_date",
        "data_date",
    ]


def test_preview_tells_what_coverage_becomes_and_confirming_does_it() -> None:
    pontianak = factories.regency("61.71")
    for segment, people in (("PU", 10), ("BPU", 5), ("JAKON", 5)):
        factories.workforce(pontianak, people, segment=segment)
    for segment in ("BPU", "JAKON"):
        factories.membership(pontianak, 1, segment=segment, month="2025-07")
    confirm(complete([member(1), member(2)]))

    batch = complete([member(1), member(3), member(4)])

    told = [(e["area"], e["month"], e["before"], e["after"]) for e in batch.effects if not e["segment"]]
    assert ("Kota Pontianak", "2025-07", "20", "25") in told
    confirm(batch)
    assert cell() == (3, True)
