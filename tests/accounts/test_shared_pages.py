"""Readers with word for word the same rights share a rendering; what names a reader is each one's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from coverage_portal.accounts import keeping
from coverage_portal.accounts.keeping import keys
from coverage_portal.accounts.models import AreaGrant, Role, User
from tests import factories
from tests.kept import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures_behind_the_sign_in")]


@pytest.fixture
def other() -> User:
    """Another official with word for word the same rights."""
    user = factories.user("pejabat.lain", "61")
    user.groups.add(Group.objects.get(name="Staf BPJS"))
    return user


def was_rendered(response: Any) -> bool:
    """Whether the view rendered its page; the part that names the reader is none."""
    return any(template.name not in (None, *PARTS) for template in response.templates)


PARTS = ("includes/header.html", "includes/language.html")


KEPT = [
    "/",
    "/wilayah/61.04/",
    "/wilayah/61/perjalanan.json",
    "/metode/",
    "/data-terbuka/",
    "/simulasi/",
    "/rekonsiliasi/",
    "/rekonsiliasi/61.04/",
    "/konstruksi/",
    "/proyek/",
    "/ringkasan/",
]


def kept_views(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from kept_views(pattern.url_patterns)
        elif getattr(pattern.callback, "reads_figures", False):
            yield pattern.callback


def test_every_page_that_is_kept_is_compared_below() -> None:
    compared = {resolve(path).func for path in KEPT}

    assert compared == set(kept_views(get_resolver().url_patterns))


@pytest.mark.parametrize("path", KEPT)
def test_page_of_another_reader_is_what_they_would_have_got_by_themselves(
    official: User, other: User, path: str
) -> None:
    named = {"x-request-id": "satu-nama"}
    first = signed_in(official).get(path, headers=named)
    shared = signed_in(other).get(path, headers=named)
    keeping.clear()
    alone = signed_in(other).get(path, headers=named)

    assert was_rendered(first) or first["Content-Type"] == "application/json"
    assert not was_rendered(shared)
    assert shared.content == alone.content
    assert shared["ETag"] == alone["ETag"] != first["ETag"]
    assert {**shared.headers} == {**alone.headers}


def test_each_reader_is_named_on_their_page_alone(official: User, other: User) -> None:
    for _time in range(2):
        for reader, stranger in ((official, other), (other, official)):
            page = signed_in(reader).get("/").content.decode()
            assert f">{reader.display_name}<" in page
            assert f">{stranger.display_name}<" not in page


WIDER = {
    "another role": lambda user: AreaGrant.objects.create(user=user, role=Role.IMPORTER, area_code="61.04"),
    "a permission": lambda user: user.user_permissions.add(Permission.objects.get(codename="add_user")),
    "staff": lambda user: User.objects.filter(pk=user.pk).update(is_staff=True),
}


@pytest.mark.parametrize("widen", WIDER.values(), ids=WIDER)
def test_other_rights_are_another_page(official: User, other: User, widen: Any) -> None:
    widen(other)
    signed_in(official).get("/")

    assert was_rendered(signed_in(other).get("/"))


def test_control_arm_without_the_rights_in_the_key_a_page_is_given_to_the_wrong_reader(
    official: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sambas = factories.user("sambas", "61.01")
    monkeypatch.setattr(keys, "shared_key_of", lambda *_given: "same")
    monkeypatch.setattr("coverage_portal.accounts.keeping.pages.shared_key_of", lambda *_given: "same")
    signed_in(official).get("/wilayah/61.04/")

    assert signed_in(sambas).get("/wilayah/61.04/").status_code == 200


def test_one_regency_gets_no_page_that_another_has_opened(official: User) -> None:
    sambas = factories.user("sambas", "61.01")
    signed_in(official).get("/wilayah/61.04/")

    assert signed_in(sambas).get("/wilayah/61.04/").status_code == 404


def test_strangers_get_nothing_of_those_who_have_signed_in(
    official: User, client: Client, settings: Any
) -> None:
    settings.PUBLIC_AGGREGATES = True
    signed_in(official).get("/")

    page = client.get("/")

    assert was_rendered(page)
    assert official.display_name not in page.content.decode()
