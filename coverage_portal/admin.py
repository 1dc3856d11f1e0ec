"""The admin page of another package, on the base that all of the admin has."""

from __future__ import annotations

from django.contrib import admin
from django_tasks_db.admin import DBTaskResultAdmin as StockTaskAdmin
from django_tasks_db.models import DBTaskResult

from .accounts.asked import AskedAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(AskedAdmin, StockTaskAdmin):
    """Stock admin of the worker's tasks."""
