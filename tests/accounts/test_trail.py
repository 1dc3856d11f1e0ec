"""The history can be added to and read, and nothing else; what was done without a change is in it too."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from coverage_portal.accounts import events, history, roles, trail
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, Event, User
from tests import factories

pytestmark = pytest.mark.django_db

TABLES = ("accounts_change", "accounts_event")
STATEMENTS = ("UPDATE {} SET actor = 'x'", "DELETE FROM {}", "TRUNCATE {}")
DISGUISES = (
    "SELECT 1",
    "SET LOCAL session_replication_role = replica",
    "SET LOCAL accounts.redacting = 'on'",
    "SET LOCAL application_name = 'function accounts_redact('",
)


def reader(area: str, role: str = roles.AUDITOR, name: str = "auditor") -> Client:
    user = factories.user(name)
    AreaGrant.objects.create(user=user, role=role, area_code=area, valid_until="2099-12-31")
    client = Client()
    client.force_login(user)
    return client


def one_of_each() -> tuple[Change, Event]:
    row = factories.workforce(factories.regency("61.04"), 12)
    history.record(Author(None, "page", "salah ketik"), [(row, {"people": 10}, history.snapshot(row))])
    return Change.objects.get(), events.note(Event.Kind.EXPORTED, areas=["61.04"], what="uji", count=3)


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("table", TABLES)
def test_superuser_of_the_database_is_refused(table: str, statement: str, disguise: str) -> None:
    one_of_each()
    with connection.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (True,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # For the tests that empty tables this one is off.
        cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate")
        cursor.execute(disguise)
        with pytest.raises(DatabaseError, match="can only be added to"), transaction.atomic():
            cursor.execute(statement.format(table))
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - one of two names
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("statement", STATEMENTS[:2])
@pytest.mark.parametrize("table", TABLES)
def test_control_arm_without_the_trigger_nothing_is_refused(table: str, statement: str) -> None:
    one_of_each()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(statement.format(table))
        assert cursor.rowcount == 1


def test_redaction_blanks_what_was_named_and_writes_itself_down() -> None:
    change, _event = one_of_each()
    user = factories.user("petugas.pdp")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_redact(%s, %s, %s, %s, %s)",
            ["regions.workforce", [change.object_id], ["people", "source"], user.pk, "permintaan 7"],
        )
        assert cursor.fetchone() == (1,)

    change.refresh_from_db()
    assert (change.before, change.after["people"], change.after["source"]) == ({"people": None}, None, None)
    assert change.after["regency_id"] == "61.04"
    noted = Event.objects.get(kind="redacted")
    assert (noted.actor, noted.what, noted.count, noted.reason) == (
        "petugas.pdp",
        "regions.workforce",
        1,
        "permintaan 7",
    )


def test_redaction_without_a_reason_is_refused() -> None:
    change, _event = one_of_each()
    with pytest.raises(DatabaseError, match="takes a reason"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts_redact('regions.workforce', %s, '{people}', NULL, '')", [[change.object_id]]
        )


def test_only_users_of_the_example_are_cleared_out() -> None:
    user = factories.user("petugas")
    with pytest.raises(DatabaseError, match="of the example"), connection.cursor() as cursor:
        cursor.execute("SELECT accounts_clear_example(gen_random_uuid(), %s::bigint[])", [[user.pk]])


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


@pytest.mark.parametrize(("area", "is_shown"), [("61", True), ("61.04", True), ("61.05", False)])
def test_history_is_that_of_ones_areas(area: str, is_shown: bool) -> None:
    one_of_each()
    client = reader(area)

    changes, log = client.get("/riwayat/"), client.get("/riwayat/kejadian/?jenis=exported")

    assert (b"10 \xe2\x86\x92 12" in changes.content) is is_shown
    assert (b"uji" in log.content) is is_shown


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("?alasan=salah", 1),
        ("?alasan=lain", 0),
        ("?jenis=regions.workforce", 1),
        ("?jenis=regions.target", 0),
        ("?wilayah=61.04", 1),
        ("?wilayah=61.05", 0),
        ("?wilayah=61", 1),
        ("?dari=2000-01-01&sampai=2000-12-31", 0),
        ("?pelaku=sistem", 1),
    ],
)
def test_history_is_filtered_and_taken_away_as_shown(query: str, number: int) -> None:
    one_of_each()
    client = reader("61")

    shown = client.get(f"/riwayat/{query}").context["page"].paginator.count
    rows = rows_of(client.get(f"/riwayat/unduhan/{query}"))

    assert (shown, len(rows) - 1) == (number, number)
    noted = Event.objects.get(kind="exported", what="riwayat-perubahan")
    assert (noted.actor, noted.count) == ("auditor", number)


@pytest.mark.parametrize("role", [r for r in roles.BY_SLUG if r not in (roles.AUDITOR, roles.PORTAL_ADMIN)])
def test_history_is_not_for_everyone(role: str) -> None:
    client = reader("61", role)

    for path in ("/riwayat/", "/riwayat/unduhan/", "/riwayat/kejadian/", "/riwayat/kejadian/unduhan/"):
        assert client.get(path).status_code == 403


def test_regencys_auditor_sees_neither_the_provinces_people_nor_unknown_names() -> None:
    reader("61.04")
    for name, area in (("provinsi", "61"), ("ketapang", "61.04")):
        events.note(Event.Kind.SIGNED_IN, user=factories.user(name, area))
    events.note(Event.Kind.SIGN_IN_FAILED, name="entah")

    auditor = User.objects.get(username="auditor")
    assert {event.actor for event in trail.events(auditor)} == {"auditor", "ketapang"}


def test_export_in_the_admin_leaves_one_line_with_its_number_of_records() -> None:
    factories.workforce(factories.regency("61.04"), 12)
    factories.workforce(factories.regency("61.05"), 12)
    user = factories.user("pengelola", is_staff=True)
    AreaGrant.objects.create(user=user, role=roles.EDITOR, area_code="61.04")
    client = Client()
    client.force_login(user)

    client.post("/admin/regions/workforce/export/", {"format": "1", "resource": "0"})

    noted = Event.objects.get(kind="exported")
    assert (noted.actor, noted.what, noted.count) == ("pengelola", "regions.workforce (csv)", 1)


def test_reader_without_the_permission_exports_nothing() -> None:
    user = factories.user("pembaca", is_staff=True)
    AreaGrant.objects.create(user=user, role=roles.VIEWER, area_code="61")
    client = Client()
    client.force_login(user)

    answer = client.post("/admin/regions/workforce/export/", {"format": "1", "resource": "0"})

    assert answer.status_code == 403
    assert not Event.objects.filter(kind="exported").exists()


def test_number_like_a_nik_is_masked_in_the_log() -> None:
    noted = events.note(Event.Kind.EXPORTED, what="6171011708909001", reason="NIK 6171011708909001")

    assert "9001" not in f"{noted.what}{noted.reason}"
