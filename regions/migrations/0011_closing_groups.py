"""Who hands a month in, and who approves, locks, opens and revises it: never one and the same person."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

READING = ("view_periodstatus", "view_release", "view_publishedcell", "view_periodexception")
HANDING_IN = (*READING, "submit_period")
APPROVING = (*HANDING_IN, "approve_period", "lock_period", "grant_exception", "publish_revision")
GROUPS = {
    "Pembaca": READING,
    "Staf BPJS": HANDING_IN,
    "Pengelola data": HANDING_IN,
    "Admin portal": APPROVING,
}


def _pairs(apps):
    create_permissions(installed_apps.get_app_config("regions"), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="regions")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        yield group, permissions.filter(codename__in=GROUPS[group.name])


def grant(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.add(*permissions)


def withdraw(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("regions", "0010_closing_guard"), ("accounts", "0002_groups")]

    operations = [migrations.RunPython(grant, withdraw)]
