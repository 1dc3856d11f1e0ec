"""Who may look a worker up: supervisors on site, and the groups that import worker lists."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Pengawas", "Staf BPJS", "Admin portal")


def grant(apps, schema_editor):
    create_permissions(installed_apps.get_app_config("projects"), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="projects", codename="look_up_worker"
    )
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(permission)


def withdraw(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name="Pengawas").delete()
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*group.permissions.filter(codename="look_up_worker"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_lookup"), ("accounts", "0002_groups")]

    operations = [migrations.RunPython(grant, withdraw)]
