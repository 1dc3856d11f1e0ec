"""What is stored of an area in one table, read as plain rows by a statement that is put together once.

Putting a statement together takes Django longer than PostgreSQL takes to answer it, and the first page of
figures after an import waits for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Coalesce

from coverage_portal.accounts import replicas
from coverage_portal.lib.fields import month_of
from coverage_portal.lib.periods import Month
from regions.models import Membership, Province, PublishedCell, QuotedFigure, Regency, Workforce

Statement = tuple[str, tuple[Any, ...]]

AREAS_AT_MOST = 1000
_AREA = Coalesce("regency_id", "province_id")
_BETWEEN_VALUES, _BETWEEN_CELLS = ",", " "
_VERSIONS_OF_BOUNDARIES = """
    SELECT string_agg(code || ' ' || xmin::text, ',' ORDER BY code)
    FROM regions_regency WHERE province_id = %s AND boundary IS NOT NULL
"""


def stored(
    model: type[models.Model], province: str, regencies: tuple[str, ...], *columns: str
) -> list[tuple[Any, ...]]:
    """The rows of the province itself and of these regencies: the area's code, then the columns.

    Values are as the database has them: a month is the date of its first day. How much is stored of other
    areas costs nothing, for the columns of both codes are indexed.
    """
    return _rows(_stored(model, province, regencies, columns))


def members_by_month(province: str, regencies: tuple[str, ...]) -> Iterator[tuple[Month, str]]:
    """Each month with its cells as one text, oldest first; `cells_in` takes it apart.

    A cell is area, segment, reported, counted and whether a complete list covers it. A text is written by
    PostgreSQL in no order, faster than rows are handed over; one that is the same as before needs no reading.
    """
    return _by_month(_members(province, regencies))


def workforce_by_year(province: str, regencies: tuple[str, ...]) -> list[tuple[int, str]]:
    """Each year with its potensi as one text: area, segment, people."""
    return _rows(_workforce(province, regencies))


def published_by_month(regencies: tuple[str, ...]) -> Iterator[tuple[Month, str]]:
    """Each closed month with the cells in force of these regencies as one text.

    A cell is area, segment, members, workforce and its year, basis, whether it is complete, the official
    total; then the year and percentage of the target and whether it is the regency's own.
    """
    return _by_month(_published(regencies)) if regencies else iter(())


def cells_in(text: str) -> Iterator[list[str]]:
    """The values of each cell in such a text; what is unknown is blank, a yes `t`."""
    return (cell.split(_BETWEEN_VALUES) for cell in text.split(_BETWEEN_CELLS))


def regencies_of(province: str) -> list[Regency]:
    """The regencies of a province by code, without their boundaries."""
    return list(Regency.objects.raw(*_regencies(province)))


def quotes_of(area: Province | Regency) -> tuple[QuotedFigure, ...]:
    """What others say of an area, the latest first."""
    return tuple(QuotedFigure.objects.raw(*_quotes(type(area), area.code)))


def boundaries_as_of(province: str) -> str:
    """Says of the boundaries of a province's regencies whether they are still the same: the versions of
    their rows. Reading them takes some hundred times longer."""
    ((versions,),) = _rows((_VERSIONS_OF_BOUNDARIES, (province,)))
    return versions or ""


def reported_from(province: str, regencies: tuple[str, ...], month: Month) -> list[tuple[Any, ...]]:
    """Where the reported figures of a month come from: each source with the date of its data."""
    return _rows(_sources(province, regencies, month))


def _by_month(statement: Statement) -> Iterator[tuple[Month, str]]:
    return ((month_of(day), text) for day, text in _rows(statement))


def _rows(statement: Statement) -> list[tuple[Any, ...]]:
    with replicas.figures().cursor() as cursor:
        cursor.execute(*statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def statement_of(rows: models.QuerySet[Any]) -> Statement:
    """The SQL of a query and its parameters, for a `lru_cache` to keep and `raw` or a cursor to run."""
    found: Statement = rows.query.sql_with_params()
    return found


@lru_cache(maxsize=AREAS_AT_MOST)
def _members(province: str, regencies: tuple[str, ...]) -> Statement:
    rows = Membership.objects.filter(_here(province, regencies))
    return _texts(rows, "month", _AREA, "segment", "reported", "counted", "complete_list")


@lru_cache(maxsize=AREAS_AT_MOST)
def _workforce(province: str, regencies: tuple[str, ...]) -> Statement:
    rows = Workforce.objects.filter(_here(province, regencies))
    return _texts(rows, "year", _AREA, "segment", "people")


@lru_cache(maxsize=AREAS_AT_MOST)
def _published(regencies: tuple[str, ...]) -> Statement:
    rows = PublishedCell.objects.in_force().filter(release__regency_id__in=regencies)
    figures = ("segment", "members", "workforce", "workforce_year", "basis", "complete", "official")
    target = ("target_year", "target_percent", "target_is_own")
    return _texts(rows, "release__month", "release__regency_id", *figures, *target)


def _texts(rows: models.QuerySet[Any], by: str, *columns: Any) -> Statement:
    """The values of each cell as one text, those of the same `by` together."""
    # FORMAT writes an unknown value as nothing. Codes and numbers hold neither of the two characters.
    pattern = Value(_BETWEEN_VALUES.join(["%s"] * len(columns)))
    cell = Func(pattern, *columns, function="FORMAT", output_field=TextField())
    texts = rows.order_by(by).values_list(by).annotate(cells=StringAgg(cell, _BETWEEN_CELLS))
    return statement_of(texts)


@lru_cache(maxsize=AREAS_AT_MOST)
def _regencies(province: str) -> Statement:
    rows = Regency.objects.filter(province_id=province).defer("boundary").by_code()
    return statement_of(rows)


@lru_cache(maxsize=AREAS_AT_MOST)
def _quotes(kind: type[Province | Regency], code: str) -> Statement:
    here = {"province_id": code} if kind is Province else {"regency_id": code}
    rows = QuotedFigure.objects.filter(**here).order_by("-published_on", "pk")
    return statement_of(rows)


@lru_cache(maxsize=AREAS_AT_MOST)
def _sources(province: str, regencies: tuple[str, ...], month: Month) -> Statement:
    rows = Membership.objects.filter(_here(province, regencies), month=month, reported__isnull=False)
    sources = rows.values_list("source", "data_date").distinct().order_by("source", "data_date")
    return statement_of(sources)


def _here(province: str, regencies: tuple[str, ...]) -> Q:
    return Q(province_id=province) | Q(regency_id__in=regencies)


@lru_cache(maxsize=AREAS_AT_MOST)
def _stored(
    model: type[models.Model], province: str, regencies: tuple[str, ...], columns: tuple[str, ...]
) -> Statement:
    rows = model._default_manager.filter(_here(province, regencies)).order_by()
    return statement_of(rows.values_list(_AREA, *columns))
