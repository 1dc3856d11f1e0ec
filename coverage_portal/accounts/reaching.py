"""Which users a manager of users meets: those who may do no more than they, and nowhere else."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from . import roles
from .areas import scope_of
from .models import AreaGrant, User


def users(actor: Any) -> QuerySet[User]:
    """The users of whom a manager may change anything; a superuser meets all."""
    if actor.is_superuser:
        return User.objects.all()
    scope = scope_of(actor, "accounts.change_user")
    outside = AreaGrant.objects.exclude(scope.condition("area_code"))
    beyond = permissions_beyond(actor)
    return User.objects.filter(is_superuser=False).exclude(
        Q(pk__in=outside.values("user"))
        | Q(groups__in=Group.objects.filter(permissions__in=beyond))
        | Q(user_permissions__in=beyond)
    )


def permissions_beyond(actor: Any) -> QuerySet[Permission]:
    """The permissions that a user does not have, and could not hand out by a role either."""
    held = set(actor.get_all_permissions())
    if roles.may_grant(held, roles.VIEWER):
        held |= set().union(*(spec.permissions for spec in roles.TABLE))
    known = Permission.objects.select_related("content_type")
    codes = [p.pk for p in known if f"{p.content_type.app_label}.{p.codename}" not in held]
    return Permission.objects.filter(pk__in=codes)
