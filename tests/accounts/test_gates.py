"""What stands before each page of an account: the method, the caches, and what an error report may show."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter

from coverage_portal.accounts import roles
from coverage_portal.accounts.models import AreaGrant, Event, RecoveryCode, User
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "rahasia-9001"


@pytest.fixture
def manager() -> User:
    """May manage users of the province, and needs no second factor here."""
    user = factories.user("admin", "61")
    AreaGrant.objects.create(user=user, role=roles.PORTAL_ADMIN, area_code="61")
    return User.objects.get(pk=user.pk)


@pytest.fixture
def signed_in(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.mark.parametrize(
    "page", ["faktor-kedua/lepas/", "kode-pemulihan/", "kata-sandi/", "keluar-semua/"], ids=lambda page: page
)
def test_what_changes_an_account_takes_a_post(signed_in: Client, manager: User, page: str) -> None:
    answer = signed_in.get(f"/akun/{page}")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert signed_in.get("/akun/").status_code == 200
    assert not Event.objects.filter(kind=Event.Kind.SESSIONS_ENDED).exists()
    assert not RecoveryCode.objects.exists()


@pytest.mark.parametrize("page", ["/akun/", "/tautan/bukan-tautan/"], ids=lambda page: page)
def test_what_only_shows_takes_no_post(signed_in: Client, page: str) -> None:
    assert signed_in.post(page).status_code == 405


@pytest.mark.parametrize(
    "page",
    ["/masuk/kode/", "/masuk/pasang/", "/keluar/", "/akun/faktor-kedua/", "/tautan/", "/pengguna/undang/"],
    ids=lambda page: page,
)
def test_page_with_a_form_takes_nothing_but_get_and_post(signed_in: Client, page: str) -> None:
    answer = signed_in.put(page)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("page", ["/masuk/kode/", "/masuk/pasang/", "/tautan/", "/tautan/bukan-tautan/"])
def test_no_cache_keeps_a_strangers_page_of_signing_in(page: str) -> None:
    assert "no-store" in Client().get(page)["Cache-Control"]


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/masuk/", ("password",)),
        ("/masuk/kode/", ("code",)),
        ("/masuk/pasang/", ("code",)),
        ("/tautan/", ("password", "again")),
        ("/akun/faktor-kedua/", ("code",)),
        ("/akun/faktor-kedua/lepas/", ("lepas-password", "lepas-code")),
        ("/akun/kode-pemulihan/", ("kode-password", "kode-code")),
        ("/akun/kata-sandi/", ("old", "password", "again")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_error_report_shows_neither_passwords_nor_codes(
    signed_in: Client, settings: Any, page: str, fields: tuple[str, ...]
) -> None:
    settings.DEBUG = False

    request: Any = signed_in.post(page, dict.fromkeys(fields, SECRET)).wsgi_request

    assert request.POST[fields[0]] == SECRET
    assert SECRET not in str(SafeExceptionReporterFilter().get_post_parameters(request))


def test_control_arm_a_field_of_no_secret_is_shown(signed_in: Client, settings: Any) -> None:
    settings.DEBUG = False

    request: Any = signed_in.post("/pengguna/undang/", {"reason": SECRET}).wsgi_request

    assert SECRET in str(SafeExceptionReporterFilter().get_post_parameters(request))
