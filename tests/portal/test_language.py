from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from coverage_portal.language import LanguageMiddleware


def respond(cookie: str | None, accept: str = "") -> HttpResponse:
    request = RequestFactory().get("/", headers={"accept-language": accept})
    if cookie is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie

    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(translation.get_language())

    return LanguageMiddleware(page)(request)


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        pytest.param(None, "", "id", id="nothing chosen"),
        pytest.param(None, "en-GB,en;q=0.9", "id", id="an English browser"),
        pytest.param("en", "id", "en", id="switched to English"),
        pytest.param("id", "en", "id", id="switched back"),
        pytest.param("xx'--", "en", "id", id="a forged cookie"),
    ],
)
def test_page_is_in_the_language_of_the_switch(cookie: str | None, accept: str, language: str) -> None:
    response = respond(cookie, accept)

    assert response.content.decode() == language
    assert response.headers["Content-Language"] == language
    assert response.headers["Vary"] == "Cookie"


def test_language_does_not_stay_for_the_next_request() -> None:
    with translation.override("id"):
        respond("en")

        assert translation.get_language() == "id"
