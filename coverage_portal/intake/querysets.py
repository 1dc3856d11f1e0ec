from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from coverage_portal.accounts.areas import scope_of

from .choices import IN_WORK

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

    from .models import ImportBatch  # noqa: F401


class ImportBatchQuerySet(QuerySet["ImportBatch"]):
    def visible_to(self, user: User | Any | None) -> ImportBatchQuerySet:
        """One's own batches, and those of which every area lies in one's scope."""
        if user is None or not user.is_authenticated:
            return self.none()
        scope = scope_of(user)
        if scope.everything:
            return self
        if not scope.codes:
            return self.filter(user=user)
        return self.filter(Q(user=user) | Q(areas__len__gt=0, areas__contained_by=scope.expanded()))

    def newest_first(self) -> ImportBatchQuerySet:
        return self.order_by("-created_at")

    def in_work(self) -> ImportBatchQuerySet:
        """Batches whose next step is the worker's."""
        return self.filter(state__in=IN_WORK)
