"""The benchmarks that take hours, for seconds: they run to their end and print every figure."""

from __future__ import annotations

import re
import subprocess
import sys

from tests.serving import ROOT


def printed(*command: str) -> tuple[int, str, str]:
    """(exit code, what was printed, what was said on the way). A bar that does not hold is exit code 1."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    return done.returncode, done.stdout, done.stderr


def test_mixed_load_has_everyone_at_work_without_an_error() -> None:
    given = (
        "--minutes 0.4 --pace 20 --readers 6 --importers 2 --rows 60 --editors 2 --projects 20 --enrolled 50"
    )

    code, table, said = printed("benchmarks.mixed", *given.split())

    assert code in (0, 1), said[-3000:]
    assert "| errors | 0 | 0 | yes |" in table, said[-3000:]
    done = re.search(r"([0-9]+) edits, ([0-9]+) imports", table)
    assert done, table + said[-3000:]
    for kind in ("dashboard", "projects", "edit", "upload", "confirm", "undo"):
        assert re.search(rf"^\| {kind} \| [0-9,]+ \|", table, re.MULTILINE), table
    for bar in ("dashboard, p95", "memory"):
        assert re.search(rf"^\| {bar} \| .+ (yes|\*\*no\*\*) \|$", table, re.MULTILINE), table


def test_nation_is_measured_against_the_bars_of_imports_and_pages() -> None:
    sizes = (
        "--runs 1 --enrolled 300 --few 100 --months 2 --rows 60 --stock-rows 20 --asked 3 --cold 1 --turns 1"
    )

    code, tables, said = printed("benchmarks.nation", "--formats", "csv", *sizes.split())

    assert code == 0, said[-3000:]
    for line in (
        "signed in, home: cold to hello",
        "home, warm: to 100 enrollments",
        "csv, 60 rows: faster a row than stock at 20",
        "csv, 60 rows: to the floor, with 300 in it",
        "csv, 60 rows: with 300 stored before",
    ):
        assert re.search(rf"^\| {re.escape(line)} \| [0-9]", tables, re.MULTILINE), tables
