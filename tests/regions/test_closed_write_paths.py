"""Every way to write a closed month's reported, workforce or target: nothing changes, and the reason is said.

The control arm takes the protection away, in Python and in the database: then each of them does change it.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from coverage_portal.intake.models import ImportBatch
from regions.models import Membership, PeriodException, Target, Workforce
from regions.selectors.locks import Locks
from regions.services import closing
from tests import factories
from tests.regions.closed import JULY, KETAPANG, author, closed, filled, published
from tests.sheets import confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
OPENS = "memberi pengecualian"
MODELS = {"membership": Membership, "workforce": Workforce, "target": Target}


def stored() -> dict[str, list[tuple[Any, ...]]]:
    return {
        "membership": list(
            Membership.objects.order_by("regency", "segment").values_list(
                "segment", "month", "reported", "source"
            )
        ),
        "workforce": list(
            Workforce.objects.order_by("regency", "segment").values_list("segment", "year", "people")
        ),
        "target": list(Target.objects.order_by("pk").values_list("year", "percent", "legal_basis")),
    }


def posted(client: Client, path: str, **fields: Any) -> str:
    response = client.post(path, fields)
    return "" if response.status_code == 302 else response.content.decode()


def changed(client: Client, model: str, **fields: Any) -> str:
    row = MODELS[model].objects.order_by("pk").last()
    return posted(client, f"/admin/regions/{model}/{row.pk}/change/", **fields)


def deleted(client: Client, model: str) -> str:
    row = MODELS[model].objects.order_by("pk").last()
    return posted(client, f"/admin/regions/{model}/{row.pk}/delete/", post="yes")


def deleted_by_action(client: Client, model: str) -> str:
    keys = [str(pk) for pk in MODELS[model].objects.values_list("pk", flat=True)]
    fields = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    return posted(client, f"/admin/regions/{model}/", **fields)


def imported(kind: str, rows: list[list[Any]]) -> ImportBatch:
    return upload(kind, xlsx(rows))


MEMBERS = [["Wilayah", "Segmen", "Bulan", "Peserta Aktif"], ["Kab. Ketapang", "PU", "2025-07", 777]]
PEOPLE = [["Wilayah", "Segmen", "Tahun", "Potensi"], ["Kab. Ketapang", "PU", "2025", 7777]]
TARGETS = [["Wilayah", "Tahun", "Target (%)", "Dasar Hukum"], ["Kab. Ketapang", "2026", "55", "Perda"]]


def by_import(kind: str, rows: list[list[Any]]) -> Callable[[Client, Path], str]:
    def write(_client: Client, _path: Path) -> str:
        batch = imported(kind, rows)
        said = " ".join(issue.message for issue in batch.issues.all())
        if batch.state == ImportBatch.State.READY and not batch.counts["wrong"]:
            confirm(batch)
        return said

    return write


def by_command(_client: Client, path: Path) -> str:
    file = path / "rekap.xlsx"
    file.write_bytes(xlsx(MEMBERS))
    out = io.StringIO()
    try:
        call_command("import_sheet", "membership", str(file), "--confirm", stdout=out, stderr=out)
    except (CommandError, SystemExit) as error:
        return out.getvalue() + str(error)
    return out.getvalue()


def by_statement(statement: str) -> Callable[[Client, Path], str]:
    def write(_client: Client, _path: Path) -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except IntegrityError as error:
            # The database only refuses; it is Python that says who can open it.
            return OPENS if "closed month" in str(error) else str(error)
        return ""

    return write


WRITERS: dict[str, Callable[[Client, Path], str]] = {
    "form of members": lambda client, _p: changed(client, "membership", reported="1", source="lain"),
    "form of the source": lambda client, _p: changed(
        client, "membership", reported="100", source="sumber lain"
    ),
    "form of workforce": lambda client, _p: changed(client, "workforce", people="1", source="lain"),
    "form of target": lambda client, _p: changed(client, "target", percent="11", legal_basis="lain"),
    "form that adds a total": lambda client, _p: posted(
        client, "/admin/regions/membership/add/", regency=KETAPANG, month="2025-07", reported="9", source="x"
    ),
    "deleting members": lambda client, _p: deleted(client, "membership"),
    "deleting workforce": lambda client, _p: deleted(client, "workforce"),
    "deleting a target": lambda client, _p: deleted(client, "target"),
    "action on members": lambda client, _p: deleted_by_action(client, "membership"),
    "action on workforce": lambda client, _p: deleted_by_action(client, "workforce"),
    "import of members": by_import("membership", MEMBERS),
    "import of workforce": by_import("workforce", PEOPLE),
    "import of a target": by_import("target", TARGETS),
    "command": by_command,
    "statement on members": by_statement("UPDATE regions_membership SET reported = reported + 1"),
    "statement that moves members": by_statement("UPDATE regions_membership SET month = '2024-01-01'"),
    "statement with other ids": by_statement(
        "UPDATE regions_membership SET id = id + 100000, reported = reported + 1"
    ),
    "statement that adds members": by_statement(
        "INSERT INTO regions_membership (regency_id, segment, month, reported, complete_list, source)"
        " VALUES ('61.04', 'PMI', '2025-07-01', 1, false, '')"
    ),
    "statement on workforce": by_statement("UPDATE regions_workforce SET people = people + 1"),
    "statement on targets": by_statement("UPDATE regions_target SET percent = percent - 1"),
    "statement that deletes": by_statement("DELETE FROM regions_membership"),
}


@pytest.fixture
def client_of_all(client: Client) -> Client:
    client.force_login(factories.user("super", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same portal without the rule, in Python and in the database."""
    for name in ("_of_month", "_of_year", "membership"):
        monkeypatch.setattr(Locks, name, lambda *_arguments: None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.removing_example', 'yes', true)")


def closed_month() -> None:
    ketapang = filled()
    factories.target(ketapang, "50")
    closed(KETAPANG)


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_closed_month_is_not_written(
    client_of_all: Client, tmp_path: Path, writer: Callable[[Client, Path], str]
) -> None:
    closed_month()
    before = stored()

    said = writer(client_of_all, tmp_path)

    assert stored() == before
    assert OPENS in said


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_control_arm_without_the_guard_it_is_written(
    client_of_all: Client, tmp_path: Path, unguarded: None, writer: Callable[[Client, Path], str]
) -> None:
    closed_month()
    before = stored()

    writer(client_of_all, tmp_path)

    assert stored() != before
    assert published()[None] == 300  # What was published stands even then.


def imported_and_closed() -> ImportBatch:
    filled()
    batch = imported("membership", MEMBERS)
    batch = confirm(batch)
    closed(KETAPANG)
    return batch


def test_undo_leaves_a_closed_month_and_says_why() -> None:
    batch = imported_and_closed()
    before = stored()

    batch = undo(batch)

    assert stored() == before
    assert batch.state == ImportBatch.State.APPLIED
    assert OPENS in batch.conflicts[0]


def test_control_arm_undo_without_the_guard(unguarded: None) -> None:
    batch = imported_and_closed()

    batch = undo(batch)

    assert batch.state == ImportBatch.State.UNDONE
    assert Membership.objects.get(segment="PU").reported == 100


@pytest.mark.parametrize("writer", ["form of members", "form of workforce", "deleting a target"])
def test_month_closed_between_check_and_save_is_not_written_and_the_reason_is_said(
    client_of_all: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    closed_month()
    before = stored()
    between = Locks.between
    checks = iter(["before it was closed"])
    monkeypatch.setattr(Locks, "between", lambda *given: None if next(checks, "") else between(*given))

    said = WRITERS[writer](client_of_all, tmp_path)

    assert stored() == before
    assert OPENS in said


def test_month_closed_after_the_preview_is_not_written() -> None:
    filled()
    batch = imported("membership", MEMBERS)
    closed(KETAPANG)
    before = stored()

    batch = confirm(batch)

    assert stored() == before
    assert batch.state == ImportBatch.State.READY
    assert batch.counts["wrong"] == 1


def test_exception_opens_and_its_end_closes(client_of_all: Client) -> None:
    closed_month()
    until = timezone.now() + datetime.timedelta(days=1)
    closing.grant_exception(
        month=JULY, regencies=[KETAPANG], reason="koreksi", valid_until=until, author=author()
    )

    opened = changed(client_of_all, "membership", reported="1", source="lain")
    closing.end_exception(exception=PeriodException.objects.get().pk, author=author())
    again = changed(client_of_all, "membership", reported="2", source="lain")

    assert opened == ""
    assert OPENS in again
    assert Membership.objects.order_by("pk").last().reported == 1
    assert published() == {None: 300, "PU": 100, "BPU": 100, "JAKON": 100, "PMI": None}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE regions_membership SET counted = 5, complete_list = true",
        (
            "INSERT INTO regions_membership (regency_id, segment, month, counted, complete_list, source)"
            " VALUES ('61.04', 'PMI', '2025-07-01', 1, false, '')"
        ),
        (
            "INSERT INTO regions_workforce (regency_id, segment, year, people, source)"
            " VALUES ('61.04', 'PU', 2026, 9, '')"
        ),
        "UPDATE regions_membership SET reported = 5 WHERE month <> '2025-07-01'",
        "UPDATE regions_membership SET reported = reported",
    ],
    ids=["counting", "counting a new cell", "a new year", "another month", "nothing new"],
)
def test_what_no_release_used_stays_free(statement: str) -> None:
    closed_month()
    factories.membership(factories.regency(), 3, month="2025-08", segment="PU")

    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert published()[None] == 300


