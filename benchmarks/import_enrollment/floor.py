"""The floor: python-calamine or csv in this process, and plain COPY into indexed tables. Nothing is checked.

Two tables to measure against. `one table` is the plain one. `own tables` are the portal's: what PostgreSQL
itself asks for foreign keys, checks, generated columns and the overlap trigger is in there as well. NIKs are
written as text of the sealed width.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine
from django.db import connection, transaction

from benchmarks.import_enrollment import vocabulary
from coverage_portal.lib.identity.sealer import SEALED_BYTES

_ROWS_AT_ONCE = 20_000
Row = Sequence[Any]

_PLAIN = (
    "COPY benchmarks_plainenrollment (nik, name, sex, birth_date, kpj, segment, regency_id, employer_npp,"
    " occupation, funding, start, paid_through) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (employer_npp))"
)
_WORKER = (
    "COPY projects_worker (id, nik_sealed, nik_last4, name, sex, birth_date, kpj)"
    " FROM STDIN WITH (FORMAT csv)"
)
_ENROLLMENT = (
    "COPY projects_enrollment (worker_id, segment, regency_id, employer_npp, occupation, funding, start,"
    " paid_through) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL (employer_npp))"
)


def load(path: Path, *, own_tables: bool) -> int:
    """Copy a plain sheet into the database in one transaction; returns its rows."""
    copy = _copy_own if own_tables else _copy_plain
    rows = _translated(_read(path))
    count = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL datestyle TO 'ISO, DMY'")
        while part := list(itertools.islice(rows, _ROWS_AT_ONCE)):
            copy(cursor, part, count + 1)
            count += len(part)
    return count


def _read(path: Path) -> Iterator[Row]:
    """The rows below the heading."""
    if path.suffix == ".xlsx":
        with python_calamine.load_workbook(path) as book:
            rows = book.get_sheet_by_index(0).iter_rows()
            next(rows)
            yield from rows
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            records = csv.reader(file, delimiter=";")
            next(records)
            yield from records


def _translated(rows: Iterator[Row]) -> Iterator[Row]:
    regencies = vocabulary.regencies()
    occupations, funding = vocabulary.occupations(), vocabulary.funding()
    for nik, name, sex, birth, kpj, segment, regency, npp, occupation, paid_by, start, paid in rows:
        yield (
            nik.ljust(SEALED_BYTES, "-"), name, sex, birth, kpj, segment, regencies[regency], npp,
            occupations[occupation], funding[paid_by], start, paid,
        )  # fmt: skip


def _copy_plain(cursor: Any, rows: list[Row], first: int) -> None:
    _copy(cursor, _PLAIN, rows)


def _copy_own(cursor: Any, rows: list[Row], first: int) -> None:
    _copy(cursor, _WORKER, [(n, row[0], row[0][12:16], *row[1:5]) for n, row in enumerate(rows, first)])
    _copy(cursor, _ENROLLMENT, [(n, *row[5:]) for n, row in enumerate(rows, first)])


def _copy(cursor: Any, statement: str, rows: list[Row]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(statement, text)
