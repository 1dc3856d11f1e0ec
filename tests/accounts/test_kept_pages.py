"""Kept pages: answered without rendering, seen anew at once when anything they are made of has changed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import constants, storage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import generation, keeping
from coverage_portal.accounts.keeping import keys, pages
from coverage_portal.accounts.models import AreaGrant, Role, User
from regions.models import Membership
from tests import factories
from tests.kept import PAGES, signed_in, was_kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures_behind_the_sign_in")]

AGREEING = keeping.Moment("same", "same", "same")


def report(code: str, members: int) -> None:
    Membership.objects.filter(regency=code).update(reported=members)


@pytest.mark.parametrize("path", PAGES)
def test_second_answer_is_the_first_one_kept(official: User, path: str) -> None:
    client = signed_in(official)

    first, second = (client.get(path, headers={"x-request-id": "satu-nama"}) for _time in range(2))

    assert (was_kept(first), was_kept(second)) == (False, True)
    assert first.content == second.content
    assert {**first.headers} == {**second.headers}


@pytest.mark.parametrize("path", PAGES)
def test_kept_page_costs_session_user_and_one_query(
    official: User, path: str, django_assert_num_queries: Any
) -> None:
    client = signed_in(official)
    tag = client.get(path)["ETag"]

    with django_assert_num_queries(3):
        assert was_kept(client.get(path))
    with django_assert_num_queries(3):
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_kept_page_costs_a_stranger_one_query(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.PUBLIC_AGGREGATES = True
    client.get("/")

    with django_assert_num_queries(1):
        assert was_kept(client.get("/"))


def test_changed_figure_is_shown_as_soon_as_its_version_moves(official: User) -> None:
    client = signed_in(official)
    tag = client.get("/wilayah/61.04/")["ETag"]

    report("61.04", 450)
    before = client.get("/wilayah/61.04/")
    with transaction.atomic():
        generation.move()
    after = client.get("/wilayah/61.04/", headers={"if-none-match": tag})

    assert was_kept(before)
    assert b"450</strong> peserta" not in before.content
    assert after.status_code == 200
    assert b"450</strong> peserta" in after.content


CHANGES: dict[str, Callable[[User], object]] = {
    "grant revoked": lambda user: user.grants.all().delete(),
    "grant expired": lambda user: user.grants.update(
        valid_until=timezone.localdate() - datetime.timedelta(1)
    ),
    "grant narrowed": lambda user: user.grants.update(area_code="61.04"),
    "grant of another role": lambda user: user.grants.update(role=Role.EDITOR),
    "grant added": lambda user: AreaGrant.objects.create(user=user, role=Role.VIEWER, area_code="61.01"),
    "group removed": lambda user: user.groups.clear(),
    "group changed": lambda user: user.groups.get().permissions.clear(),
    "permission given": lambda user: user.user_permissions.add(Permission.objects.first()),
    "renamed": lambda user: User.objects.filter(pk=user.pk).update(first_name="Nama Baru"),
    "made staff": lambda user: User.objects.filter(pk=user.pk).update(is_staff=True),
    "made superuser": lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
    "deactivated": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_rights_are_seen_on_the_next_request(
    official: User, change: Callable[[User], object]
) -> None:
    client = signed_in(official)
    tag = client.get("/")["ETag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304

    change(official)
    page, asked = client.get("/"), client.get("/", headers={"if-none-match": tag})

    assert not was_kept(page)
    assert asked.status_code != 304


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changed_rights_would_be_overlooked_without_the_reader_in_the_key(
    official: User, change: Callable[[User], object], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.PUBLIC_AGGREGATES = True  # else the sign-in is what a deactivated reader meets first
    monkeypatch.setattr(pages, "moment", lambda *_: AGREEING)
    monkeypatch.setattr(keys, "_reader", lambda _user: None)
    client = signed_in(official)
    client.get("/")

    change(official)

    assert was_kept(client.get("/"))


def test_grant_is_over_the_day_after_its_last(official: User, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    official.grants.update(valid_until=today)
    client = signed_in(official)
    client.get("/wilayah/61.04/")
    on_the_day = client.get("/wilayah/61.04/")

    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: today + datetime.timedelta(days=1))

    assert was_kept(on_the_day)
    assert client.get("/wilayah/61.04/").status_code == 404


def test_official_of_one_regency_never_gets_the_page_of_another() -> None:
    sambas = signed_in(factories.user("sambas", "61.01"))
    ketapang = signed_in(factories.user("ketapang", "61.04"))
    tag = ketapang.get("/wilayah/61.04/")["ETag"]

    assert was_kept(ketapang.get("/wilayah/61.04/"))
    assert sambas.get("/wilayah/61.04/").status_code == 404
    assert sambas.get("/wilayah/61.04/", headers={"if-none-match": tag}).status_code == 404


def test_page_of_another_would_be_given_away_without_the_scope_in_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "moment", lambda *_: AGREEING)
    monkeypatch.setattr(keys, "_reader", lambda _user: None)
    signed_in(factories.user("ketapang", "61.04")).get("/wilayah/61.04/")

    assert was_kept(signed_in(factories.user("sambas", "61.01")).get("/wilayah/61.04/"))


def test_readers_with_the_same_rights_see_their_own_names(official: User) -> None:
    other = factories.user("pejabat.lain", "61")
    for _time in range(2):
        assert b">pejabat<" in signed_in(official).get("/metode/").content
        page = signed_in(other).get("/metode/").content
        assert b">pejabat.lain<" in page
        assert b">pejabat<" not in page


def test_same_etag_is_of_no_use_to_whoever_may_not_see_the_page(official: User, client: Client) -> None:
    path = "/wilayah/61.04/"
    reader = signed_in(official)
    asked = {"if-none-match": reader.get(path)["ETag"]}

    may = reader.get(path, headers=asked)
    stranger = client.get(path, headers=asked)
    official.grants.all().delete()
    no_longer = reader.get(path, headers=asked)

    assert (may.status_code, stranger.status_code, no_longer.status_code) == (304, 302, 404)


def test_process_that_has_not_kept_the_page_asks_the_view_before_a_304(official: User) -> None:
    client = signed_in(official)
    asked = {"if-none-match": client.get("/")["ETag"]}
    keeping.clear()

    response = client.get("/", headers=asked)

    assert response.templates
    assert (response.status_code, response.content) == (304, b"")


def test_frame_of_the_example_is_not_kept_for_a_portal_without(
    official: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(official)
    monkeypatch.setattr("coverage_portal.demo.is_loaded", lambda: True)
    assert b"Data contoh" in client.get("/metode/").content

    monkeypatch.setattr("coverage_portal.demo.is_loaded", lambda: False)

    assert b"Data contoh" not in client.get("/metode/").content


def test_day_is_part_of_the_key_where_a_page_may_depend_on_it(
    official: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(official)
    for path in ("/", "/metode/"):
        client.get(path)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: tomorrow)

    assert not was_kept(client.get("/"))
    assert was_kept(client.get("/metode/"))


def test_pending_message_is_shown_once_and_never_kept(official: User) -> None:
    client = signed_in(official)
    client.get("/metode/")
    leave_message(client, "Impor sudah diterapkan.")

    with_message, afterwards = client.get("/metode/"), client.get("/metode/")

    assert b"Impor sudah diterapkan." in with_message.content
    assert "ETag" not in with_message
    assert was_kept(afterwards)
    assert b"Impor sudah diterapkan." not in afterwards.content


def test_message_would_be_kept_without_the_look_at_what_is_pending(
    official: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "_is_plain", lambda _request: True)
    monkeypatch.setattr(pages, "_may_be_kept", lambda *_: True)
    client = signed_in(official)
    leave_message(client, "Impor sudah diterapkan.")

    client.get("/metode/")

    assert b"Impor sudah diterapkan." in client.get("/metode/").content


def leave_message(client: Client, text: str) -> None:
    """What a redirecting page leaves for the next one to show."""
    request = client.get("/keluar/").wsgi_request
    left = storage.default_storage(request)
    left.add(constants.SUCCESS, text)
    answer = HttpResponse()
    left.update(answer)
    client.cookies["messages"] = answer.cookies["messages"].value


def test_kept_page_holds_no_token_and_sets_no_cookie(official: User) -> None:
    client = signed_in(official)
    for path in PAGES:
        for _time in range(2):
            page = client.get(path)
            assert b"csrfmiddlewaretoken" not in page.content
            assert not page.cookies


def test_redirects_and_refusals_are_not_kept() -> None:
    client = signed_in(factories.user("sambas", "61.01"))

    for _time in range(2):
        assert client.get("/").status_code == 302
        assert client.get("/wilayah/61.04/").status_code == 404

    assert len(keeping.kept) == 0


def test_first_steps_are_not_kept_for_they_follow_no_version(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    Membership.objects.all().delete()

    before = client.get("/").context["steps"][0].is_done
    factories.user("admin", is_superuser=True)

    assert (before, client.get("/").context["steps"][0].is_done) == (False, True)
