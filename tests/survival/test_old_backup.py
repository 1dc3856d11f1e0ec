"""A backup of an earlier version comes back as it was, and becomes this version's by its migrations."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from coverage_portal.backup import checksums, restoring, writing
from regions.models import Regency
from tests.ground import Ground
from tests.soaking import rounds

from . import lists

EARLIER = rounds(
    [{"projects": "0018_rejected_match"}],
    [
        {"projects": "0022_triggers_by_range"},
        {"projects": "0018_rejected_match"},
        {"projects": "0014_standings", "regions": "0007_commitment_groups"},
    ],
)
"""What earlier versions had got to, the newest first: a portal of today is taken back to it."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as made:
        yield Path(made).resolve()


def migrate(*target: str) -> None:
    call_command("migrate", *target, interactive=False, verbosity=0)


def contents() -> dict[str, checksums.Content]:
    with checksums.one_moment():
        return checksums.of_tables()


def is_migrated() -> bool:
    told: bool = json.loads(Client().get("/readyz").content)["migrations"]
    return told


@pytest.mark.parametrize("earlier", EARLIER, ids=lambda each: " ".join(each.values()))
def test_backup_of_an_earlier_version_is_restored_and_migrated(
    portal: Ground, folder: Path, earlier: dict[str, str]
) -> None:
    lists.received(lists.stored_list())
    Regency.objects.filter(code="61.04").update(capital="Sebelum cadangan")
    for app, name in earlier.items():
        migrate(app, name)
    backup, old = writing.make(folder), contents()
    migrate()
    Regency.objects.filter(code="61.04").update(capital="Sesudah cadangan")
    newest = contents()

    restoring.restore(backup, replace=True)
    restored, ready = contents(), is_migrated()
    migrate()

    # What tells kept pages that the data are others is new by intention.
    for tables in (old, restored):
        tables.pop("accounts_generation")
    assert restored == old
    assert restored.keys() <= newest.keys()
    assert (ready, is_migrated()) == (False, True)
    assert contents().keys() == newest.keys()
    assert Regency.objects.get(code="61.04").capital == "Sebelum cadangan"
    assert lists.is_counted_right()
