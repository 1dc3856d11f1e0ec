"""A new key: everything is sealed with it, nothing is lost on the way, and nobody is stored twice."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client

from coverage_portal.accounts.models import Role
from coverage_portal.embedded import keys
from coverage_portal.intake import error_file, jobs, sealed, services, storage
from coverage_portal.intake import rotating as intake_rotating
from coverage_portal.intake.models import ImportBatch, StagedRow
from coverage_portal.lib.identity import parse_nik
from coverage_portal.lib.sealing import BrokenSeal
from projects import lookups, merging, rotating, sealing
from projects.models import Enrollment, Lookup, Worker
from projects.sealing import nik_sealer
from tests import factories
from tests.imports import address, staff
from tests.projects.people import member, nik, send
from tests.sheets import codes, confirm, undo

pytestmark = pytest.mark.django_db
OLD, NEW = bytes(range(64)), bytes(range(100, 164))
WRONG = [nik(4), "CONTOH EMPAT", "TIDAK ADA", "Kota Pontianak", "AB123456", "2025-01-15"]
State = ImportBatch.State


@pytest.fixture(autouse=True)
def _old_key(settings: Any) -> None:
    settings.SEAL_KEY, settings.SEAL_KEY_PREVIOUS = OLD, []


def new_key(settings: Any, *previous: bytes) -> None:
    settings.SEAL_KEY, settings.SEAL_KEY_PREVIOUS = NEW, list(previous)


def ask(number: int) -> int:
    """A lookup; how many active enrollments it finds."""
    user = (
        factories.user("pengawas.1", "61", role=Role.SUPERVISOR)
        if not Lookup.objects.exists()
        else Lookup.objects.get().user
    )
    day = datetime.date(2025, 7, 31)
    return len(lookups.look_up(nik=parse_nik(nik(number), on=day), user=user, on=day).active)


def stored_niks() -> list[str]:
    sealer = nik_sealer()
    return sorted(sealer.open(worker.nik_sealed) for worker in Worker.objects.all())


def test_everything_is_sealed_anew_and_opens_without_the_old_key(settings: Any) -> None:
    applied = confirm(send([member(1), member(2), WRONG]), good_rows_only=True)
    waiting = send([member(3)])
    assert ask(1) == 1
    new_key(settings, OLD)

    call_command("rotate_key")

    new_key(settings)
    assert stored_niks() == [nik(1), nik(2)]
    assert ask(1) == 1
    assert nik_sealer().open(Lookup.objects.earliest("pk").nik_sealed) == nik(1)
    assert nik(4) in str(error_file._refused(applied).__next__())
    sample = waiting.records.get()
    assert sealed.opened(sample.after, sealed.sample(waiting.pk, sample.row_number))["after"]["name"]
    with storage.opened(str(applied.pk)) as file:
        assert nik(1) in file.read().decode()
    assert confirm(send([member(1), member(2)])).counts["same"] == 2
    call_command("rotate_key", check=True)


def test_old_key_alone_opens_nothing_any_more(settings: Any) -> None:
    applied = confirm(send([member(1), WRONG]), good_rows_only=True)
    new_key(settings, OLD)
    call_command("rotate_key")
    settings.SEAL_KEY, settings.SEAL_KEY_PREVIOUS = OLD, []

    with pytest.raises(BrokenSeal):
        stored_niks()
    with pytest.raises(BrokenSeal):
        list(error_file._refused(applied))
    with pytest.raises(BrokenSeal), storage.opened(str(applied.pk)):
        pass


def test_rotation_that_was_stopped_goes_on_where_it_was(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    confirm(send([member(number) for number in range(1, 6)]))
    new_key(settings, OLD)
    monkeypatch.setattr(rotating, "PART", 2)
    stopped = rotating.rotate()
    assert next(stopped) == intake_rotating.Part("workers", 2)
    stopped.close()

    with pytest.raises(SystemExit) as code:
        call_command("rotate_key", check=True)

    said = capsys.readouterr().out
    assert code.value.code == 1
    assert ("workers: 3 left" in said, "uploads: 1 left" in said) == (True, True)
    assert stored_niks() == [nik(number) for number in range(1, 6)]
    call_command("rotate_key")
    assert set({**rotating.left(), **intake_rotating.left()}.values()) == {0}
    new_key(settings)
    assert stored_niks() == [nik(number) for number in range(1, 6)]


def half_way(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people are stored, and one of them has the new key."""
    confirm(send([member(1), member(2)]))
    new_key(settings, OLD)
    monkeypatch.setattr(rotating, "PART", 1)
    next(rotating.rotate())


