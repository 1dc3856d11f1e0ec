"""A backup is of one moment, comes back whole or not at all, and a damaged one harms nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from coverage_portal.backup import checksums, manifest, programs, restoring, writing
from coverage_portal.backup.manifest import Unusable
from coverage_portal.intake import jobs, services, storage
from coverage_portal.intake.models import ImportBatch
from regions.models import Regency
from tests import ground
from tests.ground import Ground
from tests.soaking import number, rounds, say

from . import lists

State = ImportBatch.State
SECONDS_TO_RESTORE = 60


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that a server can be in: see `var_dir`."""
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as made:
        yield Path(made).resolve()


def content() -> tuple[Any, ...]:
    """All that the portal keeps: every table by its checksum, every upload by its bytes."""
    with checksums.one_moment():
        tables = checksums.of_tables()
    uploads = Path(settings.UPLOAD_DIR)
    return tables, {path.name: path.read_bytes() for path in sorted(uploads.glob("*"))}


def confirm(batch: ImportBatch) -> None:
    services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False)


def applied(batch: ImportBatch) -> ImportBatch:
    jobs.advance(batch.pk)
    batch.refresh_from_db()
    confirm(batch)
    return jobs.advance(batch.pk)


def test_backup_during_an_import_comes_back_elsewhere_as_one_moment(portal: Ground, folder: Path) -> None:
    applied(lists.received(lists.stored_list()))
    before = lists.state_of_tables()
    portal.start_worker()
    seen = Counter[str]()
    seconds = []

    for _round in range(rounds(1, 10)):
        batch = lists.received(lists.tested_list())
        portal.settled(batch)
        backups = []
        confirm(batch)
        while batch.state != State.APPLIED:
            backups.append(writing.make(folder / f"copy-{len(backups)}"))
            batch.refresh_from_db()
            assert len(backups) < 100
        backups.append(writing.make(folder / "last"))
        after = lists.state_of_tables()
        states = []
        for backup in (backups[0], backups[-2], backups[-1]):
            with _elsewhere(portal, folder):
                began = time.monotonic()
                restoring.restore(backup)
                seconds.append(time.monotonic() - began)
                states.append(lists.state_of_tables())
                assert lists.is_counted_right()
                with storage.opened(str(batch.pk)) as plain:
                    assert plain.read() == lists.tested_list()
        assert set(states) <= {before, after}
        assert states[-1] == after != before
        seen.update("before" if state == before else "after" for state in states)
        for backup in backups:
            shutil.rmtree(backup.parent)
        services.undo(batch=batch, user=None)
        portal.settled(batch)
        assert lists.state_of_tables() == before
    say(f"backups during imports: {dict(seen)}, none in between; restored in {max(seconds):.1f} s at most")


