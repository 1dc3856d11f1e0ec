"""Every hostile file through the engine: an answer in words, nothing written, nobody hurt."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import psutil
import pytest

from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.sheets import upload

pytestmark = pytest.mark.django_db
HOSTILE = Path(__file__).resolve().parents[2] / "../shared/data/hostile"
SECONDS = 20
MEGABYTE = 1024 * 1024
ENDED = {ImportBatch.State.REFUSED, ImportBatch.State.ASKING, ImportBatch.State.READY}


def manifest() -> list[tuple[str, str]]:
    """(file, what its manifest expects of a reader)."""
    listed = []
    for folder in (HOSTILE, HOSTILE / "crafted"):
        if (folder / "manifest.csv").is_file():
            with (folder / "manifest.csv").open(newline="") as lines:
                for row in csv.DictReader(lines):
                    listed.append((str(folder / Path(row["file"]).name), row["expect"]))
    return listed


@pytest.mark.usefixtures("shared_data")
@pytest.mark.parametrize(("path", "expect"), [pytest.param(*e, id=Path(e[0]).name) for e in manifest()])
def test_hostile_file_gets_an_answer_in_words(path: str, expect: str) -> None:
    memory = psutil.Process(os.getpid()).memory_info().rss
    started = time.monotonic()

    batch = upload("membership", Path(path).read_bytes(), name=Path(path).name)

    assert time.monotonic() - started < SECONDS
    assert batch.state in ENDED
    said = [issue.message for issue in batch.issues.all()]
    assert said
    assert all(len(sentence) > 20 and "%(" not in sentence for sentence in said)
    assert expect != "reject" or batch.state == ImportBatch.State.REFUSED
    assert psutil.Process(os.getpid()).memory_info().rss - memory < 250 * MEGABYTE
    assert not any("root:" in sentence for sentence in said)
    assert Membership.objects.count() == 0
    five = [batch.counts.get(name, 0) for name in ("new", "changed", "same", "wrong", "skipped")]
    assert sum(five) == batch.counts.get("read", 0)


def test_both_manifests_name_129_files_in_all(shared_data: Path) -> None:
    assert len(manifest()) == 129
