"""What is stored of an area in one table, read as plain rows by a statement that is put together once.

Putting a statement together takes Django longer than PostgreSQL takes to answer it, and the first page of
figures after an import waits for all of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Coalesce

from coverage_portal.lib.periods import Month
from regions.models import Membership, PublishedCell

Statement = tuple[str, tuple[Any, ...]]

AREAS_AT_MOST = 1000


def stored(
    model: type[models.Model], province: str, regencies: tuple[str, ...], *columns: str, by: str = ""
) -> list[tuple[Any, ...]]:
    """The rows of the province itself and of these regencies: the area's code, then the columns.

    Values are as the database has them: a month is the date of its first day. How much is stored of other
    areas costs nothing, for the columns of both codes are indexed. `by` is the column to order them by.
    """
    return _rows(_stored(model, province, regencies, columns, by))


def reported_from(province: str, regencies: tuple[str, ...], month: Month) -> list[tuple[Any, ...]]:
    """Where the reported figures of a month come from: each source with the date of its data."""
    return _rows(_sources(province, regencies, month))


def in_force(regencies: tuple[str, ...], *columns: str) -> list[tuple[Any, ...]]:
    """The published cells of these regencies that are in force."""
    return _rows(_in_force(regencies, columns))


def _rows(statement: Statement) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache(maxsize=AREAS_AT_MOST)
def _in_force(regencies: tuple[str, ...], columns: tuple[str, ...]) -> Statement:
    rows = PublishedCell.objects.in_force().filter(release__regency_id__in=regencies)
    found: Statement = rows.values_list(*columns).query.sql_with_params()
    return found


@lru_cache(maxsize=AREAS_AT_MOST)
def _sources(province: str, regencies: tuple[str, ...], month: Month) -> Statement:
    rows = Membership.objects.filter(_here(province, regencies), month=month, reported__isnull=False)
    sources = rows.values_list("source", "data_date").distinct().order_by("source", "data_date")
    found: Statement = sources.query.sql_with_params()
    return found


def _here(province: str, regencies: tuple[str, ...]) -> Q:
    return Q(province_id=province) | Q(regency_id__in=regencies)


@lru_cache(maxsize=AREAS_AT_MOST)
def _stored(
    model: type[models.Model], province: str, regencies: tuple[str, ...], columns: tuple[str, ...], by: str
) -> Statement:
    area = Coalesce("regency_id", "province_id")
    rows = model._default_manager.filter(_here(province, regencies)).order_by(*([by] if by else []))
    found: Statement = rows.values_list(area, *columns).query.sql_with_params()
    return found
