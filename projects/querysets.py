"""Reading projects and enrollments: who may see which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Model, QuerySet

from coverage_portal.accounts.areas import scope_of

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

M = TypeVar("M", bound=Model)


class RegencyRecordQuerySet(QuerySet[M]):
    """Records of one regency. Persons and projects are never public: only a grant opens them."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(scope_of(user).condition("regency__code"))


class WorkerQuerySet(QuerySet[M]):
    """Persons. A worker lies in every area in which they have an enrollment."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(scope_of(user).condition("enrollments__regency__code")).distinct()
