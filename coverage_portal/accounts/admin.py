"""Users with their groups and areas, and the history of changes, which nobody can edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import CharField, ManyToManyField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from . import history
from .areas import EVERYTHING, Scope, scope_of
from .audited import REASON, AuditedAdmin, AuditedForm, Snapshot, Traced
from .models import AreaGrant, Change, User
from .resources import UserResource

PASSWORD_CHANGED = {"password": "********"}
AREA_KEYS = ("province_id", "regency_id", "area_code", "code")


class GrantFormSet(forms.BaseInlineFormSet):
    """Nobody hands out an area that is not their own."""

    scope: Scope = EVERYTHING

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            code = getattr(form, "cleaned_data", {}).get("area_code")
            if code and not self.scope.covers(code):
                form.add_error("area_code", _("Wilayah ini di luar wilayah kerja Anda."))


class GrantInline(admin.StackedInline):
    model = AreaGrant
    formset = GrantFormSet
    extra = 1

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[GrantFormSet]:
        formset: type[GrantFormSet] = super().get_formset(request, obj, **kwargs)
        formset.scope = scope_of(request.user)
        return formset


class UserForm(UserChangeForm, AuditedForm):
    """Stock form with the question why."""


@admin.register(User)
class UserAdmin(AuditedAdmin, StockUserAdmin):
    """Users. Who is no superuser meets here only users who may do no more than they, and nowhere else."""

    form = UserForm
    inlines = (GrantInline,)
    resource_classes: ClassVar = [UserResource]
    moves_figures = False
    list_display = ("username", "first_name", "last_name", "areas", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")

    @admin.display(description=_("wilayah kerja"))
    def areas(self, user: User) -> str:
        return ", ".join(sorted({grant.area_code for grant in user.grants.all()}))

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        queryset = queryset.prefetch_related("grants")
        if request.user.is_superuser:
            return queryset
        outside = AreaGrant.objects.exclude(scope_of(request.user).condition("area_code"))
        beyond = _permissions_beyond(request.user)
        return queryset.filter(is_superuser=False).exclude(
            Q(pk__in=outside.values("user"))
            | Q(groups__in=Group.objects.filter(permissions__in=beyond))
            | Q(user_permissions__in=beyond)
        )

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return (*fieldsets, (None, {"fields": (REASON,)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        dates = ("last_login", "date_joined")
        return dates if request.user.is_superuser else (*dates, "is_superuser", "user_permissions")

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.exclude(permissions__in=_permissions_beyond(request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def snapshot(self, instance: Model) -> Snapshot:
        """Without the password's hash and the sign-ins, with the names of the groups."""
        values = history.snapshot(instance)
        if isinstance(instance, User):
            values = {key: value for key, value in values.items() if key not in ("password", "last_login")}
            values["groups"] = sorted(instance.groups.values_list("name", flat=True))
        return values

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """The stock page; that the password was changed is history, the password is not."""
        with transaction.atomic():
            user = self.get_object(request, id)
            response = super().user_change_password(request, id, form_url)
            if User.objects.get(pk=user.pk).password != user.password:
                before = self._stored(user)
                changes: list[Traced] = [(user, before, {**before, **PASSWORD_CHANGED})]
                history.record(self.author(request), changes)
        return response


def _permissions_beyond(user: Any) -> QuerySet[Permission]:
    """The permissions that a user does not have."""
    return Permission.objects.exclude(Q(user=user) | Q(group__user=user))


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The history, to be read: of the areas that one may see."""

    list_display = ("at", "actor", "source", "model", "summary", "reason")
    list_filter = ("source", "model", "at")
    search_fields = ("actor", "summary", "object_id", "reason")
    fields = ("at", "actor", "source", "model", "object_id", "summary", "differences", "reason", "action")
    ordering = ("-pk",)
    list_per_page = 50
    actions = None

    @admin.display(description=_("perubahan"))
    def differences(self, change: Change) -> str:
        before, after = change.before or {}, change.after or {}
        lines = []
        for column in {**before, **after}:
            old, new = before.get(column), after.get(column)
            if old != new:
                lines.append(f"{column}: {'–' if old is None else old} → {'–' if new is None else new}")
        return "\n".join(lines)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        """The changes of records of one's areas, and of those that lie where another record does."""
        lookups = [f"{side}__{key}" for side in ("before", "after") for key in AREA_KEYS]
        found: QuerySet[Change] = super().get_queryset(request)
        scope = scope_of(request.user)
        shown = scope.condition(*lookups)
        if scope.everything:
            return found
        for model in apps.get_models():
            if getattr(model, "history_by_visibility", False):
                visible = model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
                ids = visible.annotate(text=Cast("pk", CharField())).values("text")
                shown |= Q(model=model._meta.label_lower, object_id__in=ids)
        return found.filter(shown)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The history of one record may be linked to."""
        return lookup == "object_id" or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
