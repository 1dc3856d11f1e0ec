"""Reading projects and enrollments: who may see which.

Neither persons nor projects are ever public: only a grant opens them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from coverage_portal.accounts.areas import Scope, scope_of

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

M = TypeVar("M", bound=Model)


class RegencyRecordQuerySet(QuerySet[M]):
    """Records of one regency."""

    def visible_to(self, user: User | Any | None) -> Self:
        return self.filter(scope_of(user).condition("regency__code"))


def _handled(worker: str, sealed: str) -> Exists:
    """Whether a person's data are restricted or erased. By either, for an undo makes another worker."""
    handlings: Any = apps.get_model("projects", "Handling")._default_manager
    return Exists(handlings.filter(Q(worker_id=OuterRef(worker)) | Q(nik_sealed=OuterRef(sealed))))


class EnrollmentQuerySet(RegencyRecordQuerySet[M]):
    """Periods of protection, but for those of persons whose data are restricted or erased. Counting, which
    shows nobody, does not go through here."""

    def visible_to(self, user: User | Any | None) -> Self:
        return super().visible_to(user).showable()

    def showable(self) -> Self:
        return self.exclude(_handled("worker_id", "worker__nik_sealed"))


class WorkerQuerySet(QuerySet[M]):
    """Persons. A worker lies in every area in which they have an enrollment; one whose data are restricted or
    erased is shown to nobody."""

    def visible_to(self, user: User | Any | None) -> Self:
        inside = self.filter(scope_of(user).condition("enrollments__regency__code"))
        return inside.exclude(_handled("pk", "nik_sealed")).distinct()


class ProjectQuerySet(QuerySet[M]):
    """Projects. One lies in each of its regencies; without any, where its agency is, else in the province.

    The one place that says so: a grant that is narrowed to an agency is to be heeded here.
    """

    def visible_to(self, user: User | Any | None) -> Self:
        return self.within(scope_of(user))

    def within(self, scope: Scope) -> Self:
        if scope.everything:
            return self.all()
        if not scope.codes:
            return self.none()
        further = self.model._meta.get_field("further").related_model._default_manager  # type: ignore[union-attr]
        inside = further.filter(scope.condition("regency__code"), project=OuterRef("pk"))
        of_agency = scope.condition("agency__province__code", "agency__regency__code")
        if scope.covers(settings.HOME_PROVINCE):
            of_agency |= Q(agency__province__isnull=True, agency__regency__isnull=True)
        return self.filter(
            scope.condition("regency__code") | Exists(inside) | (Q(regency__isnull=True) & of_agency)
        )

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
        projects: Any = self.model._meta.get_field("project").related_model._default_manager  # type: ignore[union-attr]
        return self.filter(project__in=projects.visible_to(user))


class StandingQuerySet(QuerySet[M]):
    """What is derived of a project lies where the project does; the areas are copied into it."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        return self.all() if scope.everything else self.filter(areas__overlap=sorted(scope.codes))


class AssessmentRecordQuerySet(QuerySet[M]):
    """What belongs to an assessment lies where its project does."""

    def visible_to(self, user: User | Any | None) -> Self:
        if scope_of(user).everything:
            return self.all()
        assessments: Any = self.model._meta.get_field("assessment").related_model._default_manager  # type: ignore[union-attr]
        return self.filter(assessment__in=assessments.visible_to(user))


class ContractorQuerySet(QuerySet[M]):
    """Contractors. They build anywhere, so anyone with an area may see them all."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        return self.all() if scope.everything or scope.codes else self.none()


class LetterQuerySet(QuerySet[M]):
    """Letters. Only who may see every area that a letter speaks of may see it."""

    def visible_to(self, user: User | Any | None) -> Self:
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        if not scope.codes:
            return self.none()
        return self.filter(areas__contained_by=scope.expanded())


class HolidayQuerySet(QuerySet[M]):
    """Holidays. They are in the law gazette: anyone may see them."""

    def visible_to(self, _user: User | Any | None) -> Self:
        return self.all()

    def of_year(self, year: int) -> Self:
        return self.filter(date__year=year)
