"""Who may answer persons who ask about their own data."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = {"Admin portal": ("answer_data_subject",)}


def _pairs(apps):
    create_permissions(installed_apps.get_app_config("projects"), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="projects")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        yield group, permissions.filter(codename__in=GROUPS[group.name])


def grant(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.add(*permissions)


def withdraw(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("projects", "0020_handling"), ("accounts", "0002_groups")]

    operations = [migrations.RunPython(grant, withdraw)]
