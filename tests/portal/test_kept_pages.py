"""Pages of projects and what-ifs are kept too: an unchanged one is not sent again, a changed one at once."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import generation
from regions.models import Membership, Regency
from tests import factories
from tests.kept import signed_in, was_kept
from tests.projects import records

pytestmark = pytest.mark.django_db

PAGES = ["/simulasi/", "/simulasi/?t.61.04=20", "/konstruksi/", "/ringkasan/", "/proyek/?urut=nama"]
OF_PROJECTS = ["/konstruksi/", "/ringkasan/", "/proyek/"]


@pytest.fixture(autouse=True)
def _figures(settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False
    factories.target(factories.province(), "61")
    for regency in Regency.objects.active():
        factories.workforce(regency, 1000)
        factories.membership(regency, 370, month="2025-12")


@pytest.fixture
def client() -> Client:
    return signed_in(factories.user("pejabat", "61"))


def asked_again(client: Client, path: str, tag: str) -> Any:
    return client.get(path, headers={"if-none-match": tag})


@pytest.mark.parametrize("path", PAGES)
def test_unchanged_page_is_not_sent_again(client: Client, path: str) -> None:
    first = client.get(path)

    assert not was_kept(first)
    assert was_kept(client.get(path))
    assert asked_again(client, path, first["ETag"]).status_code == 304


@pytest.mark.parametrize("path", PAGES)
def test_changed_figure_is_sent_as_soon_as_its_version_moves(client: Client, path: str) -> None:
    first = client.get(path)

    Membership.objects.filter(regency="61.04").update(reported=450)
    with transaction.atomic():
        generation.move()
    after = asked_again(client, path, first["ETag"])

    assert after.status_code == 200
    # Of construction one segment is shown, and in the list no figure of coverage.
    assert after.content != first.content or path.startswith(("/konstruksi/", "/proyek/"))


@pytest.mark.parametrize("path", PAGES)
def test_another_reader_has_a_page_of_their_own(client: Client, path: str) -> None:
    first = client.get(path)
    other = signed_in(factories.user("ketapang", "61.04"))

    assert asked_again(other, path, first["ETag"]).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_next_day_has_a_page_of_its_own(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get(path)["ETag"]
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: tomorrow)

    assert asked_again(client, path, tag).status_code == 200


@pytest.mark.parametrize("path", OF_PROJECTS)
def test_project_that_nobody_moved_the_version_for_is_shown_at_once(client: Client, path: str) -> None:
    tag = client.get(path)["ETag"]

    records.project(agency=records.agency())

    assert asked_again(client, path, tag).status_code == 200


def test_position_of_another_day_is_another_page(client: Client) -> None:
    today, before = client.get("/konstruksi/"), client.get("/konstruksi/?per=2026-01-31")

    assert today["ETag"] != before["ETag"]
    assert b"31 Januari 2026" in before.content


def test_what_ifs_of_strangers_are_not_kept(settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    stranger = Client()

    plain, moved = stranger.get("/simulasi/"), stranger.get("/simulasi/?t.61.04=20")

    assert "ETag" in plain.headers
    assert moved.status_code == 200
    assert "ETag" not in moved.headers
