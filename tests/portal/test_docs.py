"""The documents say what is there: settings, commands, links, words, figures, the version.

`DOCS=1 pytest tests/portal/test_docs.py` writes the settings table anew; only its last column is written by
hand.
"""

from __future__ import annotations

import ast
import importlib.util
import itertools
import os
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import pytest
from django.conf import global_settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import DjangoHelpFormatter

from coverage_portal.lib.numbers import format_number, format_percent
from coverage_portal.lib.periods import Month
from regions import coverage

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
CODE = ("coverage_portal", "projects", "regions")

EXPRESSIONS = {
    "'' if EMBEDDED else '127.0.0.1'": "empty with the embedded PostgreSQL, else `127.0.0.1`",
    "EMBEDDED": "`1` with the embedded PostgreSQL, else `0`",
    "not EMBEDDED": "`0` with the embedded PostgreSQL, else `1`",
    "24 * 30": "720",
    "str(BASE_DIR / 'var')": "`var` in the project's folder",
    "str(VAR_DIR / 'static')": "`static` in `VAR_DIR`",
    "str(VAR_DIR / 'backups')": "`backups` in `VAR_DIR`",
}
"""How the table writes what the code works out."""

DATABASES = {"DATABASE_URL": "empty: the embedded PostgreSQL", "DATABASE_REPLICA_URL": "empty: no replica"}

READERS = {
    "text": "text",
    "boolean": "`1` or `0`",
    "listing": "texts separated by commas",
    "lines": "texts separated by semicolons",
    "file": "path of a file",
    "secret": "key",
    "secrets": "keys separated by commas or blanks",
    "database": "`postgres://user:password@host:port/name?option=value`",
    "time_zone": "IANA name",
}
FROM_FILES = ("secret", "secrets", "database")
"""Readers that also take the value from the file that `NAME_FILE` names."""


def readings() -> Iterator[tuple[str, str, dict[str, ast.expr]]]:
    """(reader, setting, keywords) of every call of a reader of `env`, in the order of the sources."""
    for path in (ROOT / "coverage_portal").rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=attrgetter("lineno")):
            function = call.func
            if not isinstance(function, ast.Attribute) or ast.unparse(function.value) != "env":
                continue
            if function.attr in (*READERS, "integer"):
                name = ast.literal_eval(call.args[0])
                yield function.attr, name, {k.arg: k.value for k in call.keywords if k.arg}


def values_of(reader: str, keywords: dict[str, ast.expr]) -> str:
    if reader != "integer":
        return READERS[reader]
    low, high = (ast.unparse(keywords[name]) for name in ("minimum", "maximum"))
    return f"{EXPRESSIONS.get(low, low)} to {EXPRESSIONS.get(high, high)}"


def default_of(reader: str, keywords: dict[str, ast.expr]) -> str:
    if "default" not in keywords and reader == "file":
        return "empty"
    if "default" not in keywords:
        return "required with `DATABASE_URL`"
    try:
        value = ast.literal_eval(keywords["default"])
    except ValueError:
        return EXPRESSIONS[ast.unparse(keywords["default"])]
    if isinstance(value, bool):
        return f"`{int(value)}`"
    if isinstance(value, list):
        value = ("; " if reader == "lines" else ",").join(value)
    return f"`{value}`" if value != "" else "empty"


def described_settings() -> dict[str, tuple[str, str]]:
    """(values, default) by setting, as the code reads them."""
    described: dict[str, tuple[str, str]] = {}
    for reader, name, keywords in sorted(readings(), key=lambda reading: reading[1]):
        values = values_of(reader, keywords)
        if reader in FROM_FILES:
            values = f"{values}; or `{name}_FILE`, a file that holds it"
        default = DATABASES.get(name) or default_of(reader, keywords)
        if name in described:
            default = "; ".join(sorted((described[name][1], default)))
        described[name] = (values, default)
    return described


def table_lines(text: str, heading: str) -> list[str]:
    """The lines of the first table below a heading, without its own heading."""
    below = f"\n{text}".split(f"\n{heading}\n", 1)[1].splitlines()
    table = itertools.dropwhile(lambda line: not line.startswith("|"), below)
    return list(itertools.takewhile(lambda line: line.startswith("|"), table))[2:]


def table_rows(text: str, heading: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table_lines(text, heading)]


def test_settings_table_is_complete_and_true() -> None:
    text = OPERATIONS.read_text()
    rows = table_rows(text, "## Settings")
    meanings = {row[0].strip("`"): row[3] for row in rows}
    described = described_settings()
    if os.environ.get("DOCS") == "1":
        before = "\n".join(table_lines(text, "## Settings"))
        after = "\n".join(
            f"| `{name}` | {values} | {default} | {meanings.get(name, '')} |"
            for name, (values, default) in described.items()
        )
        OPERATIONS.write_text(text.replace(before, after))

    assert [row[:3] for row in table_rows(OPERATIONS.read_text(), "## Settings")] == [
        [f"`{name}`", values, default] for name, (values, default) in described.items()
    ]
    assert [name for name in described if not meanings.get(name)] == []


