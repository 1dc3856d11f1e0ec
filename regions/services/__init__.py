"""Writing areas and their figures outside of an import: one transaction each, traced, the key moved last."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from coverage_portal.accounts import generation, history
from coverage_portal.accounts.history import Author
from regions import boundaries
from regions.choices import CommitmentStatus
from regions.models import Commitment, Regency


def load_boundaries(*, content: bytes, author: Author) -> int:
    """Replace the boundaries of the home province's regencies by those of a GeoJSON file.

    Returns:
        How many regencies have another boundary than before.

    Raises:
        UnusableBoundaries: the file is not exactly what is needed; nothing was changed.
    """
    with transaction.atomic():
        regencies = list(Regency.objects.active().select_for_update(of=("self",)).by_code())
        geometries = boundaries.read(content, [regency.code for regency in regencies])
        changes = []
        for regency in regencies:
            if regency.boundary == geometries[regency.code]:
                continue
            before = traced(regency)
            regency.boundary = geometries[regency.code]
            changes.append((regency, before, traced(regency)))
        if changes:
            Regency.objects.bulk_update([regency for regency, *_images in changes], ["boundary"])
            history.record(author, changes)
            generation.move()
    return len(changes)


def traced(regency: Regency) -> dict[str, object]:
    """What the history keeps of a regency: its boundary as a fingerprint."""
    return {**history.snapshot(regency), "boundary": boundaries.fingerprint(regency.boundary)}


def add_commitment(*, regency: Regency, values: Mapping[str, Any], author: Author) -> Commitment:
    """Write down a promise in a regency; `values` by field.

    Raises:
        ValidationError: what was promised cannot be written down like that.
    """
    with transaction.atomic():
        commitment = Commitment(regency=regency, **values)
        commitment.full_clean()
        commitment.save()
        history.record(author, [(commitment, None, history.snapshot(commitment))])
        generation.move()
    return commitment


def change_commitment(*, commitment: int, values: Mapping[str, Any], author: Author) -> bool:
    """Change an open promise, by id; `values` by field. Returns whether anything is different from before.

    Raises:
        ValidationError: it is closed by now, or cannot be like that.
    """
    with transaction.atomic():
        stored = _held(commitment)
        _refuse_closed(stored)
        return _write(stored, values, author)


def close_commitment(
    *, commitment: int, status: CommitmentStatus, on: datetime.date, note: str, author: Author
) -> None:
    """Say what became of an open promise, by id: kept or called off, since when, and how.

    Raises:
        ValidationError: it is closed by now, or the day or the note do not fit.
    """
    with transaction.atomic():
        stored = _held(commitment)
        _refuse_closed(stored)
        _write(stored, {"status": status, "closed_on": on, "closing_note": note}, author)


def reopen_commitment(*, commitment: int, author: Author) -> bool:
    """Take back that a promise, by id, was closed. Returns whether it was."""
    values = {"status": CommitmentStatus.OPEN, "closed_on": None, "closing_note": ""}
    with transaction.atomic():
        return _write(_held(commitment), values, author)


def _held(commitment: int) -> Commitment:
    return Commitment.objects.select_for_update(of=("self",), no_key=True).get(pk=commitment)


def _refuse_closed(commitment: Commitment) -> None:
    if not commitment.is_open:
        raise ValidationError(_("Janji ini sudah ditutup. Buka kembali dahulu bila masih perlu diubah."))


def _write(commitment: Commitment, values: Mapping[str, Any], author: Author) -> bool:
    before = history.snapshot(commitment)
    for name, value in values.items():
        setattr(commitment, name, value)
    commitment.full_clean()
    after = history.snapshot(commitment)
    if after == before:
        return False
    commitment.save()
    history.record(author, [(commitment, before, after)])
    generation.move()
    return True
