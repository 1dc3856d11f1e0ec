"""Reading areas and their figures: who may see which, and the shapes that pages load."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db.models import Case, F, Model, Q, QuerySet, When

from coverage_portal.accounts.areas import EVERYTHING, Scope, permission_of, scope_of

from .choices import CLOSED_STATES, CommitmentStatus
from .deadlines import Stage, last_due_soon

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

M = TypeVar("M", bound=Model)


def aggregate_scope(user: User | Any | None) -> Scope:
    """Aggregates are open to anyone where the setting says so; else to those with a grant."""
    return EVERYTHING if settings.PUBLIC_AGGREGATES else scope_of(user).widened


class ProvinceQuerySet(QuerySet[M]):
    def active(self) -> Self:
        """The home province: the one whose figures this portal keeps."""
        return self.filter(code=settings.HOME_PROVINCE)

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(aggregate_scope(user).condition("code"))


class RegencyQuerySet(QuerySet[M]):
    def active(self) -> Self:
        return self.filter(province_id=settings.HOME_PROVINCE)

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(aggregate_scope(user).condition("code"))

    def by_code(self) -> Self:
        return self.order_by("code")


class AreaFigureQuerySet(QuerySet[M]):
    """Records that belong to a province or to one of its regencies."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(aggregate_scope(user).condition("province__code", "regency__code"))

    def inside(self, scope: Scope) -> Self:
        return self.filter(scope.condition("province__code", "regency__code"))

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        """Public or not, only those with a role that writes them in the area may write."""
        return self.inside(scope_of(user, permission_of(self.model, action)))

    def within(self, province_code: str) -> Self:
        """The province's own records and those of all its regencies."""
        return self.filter(province_id=province_code) | self.filter(regency__province_id=province_code)


class PeriodQuerySet(QuerySet[M]):
    """Records of a regency's month: its state, what was published, exceptions."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(aggregate_scope(user).condition("regency__code"))

    def inside(self, scope: Scope) -> Self:
        return self.filter(scope.condition("regency__code"))

    def closed(self) -> Self:
        return self.filter(state__in=CLOSED_STATES)

    def valid_at(self, now: datetime.datetime) -> Self:
        """The exceptions that have not ended."""
        return self.filter(valid_until__gt=now)


class PublishedCellQuerySet(QuerySet[M]):
    def inside(self, scope: Scope) -> Self:
        return self.filter(scope.condition("release__regency__code"))

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(aggregate_scope(user).condition("release__regency__code"))

    def in_force(self) -> Self:
        """Those of the latest release of each month."""
        return self.filter(release__status__isnull=False)


class AgencyQuerySet(QuerySet[M]):
    """Agencies. Those of the province, and those of no area, build in every regency."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.within(scope_of(user))

    def within(self, scope: Scope) -> Self:
        """Those that build in one's areas; who was granted one agency only meets that one."""
        if scope.everything:
            return self.all()
        own = Q(code__in={agency for _area, agency in scope.agencies})
        if not scope.codes:
            return self.filter(own)
        provinces = {code[:2] for code in scope.codes}
        return self.filter(
            own
            | scope.condition("regency__code")
            | Q(province__code__in=provinces)
            | Q(province__isnull=True, regency__isnull=True)
        )

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        """The agencies of one's areas; those of no area belong to whoever has the home province."""
        scope = scope_of(user, permission_of(self.model, action))
        if scope.everything:
            return self.all()
        mine = scope.condition("province__code", "regency__code")
        if scope.covers(settings.HOME_PROVINCE):
            mine |= Q(province__isnull=True, regency__isnull=True)
        return self.filter(mine)

    def acting_in(self, regency_code: str) -> Self:
        """Who can answer for something in a regency: its own agencies, its province's, those of no area."""
        return self.filter(
            Q(regency=regency_code)
            | Q(province=regency_code[:2])
            | Q(province__isnull=True, regency__isnull=True)
        )


class CommitmentQuerySet(QuerySet[M]):
    """Promises. They name who has to act, so public aggregates do not make them public."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.inside(scope_of(user))

    def inside(self, scope: Scope) -> Self:
        return self.filter(scope.condition("regency__code", agency="agency__code"))

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        return self.inside(scope_of(user, permission_of(self.model, action)))

    def open(self) -> Self:
        return self.filter(status=CommitmentStatus.OPEN)

    def in_stage(self, stage: Stage, on: datetime.date) -> Self:
        """Those of which `deadlines.stage` says this on that day."""
        match stage:
            case Stage.OVERDUE:
                return self.open().filter(due_on__lt=on)
            case Stage.DUE_SOON:
                return self.open().filter(due_on__gte=on, due_on__lte=last_due_soon(on))
            case Stage.RUNNING:
                return self.open().filter(due_on__gt=last_due_soon(on))
            case _:
                return self.filter(status=stage.value)

    def most_urgent_first(self) -> Self:
        """Open ones by due date, so that overdue ones lead; then closed ones, the latest first."""
        is_open = Q(status=CommitmentStatus.OPEN)
        return self.order_by(
            Case(When(is_open, then=0), default=1),
            Case(When(is_open, then=F("due_on"))),
            F("closed_on").desc(nulls_last=True),
            "pk",
        )
