"""Writing areas and their figures outside of an import: one transaction each, traced, the key moved last."""

from __future__ import annotations

from django.db import transaction

from coverage_portal.accounts import generation, history
from coverage_portal.accounts.history import Author

from . import boundaries
from .models import Regency


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
