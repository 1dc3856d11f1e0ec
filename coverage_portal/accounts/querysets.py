from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet

from .areas import scope_of

if TYPE_CHECKING:
    from .models import AreaGrant, Change, Event, User  # noqa: F401


class AreaGrantQuerySet(QuerySet["AreaGrant"]):
    def valid_on(self, day: datetime.date) -> AreaGrantQuerySet:
        return self.filter(Q(valid_until=None) | Q(valid_until__gte=day))


class ChangeQuerySet(QuerySet["Change"]):
    def of_action(self, action: uuid.UUID) -> ChangeQuerySet:
        """The changes of one action, in the order in which they were made."""
        return self.filter(action=action).order_by("pk")


class EventQuerySet(QuerySet["Event"]):
    def visible_to(self, user: User | Any | None) -> EventQuerySet:
        """The events of areas in which one may read the history, all of each; of no area for the province."""
        scope = scope_of(user, "accounts.view_event").whole
        if scope.everything or scope.covers(settings.HOME_PROVINCE):
            inside = Q(areas__contained_by=scope.expanded())
            return self if scope.everything else self.filter(inside)
        return self.filter(areas__len__gt=0, areas__contained_by=scope.expanded())
