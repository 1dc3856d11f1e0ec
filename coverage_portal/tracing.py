"""A name for every request, and one line of the log for each."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .lib import logs
from .lib.redaction import redact

HEADER = "X-Request-ID"

logger = logging.getLogger("coverage_portal.requests")

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class RequestMiddleware:
    """Names the request in its answer and in all lines about it, and writes one line when it is done.

    The line has the page and not the address: an address may hold a name, a code, a one-time link. It has
    the user's number and never the name.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        name = _given(request) or _made()
        with logs.about(request=name):
            response = self.get_response(request)
            response.headers[HEADER] = name
            logger.info("request", extra={"facts": _told(request, response, began)})
        return response


def _given(request: HttpRequest) -> str:
    """The name that a proxy has given, unless it is none, or might be somebody's number."""
    given = request.headers.get(HEADER, "")
    return given if _WELL_FORMED.fullmatch(given) and redact(given) == given else ""


def _made() -> str:
    """Letters only, so that it is never taken for a personal number and masked."""
    return secrets.token_hex(10).translate(_LETTERS)


def _told(request: HttpRequest, response: HttpResponseBase, began: float) -> dict[str, object]:
    match = request.resolver_match
    # Only whom the request has asked about: the line must not start a session or a query of its own.
    user = getattr(request, "_cached_user", None)
    return {
        "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
        "page": match.view_name if match else None,
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        "user": user.pk if user is not None else None,
        **({"database": "replica"} if getattr(request, "is_from_replica", False) else {}),
    }
