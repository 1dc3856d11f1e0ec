"""Cookies, TLS and caches of a portal under the settings of production. Headers: `test_scope_crawl`."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.portal.headers import production

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _production(settings: Any) -> None:
    production(settings)


def test_cookies_are_for_this_host_over_tls_and_for_no_script(client: Client) -> None:
    factories.user("pejabat", "61")
    page = client.get("/masuk/", secure=True)

    signed_in = client.post("/masuk/", {"username": "pejabat", "password": factories.PASSWORD}, secure=True)

    cookies = {**page.cookies, **signed_in.cookies}
    assert {"__Host-session", "__Host-csrf"} <= cookies.keys()
    for name, cookie in cookies.items():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax"), name
        assert (cookie["path"], cookie["domain"]) == ("/", ""), name


def test_plain_http_is_led_to_tls_but_for_probes(client: Client) -> None:
    assert client.get("/metode/").status_code == 301
    assert client.get("/metode/")["Location"].startswith("https://")
    assert client.get("/healthz").status_code == 200


def test_page_of_a_stranger_says_nothing_of_caching_where_it_may_be_kept(client: Client) -> None:
    response = client.get("/metode/", secure=True)

    assert re.search("private", response["Cache-Control"])
