"""Every request has a name: in its answer, on pages of errors, in the log; and one line that names nobody."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.test import Client

from coverage_portal.intake import jobs
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib import logs
from coverage_portal.lib.redaction import MASK
from tests import factories

pytestmark = pytest.mark.django_db

NIK = "6171011708909001"


def _told_by(cause: psycopg2.Error) -> DatabaseError:
    """As Django passes on what the driver has raised."""
    error = DatabaseError(str(cause))
    error.__cause__ = cause
    return error


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> Any:
    """What goes to standard error, in the form that the settings give lines of JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(getattr(request, "param", logs.JsonFormatter)())
    root, requests = logging.getLogger(), logging.getLogger("coverage_portal.requests")
    level = requests.level
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    requests.setLevel(level)


@pytest.mark.parametrize("given", ["4f1c0e7a9b", "nginx.01-a_b"])
def test_name_of_a_proxy_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given",
    ["", "kurang", "x" * 65, "dua kata ini", "<script>alert(1)", NIK, f"req-{NIK}", "satu\r\nX-Evil:1"],
)
def test_name_that_is_none_or_somebodys_number_is_replaced(client: Client, given: str) -> None:
    named = client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"]

    assert re.fullmatch("[a-p]{20}", named)


def test_request_leaves_one_line_with_number_and_without_name(client: Client, lines: Any) -> None:
    user = factories.user("siti.aminah", "61")
    client.force_login(user)

    client.get(f"/wilayah/61.04/?q={NIK}&nama=Budi", headers={"x-request-id": "uji-satu"})

    told = [json.loads(line) for line in lines() if '"request"' in line]
    line = next(each for each in told if each["logger"] == "coverage_portal.requests")
    assert {name: line[name] for name in ("request", "method", "page", "status", "user")} == {
        "request": "uji-satu",
        "method": "GET",
        "page": "regions:area",
        "status": 200,
        "user": user.pk,
    }
    assert 0 < line["milliseconds"] < 60_000
    assert len([each for each in told if each["logger"] == "coverage_portal.requests"]) == 1
    assert not any(word in str(told) for word in ("siti", "Budi", NIK, "61.04"))


@pytest.mark.parametrize(
    "lines", [logs.JsonFormatter, logs.TextFormatter], indirect=True, ids=["json", "text"]
)
def test_nik_in_a_line_or_traceback_is_masked(lines: Any) -> None:
    try:
        raise ValueError(f"duplicate key ({NIK})")
    except ValueError:
        logging.getLogger("uji").exception(
            "row of %s", NIK, extra={"facts": {"cell": NIK, "number": int(NIK)}}
        )

    said = "\n".join(lines())
    assert NIK not in said
    assert said.count(MASK) >= 4


@pytest.mark.parametrize(
    "lines", [lambda: logging.Formatter("{message}", style="{")], indirect=True, ids=["plain"]
)
def test_plain_lines_would_show_it(lines: Any) -> None:
    logging.getLogger("uji").error("row of %s", NIK)

    assert NIK in "\n".join(lines())


def test_line_of_json_is_one_line_whatever_it_says(lines: Any) -> None:
    with logs.about(batch="b-1"):
        logging.getLogger("uji").error("dua\nbaris", stack_info=True)

    (line,) = lines()
    assert json.loads(line)["message"] == "dua\nbaris"
    assert json.loads(line)["batch"] == "b-1"


def test_line_of_a_job_names_its_batch(lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = ImportBatch.objects.create(kind="membership", file_name="a.csv", size=1, sha256="0" * 64)
    state = ImportBatch.State.RECEIVED
    monkeypatch.setitem(jobs.STEPS, state, (ImportBatch.State.CHECKING, _fail))

    with pytest.raises(ZeroDivisionError):
        jobs.advance(batch.pk)

    line = next(json.loads(line) for line in lines() if "failed in" in line)
    assert line["batch"] == str(batch.pk)


def test_production_logs_requests_and_every_handler_masks() -> None:
    """No handler of the settings writes a line that is not masked."""
    formatters = settings.LOGGING["formatters"]
    used = {handler["formatter"] for handler in settings.LOGGING["handlers"].values()}

    assert used <= formatters.keys()
    assert {formatters[name]["()"].rsplit(".", 1)[1] for name in formatters} == {
        "TextFormatter",
        "JsonFormatter",
    }
    assert all(issubclass(kind, logs.RedactingFormatter) for kind in (logs.TextFormatter, logs.JsonFormatter))


@pytest.mark.parametrize(
    ("path", "status"), [("/tidak-ada/", 404), ("/bahasa/", 405), ("/wilayah/61.04/?%00", 200)]
)
def test_every_answer_carries_its_name(client: Client, path: str, status: int) -> None:
    response = client.get(path)

    assert response.status_code == status
    assert response["X-Request-ID"]


def test_page_of_an_unknown_address_shows_its_name(client: Client) -> None:
    response = client.get("/tidak-ada/", headers={"x-request-id": "uji-empat"})

    assert "<code>uji-empat</code>" in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "again"),
    [
        (ZeroDivisionError(f"of {NIK}"), 500, None),
        (DatabaseError(f"of {NIK}"), 500, None),
        (OperationalError("host=rahasia"), 503, "10"),
        (_told_by(psycopg2.DatabaseError("host=rahasia")), 503, "10"),
    ],
    ids=["ours", "ours at the database", "database away", "database cut off in an answer"],
)
def test_page_of_an_error_shows_its_name_and_nothing_else_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, again: str | None
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.auth.middleware.get_user", _raising(error))
    client.force_login(factories.user("pejabat", "61"))

    response = client.get("/impor/", headers={"x-request-id": "uji-lima"})

    page = response.content.decode()
    assert (response.status_code, response.get("Retry-After")) == (status, again)
    assert "<code>uji-lima</code>" in page
    assert not any(word in page for word in (NIK, "rahasia", "Traceback", type(error).__name__))


def test_page_that_is_kept_does_not_hold_a_name(client: Client) -> None:
    first = client.get("/metode/", headers={"x-request-id": "nama-pertama"})
    second = client.get("/metode/", headers={"x-request-id": "nama-kedua"})

    assert first.content == second.content
    assert second["X-Request-ID"] == "nama-kedua"


def _fail(_batch: ImportBatch) -> None:
    raise ZeroDivisionError


def _raising(error: Exception) -> Any:
    def get_user(_request: object) -> None:
        assert sys.exception() is None
        raise error

    return get_user
