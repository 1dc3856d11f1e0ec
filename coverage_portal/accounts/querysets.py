from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from .models import AreaGrant, Change  # noqa: F401


class AreaGrantQuerySet(QuerySet["AreaGrant"]):
    def valid_on(self, day: datetime.date) -> AreaGrantQuerySet:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))


class ChangeQuerySet(QuerySet["Change"]):
    def of_action(self, action: uuid.UUID) -> ChangeQuerySet:
        """The changes of one action, in the order in which they were made."""
        return self.filter(action=action).order_by("pk")
