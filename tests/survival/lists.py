"""A worker list of a few thousand people, and what the database holds before and after it, to the row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from coverage_portal.accounts.models import User
from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from projects import counting
from tests.imports import upload_fields
from tests.projects.people import DATA_DATE, HEADING, nik_of_many
from tests.sheets import Rows, csv_bytes

STORED = 400
LISTED = 3_000
FIELDS = {"kind": "enrollment", "data_date": DATA_DATE}
TOKEN = "c" * 32

_ENROLLMENTS = """
SELECT w.nik_sealed, w.name, e.segment, e.regency_id, e.employer_npp, e.start, e."end"
FROM projects_enrollment e JOIN projects_worker w ON w.id = e.worker_id ORDER BY 1, 3, 6
"""
_WORKERS = "SELECT nik_sealed, name, sex, birth_date FROM projects_worker ORDER BY 1"
_CELLS = """
SELECT regency_id, segment, month, counted, complete_list FROM regions_membership ORDER BY 1, 2, 3
"""
_TRACES = """
SELECT (SELECT count(*) FROM projects_enrollmentimage), (SELECT count(*) FROM projects_workerimage),
    (SELECT count(*) FROM projects_countingclaim), (SELECT counted_to FROM projects_countinghorizon)
"""


def row(number: int, regency: str) -> list[Any]:
    return [nik_of_many(number), f"CONTOH {number % 7}", "PU", regency, "AB123456", "2025-01-15"]


def stored_list() -> bytes:
    """Who is there before: 400 people in Pontianak."""
    return csv_bytes([HEADING, *(row(number, "Kota Pontianak") for number in range(STORED))])


def tested_list() -> bytes:
    """3,000 people."""
    return list_of(LISTED)


def list_of(length: int) -> bytes:
    """So many people: half of those who are there move to Sambas, and all but 400 are new."""
    moved: Rows = [row(n, "Kab. Sambas" if n < STORED // 2 else "Kota Pontianak") for n in range(length)]
    return csv_bytes([HEADING, *moved])


def received(content: bytes, user: User | None = None) -> ImportBatch:
    """Upload as the view does: the file is stored and the worker woken."""
    with transaction.atomic():
        batch = services.receive(
            kind="enrollment",
            file_name="peserta.csv",
            parts=[content],
            user=user,
            options={"data_date": DATA_DATE},
        )
        jobs.wake(batch)
    return batch


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read everything as of one moment: the session of a killed worker may still be at its commit."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def state_of_tables() -> str:
    """A fingerprint of all rows that an import may touch, the counted cells included, without their ids."""
    found = hashlib.sha256()
    with one_snapshot(), connection.cursor() as cursor:
        for query in (_ENROLLMENTS, _WORKERS, _CELLS):
            cursor.execute(query)
            for values in cursor.fetchall():
                found.update(repr([bytes(v) if isinstance(v, memoryview) else v for v in values]).encode())
    return found.hexdigest()


def traces() -> tuple[Any, ...]:
    """What imports keep for their undo, and how far is counted."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACES)
        return tuple(cursor.fetchone())


def is_counted_right() -> bool:
    with one_snapshot():
        return counting.mismatches() == {}


class Browser:
    """A signed-in user who sends forms by hand, so that a request can be cut at any byte."""

    def __init__(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.session
        assert isinstance(session, SessionStore)
        self._cookies = f"session={session.session_key}; csrf={TOKEN}"

    def request(self, path: str, fields: dict[str, Any], port: int) -> bytes:
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": TOKEN, **fields})
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self._cookies}\r\n"
            f"Content-Type: {MULTIPART_CONTENT}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def upload(self, content: bytes, port: int, *, name: str = "peserta.csv", kind: str = "") -> bytes:
        fields = {"kind": kind} if kind else FIELDS
        return self.request("/impor/", upload_fields(content, name=name) | fields, port)

    def get(self, path: str, port: int) -> bytes:
        head = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self._cookies}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode()