def test_settings_without_effect_are_said_to_have_none() -> None:
    rows = table_rows(OPERATIONS.read_text(), "## Settings")
    source = (ROOT / "coverage_portal" / "settings.py").read_text()
    code = "\n".join(path.read_text() for folder in CODE for path in (ROOT / folder).rglob("*.py"))
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}

    without = {
        name
        for name in described_settings()
        if name in names
        and not hasattr(global_settings, name)
        and f"settings.{name}" not in code
        and len(re.findall(rf"\b{name}\b(?!\")", source)) == 1
    }

    assert without == {row[0].strip("`") for row in rows if "no effect yet" in row[3]}


def test_settings_of_several_readers_are_found() -> None:
    described = described_settings()

    assert described["PORT"] == ("1 to 65535", "`8000`")
    assert described["SEAL_KEY"][0].endswith("`SEAL_KEY_FILE`, a file that holds it")
    assert described["ALLOWED_HOSTS"][1] == "`localhost,127.0.0.1,[::1]`; required with `DATABASE_URL`"


def anchors_of(text: str) -> set[str]:
    """The anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_resolve(path: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        name, _, anchor = target.partition("#")
        file = path.parent / name if name else path
        if not file.exists() or (anchor and anchor not in anchors_of(file.read_text())):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_modules_named_exist(path: Path) -> None:
    """Whatever looks like a path of the project is one."""
    named = re.findall(
        r"`((?:coverage_portal|regions|projects|templates|static|tests|docs|locale)/[\w./-]+|\.ci/run)`",
        path.read_text(),
    )

    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_named_exist(path: Path) -> None:
    text = path.read_text()
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    code = "\n".join(re.findall(r"`[^`\n]+`|^ {4}.+$", text, re.MULTILINE))
    made = re.findall(r"\bmake ([a-z]+)", code)
    managed = re.findall(r"manage\.py ([a-z_]+)", code)

    assert [name for name in made if name not in targets] == []
    assert [name for name in managed if name not in get_commands()] == []


def test_readme_names_the_commands_to_run_and_test() -> None:
    text = (ROOT / "README.md").read_text()

    assert all(f"make {name}" in text for name in ("run", "test", "check"))


@pytest.mark.parametrize(
    ("command", "document"),
    [
        ("import_sheet", "docs/imports.md"),
        ("load_boundaries", "docs/operations.md"),
        ("demo", "docs/operations.md"),
        ("serve", "docs/operations.md"),
        ("rotate_key", "docs/operations.md"),
        ("purge_uploads", "docs/operations.md"),
        ("backup", "docs/operations.md"),
        ("restore", "docs/operations.md"),
    ],
)
def test_options_of_commands_are_documented(command: str, document: str) -> None:
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    options = {option for action in parser._actions for option in action.option_strings}
    own = options - DjangoHelpFormatter.show_last - {"-h", "--help", "-v"}
    text = (ROOT / document).read_text()

    assert f"manage.py {command}" in text
    assert [option for option in sorted(own) if option not in text] == []


@pytest.mark.parametrize(
    "row", table_rows((ROOT / "docs" / "glossary.md").read_text(), "# Words"), ids=lambda row: row[0]
)
def test_words_of_the_glossary_are_in_the_code(row: list[str]) -> None:
    parts = row[2].strip("`").split(".")
    depth = next(n for n in range(len(parts), 0, -1) if _is_module(".".join(parts[:n])))
    module = importlib.import_module(".".join(parts[:depth]))
    owner = module if depth == len(parts) - 1 else getattr(module, parts[depth])

    assert hasattr(owner, parts[-1]) or parts[-1] in getattr(owner, "__annotations__", {})


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def test_worked_month_of_the_formula_is_what_the_code_gives() -> None:
    rows = table_rows((ROOT / "docs" / "coverage.md").read_text(), "## A worked month: July 2025")
    register = coverage.Register.of(
        "61",
        [],
        ["PU", "BPU", "JAKON"],
        [coverage.Observation("61", None, Month(2025, 7), 575_504)],
        [
            coverage.Potential("61", segment, 2025, people)
            for segment, people in (("PU", 800_904), ("BPU", 864_518), ("JAKON", 154_008))
        ],
    )

    result = coverage.standing(register.whole(Month(2025, 7)), coverage.Targets({2026: Decimal("60.80")}), {})

    assert {row[0]: row[2].replace(" %", "%") for row in rows} == {
        "workforce": format_number(result.count.workforce, "en"),
        "members": format_number(result.count.members, "en"),
        "coverage": format_percent(result.count.percent, "en"),
        "target": format_percent(result.target_percent, "en"),
        "needed": format_number(result.needed, "en"),
        "gap": format_number(result.gap, "en"),
        "months left": str(result.months_left),
        "required per month": format_number(result.required_per_month, "en"),
        "achievement": format_percent(result.achievement, "en"),
    }


def test_every_situation_is_explained() -> None:
    rows = table_rows((ROOT / "docs" / "coverage.md").read_text(), "## What the page says")

    assert {row[0].strip("`") for row in rows} == {situation.value for situation in coverage.Situation}


def test_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert newest is not None
    assert newest[1] == version


def test_decisions_are_listed_in_order() -> None:
    folder = ROOT / "docs" / "adr"
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())

    assert listed == records
    assert [int(name[:4]) for name in records] == list(range(1, len(records) + 1))
    assert all(re.search(r"^Status: accepted", (folder / name).read_text(), re.M) for name in records)


def test_contributing_fits_two_pages() -> None:
    words = (ROOT / "CONTRIBUTING.md").read_text().split()

    assert len(words) < 1000
