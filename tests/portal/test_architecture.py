"""The rules of the house, each with proof that breaking it is noticed."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

ROOT = Path(__file__).resolve().parents[2]
CODE = ("coverage_portal", "projects", "regions")
LAYERS = ("accounts", "intake", "regions", "projects", "portal")
"""Labels of our apps from the floor up: a relation may point to the same app or one before it."""

LINES_OF_A_MODULE = 500
LINES_OF_A_TEST = 400


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def broken_contracts(folder: Path) -> list[str]:
    """The names of the import contracts that the code in `folder` breaks."""
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    verdicts = [line for line in result.stdout.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    assert len(verdicts) == 4, result.stdout + result.stderr
    return [line.removesuffix(" BROKEN") for line in verdicts if line.endswith(" BROKEN")]


def module(folder: Path, name: str) -> Path:
    """The file of a module, which may have become a package."""
    path = folder / name
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_imports_keep_every_contract(copy: Path) -> None:
    assert broken_contracts(copy) == []


@pytest.mark.parametrize(
    ("name", "line", "contract"),
    [
        *[
            pytest.param(name, f"import {target}", "Apps import one way", id=f"{name} imports {target}")
            for name, target in {
                "coverage_portal/lib/values": "coverage_portal.accounts.models",
                "coverage_portal/accounts/history": "coverage_portal.intake.models",
                "coverage_portal/intake/services": "regions.models",
                "regions/selectors": "projects.apps",
                "projects/apps": "coverage_portal.views",
            }.items()
        ],
        pytest.param(
            "regions/models", "from regions import selectors", "Inside an app", id="models import selectors"
        ),
        pytest.param(
            "coverage_portal/intake/selectors",
            "from coverage_portal.intake import services",
            "Inside an app",
            id="selectors import services",
        ),
        pytest.param("regions/coverage", "import django", "Arithmetic knows", id="coverage imports django"),
        pytest.param("regions/names", "import plotly", "Arithmetic knows", id="names import plotly"),
        pytest.param(
            "regions/charts",
            "def draw(): from regions.models import Regency",
            "Charts never query",
            id="charts import models, hidden in a function",
        ),
    ],
)
def test_import_against_a_contract_is_caught(copy: Path, name: str, line: str, contract: str) -> None:
    path = module(copy, name)
    before = path.read_text()
    path.write_text(f"{before}\n\n{line}\n")

    try:
        broken = broken_contracts(copy)
    finally:
        path.write_text(before)

    assert contract in " | ".join(broken)


def upward_relations(some_models: Iterable[type[models.Model]]) -> list[str]:
    """Relations to an app above their own: named as strings, they escape the import linter."""
    found = []
    for model in some_models:
        for field in model._meta.get_fields():
            target = field.related_model
            if field.auto_created or target is None or isinstance(target, str):
                continue
            own, other = model._meta.app_label, target._meta.app_label
            if own in LAYERS and other in LAYERS and LAYERS.index(other) > LAYERS.index(own):
                found.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    return found


def test_relations_point_down() -> None:
    assert upward_relations(apps.get_models(include_auto_created=True)) == []


@isolate_apps("coverage_portal.accounts", "regions")
def test_relation_that_points_up_is_caught() -> None:
    class Area(models.Model):
        class Meta:
            app_label = "regions"

    class Badge(models.Model):
        area = models.ForeignKey("regions.Area", models.CASCADE)

        class Meta:
            app_label = "accounts"

    assert upward_relations([Area, Badge]) == ["accounts.Badge.area -> regions.Area"]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_charts_import_no_database() -> None:
    charts = module(ROOT, "regions/charts")
    files = charts.parent.rglob("*.py") if charts.name == "__init__.py" else [charts]

    names = {name for path in files for name in imported(path)}

    assert names
    assert {name for name in names if name.startswith("django.db")} == set()


def too_long(folder: Path, names: Iterable[str], limit: int) -> list[str]:
    return [
        f"{path.relative_to(folder)}: {lines} lines"
        for name in names
        for path in sorted((folder / name).rglob("*.py"))
        if path.parent.name != "migrations"  # generated, and never edited afterwards
        and (lines := len(path.read_text().splitlines())) > limit
    ]


def test_modules_are_short() -> None:
    assert too_long(ROOT, CODE, LINES_OF_A_MODULE) == []
    assert too_long(ROOT, ["tests"], LINES_OF_A_TEST) == []


def test_module_that_is_too_long_is_caught(tmp_path: Path) -> None:
    (tmp_path / "regions").mkdir()
    (tmp_path / "regions" / "long.py").write_text("\n" * 501)
    (tmp_path / "regions" / "fits.py").write_text("\n" * 500)

    assert too_long(tmp_path, ["regions"], LINES_OF_A_MODULE) == ["regions/long.py: 501 lines"]


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def reads_past_the_replica(source: str) -> bool:
    """Whether a module of figures takes Django's own connection, which is always the primary's."""
    imported = (
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.db"
        for alias in node.names
    )
    return bool({"connection", "connections"} & set(imported))


def test_selectors_of_figures_ask_the_database_that_the_page_is_read_from() -> None:
    modules = [path for app in ("regions", "projects") for path in (ROOT / app / "selectors").rglob("*.py")]

    assert len(modules) > 10
    assert [path.name for path in modules if reads_past_the_replica(path.read_text())] == []


def test_selector_with_a_connection_of_its_own_is_noticed() -> None:
    assert reads_past_the_replica("from django.db import connection, models\n")
    assert not reads_past_the_replica("from django.db import models\n")
