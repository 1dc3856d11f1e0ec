"""The tool that breaks modules: what it changes, and what it says where tests notice or do not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.mutants.choosing import Chooser, Record
from benchmarks.mutants.making import mutants
from tests.serving import ROOT

SOURCE = '''"""Says who may."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    LIMIT: int = 4

QUERY = "SELECT id FROM list WHERE owner = %(owner)s AND ended IS NULL"


@login_required
def may(user: User | None, age: int = 3) -> bool:
    """Whether 1 < 2."""
    logger.info("asked %s", 1)
    if not user.active or age < 18:
        raise Refused
    note(user)
    return user.areas.filter(code="61")
'''
PLANTED = """
def may_enter(age):
    return age >= 18


def is_open(closed):
    return not closed


def is_quiet(loud):
    return not loud
"""
TESTS = """
import subprocess, sys
import shop


def test_may_enter():
    assert shop.may_enter(18)
    assert not shop.may_enter(17)


def test_is_open_in_another_process():
    code = "import sys, shop; sys.exit(shop.is_open(True) or not shop.is_open(False))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
"""


def test_mutants_change_what_the_code_does_and_nothing_else() -> None:
    text = SOURCE.encode()

    made = [mutant.told(text).removeprefix("who.py:") for mutant in mutants("who.py", text)]

    assert made == [
        "9 SQL: = to <>: `WHERE owner = ` → `WHERE owner <> `",
        "9 SQL: condition dropped: `WHERE owner = %(owner)s` → `WHERE true`",
        "9 SQL: AND to OR: ` AND` → ` OR`",
        "9 SQL: IS NULL to IS NOT NULL: `IS NULL` → `IS NOT NULL`",
        "12 decorator removed: `@login_required` → ``",
        "13 number changed: `3` → `4`",
        "16 not removed: `not user.active` → `(user.active)`",
        "16 or to and: `or` → `and`",
        "16 comparison flipped: `<` → `<=`",
        "16 number changed: `18` → `17`",
        "17 raise removed: `raise Refused` → `pass`",
        "18 statement removed: `note(user)` → `pass`",
        '19 nothing returned: `user.areas.filter(code="61")` → `None`',
        '19 filter dropped: `.filter(code="61")` → `.all()`',
    ]
    assert all(mutant.compiles(text) for mutant in mutants("who.py", text))


def test_mutant_of_a_text_meets_the_tests_of_what_is_made_of_it() -> None:
    text = (
        b'WHO = "SELECT a FROM b WHERE c IS NULL"\nALL = f"{WHO} LIMIT 1"\n\n\ndef one():\n    return ALL\n'
        b"\n\ndef other():\n    return 2\n"
    )
    record = Record()
    record.add("t.py::test_one", 0.1, [("who.py", 6)])
    record.add("t.py::test_other", 0.1, [("who.py", 10)])
    [broken] = [mutant for mutant in mutants("who.py", text) if mutant.what.startswith("SQL")]

    chosen = Chooser({"who.py": text}, record).tests(broken, 60)

    assert chosen == ["t.py::test_one"]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """Exit code and report on a module of which one function has no test."""
    root = tmp_path_factory.mktemp("planted") / "root"
    (root / "tests").mkdir(parents=True)
    (root / "shop.py").write_text(PLANTED)
    (root / "tests" / "test_shop.py").write_text(TESTS)
    (root / "benchmarks").symlink_to(ROOT / "benchmarks")
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\n')
    return _run(root)


def _run(root: Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "benchmarks.mutants", "--at-once", "1"]
    command += ["--root", str(root), "--targets", "shop.py", "--tests", "tests"]
    environment = {**os.environ, "PYTEST_PLUGINS": "", "PYTEST_ADDOPTS": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def test_mutants_of_tested_functions_are_killed_also_in_other_processes(said: tuple[int, str]) -> None:
    _code, report = said

    assert re.search(r"^\| 7 \| 5 \| 2 \| 0 \| 71\.4 % \| 85 % \| \*\*no\*\* \|$", report, re.MULTILINE), (
        report
    )


def test_mutants_of_an_untested_function_survive_and_are_listed(said: tuple[int, str]) -> None:
    code, report = said

    assert code == 1
    assert report.partition("Survivors:\n\n")[2].splitlines() == [
        "- shop.py:11 not removed: `not loud` → `(loud)` (no test executes it)",
        "- shop.py:11 nothing returned: `not loud` → `False` (no test executes it)",
    ]
