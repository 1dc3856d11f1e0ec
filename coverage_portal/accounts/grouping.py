"""Groups made of the table of roles, each time the database was migrated."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from . import roles

APPS = ("accounts", "intake", "regions", "projects")
"""Those whose permissions are in the table."""


@transaction.atomic
def make(**_named: Any) -> None:
    """Give the group of each role the permissions that the table says, no more and no fewer.

    Groups of other names are left alone. May be repeated at will.
    """
    for label in APPS:
        # Django makes them upon the same signal, perhaps after us.
        create_permissions(apps.get_app_config(label), verbosity=0)
    known = {
        f"{app}.{code}": pk
        for pk, app, code in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for spec in roles.TABLE:
        group, _is_new = Group.objects.get_or_create(name=spec.group)
        wanted = {known[code] for code in spec.permissions if code in known}
        if wanted != set(group.permissions.values_list("pk", flat=True)):
            group.permissions.set(wanted)
