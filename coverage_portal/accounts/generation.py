"""The data version: read before the figures, moved as the last statement of each write."""

from __future__ import annotations

import uuid

from django.db import transaction

from .models import Generation


def current() -> str:
    """The version of the figures as they stand, for cache keys and ETags."""
    value = Generation.objects.filter(pk=1).values_list("value", flat=True).first()
    return "" if value is None else value.hex


def move() -> None:
    """Make everything derived from figures stale. To be called last in the transaction of the change.

    Raises:
        TransactionManagementError: outside a transaction, where the change could be seen before the move.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "generation.move() belongs into the change's transaction"
        )
    Generation.objects.update_or_create(pk=1, defaults={"value": uuid.uuid4()})
