"""Over every address that the resolver knows: production's headers, and nothing left in caches."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from coverage_portal import caching
from coverage_portal.accounts.keeping import pages
from tests import factories

pytestmark = pytest.mark.django_db

VALUES: dict[str, Any] = {
    "code": "61.04",
    "pk": 1,
    "object_id": "1",
    "batch_id": uuid.UUID(int=1),
    "key": "ranking",
    "reference": "PJK-2026-0001",
    "package": 1,
    "registration": 2,
    "content_type_id": 1,
    "app_label": "regions",
    "url": "tidak-ada/",
    "panel": "ranking",
    "ending": "csv",
    "kind": "membership",
    "path": "a",
    "month": "2025-07",
    "step": "ajukan",
    "number": "0",
    "role": "viewer",
    "secret": "bukan-rahasia",
}
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.fixture(autouse=True)
def _production(settings: Any) -> None:
    """What HTTPS=1 sets."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"


def named(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", pattern


def addresses() -> dict[str, str]:
    """An address for each name; a parameter without a value in `VALUES` is told."""
    found = {}
    for name, pattern in named(get_resolver()):
        parameters = pattern.pattern.regex.groupindex or pattern.pattern.converters
        values = {each: VALUES[each] for each in parameters if each in VALUES}
        try:
            found[name] = reverse(name, kwargs=values)
        except NoReverseMatch:
            found[name] = reverse(name, args=[1 for _each in range(pattern.pattern.regex.groups)])
    return found


@pytest.fixture
def superuser(client: Client) -> Client:
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    return client


def asked(client: Client, path: str) -> Any:
    """The answer, read to its end, which closes its files."""
    response = client.get(path, secure=True)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def is_kept_nowhere(response: Any) -> bool:
    control = response.get("Cache-Control", "")
    return "no-store" in control or control == pages.CACHE_CONTROL


def test_every_address_answers_with_every_header_and_is_kept_nowhere(superuser: Client) -> None:
    wrong: dict[str, Any] = {}
    seen = addresses()

    for name, path in seen.items():
        response = asked(superuser, path)
        lacking = [header for header, value in HEADERS.items() if response.get(header) != value]
        if "default-src 'none'" not in response.get("Content-Security-Policy", ""):
            lacking.append("Content-Security-Policy")
        if not response.get("X-Request-ID"):
            lacking.append("X-Request-ID")
        if not is_kept_nowhere(response):
            lacking.append("Cache-Control")
        # In a test no worker is there, and `readyz` says so.
        if lacking or (response.status_code >= 500 and name != "readyz"):
            wrong[name] = (response.status_code, lacking)

    assert wrong == {}
    assert len(seen) > 100


def test_without_the_rule_some_would_be_kept(superuser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control arm."""
    monkeypatch.setattr(
        caching.NoStoreMiddleware, "__call__", lambda self, request: self.get_response(request)
    )

    kept = []
    for name, path in addresses().items():
        response = asked(superuser, path)
        if not is_kept_nowhere(response):
            kept.append(name)

    assert kept != []


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