def test_import_meanwhile_is_put_off_with_a_sentence_and_can_be_tried_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    half_way(settings, monkeypatch)
    user = staff("petugas", "61")
    client.force_login(user)

    batch = send([member(2), member(3)], user=user)

    assert (batch.state, codes(batch)) == (State.INTERRUPTED, ["key_is_changing"])
    page = client.get(address(batch)).content.decode()
    assert "Kunci penyegel NIK sedang diganti" in page
    assert "Coba lagi" in page
    call_command("rotate_key")
    services.answer(batch=batch, options={}, wake=False)
    assert confirm(jobs.advance(batch.pk)).counts["same"] == 1
    assert stored_niks() == [nik(1), nik(2), nik(3)]


def test_import_with_a_key_that_stored_nobody_is_put_off(settings: Any) -> None:
    confirm(send([member(1)]))
    new_key(settings)

    batch = send([member(1), member(2)])

    assert (batch.state, codes(batch)) == (State.INTERRUPTED, ["key_is_changing"])


def test_import_meanwhile_without_the_check_would_store_people_twice(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_way(settings, monkeypatch)
    monkeypatch.setattr(sealing, "hold_key", lambda _batch=None: None)
    monkeypatch.setattr(merging, "hold_key", lambda _batch=None: None)

    confirm(send([member(2)]))

    assert Worker.objects.filter(nik_last4="9002").count() == 2


@pytest.mark.parametrize("is_done", [False, True], ids=["half way", "done"])
def test_preview_from_before_the_change_is_not_applied_as_it_is(
    settings: Any, monkeypatch: pytest.MonkeyPatch, is_done: bool
) -> None:
    confirm(send([member(1), member(2)]))
    batch = send([member(2), member(3)])
    new_key(settings, OLD)
    monkeypatch.setattr(rotating, "PART", 1)
    next(parts := rotating.rotate())
    if is_done:
        list(parts)

    batch = confirm(batch)

    assert batch.state == (State.READY if is_done else State.INTERRUPTED)
    assert Worker.objects.count() == 2
    call_command("rotate_key")
    if not is_done:
        services.answer(batch=batch, options={}, wake=False)
        batch = jobs.advance(batch.pk)
    assert confirm(batch).state == State.APPLIED
    assert stored_niks() == [nik(1), nik(2), nik(3)]
    assert Enrollment.objects.count() == 3


def corrected() -> ImportBatch:
    """An applied correction that took the second of two people away, and changed nobody else."""
    wrong = confirm(send([member(1), member(2)]))
    confirm(send([member(3)]))
    return confirm(send([member(1)], corrects=str(wrong.pk)))


def test_undo_of_a_correction_meanwhile_is_put_off(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    correction = corrected()
    assert stored_niks() == [nik(1), nik(3)]
    new_key(settings, OLD)
    monkeypatch.setattr(rotating, "PART", 1)
    next(rotating.rotate())

    put_off = undo(correction)

    assert (put_off.state, stored_niks()) == (State.APPLIED, [nik(1), nik(3)])
    assert put_off.conflicts[0].startswith("Kunci penyegel NIK sedang diganti")
    call_command("rotate_key")
    new_key(settings)
    assert undo(put_off).state == State.UNDONE
    assert stored_niks() == [nik(1), nik(2), nik(3)]


def test_correction_previewed_before_the_change_is_read_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = confirm(send([member(1), member(2)]))
    correction = send([member(1), member(3)], corrects=str(wrong.pk))
    new_key(settings, OLD)
    monkeypatch.setattr(rotating, "PART", 1)
    next(rotating.rotate())

    correction = confirm(correction)

    assert (correction.state, stored_niks()) == (State.INTERRUPTED, [nik(1), nik(2)])
    call_command("rotate_key")
    services.answer(batch=correction, options={}, wake=False)
    confirm(jobs.advance(correction.pk))
    assert stored_niks() == [nik(1), nik(3)]


def test_lookup_meanwhile_finds_both(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    half_way(settings, monkeypatch)

    assert (ask(1), ask(2)) == (1, 1)


def test_what_no_key_opens_is_said_and_the_rest_is_done(settings: Any) -> None:
    confirm(send([member(1), member(2)]))
    broken = Worker.objects.get(nik_last4="9001")
    Worker.objects.filter(pk=broken.pk).update(nik_sealed=bytes(broken.nik_sealed)[:-1] + b"x")
    new_key(settings, OLD)

    with pytest.raises(CommandError, match="no key at hand opens them: 1 workers"):
        call_command("rotate_key")

    assert nik_sealer().is_current(Worker.objects.get(nik_last4="9002").nik_sealed)
    assert rotating.left()["workers"] == 1


def test_refused_rows_of_before_keys_had_names_are_sealed_anew(settings: Any) -> None:
    confirm(send([member(1), WRONG]), good_rows_only=True)
    row = StagedRow.objects.get()
    row.cells = {"sealed": row.cells["sealed"]}
    row.save()
    new_key(settings, OLD)

    call_command("rotate_key")

    assert StagedRow.objects.get().cells["key"] == sealed.current_key()


def test_every_sealed_column_is_rotated() -> None:
    """A new one is added to the rotation first, and to this list then."""
    binary = {
        f"{model._meta.db_table}.{field.attname}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField)
    }

    assert binary == {f"{table}.nik_sealed" for table in [*rotating.TABLES.values(), rotating.STAGED]}


def test_every_sealed_value_in_json_is_rotated() -> None:
    confirm(send([member(1), WRONG]), good_rows_only=True)
    send([member(2), WRONG])

    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.JSONField):
                continue
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT 1 FROM {model._meta.db_table} WHERE "{field.column}"::text'  # noqa: S608
                    " LIKE '%%\"sealed\"%%' LIMIT 1"
                )
                if cursor.fetchone():
                    found.add(f"{model._meta.model_name}.{field.attname}")

    assert found == {"stagedrow.cells", "stagedrecord.after"}


# The keys that an embedded installation makes itself.


def test_portal_of_ones_own_gets_a_new_key_and_keeps_the_old_one_until_told(
    settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    path = tmp_path / "seal_key"
    old = keys.kept(path, length=64)
    confirm(send([member(1)]))

    call_command("rotate_key", make_key=True)

    new = keys.kept(path, length=64)
    assert new != old
    assert keys.previous(path) == [old]
    assert {path.stat().st_mode & 0o777, (tmp_path / "seal_key.previous").stat().st_mode & 0o777} == {0o600}
    new_key(settings, OLD)
    with pytest.raises(CommandError, match="still needed"):
        call_command("rotate_key", forget_key=True)
    assert keys.previous(path) == [old]
    call_command("rotate_key")
    call_command("rotate_key", forget_key=True)
    assert keys.previous(path) == []
    assert stored_niks() == [nik(1)]


def test_key_is_never_lost_while_it_is_replaced(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "seal_key"
    old = keys.kept(path, length=64)
    draft = keys._draft

    def killed(target: Any, lines: Any) -> Any:
        if target == path:
            raise KeyboardInterrupt
        return draft(target, lines)

    monkeypatch.setattr(keys, "_draft", killed)
    with pytest.raises(KeyboardInterrupt):
        keys.replace(path, fits=lambda _key, _earlier: True, length=64)

    assert (keys.kept(path, length=64), keys.previous(path)) == (old, [])
    monkeypatch.undo()
    refusing = iter([False, True])
    keys.replace(path, fits=lambda _key, _earlier: next(refusing), length=64)
    assert keys.previous(path) == [old]


def test_keys_of_production_are_not_made_here(settings: Any) -> None:
    settings.EMBEDDED = False

    for option in ("make_key", "forget_key"):
        with pytest.raises(CommandError, match="set SEAL_KEY and SEAL_KEY_PREVIOUS"):
            call_command("rotate_key", **{option: True})
