"""Static files are collected, compressed and named by content once, and again only after a change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from .packages import FILES


class MissingPackages(Exception):
    """The front-end packages are not installed; the message says how to install them."""


def collect_if_changed() -> bool:
    """Collect the static files into `STATIC_ROOT` unless they are there; returns whether it was needed.

    Raises:
        MissingPackages: npm has not installed what `packages.FILES` names.
    """
    mark = Path(settings.STATIC_ROOT).with_suffix(".fingerprint")
    found = fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == found:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(found, encoding="ascii")
    return True


def fingerprint() -> str:
    """What the static files are made of: another value after any change of them.

    Raises:
        MissingPackages: npm has not installed what `packages.FILES` names.
    """
    absent = [path for path in FILES.values() if not (Path(settings.NODE_MODULES) / path).is_file()]
    if absent:
        raise MissingPackages(f"{absent[0]} is not installed: run `python manage.py frontend` first")
    return hashlib.sha256("\n".join(sorted(_states())).encode()).hexdigest()


def _states() -> Iterator[str]:
    yield f"whitenoise {version('whitenoise')} django {version('django')}"
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            yield f"{name} {state.st_size} {state.st_mtime_ns}"
