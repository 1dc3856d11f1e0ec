"""Real layouts: the shared files of worker lists give what their manifest says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from coverage_portal.intake.models import ImportBatch
from projects.models import Enrollment, Worker
from tests.sheets import codes, confirm, upload

pytestmark = pytest.mark.django_db
State = ImportBatch.State
SIPP = "replica_sipp_33_columns.xlsx"


def sent(folder: Path, name: str, **options: str) -> ImportBatch:
    return upload("enrollment", (folder / "sheets" / name).read_bytes(), name=name, **options)


def test_sipp_sheet_gives_three_people_and_one_row_twice(shared_data: Path) -> None:
    batch = sent(shared_data, SIPP, segment="PU", data_date="2025-01-31")

    assert batch.counts == {"read": 4, "new": 3, "changed": 0, "same": 0, "wrong": 0, "skipped": 1}
    said = {(issue.row_number, issue.code): issue.message for issue in batch.issues.all()}
    assert said[5, "duplicate_row"] == "Baris ini sama persis dengan baris 2, sehingga dilewati."
    assert (4, "nik_from_number") in said
    confirm(batch)
    found = Enrollment.objects.select_related("worker").order_by("worker__nik_last4")
    assert [
        (e.worker.name, e.worker.sex, f"{e.worker.birth_date}", e.regency_id, e.segment, f"{e.start}")
        for e in found
    ] == [
        ("CONTOH SATU", "L", "1990-08-17", "61.71", "PU", "2025-01-02"),
        ("CONTOH DUA", "P", "1990-08-17", "61.71", "PU", "2025-01-02"),
        ("CONTOH TIGA", "L", "1990-08-17", "61.12", "PU", "2025-01-02"),
    ]


def test_sipp_sheet_asks_what_it_lacks_and_shows_its_counts_already(shared_data: Path) -> None:
    batch = sent(shared_data, SIPP)

    assert batch.state == State.ASKING
    assert [q["name"] for q in batch.questions if not q["optional"]] == ["segment", "data_date"]
    assert (batch.counts["new"], batch.counts["skipped"]) == (3, 1)


def test_wages_and_mothers_are_stored_nowhere(shared_data: Path) -> None:
    confirm(sent(shared_data, SIPP, segment="PU", data_date="2025-01-31"))

    stored = json.dumps([*Worker.objects.values(), *Enrollment.objects.values()], default=str)

    assert "2878286" not in stored
    assert "IBU CONTOH" not in stored


@pytest.mark.parametrize(
    ("name", "header_row"),
    [
        pytest.param("hrms_template_karyawan.xlsx", 1, id="heading only, second sheet"),
        pytest.param("bpjs_mutasi_data_baru.xlsx", 7, id="form above, column numbers, numbered empty rows"),
        pytest.param("bpjs_mutasi_pindah_fktp.xlsx", 3, id="title beside a note"),
    ],
)
def test_sheet_without_data_rows_is_refused(shared_data: Path, name: str, header_row: int) -> None:
    batch = sent(shared_data, name)

    assert (batch.state, codes(batch), batch.found["header_rows"]) == (
        State.REFUSED,
        ["no_data_rows"],
        [header_row],
    )
    assert batch.issues.get().message.startswith("Tidak ada baris data")


def test_command_tells_the_same(shared_data: Path, capsys: Any) -> None:
    call_command(
        "import_sheet",
        "enrollment",
        str(shared_data / "sheets" / SIPP),
        "--json",
        "--option=segment=PU",
        "--option=data_date=31-01-2025",
    )

    said = json.loads(capsys.readouterr().out)

    assert said["counts"] == {"read": 4, "new": 3, "changed": 0, "same": 0, "wrong": 0, "skipped": 1}
    assert (said["state"], {issue["value"] for issue in said["issues"]}) == ("ready", {""})
