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
from regions.models import Membership

AREAS_AT_MOST = 1000


def stored(
    model: type[models.Model], province: str, regencies: tuple[str, ...], *columns: str, by: str = ""
) -> list[tuple[Any, ...]]:
    """The rows of the province itself and of these regencies: the area's code, then the columns.

    Values are as the database has them: a month is the date of its first day. How much is stored of other
    areas costs nothing, for the columns of both codes are indexed. `by` is the column to order them by.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(model, province, regencies, columns, by))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def reported_from(province: str, regencies: tuple[str, ...], month: Month) -> list[tuple[Any, ...]]:
    """Where the reported figures of a month come from: each source with the date of its data."""
    with connection.cursor() as cursor:
        cursor.execute(*_sources(province, regencies, month))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache(maxsize=AREAS_AT_MOST)
def _sources(province: str, regencies: tuple[str, ...], month: Month) -> tuple[str, tuple[Any, ...]]:
    rows = Membership.objects.filter(_here(province, regencies), month=month, reported__isnull=False)
    sources = rows.values_list("source", "data_date").distinct().order_by("source", "data_date")
    found: tuple[str, tuple[Any, ...]] = sources.query.sql_with_params()
    return found


def _here(province: str, regencies: tuple[str, ...]) -> Q:
    return Q(province_id=province) | Q(regency_id__in=regencies)


@lru_cache(maxsize=AREAS_AT_MOST)
def _statement(
    model: type[models.Model], province: str, regencies: tuple[str, ...], columns: tuple[str, ...], by: str
) -> tuple[str, tuple[Any, ...]]:
    area = Coalesce("regency_id", "province_id")
    found: tuple[str, tuple[Any, ...]] = (
        model._default_manager.filter(_here(province, regencies))
        .values_list(area, *columns)
        .query.sql_with_params()
    )
    return found
