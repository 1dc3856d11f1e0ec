"""Cells that a complete list covers: their counted figure may stand in for a recap, 0 included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from . import counting
from .counting import CellKey
from .horizon import Horizon
from .models import CompleteList as CoveredCell
from .plan import CompleteList
from .staging import CountingClaim

_MARK = (
    """
    UPDATE regions_membership SET complete_list = true, counted = coalesce(counted, 0)
    WHERE regency_id = %(regency)s AND segment = %(segment)s AND month = %(month)s
    """,
    """
    INSERT INTO regions_membership (regency_id, segment, month, counted, complete_list, source)
    SELECT %(regency)s, %(segment)s, %(month)s, 0, true, '' WHERE NOT EXISTS (
        SELECT FROM regions_membership
        WHERE regency_id = %(regency)s AND segment = %(segment)s AND month = %(month)s
    )
    """,
)
_UNMARK = (
    """
    UPDATE regions_membership SET complete_list = false, counted = nullif(counted, 0)
    WHERE regency_id = %(regency)s AND segment = %(segment)s AND month = %(month)s
    """,
    """
    DELETE FROM regions_membership
    WHERE regency_id = %(regency)s AND segment = %(segment)s AND month = %(month)s
        AND counted IS NULL AND reported IS NULL AND source = ''
    """,
)


def count(changes: Mapping[CellKey, int]) -> None:
    """Add to the counted cells, which nobody else touches from here to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('counting', 0))")
    counting.add(changes)


def is_news(listed: CompleteList, horizon: Horizon) -> bool:
    """Whether a list covers a cell that no list covers yet."""
    return _covers_cell(listed, horizon) and not CoveredCell.objects.filter(**_cell(listed)).exists()


def mark(listed: CompleteList, claim: CountingClaim, horizon: Horizon) -> None:
    """Note that a list covers its cell; what it asks for is set in the claim, to be saved by the caller."""
    if not _covers_cell(listed, horizon):
        return
    cell = _cell(listed)
    _found, is_first = CoveredCell.objects.get_or_create(**cell)
    claim.regency_id, claim.segment, claim.is_first = listed.regency, listed.segment, is_first
    _execute(_MARK, claim)


def unmark(claim: CountingClaim) -> None:
    """Take back what a claim that is given up said of its cell, unless another says so too."""
    cell = _cell_of(claim)
    if cell is None:
        return
    claims = CountingClaim.objects.filter(**cell).order_by("pk")
    other = claims.filter(corrected_by__isnull=True).first()
    if other is not None:
        if claim.is_first:
            CountingClaim.objects.filter(pk=other.pk).update(is_first=True)
        return
    if claim.is_first or claims.filter(is_first=True).exists():
        CoveredCell.objects.filter(**cell).delete()
        _execute(_UNMARK, claim)


def silence(corrected: CountingClaim) -> None:
    """The claim of a corrected import says nothing of its cell any more. The correction's is saved."""
    cell = _cell_of(corrected)
    if cell is not None and _is_lost(cell):
        CoveredCell.objects.filter(**cell).delete()
        _execute(_UNMARK, corrected)


def lost_by(corrected: CountingClaim, correction: CompleteList | None) -> CellKey | None:
    """The cell that nobody would call complete any more, were the claim's import corrected by such a list."""
    cell = _cell_of(corrected)
    if cell is None or (correction is not None and _cell(correction) == cell):
        return None
    if not _is_lost(cell, but=corrected):
        return None
    return CellKey(cell["regency_id"], cell["segment"], counting.number_of(cell["month"]))


def _is_lost(cell: Mapping[str, Any], but: CountingClaim | None = None) -> bool:
    """Whether an import made the cell complete, and no claim that still holds, `but` this one, says so."""
    claims = CountingClaim.objects.filter(**cell)
    holding = claims.filter(corrected_by__isnull=True)
    if but is not None:
        holding = holding.exclude(pk=but.pk)
    return not holding.exists() and claims.filter(is_first=True).exists()


def put_back(corrected: CountingClaim) -> None:
    """The claim of an import whose correction is undone says again what it said of its cell."""
    cell = _cell_of(corrected)
    if cell is None:
        return
    _found, is_made = CoveredCell.objects.get_or_create(**cell)
    if is_made:
        CountingClaim.objects.filter(pk=corrected.pk).update(is_first=True)
        _execute(_MARK, corrected)


def _covers_cell(listed: CompleteList, horizon: Horizon) -> bool:
    return bool(listed.regency) and listed.month >= horizon.first


def _cell_of(claim: CountingClaim) -> dict[str, Any] | None:
    """The cell that a claim speaks of, if any."""
    if not claim.regency_id or claim.month is None:
        return None
    return {"regency_id": claim.regency_id, "segment": claim.segment, "month": claim.month}


def _cell(listed: CompleteList) -> dict[str, Any]:
    return {"regency_id": listed.regency, "segment": listed.segment, "month": listed.month}


def _execute(statements: tuple[str, ...], claim: CountingClaim) -> None:
    params = {"regency": claim.regency_id, "segment": claim.segment, "month": claim.month.first}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)
