"""What every test can use. Catalogues and static files are made ready once, before the first test."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from coverage_portal import assets, catalogs
from coverage_portal.accounts import keeping
from coverage_portal.embedded import server
from tests import loaded
from tests.sharing import Sharing

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT / "../shared/data"

# How fast a machine makes up examples is not what a property is about.
hypothesis.settings.register_profile(
    "portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("portal")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Prepare in the process that starts the run: pytest-xdist's workers find all of it ready."""
    # A folder for each state of the files, so that runs at the same time do not collect over each other.
    try:
        settings.STATIC_ROOT = Path(settings.STATIC_ROOT) / assets.fingerprint()[:16]
    except assets.MissingPackages as error:
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)
    os.environ["STATIC_ROOT"] = str(settings.STATIC_ROOT)  # for portals that tests start
    if hasattr(session.config, "workerinput") or session.config.option.collectonly:
        return
    _forget_older(settings.STATIC_ROOT)
    catalogs.compile_stale(settings.LOCALE_PATHS)
    assets.collect_if_changed()
    embedded = server.EmbeddedServer(Path(settings.DATABASES["default"]["HOST"]), durable=False)
    embedded.address()
    session.config.add_cleanup(embedded.stop)


def _forget_older(folder: Path) -> None:
    """Remove what was collected from earlier states, but for what another run may be using."""
    yesterday = time.time() - 24 * 60 * 60
    for other in folder.parent.glob("*"):
        if other.is_dir() and other != folder and other.stat().st_mtime < yesterday:
            shutil.rmtree(other, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that really commits empties every table: have it put back what migrations had loaded."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and bool(marker.kwargs.get("transaction"))
        if commits or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database, and what migrations have loaded into it for every connection to put back.

    The browser tests' driver keeps an event loop in the main thread, and Django gives code inside a loop a
    connection of its own, which would not know.
    """
    connection = connections["default"]
    if hasattr(connection, "_test_serialized_contents"):
        type(connection)._test_serialized_contents = connection._test_serialized_contents
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            loaded.allow_emptying()
            loaded.keep(patch)
        yield


@pytest.fixture(autouse=True)
def _no_kept_page() -> None:
    """A test that rolls back brings an old data version back, so no page may outlive it."""
    keeping.clear()


@pytest.fixture(scope="module")
def var_dir() -> Iterator[Path]:
    """A folder for a server of one's own.

    Not below pytest's, which every worker closes to other users when it starts: as root, PostgreSQL runs as
    one of those.
    """
    with tempfile.TemporaryDirectory(prefix="portal-test-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared examples, which lies beside the project and not in it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data are not beside the project (../shared/data)")
    return SHARED_DATA.resolve()


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """pytest-django's live server, with static files as in production: collected, served by whitenoise."""
    with mock.patch(
        "django.contrib.staticfiles.handlers.StaticFilesHandler", new=lambda application: application
    ):
        running = LiveServer("127.0.0.1")
    yield running
    running.stop()
