"""Reading projects and enrollments: who may see which.

Neither persons nor projects are ever public: only a grant opens them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from coverage_portal.accounts.areas import Scope, of_codes, permission_of, scope_of

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

M = TypeVar("M", bound=Model)

OF_OTHERS = "projects.change_project_of_others"
"""The permission to keep projects in one's area that an agency of another area has let."""


class RegencyRecordQuerySet(QuerySet[M]):
    """Records of one regency."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(scope_of(user).condition("regency__code"))


def _handled(worker: str, sealed: str) -> Exists:
    """Whether a person's data are restricted or erased. By either, for an undo makes another worker."""
    handlings: Any = apps.get_model("projects", "Handling")._default_manager
    return Exists(handlings.filter(Q(worker_id=OuterRef(worker)) | Q(nik_sealed=OuterRef(sealed))))


class EnrollmentQuerySet(QuerySet[M]):
    """Persons' protection: of one's areas; of one agency's projects where only that was granted. That of
    persons whose data are restricted or erased is shown to nobody. Counting, which shows nobody, does not go
    through here."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.inside(scope_of(user))

    def inside(self, scope: Scope) -> Self:
        return self.filter(scope.condition("regency__code", agency="project__agency__code")).showable()

    def showable(self) -> Self:
        return self.exclude(_handled("worker_id", "worker__nik_sealed"))


class WorkerQuerySet(QuerySet[M]):
    """Persons. A worker lies in every area in which they have an enrollment; one whose data are restricted or
    erased is shown to nobody."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        agency = "enrollments__project__agency__code"
        inside = self.filter(scope.condition("enrollments__regency__code", agency=agency))
        return inside.exclude(_handled("pk", "nik_sealed")).distinct()


class ProjectQuerySet(QuerySet[M]):
    """Projects. One lies in each of its regencies; without any, where its agency is, else in the province.

    The one place that says so, and where a grant that is narrowed to an agency is heeded.
    """

    def visible_to(self, user: User | Any | None) -> Self:
        return self.within(scope_of(user))

    def within(self, scope: Scope) -> Self:
        """Those of the areas; of one agency only, where that was granted."""
        if scope.everything:
            return self.all()
        inside = self._place(scope)
        for area, agency in sorted(scope.agencies):
            inside |= Q(agency__code=agency) & self._place(of_codes([area]))
        return self.filter(inside)

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        """Those that a user may change: what an agency of another area has let is to be looked at only."""
        return self.kept_by(user, permission_of(self.model, action))

    def kept_by(self, user: User | Any | None, permission: str) -> Self:
        """Those of which a user may do what takes a permission, as `editable_by` says."""
        scope = scope_of(user, permission)
        if scope.everything:
            return self.all()
        of_an_area = Q(agency__province__isnull=False) | Q(agency__regency__isnull=False)
        of_others = of_an_area & ~scope.condition("agency__province__code", "agency__regency__code")
        mine = self._place(scope.whole) & (~of_others | self._place(scope & scope_of(user, OF_OTHERS).whole))
        for area, agency in sorted(scope.agencies):
            mine |= Q(agency__code=agency) & self._place(of_codes([area]))
        return self.filter(mine)

    def _place(self, scope: Scope) -> Q:
        if not scope.codes:
            return Q(pk__in=[])
        further = self.model._meta.get_field("further").related_model._default_manager  # type: ignore[union-attr]
        inside = further.filter(scope.condition("regency__code"), project=OuterRef("pk"))
        of_agency = scope.condition("agency__province__code", "agency__regency__code")
        if scope.covers(settings.HOME_PROVINCE):
            of_agency |= Q(agency__province__isnull=True, agency__regency__isnull=True)
        return scope.condition("regency__code") | Exists(inside) | (Q(regency__isnull=True) & of_agency)

    def unregistered(self) -> Self:
        """Packages of which no registration at BPJS is known; a cancelled one needs none."""
        return self.filter(bpjs_number="", registered_on__isnull=True, cancelled=False)

    def without_package(self) -> Self:
        """Registrations at BPJS of which no package of a procurement list is known."""
        return self.filter(
            ~Q(bpjs_number="") | Q(registered_on__isnull=False), package_code="", cancelled=False
        )


class RejectedMatchQuerySet(QuerySet[M]):
    """What was said of two projects is for those who may see both."""

    def visible_to(self, user: User | Any | None) -> Self:
        if scope_of(user).everything:
            return self.all()
        projects: Any = self.model._meta.get_field("package").related_model._default_manager  # type: ignore[union-attr]
        visible = projects.visible_to(user)
        return self.filter(package__in=visible, registration__in=visible)


class ProjectRecordQuerySet(QuerySet[M]):
    """What belongs to a project lies where the project does."""

    def visible_to(self, user: User | Any | None) -> Self:
        if scope_of(user).everything:
            return self.all()
        return self.filter(project__in=self._projects().visible_to(user))

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        if scope_of(user).everything:
            return self.all()
        kept = self._projects().kept_by(user, permission_of(self.model, action))
        return self.filter(project__in=kept)

    def _projects(self) -> Any:
        return self.model._meta.get_field("project").related_model._default_manager  # type: ignore[union-attr]


class StandingQuerySet(QuerySet[M]):
    """What is derived of a project lies where the project does; the areas are copied into it."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        inside = Q(areas__overlap=sorted(scope.codes))
        for area, agency in sorted(scope.agencies):
            inside |= Q(agency__code=agency, areas__overlap=[area])
        return self.filter(inside)


class AssessmentRecordQuerySet(QuerySet[M]):
    """What belongs to an assessment lies where its project does."""

    def visible_to(self, user: User | Any | None) -> Self:
        if scope_of(user).everything:
            return self.all()
        return self.filter(assessment__in=self._assessments().visible_to(user))

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        if scope_of(user).everything:
            return self.all()
        return self.filter(assessment__in=self._assessments().editable_by(user, action))

    def _assessments(self) -> Any:
        return self.model._meta.get_field("assessment").related_model._default_manager  # type: ignore[union-attr]


class ContractorQuerySet(QuerySet[M]):
    """Contractors. They build anywhere, so anyone with an area may see them all."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.all() if scope_of(user) else self.none()

    def editable_by(self, user: User | Any | None, action: str = "change") -> Self:
        return self.all() if scope_of(user, permission_of(self.model, action)) else self.none()


class LetterQuerySet(QuerySet[M]):
    """Letters. Only who may see every area that a letter speaks of may see it."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        if not scope:
            return self.none()
        shown = Q(areas__contained_by=scope.expanded())
        for area, agency in sorted(scope.agencies):
            shown |= Q(agency__code=agency, areas__contained_by=of_codes([area]).expanded())
        return self.filter(shown)


class HolidayQuerySet(QuerySet[M]):
    """Holidays. They are in the law gazette: anyone may see them."""

    def visible_to(self, _user: User | Any | None) -> Self:
        return self.all()

    def of_year(self, year: int) -> Self:
        return self.filter(date__year=year)
