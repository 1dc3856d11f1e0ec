"""Persons in a preview and in the file of wrong rows: for whom they are, and for how long."""

from __future__ import annotations

import io
import traceback
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection
from django.test import Client

from coverage_portal.accounts.models import Change, User
from coverage_portal.intake import jobs, sealed
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.sealing import BrokenSeal
from tests.imports import address, staff
from tests.projects.people import HEADING, member, nik, send
from tests.sheets import codes, confirm, csv_bytes, upload, xlsx

pytestmark = pytest.mark.django_db
WRONG = [nik(4), "CONTOH EMPAT", "TIDAK ADA", "Kota Pontianak", "AB123456", "2025-01-15"]


@pytest.fixture
def uploader() -> User:
    return staff("petugas", "61")


def stored_records() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM intake_stagedrecord t")
        return "\n".join(row for (row,) in cursor.fetchall())


def test_samples_are_sealed_where_they_lie_and_readable_on_the_page(client: Client, uploader: User) -> None:
    batch = send([member(1)], user=uploader)

    client.force_login(uploader)
    shown = client.get(address(batch)).content.decode()

    assert member(1)[1] in shown
    assert member(1)[1] not in stored_records()
    assert '"sealed"' in stored_records()


def test_sample_cannot_be_moved_to_another_row() -> None:
    batch = send([member(1), member(2)])
    one, other = batch.records.order_by("row_number")

    with pytest.raises(BrokenSeal):
        sealed.opened(one.after, sealed.sample(batch.pk, other.row_number))


def test_samples_go_once_the_list_is_applied() -> None:
    batch = send([member(1)])
    assert batch.records.exists()

    confirm(batch)

    assert not batch.records.exists()


def test_reader_of_the_province_sees_the_import_without_its_persons(client: Client, uploader: User) -> None:
    batch = send([member(1), WRONG], user=uploader)
    client.force_login(staff("pembaca", "61", group="Pembaca"))

    shown = client.get(address(batch))

    assert shown.status_code == 200
    assert member(1)[1] not in shown.content.decode()
    assert "hanya tampil bagi yang berhak mengimpornya" in shown.content.decode()


def error_file(client: Client, batch: ImportBatch) -> list[tuple[Any, ...]]:
    content = client.get(address(batch, "kesalahan.xlsx")).getvalue()
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_uploader_gets_the_wrong_rows_as_they_came_and_that_is_noted(client: Client, uploader: User) -> None:
    batch = send([member(1), WRONG], user=uploader)
    client.force_login(uploader)

    client.head(address(batch, "kesalahan.xlsx")).getvalue()
    assert not Change.objects.exists()
    rows = error_file(client, batch)

    assert rows[1][:6] == tuple(WRONG)
    noted = Change.objects.get()
    assert (noted.actor, noted.object_id, noted.after) == ("petugas", str(batch.pk), {"rows": 1})


def test_without_the_permission_the_wrong_rows_are_masked(client: Client, uploader: User) -> None:
    reveal = Permission.objects.get(codename="reveal_nik")
    group = uploader.groups.get()
    group.permissions.remove(reveal)
    batch = send([member(1), [*WRONG, "Jl. Contoh 1"]], heading=[*HEADING, "Alamat"], user=uploader)
    client.force_login(uploader)

    rows = error_file(client, batch)

    assert rows[1][:7] == (
        "••••••••••••9004",
        "C… E…",
        "TIDAK ADA",
        "Kota Pontianak",
        "AB123456",
        "••••••1-15",
        None,
    )
    assert "Segmen tidak dikenal" in rows[1][7]
    assert not Change.objects.exists()


@pytest.mark.parametrize("kind", ["enrollment", "membership"])
def test_nik_in_a_name_a_title_an_answer_or_a_heading_is_masked_before_it_is_stored(kind: str) -> None:
    rows = [[f"Daftar {nik(5)}"], [], [*HEADING, nik(6)], [*member(1), nik(7)]]

    batch = upload(kind, csv_bytes(rows), name=f"{nik(8)}.csv", source=f"dari {nik(9)}")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b::text FROM intake_importbatch b UNION ALL SELECT i::text FROM intake_issue i"
        )
        kept = "\n".join(row for (row,) in cursor.fetchall())
    assert batch.file_name == "[nomor disamarkan].csv"
    assert [number for number in range(1, 10) if nik(number) in kept] == []


def test_workbook_with_a_nik_for_a_sheets_name_is_refused() -> None:
    batch = upload("enrollment", xlsx([HEADING, member(1)], sheet=nik(1)))

    assert (batch.state, codes(batch)) == ("refused", ["nik_in_sheet_name"])


def test_queue_is_told_the_kind_of_a_failure_only(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = send([member(1)])
    ImportBatch.objects.filter(pk=batch.pk).update(state="confirmed")

    def fail(_batch: ImportBatch) -> None:
        raise IntegrityError(f"Failing row contains ({nik(1)})")

    monkeypatch.setitem(jobs.STEPS, "confirmed", ("applying", fail))
    monkeypatch.setitem(jobs.STEPS, "applying", ("applying", fail))
    with pytest.raises(jobs.StepFailed) as failed:
        jobs.advance_batch.func(str(batch.pk))
    with pytest.raises(IntegrityError) as control:
        jobs.advance(batch.pk)

    assert nik(1) not in "".join(traceback.format_exception(failed.value))
    assert nik(1) in "".join(traceback.format_exception(control.value))
