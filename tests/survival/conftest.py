"""A portal whose processes, database and disk these tests take away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import ground
from tests.ground import Ground


@pytest.fixture(scope="session")
def _prepared(django_db_blocker: Any) -> Iterator[Ground]:
    with ExitStack() as stack:
        # Not below pytest's folder: see `var_dir`.
        made = tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(made)).resolve()
        with django_db_blocker.unblock():
            portal = stack.enter_context(ground.prepared(folder))
        yield portal


@pytest.fixture
def portal(_prepared: Ground, django_db_blocker: Any) -> Iterator[Ground]:
    """The portal with an empty database, none of its processes started yet."""
    with django_db_blocker.unblock(), ground.opened(_prepared):
        yield _prepared
