"""Who may import worker lists: the groups that import recaps."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Staf BPJS", "Pengelola data", "Admin portal")
CODES = ("add_enrollment", "change_enrollment", "view_enrollment", "view_worker", "view_project")


def grant(apps, schema_editor):
    create_permissions(installed_apps.get_app_config("projects"), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="projects", codename__in=CODES
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions)


def withdraw(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="projects", codename__in=CODES
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_staging"), ("accounts", "0002_groups")]

    operations = [migrations.RunPython(grant, withdraw)]
