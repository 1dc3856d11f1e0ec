"""What the web server is given."""

from __future__ import annotations

from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from coverage_portal import wsgi

pytestmark = pytest.mark.django_db


def answer(application: Any, method: str) -> tuple[str, dict[str, str], bytes]:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": "/masuk/", "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    started: list[Any] = []
    body = b"".join(application(environ, lambda *said: started.extend(said)))
    return started[0], dict(started[1]), body


def test_head_has_the_headers_of_get_and_no_body() -> None:
    status, headers, body = answer(wsgi.application, "GET")
    of_head = answer(wsgi.application, "HEAD")

    assert status.startswith("200")
    assert (of_head[0], of_head[2]) == (status, b"")
    assert of_head[1]["Content-Type"] == headers["Content-Type"]
    assert abs(int(of_head[1]["Content-Length"]) - len(body)) < 100
    # Control arm: Django leaves it to the server to drop the body.
    assert len(answer(wsgi._django, "HEAD")[2]) > 1000
