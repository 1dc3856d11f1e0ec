"""Sealing uploads and staged rows with a new key, a few at a time. What is done stays done."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from coverage_portal.lib.sealing import BrokenSeal

from . import refusals, sealed, storage
from .choices import State
from .models import ImportBatch, StagedRecord, StagedRow

PART = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """Some things of one sort that were gone through: sealed anew, or not to be opened with any key."""

    sort: str
    done: int
    broken: int = 0


def left() -> dict[str, int]:
    """How many things of each sort are not sealed with the current key."""
    return {
        "uploads": sum(not storage.is_current(name) for name in storage.names()),
        "refused rows": _rows().count(),
        "samples": _samples().count(),
    }


def rotate() -> Iterator[Part]:
    """Seal everything of the engine with the current key."""
    for name in storage.names():
        if not storage.is_current(name):
            yield _upload(name)
    yield from _each("refused rows", _rows(), "cells", lambda row: refusals.bound(row.batch_id, row.number))
    yield from _each("samples", _samples(), "after", lambda r: sealed.sample(r.batch_id, r.row_number))


def _upload(name: str) -> Part:
    """One upload, while nobody can let go of it: it must not come back after it was deleted."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().filter(pk=uuid.UUID(name)).first()
        if batch is not None and (batch.state == State.CANCELLED or batch.purged_at is not None):
            return Part("uploads", 0)
        try:
            storage.seal_anew(name)
        except FileNotFoundError:
            return Part("uploads", 0)
        except BrokenSeal:
            return Part("uploads", 0, 1)
    return Part("uploads", 1)


def _rows() -> QuerySet[StagedRow]:
    return _not_current(StagedRow.objects.all(), "cells")


def _samples() -> QuerySet[StagedRecord]:
    return _not_current(StagedRecord.objects.all(), "after")


def _not_current(things: QuerySet[Any], field: str) -> QuerySet[Any]:
    is_current = Q(**{f"{field}__has_key": "key"}) & Q(**{f"{field}__key": sealed.current_key()})
    return things.filter(Q(**{f"{field}__has_key": "sealed"}), ~is_current)


def _each(
    sort: str, things: QuerySet[Any], field: str, bound: Callable[[Any], list[bytes]]
) -> Iterator[Part]:
    last = 0
    while True:
        with transaction.atomic():
            part = list(things.filter(pk__gt=last).order_by("pk").select_for_update()[:PART])
            if not part:
                return
            last = part[-1].pk
            renewed: list[models.Model] = []
            for thing in part:
                try:
                    setattr(thing, field, sealed.sealed_anew(getattr(thing, field), bound(thing)))
                except BrokenSeal:
                    continue
                renewed.append(thing)
            type(part[0])._default_manager.bulk_update(renewed, [field], batch_size=PART)
        yield Part(sort, len(renewed), len(part) - len(renewed))
