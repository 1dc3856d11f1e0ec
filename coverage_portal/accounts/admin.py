"""Users with their groups and areas, and the history of changes, which nobody can edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import ManyToManyField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import events, history, reaching, roles, sessions, trail
from .asked import AskedAdmin
from .audited import REASON, AuditedAdmin, AuditedForm, Snapshot
from .forms import grant_problem
from .history import Traced
from .models import AreaGrant, Change, User
from .resources import UserResource

# Nobody reads the secret of another's authenticator app, and nobody adds one for them.
admin.site.unregister(TOTPDevice)
admin.site.unregister(Group)

DECIDES_RIGHTS = ("is_active", "is_staff", "is_superuser")


class GrantFormSet(forms.BaseInlineFormSet):
    """Nobody hands out an area that is not their own, nor a role to themselves."""

    actor: Any = None

    def clean(self) -> None:
        super().clean()
        if self.actor is None or self.actor.is_superuser:
            return
        if self.instance.pk == self.actor.pk and self.has_changed():
            raise forms.ValidationError(_("Peran Anda sendiri hanya dapat diubah oleh orang lain."))
        for form in self.forms:
            given = getattr(form, "cleaned_data", {})
            if not given.get("area_code"):
                continue
            problem = grant_problem(
                self.actor,
                role=given.get("role") or "",
                area_code=given["area_code"],
                agency_code=given.get("agency_code") or "",
            )
            if problem:
                form.add_error("area_code", problem)


class GrantInline(admin.StackedInline):
    model = AreaGrant
    formset = GrantFormSet
    extra = 1

    def get_formset(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> type[GrantFormSet]:
        formset: type[GrantFormSet] = super().get_formset(request, obj, **kwargs)
        formset.actor = request.user
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
        met = reaching.users(request.user).values("pk")
        return queryset.prefetch_related("grants").filter(pk__in=met)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return (*fieldsets, (None, {"fields": ("password_link", REASON)}))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Sequence[str]:
        shown = ("last_login", "date_joined", "password_link")
        return shown if request.user.is_superuser else (*shown, "is_superuser", "user_permissions")

    @admin.display(description=_("Tautan kata sandi"))
    def password_link(self, user: User) -> str:
        """Where a user who has lost the password is made a link."""
        return format_html('<a href="{}">{}</a>', reverse("accounts:reset", args=[user.pk]), _("Buat tautan"))

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups" and not request.user.is_superuser:
            kwargs["queryset"] = Group.objects.exclude(
                permissions__in=reaching.permissions_beyond(request.user)
            )
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def snapshot(self, instance: Model) -> Snapshot:
        return (
            history.snapshot_of_user(instance) if isinstance(instance, User) else super().snapshot(instance)
        )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        form.rights = _rights_of(User.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A role that works here brings the user here, as part of the change that is written down."""
        super().save_formset(request, form, formset, change)
        user = User.objects.get(pk=form.instance.pk)
        if not user.is_staff and any(roles.uses_admin(role) for role, _area, _agency in user.held):
            User.objects.filter(pk=user.pk).update(is_staff=True)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What changes a user's rights ends their sessions."""
        super().save_related(request, form, formsets, change)
        user = User.objects.get(pk=form.instance.pk)
        if change and form.rights != _rights_of(user):
            sessions.end_all(user)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """The stock page; that the password was changed is history, the password is not."""
        with transaction.atomic():
            user = self.get_object(request, id)
            response = super().user_change_password(request, id, form_url)
            if User.objects.get(pk=user.pk).password != user.password:
                before = self._stored(user)
                changes: list[Traced] = [(user, before, {**before, **history.PASSWORD_CHANGED})]
                history.record(self.author(request), changes)
                events.note(
                    events.Kind.PASSWORD_CHANGED, user=request.user, request=request, what=user.username
                )
        return response


def _rights_of(user: User) -> tuple[Any, ...]:
    """All that decides what a user may do."""
    return (
        user.is_active,
        user.is_staff,
        user.is_superuser,
        sorted(user.groups.values_list("pk", flat=True)),
        sorted(user.user_permissions.values_list("pk", flat=True)),
        sorted(user.grants.values_list("role", "area_code", "agency_code", "valid_until"), key=str),
    )


@admin.register(Group)
class GroupAdmin(AuditedAdmin, StockGroupAdmin):
    """Groups, which hand out rights as roles do: for those who may change any."""

    moves_figures = False

    def scoped(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset

    def has_export_permission(self, request: HttpRequest) -> bool:
        return False

    def snapshot(self, instance: Model) -> Snapshot:
        """With the permissions by name."""
        values = super().snapshot(instance)
        return {**values, "permissions": history.permission_names(instance.permissions)}  # type: ignore[attr-defined]


@admin.register(Change)
class ChangeAdmin(AskedAdmin):
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
        return "\n".join(
            f"{column}: {'–' if old is None else old} → {'–' if new is None else new}"
            for column, old, new in trail.differences(change)
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        """The changes of records of one's areas, and of those that lie where another record does."""
        return trail.changes(request.user)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The history of one record may be linked to."""
        return lookup == "object_id" or super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
