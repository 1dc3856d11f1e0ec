"""One worker's data from the first list to the erasure: found wherever they are, corrected, gone."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from coverage_portal.accounts.models import Change, User
from projects import carrying, counting, data_subjects, erasing
from projects.models import ErasureSalt, Handling, Worker
from projects.sealing import nik_sealer
from projects.selectors import data_subject as selectors
from tests.projects.people import nik
from tests.projects.test_data_subjects import FULL, ask, ask_lookup, asked_by, full, send
from tests.sheets import confirm, undo

pytestmark = pytest.mark.django_db

NIK = nik(1)
OF_PERSON = ("CONTOH B", "CONTOH BARU", "12345678901", "1990-08-17", "1990-08-18")
UPLOADS = {"intake_stagedrow", "intake_stagedrecord", "intake_issue"}
"""What is read of a stored file, sealed, and goes with it."""


@pytest.fixture
def officer() -> User:
    return asked_by("61")


@pytest.fixture
def traced(client: Client, officer: User) -> None:
    """A person in every table that can hold one: in two lists, corrected, taken out of one, looked up."""
    confirm(send([full(1), full(2)], heading=FULL))
    second = confirm(send([full(1, segment="BPU", npp=""), full(2, segment="BPU", npp="")], heading=FULL))
    correct_the_name()
    confirm(send([full(2, segment="BPU", npp="")], heading=FULL, corrects=str(second.pk)))
    ask_lookup(client, officer)
    ask(client, officer, "restrict")
    assert send([full(1, start="2025-02-15")], heading=FULL).state == "ready"


def correct_the_name() -> Any:
    row = full(1)
    row[1], row[-2] = "CONTOH BARU", "1990-08-18"
    return confirm(send([row], heading=FULL))


def tables_with(*texts: str) -> set[str]:
    """The tables of ours in whose rows one of the texts stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relname ~ '^(accounts|intake|projects|regions)_'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM {table} t WHERE to_jsonb(t)::text LIKE ANY(%s))",  # noqa: S608
                [[f"%{text}%" for text in texts]],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def traces() -> set[str]:
    """Where anything of the person stands: by what they are called, and by the worker's number."""
    worker = Worker.objects.get(nik_sealed=nik_sealer().seal(NIK))
    return tables_with(nik_sealer().seal(NIK).hex(), *OF_PERSON, f'"worker_id": {worker.pk},')


def told(client: Client, officer: User) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(client, officer, "json").content)
    return found


def covered(report: dict[str, Any]) -> set[str]:
    """The tables that a report speaks of."""
    held = {each["table"].replace(".", "_") for each in report["held"]}
    changes = {"accounts_change"} if report["changed"] else set()
    return held | changes | (UPLOADS if report["files"]["number"] else set())


def test_report_finds_the_person_in_every_table(client: Client, traced: None, officer: User) -> None:
    report = told(client, officer)

    assert traces() - covered(report) == set()
    assert {each["table"]: each["rows"] for each in report["held"]} == {
        "projects.worker": 1,
        "projects.enrollment": 1,
        "projects.enrollmentimage": 2,
        "projects.workerimage": 1,
        "projects.removedenrollment": 1,
        "projects.stagedenrollment": 1,
        "projects.lookup": 1,
        "projects.handling": 1,
    }
    assert report["files"]["number"] == 5
    page = ask(client, officer, "show").content.decode()
    assert all(str(title) in page for title in selectors.TITLES.values())
    assert "5 berkas daftar tenaga kerja" in page
    assert "Cadangan yang dibuat sebelum hari ini" in page


