from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import plotly.offline
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from pytest_django import Settings

from coverage_portal import assets, packages


@pytest.fixture
def static(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A static folder with one file, collected into a folder of the test."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "page.css").write_text("body { color: black }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    finders.get_finder.cache_clear()
    yield folder
    finders.get_finder.cache_clear()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_collecting_happens_once_and_again_after_a_change(static: Path) -> None:
    first, second = assets.collect_if_changed(), assets.collect_if_changed()
    before = names(settings.STATIC_ROOT)
    (static / "page.css").write_text("body { color: blue }")
    third = assets.collect_if_changed()

    assert (first, second, third) == (True, False, True)
    assert names(settings.STATIC_ROOT) != before


def test_collecting_that_was_interrupted_is_done_again(static: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(assets, "call_command", interrupt)
        with pytest.raises(KeyboardInterrupt):
            assets.collect_if_changed()

    assert assets.collect_if_changed() is True


def test_collecting_without_the_packages_says_how_to_install_them(
    static: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.NODE_MODULES = tmp_path / "none"

    with pytest.raises(assets.MissingPackages, match=r"run `python manage.py frontend` first"):
        assets.collect_if_changed()


def test_finder_serves_the_listed_files_and_no_others() -> None:
    found = dict(packages.PackageFinder().list(None))

    assert sorted(found) == sorted(packages.FILES)
    assert finders.find("vendor/plotly-basic.min.js") == str(
        Path(settings.NODE_MODULES) / "plotly.js-basic-dist-min/plotly-basic.min.js"
    )
    assert finders.find("vendor/package.json") is None
    assert finders.find("bootstrap/dist/css/bootstrap.css") is None


def test_plotly_in_the_browser_is_the_one_that_python_writes_for() -> None:
    lock = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text())

    installed = lock["packages"]["node_modules/plotly.js-basic-dist-min"]["version"]

    assert installed == plotly.offline.get_plotlyjs_version()


def test_lock_file_names_no_download_address() -> None:
    lock = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text())

    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)
