"""What a user may do: by the roles of their grants, by their groups, and by name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend


class RoleBackend(ModelBackend):
    """Django's own, and the permissions of the roles that are granted today.

    `has_perm` says whether a user may do something anywhere; `areas.scope_of(user, permission)` says where.
    """

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        found: set[str] = super().get_group_permissions(user_obj, obj)
        if user_obj.is_anonymous or not user_obj.is_active or obj is not None:
            return found
        roles: frozenset[str] = user_obj.role_permissions
        return found | roles

    def standing_permissions(self, user_obj: Any) -> set[str]:
        """What a user holds by their groups and by name: in every area that they were granted."""
        named: set[str] = super().get_user_permissions(user_obj)
        grouped: set[str] = super().get_group_permissions(user_obj)
        return named | grouped
