"""Nothing that a signed-in reader was shown, and no error, stays in a cache unless the page says so."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOWHERE = "no-store, private"


class NoStoreMiddleware:
    """Whatever says nothing of caching is kept nowhere, if it was for somebody in particular or an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)
        is_personal = user is not None and user.is_authenticated
        if is_personal or response.cookies or response.status_code >= 400:
            response.headers.setdefault("Cache-Control", NOWHERE)
        return response
