"""Spreadsheets built in the tests, so that the reader sees the bad cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from coverage_portal.accounts.models import User
from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch

Rows = Sequence[Sequence[Any]]


def xlsx(
    rows: Rows, *, sheet: str = "Rekap", others: dict[str, Rows] | None = None, merge: str = ""
) -> bytes:
    """A workbook with one sheet of these rows, further ones before it, and one merged range."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in {**(others or {}), sheet: rows}.items():
        page = book.create_sheet(name)
        for row in content:
            page.append(list(row))
        if merge and name == sheet:
            page.merge_cells(merge)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_bytes(rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in rows])
    return stream.getvalue().encode(encoding)


def upload(
    kind: str, content: bytes, *, user: User | None = None, name: str = "rekap.xlsx", **options: str
) -> ImportBatch:
    """A file as far as it gets by itself: to its preview, its questions, or its refusal."""
    batch = services.receive(kind=kind, file_name=name, parts=[content], user=user, options=options)
    return jobs.advance(batch.pk)


def confirm(batch: ImportBatch, *, good_rows_only: bool = False) -> ImportBatch:
    services.confirm(
        batch=batch,
        preview=str(batch.preview),
        user=batch.user,
        good_rows_only=good_rows_only,
        wake=False,
    )
    return jobs.advance(batch.pk)


def undo(batch: ImportBatch, *, leave_out: bool = False) -> ImportBatch:
    services.undo(batch=batch, user=batch.user, leave_out=leave_out, wake=False)
    return jobs.advance(batch.pk)


def codes(batch: ImportBatch, severity: str = "error") -> list[str]:
    """The codes of what was said about a file, in row order."""
    issues = batch.issues.filter(severity=severity).order_by("row_number", "pk")
    return list(issues.values_list("code", flat=True))
