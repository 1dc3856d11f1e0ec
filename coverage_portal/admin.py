"""The admin pages of other packages, on the base that all of the admin has."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.models import Group
from django_tasks_db.admin import DBTaskResultAdmin as StockTaskAdmin
from django_tasks_db.models import DBTaskResult

from .accounts.asked import AskedAdmin

admin.site.unregister([Group, DBTaskResult])


@admin.register(Group)
class GroupAdmin(AskedAdmin, StockGroupAdmin):
    """Stock admin of groups."""


@admin.register(DBTaskResult)
class TaskAdmin(AskedAdmin, StockTaskAdmin):
    """Stock admin of the worker's tasks."""