def test_dump_of_another_moment_than_the_checksums_is_noticed(
    portal: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control arm: pg_dump without the snapshot sees what was committed meanwhile."""
    run = programs.run

    def without_snapshot(name: str, arguments: list[str]) -> None:
        if name == "pg_dump":
            with _somebody_else() as cursor:
                cursor.execute("UPDATE regions_regency SET name = name || ' (baru)' WHERE code = '61.04'")
            arguments = [argument for argument in arguments if not argument.startswith("--snapshot")]
        run(name, arguments)

    monkeypatch.setattr(programs, "run", without_snapshot)
    backup = writing.make(folder)
    (folder / "other").mkdir()

    with (
        ground.elsewhere(folder / "other", keys_of=portal),
        pytest.raises(Unusable, match="Table regions_regency is not what was saved"),
    ):
        restoring.restore(backup)


def test_restored_portal_is_the_same_to_the_byte_and_goes_on(portal: Ground, folder: Path) -> None:
    length = number("ROWS", lists.STORED, 200_000)
    batch = applied(lists.received(lists.list_of(length)))
    began = time.monotonic()
    backup = writing.make(folder)
    saving = time.monotonic() - began
    saved = manifest.read(backup)
    tables, uploads = content()
    (folder / "other").mkdir()

    with ground.elsewhere(folder / "other", keys_of=portal):
        connection.ensure_connection()
        began = time.monotonic()
        restoring.restore(backup)
        restored = time.monotonic() - began
        there, files = content()
        generation = there.pop("accounts_generation"), tables.pop("accounts_generation")
        ImportBatch.objects.create(kind="membership", file_name="b.csv", size=1, sha256="0" * 64)
        services.undo(batch=ImportBatch.objects.get(pk=batch.pk), user=None)
        assert jobs.advance(batch.pk).state == State.UNDONE

    say(f"{length} rows: saved in {saving:.1f} s, restored and compared in {restored:.1f} s")
    assert restored < SECONDS_TO_RESTORE
    assert there == tables
    assert files == uploads
    assert generation[0] != generation[1]  # kept pages of before are nobody's any more
    assert saved.tables.keys() - {"accounts_generation"} == tables.keys()
    assert sum(table.rows for table in tables.values()) > 1000


def test_no_key_is_in_a_backup(portal: Ground, folder: Path) -> None:
    lists.received(lists.stored_list())

    backup = writing.make(folder)

    kept = {path: path.read_bytes() for path in backup.rglob("*") if path.is_file()}
    secrets = [settings.SEAL_KEY, settings.SECRET_KEY.encode()]
    secrets += [(portal.folder / name).read_bytes().strip() for name in ("seal_key", "secret_key")]
    assert len(kept) == 3
    assert [path for path, held in kept.items() if any(secret in held for secret in secrets)] == []
    assert {path.stat().st_mode & 0o077 for path in (backup, *kept) if path.name != manifest.NAME} == {0}


def _flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[len(held) // 2] ^= 1
    path.write_bytes(held)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _upload(backup: Path) -> Path:
    return next((backup / manifest.UPLOADS).iterdir())


def _tampered(backup: Path) -> None:
    path = backup / manifest.NAME
    signed = json.loads(path.read_text())
    signed["content"]["files"].pop(next(iter(signed["content"]["files"])))
    path.write_text(json.dumps(signed))


def _signed_anew(**changes: Any) -> Callable[[Path], None]:
    def change(backup: Path) -> None:
        manifest.write(backup, replace(manifest.read(backup), **changes))

    return change


def _of_a_newer_form(backup: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "FORMAT", 2)
        manifest.write(backup, manifest.read(backup))


def _of_another_portal(backup: Path) -> None:
    found = manifest.read(backup)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "SEAL_KEY", bytes(64))
        manifest.write(backup, found)


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "dump damaged": (lambda b: _flip(b / manifest.DUMP), r"database\.dump is damaged"),
    "dump truncated": (lambda b: _cut(b / manifest.DUMP), r"database\.dump is damaged"),
    "dump missing": (lambda b: (b / manifest.DUMP).unlink(), r"database\.dump is missing"),
    "upload damaged": (lambda b: _flip(_upload(b)), r"uploads/[0-9a-f-]+\.sealed is damaged"),
    "upload missing": (lambda b: _upload(b).unlink(), "is missing"),
    "file too many": (lambda b: (b / "uploads/more.sealed").touch(), "does not belong"),
    "manifest changed": (_tampered, "not signed with a key at hand"),
    "manifest cut off": (lambda b: _cut(b / manifest.NAME), "cannot be read"),
    "manifest missing": (lambda b: (b / manifest.NAME).unlink(), "is no backup"),
    "of another portal": (_of_another_portal, "is of another portal"),
    "of another province": (_signed_anew(province="62"), "of province 62, not of 61"),
    "of a newer form": (_of_a_newer_form, "newer version of the portal"),
    "of a newer version": (_signed_anew(migrations=["regions.9999_later"]), "migration regions.9999_later"),
    "of a newer PostgreSQL": (_signed_anew(postgresql=99), "PostgreSQL 99; this is"),
    "of other content": (
        _signed_anew(tables={"regions_regency": checksums.Content(1, "0" * 64)}),
        "is not what was saved",
    ),
}


def test_backup_that_is_not_sound_is_refused_and_harms_nothing(portal: Ground, folder: Path) -> None:
    lists.received(lists.stored_list())
    sound = writing.make(folder)
    Regency.objects.filter(code="61.04").update(capital="Setelah cadangan")
    live = content()

    for name, (harm, why) in REFUSED.items():
        backup = folder / "harmed"
        shutil.copytree(sound, backup)
        harm(backup)
        with pytest.raises(Unusable, match=why):
            restoring.restore(backup, replace=True)
        assert content() == live, name
        shutil.rmtree(backup)

    restoring.restore(sound, replace=True)
    assert Regency.objects.get(code="61.04").capital != "Setelah cadangan"


def test_damage_would_be_taken_without_the_check(
    portal: Ground, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control arm."""
    lists.received(lists.stored_list())
    backup = writing.make(folder)
    _flip(_upload(backup))
    monkeypatch.setattr(manifest, "check_files", lambda *_arguments: None)

    restoring.restore(backup, replace=True)

    assert next(Path(settings.UPLOAD_DIR).glob("*.sealed")).read_bytes() == _upload(backup).read_bytes()


def test_what_is_there_is_given_up_only_when_told(portal: Ground, folder: Path) -> None:
    backup = writing.make(folder)
    live = content()

    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(backup))

    assert content() == live


def test_running_portal_is_in_the_way(portal: Ground, folder: Path) -> None:
    backup = writing.make(folder)

    with _somebody_else(), pytest.raises(CommandError, match="1 others are connected"):
        restoring.restore(backup, replace=True)


def test_restore_that_was_killed_is_taken_back(portal: Ground, folder: Path) -> None:
    backup = writing.make(folder)
    live = content()
    restoring._set_aside()

    with pytest.raises(CommandError, match="run restore --back first"):
        restoring.restore(backup, replace=True)
    call_command("restore", back=True, stdout=StringIO())

    assert content() == live


def test_commands_tell_what_they_did_and_keep_the_newest(portal: Ground, folder: Path) -> None:
    said = StringIO()
    (folder / "portal-2020-01-01T000000Z.part").mkdir()
    for day in ("01", "02"):
        shutil.copytree(writing.make(folder / "made"), folder / f"portal-2025-01-{day}T000000Z")
        shutil.rmtree(folder / "made")

    call_command("backup", to=folder, keep=2, stdout=said)
    whole = sorted(path.name for path in folder.glob("portal-*Z"))
    call_command("restore", str(folder / whole[-1]), check=True, stdout=said)

    assert len(whole) == 2
    assert whole[0] == "portal-2025-01-02T000000Z"
    assert "portal-2025-01-01T000000Z is deleted" in said.getvalue()
    assert "The backup is whole" in said.getvalue()


@contextmanager
def _elsewhere(portal: Ground, folder: Path) -> Iterator[None]:
    """An empty portal of the same keys, gone afterwards."""
    other = folder / "other"
    other.mkdir()
    with ground.elsewhere(other, keys_of=portal):
        yield
    shutil.rmtree(other)


@contextmanager
def _somebody_else() -> Iterator[Any]:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()
        connections["default"].ensure_connection()
