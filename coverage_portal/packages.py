"""The files of the front-end packages that the portal serves, and no others of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# What a style sheet names must be there when the names get their fingerprints, its source map included.
FILES = {
    "vendor/bootstrap-reboot.min.css": "bootstrap/dist/css/bootstrap-reboot.min.css",
    "vendor/bootstrap-reboot.min.css.map": "bootstrap/dist/css/bootstrap-reboot.min.css.map",
    "vendor/plotly-basic.min.js": "plotly.js-basic-dist-min/plotly-basic.min.js",
}


class PackageFinder(BaseFinder):
    """Finds `FILES` below `node_modules`, where npm has put them."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = _RenamedStorage(settings.NODE_MODULES)

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        found = [self.storage.path(path)] if self.storage.exists(path) else []
        return found[0] if found and not find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in FILES:
            if self.storage.exists(name):
                yield name, self.storage


class _RenamedStorage(FileSystemStorage):
    """The packages' files under the names in which the portal serves them."""

    prefix = ""

    def path(self, name: str) -> str:
        return str(Path(self.location) / FILES.get(name, name))

    def exists(self, name: str) -> bool:
        return name in FILES and Path(self.path(name)).is_file()
