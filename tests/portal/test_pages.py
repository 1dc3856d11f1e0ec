"""What holds for every page: methods, headers, no inline code, sign-in, languages, errors."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from regions.models import Regency
from tests import factories

pytestmark = pytest.mark.django_db

OPEN_PAGES = [
    "/",
    "/wilayah/61.04/",
    "/metode/",
    "/data-terbuka/",
    "/rekonsiliasi/",
    "/rekonsiliasi/61.04/?bulan=2025-12",
    "/api/v1/openapi.json",
    "/api/v1/coverage?area=61&month=2025-12",
    "/arsip/",
    "/ringkasan/",
    "/simulasi-iuran/",
    "/simulasi-iuran/?nilai=2,4+miliar&ppn=ya",
    "/api/v1/contribution?value=300000000",
    "/masuk/",
    "/healthz",
]
OPEN_ADDRESSES = [
    "openapi-json",
    "api-root",
    "unknown",
    "contribution",
    *(
        f"{name}{form}"
        for name in (
            "areas",
            "coverage",
            "membership",
            "workforce",
            "targets",
            "indicators",
            "construction",
        )
        for form in ("", "_csv")
    ),
]
SIGNED_IN_PAGES = [
    "/keluar/",
    "/kelengkapan/",
    "/kelengkapan/2025-12/",
    "/kelengkapan/2025-12/61.04/",
    "/impor/",
    "/impor/riwayat/",
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/add/",
]

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
}
INLINE_CODE = re.compile(
    r"<style|<script(?![^>]*(?:\bsrc=|type=\"application/json\"))|\sstyle=|\son[a-z]+=\"|javascript:",
    re.IGNORECASE,
)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def figures():
    """Coverage of every regency in one month, one of them above its target."""
    for place, regency in enumerate(Regency.objects.active()):
        factories.workforce(regency, 1000, segment="PU")
        factories.workforce(regency, 500, segment="BPU")
        factories.workforce(regency, 100, segment="JAKON")
        for segment, members in (("PU", 400 + 20 * place), ("BPU", 100), ("JAKON", 50)):
            factories.membership(regency, members, segment=segment, month="2025-12")


@pytest.fixture
def superuser(client):
    user = factories.user("admin", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_page_answers_get_and_head_alike(client, figures, path):
    got, headed = client.get(path), client.head(path)

    assert (got.status_code, headed.status_code) == (200, 200)
    assert headed.content == b""
    assert headed["Content-Type"] == got["Content-Type"]


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_page_behind_the_sign_in_answers_get_and_head_alike(client, superuser, path):
    assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)


@pytest.mark.parametrize("path", SIGNED_IN_PAGES)
def test_stranger_is_sent_to_the_sign_in(client, path):
    response = client.get(path, follow=True)

    assert response.redirect_chain[-1][0].startswith("/masuk/?next=")


@pytest.mark.parametrize(
    "path", ["/", "/wilayah/61.04/", "/metode/", "/simulasi-iuran/", "/api/v1/contribution", "/healthz"]
)
def test_page_to_read_refuses_to_be_written_to(client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", [*OPEN_PAGES, *SIGNED_IN_PAGES, "/tidak-ada/"])
def test_every_page_carries_the_strict_policy_and_its_companions(client, superuser, figures, path):
    response = client.get(path)

    assert {part.strip() for part in response["Content-Security-Policy"].split(";") if part.strip()} == CSP
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", [*OPEN_PAGES, *SIGNED_IN_PAGES, "/tidak-ada/"])
def test_no_page_carries_inline_code_or_an_unrendered_tag(client, superuser, figures, path):
    page = client.get(path).content.decode()

    assert INLINE_CODE.search(page) is None
    assert re.search(r"\{\{|\{%|\{#", page) is None


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_error_page_needs_nothing_but_itself(name):
    page = render_to_string(name)

    assert "<h1" in page
    assert INLINE_CODE.search(page) is None


@pytest.mark.parametrize(
    "harmful",
    ["<style>p{}</style>", "<script>run()</script>", '<p style="color:red">', '<p onclick="run()">'],
)
def test_search_for_inline_code_finds_it(harmful):
    assert INLINE_CODE.search(f"<main>{harmful}</main>")


def test_unknown_address_gets_the_portal_s_own_page(client):
    response = client.get("/tidak-ada/")

    assert response.status_code == 404
    assert "Halaman tidak ditemukan" in response.content.decode()


def test_open_pages_set_no_cookie(client, figures):
    for path in ("/", "/wilayah/61.04/", "/metode/", "/simulasi-iuran/"):
        assert not client.get(path).cookies


def test_page_is_indonesian_whatever_the_browser_prefers(client):
    response = client.get("/metode/", headers={"accept-language": "en-US,en"})

    assert '<html lang="id">' in response.content.decode()


def test_switch_turns_the_portal_english_and_back_on_the_same_page(client):
    switched = client.post("/bahasa/", {"language": "en", "next": "/metode/?bulan=2025-12"})
    english = client.get("/metode/").content.decode()
    client.post("/bahasa/", {"language": "id", "next": "/metode/"})
    indonesian = client.get("/metode/").content.decode()

    assert (switched.status_code, switched["Location"]) == (302, "/metode/?bulan=2025-12")
    assert '<html lang="en">' in english
    assert '<html lang="id">' in indonesian


def test_switch_leads_to_no_other_site(client):
    response = client.post("/bahasa/", {"language": "en", "next": "https://example.com/"})

    assert response["Location"] == "/"


def test_switch_only_listens_to_post(client):
    assert client.get("/bahasa/").status_code == 405


def test_signing_in_leads_back_to_where_one_wanted_to_go(client):
    factories.user("bpjs", "61")

    response = client.post(
        reverse("accounts:login"),
        {"username": "bpjs", "password": factories.PASSWORD, "next": "/wilayah/61.04/"},
    )

    assert response["Location"] == "/wilayah/61.04/"


@pytest.mark.parametrize("password", ["salah", ""])
def test_wrong_password_gets_one_sentence_for_every_cause(client, password):
    factories.user("bpjs", "61")

    known = client.post("/masuk/", {"username": "bpjs", "password": password})
    unknown = client.post("/masuk/", {"username": "tidak-ada", "password": password})

    assert "Nama pengguna atau kata sandi tidak cocok" in known.content.decode()
    assert "Nama pengguna atau kata sandi tidak cocok" in unknown.content.decode()
    assert not known.wsgi_request.user.is_authenticated


@pytest.mark.parametrize(
    ("group", "there", "elsewhere"),
    [
        ("Staf BPJS", 'href="/impor/"', 'href="/impor/riwayat/"'),
        (None, 'href="/impor/riwayat/"', 'href="/impor/"'),
    ],
    ids=["importer", "reader"],
)
def test_menu_offers_importing_to_those_who_may(client, group, there, elsewhere):
    user = factories.user("orang", "61")
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    page = client.get("/metode/").content.decode()

    assert there in page
    assert elsewhere not in page


def test_signing_out_takes_a_page_that_asks_and_a_post_with_its_token():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(factories.user("pejabat", "61"))

    link = 'href="/keluar/"' in browser.get("/metode/").content.decode()
    asking = browser.get("/keluar/").content.decode()
    forged = browser.post("/keluar/")
    still_there = "_auth_user_id" in browser.session
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', asking)
    response = browser.post("/keluar/", {"csrfmiddlewaretoken": token[1]})

    assert (link, forged.status_code, still_there) == (True, 403, True)
    assert "Anda masuk sebagai pejabat." in asking
    assert response["Location"] == "/"
    assert "_auth_user_id" not in browser.session


def test_admin_shares_the_portal_s_sign_in(client):
    response = client.get("/admin/login/", {"next": "/admin/regions/"})

    assert response["Location"] == "/masuk/?next=%2Fadmin%2Fregions%2F"


def test_health_check_says_whether_the_database_answers(client, monkeypatch):
    assert client.get("/healthz").content == b"ok"

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", _refuse)
    response = client.get("/healthz")

    assert response.status_code == 503


def _refuse(*_args):
    raise DatabaseError


def test_only_listed_addresses_are_open_without_a_sign_in():
    names = {
        name
        for name, view in _views(get_resolver())
        if getattr(view, "login_required", True) is False and not name.startswith("admin:")
    }

    assert names == {
        "regions:province",
        "regions:simulation",
        "regions:area",
        "regions:method",
        "regions:open_data",
        "regions:reconciliation",
        "regions:reconciliation_area",
        "regions:reconciliation_file",
        "regions:reconciliation_panel",
        *(f"api:{name}" for name in OPEN_ADDRESSES),
        "regions:page_file",
        "regions:panel_file",
        "regions:archive",
        "regions:archive_file",
        "regions:release",
        "regions:trend_figure",
        "projects:simulation",
        "accounts:login",
        "brief",
        "language",
        "healthz",
        "",
    }


def _views(resolver: URLResolver, namespace: str = ""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or ''}", pattern.callback
        else:
            yield from _views(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