def test_total_of_the_province_is_closed_with_its_regencies() -> None:
    province = factories.province()
    factories.membership(province, 1000)
    codes = [regency.code for regency in province.regencies.all()]
    for code in codes:
        filled(code)
    closed(*codes[1:])
    Membership.objects.filter(province=province).update(reported=1001)
    closed(codes[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(province=province).update(reported=1002)
    assert "Kalimantan Barat" in str(Locks().membership("61", JULY))


@pytest.mark.parametrize(
    ("state", "late", "sentence"),
    [
        ("draft", True, "Batas pengisian bulan Juli 2025 untuk Kab. Ketapang sudah lewat pada 10-08-2025"),
        ("submitted", False, "sudah diajukan dan menunggu persetujuan"),
        ("approved", False, "sudah ditutup dengan persetujuan"),
        ("locked", False, "sudah disetujui dan dikunci"),
    ],
)
def test_lock_names_its_reason(settings: Any, state: str, late: bool, sentence: str) -> None:
    settings.ENTRY_LOCKS_LATE = late
    filled()
    if state != "draft":
        closing.submit(month=JULY, regencies=[KETAPANG], author=author())
    if state in ("approved", "locked"):
        closing.approve(month=JULY, regencies=[KETAPANG], author=author())
    if state == "locked":
        closing.lock(month=JULY, regencies=[KETAPANG], author=author())

    assert sentence in str(Locks().membership(KETAPANG, JULY))


def test_draft_month_has_no_lock_by_itself() -> None:
    filled()

    assert Locks().membership(KETAPANG, JULY) is None