def test_control_arm_table_that_the_report_forgets_is_seen(
    client: Client, traced: None, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [model for model in selectors.tables() if model._meta.label != "projects.Lookup"]
    monkeypatch.setattr(selectors, "tables", lambda: known)

    assert traces() - covered(told(client, officer)) == {"projects_lookup"}


def test_every_table_of_persons_is_asked_and_has_a_title() -> None:
    columns = {"nik_sealed", "nik_last4", "worker_id", "birth_date", "kpj"}
    of_persons = {
        model
        for model in apps.get_models(include_auto_created=True)
        if columns & {field.attname for field in model._meta.concrete_fields}
    }

    assert of_persons - {ErasureSalt} == set(selectors.tables()) == set(selectors.TITLES)


def test_correction_is_what_the_person_is_told_and_the_old_data_stay_for_the_undo(
    client: Client, officer: User
) -> None:
    confirm(send([full(1), full(2)], heading=FULL))

    corrected = correct_the_name()

    report = told(client, officer)
    assert (report["person"]["name"], report["person"]["birth_date"]) == ("CONTOH BARU", "1990-08-18")
    assert [each["uploaded_by"] for each in report["sources"]] == [corrected.uploader] * 2
    assert tables_with('CONTOH B"', "1990-08-17") >= {"projects_workerimage"}
    undo(corrected)
    assert told(client, officer)["person"]["name"] == "CONTOH B"


def test_erased_person_is_nowhere_any_more(client: Client, traced: None, officer: User) -> None:
    sealed = nik_sealer().seal(NIK).hex()

    assert ask(client, officer, "erase", sure="on").status_code == 302

    assert tables_with(sealed, "CONTOH BARU", 'CONTOH B"', "12345678901", "1990-08-18") == set()
    assert tables_with("CONTOH C") >= {"projects_worker"}
    assert counting.mismatches() == {}


def test_restriction_of_a_person_who_came_back_is_told_lifted_and_erased(
    client: Client, officer: User
) -> None:
    first = confirm(send([full(1), full(2)], heading=FULL))
    ask(client, officer, "restrict")
    undo(first)
    confirm(send([full(1), full(2)], heading=FULL))

    assert told(client, officer)["person"]["handling"] == "Dibatasi"
    ask(client, officer, "lift")
    assert not Handling.objects.exists()

    ask(client, officer, "restrict")
    Handling.objects.update(worker_id=987654)
    ask(client, officer, "erase", sure="on")
    assert [each.state for each in Handling.objects.all()] == ["erased"]


def carried(tmp_path: Path) -> Path:
    kept = tmp_path / "erasures.json"
    call_command("carry_erasures", to=kept, stdout=io.StringIO())
    return kept


def carry(kept: Path) -> str:
    said = io.StringIO()
    call_command("carry_erasures", source=kept, stdout=said)
    return said.getvalue()


def as_before_the_requests(batch: Any) -> None:
    """The database as a backup of before has it: the list is there, the requests are not."""
    undo(batch)
    Worker.objects.all().delete()
    Handling.objects.all().delete()
    ErasureSalt.objects.all().delete()
    confirm(send([full(1), full(2), full(3)], heading=FULL))


def test_requests_are_carried_past_a_restored_backup(client: Client, officer: User, tmp_path: Path) -> None:
    batch = confirm(send([full(1), full(2), full(3)], heading=FULL))
    ask(client, officer, "erase", sure="on")
    ask(client, officer, "restrict", nik(2))
    kept = carried(tmp_path)
    as_before_the_requests(batch)
    assert tables_with(nik_sealer().seal(NIK).hex()) >= {"projects_worker"}

    said = carry(kept)

    assert said.startswith("1 erased and 1 restricted again; 0 in no list yet")
    assert tables_with(nik_sealer().seal(NIK).hex()) == set()
    assert [each.name for each in Worker.objects.visible_to(officer)] == ["CONTOH D"]
    assert counting.mismatches() == {}
    noted = Change.objects.filter(reason=carrying.REASON).values_list("actor", "source", "after__state")
    assert sorted(noted) == [("sistem", "command", "erased"), ("sistem", "command", "restricted")]
    assert carry(kept).startswith("0 erased and 0 restricted again; 0 in no list yet")


def test_person_who_is_in_no_list_is_recognised_when_one_names_them(
    client: Client, officer: User, tmp_path: Path
) -> None:
    batch = confirm(send([full(1), full(2)], heading=FULL))
    ask(client, officer, "erase", sure="on")
    ask(client, officer, "restrict", nik(2))
    kept = carried(tmp_path)
    undo(batch)
    Handling.objects.all().delete()
    ErasureSalt.objects.all().delete()

    assert carry(kept).startswith("0 erased and 0 restricted again; 2 in no list yet")
    confirm(send([full(1), full(2), full(3)], heading=FULL))

    assert Worker.objects.filter(name=erasing.NAME).count() == 1
    assert [each.name for each in Worker.objects.visible_to(officer)] == ["CONTOH D"]
    worker = Worker.objects.get(name="CONTOH C")
    data_subjects.lift(worker=worker, user=officer, reason="selesai")
    assert not data_subjects.is_restricted(worker)


def test_file_is_sealed_readable_by_its_owner_only_and_never_overwritten(
    client: Client, officer: User, tmp_path: Path
) -> None:
    confirm(send([full(1)], heading=FULL))
    ask(client, officer, "erase", sure="on")
    kept = carried(tmp_path)
    number = nik_sealer().open(Worker.objects.get().nik_sealed)
    salt = nik_sealer().open(ErasureSalt.objects.get().nik_sealed)

    assert kept.stat().st_mode & 0o777 == 0o600
    assert not any(each in kept.read_text() for each in (NIK, number, salt))
    with pytest.raises(CommandError, match="File exists"):
        carried(tmp_path)
    kept.write_text(kept.read_text().replace('"salt": "', '"salt": "00'))
    with pytest.raises(CommandError, match="is not what --to has written"):
        carry(kept)


def test_other_numbers_are_refused_and_change_nothing(client: Client, officer: User, tmp_path: Path) -> None:
    batch = confirm(send([full(1), full(2), full(3)], heading=FULL))
    ask(client, officer, "erase", sure="on")
    kept = carried(tmp_path)
    as_before_the_requests(batch)
    ask(client, officer, "erase", nik(2), sure="on")

    with pytest.raises(CommandError, match="it has to come first"):
        carry(kept)

    assert Worker.objects.filter(name="CONTOH B").exists()
