"""`/healthz` and `/readyz`: what each asks, what it tells, and what it leaves alone."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from coverage_portal.lib import presence
from tests import factories

READY = {"database": True, "migrations": True, "worker": True, "disk": True}


@pytest.fixture
def worker(db: None) -> Any:
    """A connection under the worker's name, as a worker holds one."""
    parameters = connection.get_connection_params()
    kept = {name: parameters[name] for name in ("dbname", "user", "host", "port")}
    with closing(psycopg2.connect(**kept, application_name=presence.WORKER)) as held:
        yield held


def test_process_that_answers_is_healthy_whatever_the_database_does(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_whole_portal_is_ready(client: Client, worker: Any, settings: Settings) -> None:
    settings.DISK_FREE_MB = 0

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, READY)


def test_portal_without_a_worker_is_not_ready(client: Client, db: None, settings: Settings) -> None:
    settings.DISK_FREE_MB = 0

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"worker": False})


def test_migration_not_applied_makes_it_not_ready(client: Client, worker: Any, settings: Settings) -> None:
    settings.DISK_FREE_MB = 0
    MigrationRecorder(connection).record_unapplied("accounts", "0003_moment")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"migrations": False})


def test_full_disk_makes_it_not_ready(client: Client, worker: Any, settings: Settings) -> None:
    settings.DISK_FREE_MB = 10**9

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, READY | {"disk": False})


def test_database_that_is_away_is_told_without_its_name(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)
        response = client.get("/readyz")

    assert response.status_code == 503
    assert not any(response.json()[name] for name in ("database", "migrations", "worker"))
    assert "the database does not answer: DatabaseError" in caplog.text
    assert "secret-host" not in caplog.text + response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answer_is_the_same_for_everyone_and_kept_by_nobody(client: Client, db: None, path: str) -> None:
    anonymous = client.get(path)
    client.force_login(factories.user("pejabat", "61"))

    signed_in = client.get(path)

    assert anonymous.content == signed_in.content
    assert not signed_in.cookies
    assert "no-store" in signed_in["Cache-Control"]


def test_health_asks_the_database_nothing_even_for_someone_signed_in(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    client.force_login(factories.user("pejabat", "61"))

    with django_assert_num_queries(0):
        client.get("/healthz", headers={"host": "10.0.0.7"})


def _refuse(*_args: Any) -> None:
    raise DatabaseError("could not connect to secret-host")
