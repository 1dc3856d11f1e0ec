"""No NIK can be read anywhere after an import: not in a table, a log, the storage or an answer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from coverage_portal.intake.models import ImportBatch
from tests.imports import address, staff
from tests.projects.people import HEADING, member, nik, send
from tests.sheets import confirm, csv_bytes, undo

pytestmark = pytest.mark.django_db
WITH_WAGE = [*HEADING, "Upah"]
ROWS = [
    [*member(1), "3111222"],
    [*member(2), "3111222"],
    [*member(2), "3111222"],
    [*member(3, regency="Kab. Sambas"), "3111222"],
    [*member(3), "3111222"],
    [nik(4), "CONTOH EMPAT", "TIDAK ADA", nik(4), "AB123456", "kemarin", "3111222"],
    [f"{nik(5)}1", "CONTOH LIMA", *member(5)[2:], "3111222"],
    [nik(6)[:15], f"CONTOH {nik(6)}", *member(6)[2:], "3111222"],
]
SECRETS = [nik(number) for number in range(1, 7)] + ["3111222"]


def texts_of_all_tables() -> str:
    """Every row of every table as text, bytes as hex."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text or secret.encode().hex() in text]


@pytest.mark.parametrize("until", ["preview", "confirm", "undo"], ids=["preview", "confirm", "undo"])
def test_no_table_holds_a_readable_nik_or_a_wage(until: str) -> None:
    batch = send(ROWS, heading=WITH_WAGE)
    if until != "preview":
        batch = confirm(batch, good_rows_only=True)
    if until == "undo":
        undo(batch)

    assert batch.counts["wrong"] == 5
    assert secrets_in(texts_of_all_tables()) == []


def test_search_of_the_tables_would_find_one() -> None:
    confirm(send([member(1)]))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE projects_worker SET name = %s", [nik(1)])

    assert secrets_in(texts_of_all_tables()) == [nik(1)]


def test_uploads_are_stored_sealed(settings: Any) -> None:
    send(ROWS, heading=WITH_WAGE)

    stored = [path.read_bytes() for path in Path(settings.UPLOAD_DIR).iterdir()]

    assert len(stored) == 1
    assert not any(secret.encode() in stored[0] for secret in SECRETS)


def test_logs_and_the_command_hold_none(caplog: Any, capsys: Any, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "peserta.csv"
    path.write_bytes(csv_bytes([WITH_WAGE, *ROWS]))

    with pytest.raises(SystemExit):
        call_command(
            "import_sheet", "enrollment", str(path), "--json", "--confirm", "--option=data_date=2025-07-31"
        )

    said = capsys.readouterr()
    # At this level the statements themselves are logged; the rows go by COPY and are not among them.
    assert secrets_in("\n".join([caplog.text, said.out, said.err])) == []


def test_pages_show_none(client: Client) -> None:
    user = staff("petugas", "61")
    client.force_login(user)
    batch = send(ROWS, heading=WITH_WAGE, user=user)

    shown = client.get(address(batch)).content.decode()
    confirm(batch, good_rows_only=True)
    applied = client.get(address(batch)).content.decode()

    assert "CONTOH" in shown
    assert secrets_in(shown + applied) == []


def test_staged_rows_of_an_applied_import_are_gone() -> None:
    confirm(send([member(1)]))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM projects_stagedenrollment")
        left = cursor.fetchone()

    assert left == (0,)
    assert ImportBatch.objects.count() == 1
